import ControlRoom
import Store
import TestSupport
import Testing

/// What one source says, in every order in which it can come.
@Suite("News in every order")
struct LateOrderTests {
    /// What a source said, in the order in which it said it, a minute apart: raises by their severity, and clears.
    static let histories: [[Severity?]] = [
        [.high, nil, .low, nil], [.low, .critical, nil, .medium], [.medium, nil, .high, nil, .low],
        [.info, .critical, .low, nil], [nil, .high, .medium, nil], [.critical, nil, nil, .info, .high],
        [.low, .medium, nil, .high, nil, .info],
    ]

    private static func events(_ history: [Severity?], _ subject: String, _ make: inout EventMaker) -> [Event] {
        history.enumerated().map { place, severity in
            make.time = EventMaker.noon.adding(seconds: Double(place) * 60)
            return severity.map { make.raised(subject, $0) } ?? make.cleared(subject)
        }
    }

    /// Every order of so many things.
    private static func orders(_ count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return orders(count - 1).flatMap { order in
            (0..<count).map { place in
                var longer = order
                longer.insert(count - 1, at: place)
                return longer
            }
        }
    }

    @Test("nothing ends quieter than it would have in the order of its times", arguments: histories)
    func neverQuieter(history: [Severity?]) throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        let now = EventMaker.noon.adding(seconds: 600)
        try disk.ingest(LateOrderTests.events(history, "in time", &make), at: now)
        let inTime = Loudness(of: try disk.store.alert(subject: "in time", realm: .actual)?.alert, at: now)
        #expect(inTime.waits)
        let orders = LateOrderTests.orders(history.count)
        try disk.ingest(
            orders.enumerated().flatMap { number, order in
                let events = LateOrderTests.events(history, "s\(number)", &make)
                return order.map { events[$0] }
            }, at: now)
        let lines = try disk.store.allAlerts(afterRow: 0, limit: 10_000)
        #expect(lines.count == orders.count + 1)
        for (line, _) in lines {
            let number = Int(line.alert.subject.dropFirst())
            let order = number.map { "\(orders[$0])" } ?? "in time"
            #expect(!Loudness(of: line.alert, at: now).isQuieter(than: inTime), "\(history): \(order)")
        }
    }

    @Test("a clear that came before its raise ends it, and it waits to be seen", arguments: [true, false])
    func clearFirst(isTogether: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        make.time = EventMaker.noon.adding(seconds: 1)
        let clear = make.cleared("a")
        make.time = EventMaker.noon
        let raise = make.raised("a", .high)
        if isTogether {
            try disk.ingest([clear, raise])
        } else {
            for event in [clear, raise] { try disk.ingest(event) }
        }
        let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
        #expect(alert.state(at: EventMaker.noon) == .rtnUnacknowledged && alert.severity == .high)
        // What it says after that goes on.
        make.time = EventMaker.noon.adding(seconds: 2)
        try disk.ingest(make.raised("a", .low))
        #expect(try disk.state("a") == .unacknowledged)
    }

    @Test("a clear from before its raise, or from more than an hour ago, ends nothing", arguments: [3_600.0, 3_601])
    func clearLongAgo(seconds: Double) throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        make.time = EventMaker.noon.adding(seconds: 1)
        try disk.ingest(make.cleared("a"))
        make.time = EventMaker.noon
        let now = EventMaker.noon.adding(seconds: seconds)
        try disk.ingest(make.raised("a"), at: now)
        #expect(try disk.state("a", at: now) == (seconds > 3_600 ? .unacknowledged : .rtnUnacknowledged))
        try disk.ingest(make.cleared("b"), at: now)
        make.time = EventMaker.noon.adding(seconds: 0.001)
        try disk.ingest(make.raised("b"), at: now)
        #expect(try disk.state("b", at: now) == .unacknowledged)
    }

    @Test("a clear of another source that came before a raise does not end it")
    func foreignClear() throws {
        let disk = try TemporaryStore()
        var (one, other) = (EventMaker(source: AlarmStates.source), EventMaker(source: Voice.otherSource))
        other.time = EventMaker.noon.adding(seconds: 5)
        try disk.ingest([other.cleared("a"), one.raised("a")])
        #expect(try disk.state("a") == .unacknowledged)
    }
}
