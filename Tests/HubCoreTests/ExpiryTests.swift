import ControlRoom
import Feed
import Foundation
import Store
import TestSupport
import Testing

@Suite("What ends by time")
struct ExpiryTests {
    private static let stale = EventMaker.noon.adding(seconds: 60)
    private static let member = "\"stale\":\"\(stale.rfc3339)\""

    @Test("a stale alert is cleared once, in its own realm", arguments: FeedKind.allCases)
    func stale(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let technical = make.raised("t", .low, ExpiryTests.member + ",\"status\":\"test\"")
        let unnamed = make.raised("u", .low, ExpiryTests.member + ",\"status\":\"exercise\"")
        try bench.report([make.raised("a", .low, ExpiryTests.member), technical, unnamed, make.raised("lasting")])
        make.exercise = "x"
        try bench.report(make.raised("a", .low, ExpiryTests.member))
        bench.clock.advance(59.999)
        try bench.rest()
        #expect(try bench.log().count == 5)
        bench.clock.advance(1)
        try bench.rest()
        #expect(try bench.log().count == 9)
        for (subject, realm) in [
            ("a", Realm.actual), ("a", .exercise("x")), ("t", .technical), ("u", .exercise("unnamed")),
        ] {
            let alert = try bench.shown.alert(subject: subject, realm: realm)?.alert
            #expect(alert?.active == false && alert?.need(at: bench.clock.now) ?? 0 < Alert.firstAttendedNeed)
        }
        bench.clock.advance(100)
        try bench.rest()
        #expect(try bench.log().count == 9)
    }

    @Test(
        "a shelf that has ended gives the alert back to the lists and counts, with what it was",
        arguments: FeedKind.allCases)
    func shelves(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let shelves = ["u", "a"].map { make.shelved($0, until: ExpiryTests.stale, by: "sup1") }
        try bench.report([make.raised("u"), make.raised("a")])
        try bench.enqueue([make.acknowledged("a")] + shelves)
        let suppressed = {
            try bench.shown.totals(.actual, now: bench.clock.now, midnight: EventMaker.noon).suppressed
        }
        try bench.rest()
        #expect(try suppressed() == 2)
        bench.clock.advance(60)
        try bench.rest()
        #expect(try suppressed() == 0)
        #expect(try bench.state("u") == .unacknowledged && bench.state("a") == .acknowledged)
        let query = AlertQuery(realm: .actual, filter: AlertFilter(show: .unacknowledged))
        #expect(try bench.shown.alerts(query, at: .start, limit: 9).lines.map(\.alert.subject) == ["u"])
        // The same alarm may be shelved again.
        try bench.enqueue([make.shelved("u", until: bench.clock.now.adding(seconds: 30))])
        try bench.rest()
        #expect(try suppressed() == 1)
        bench.clock.advance(31)
        try bench.rest()
        #expect(try suppressed() == 0)
    }

    @Test("two feeds on copies of a store append the same events")
    func deterministic() throws {
        let folder = try TemporaryFolder()
        var make = EventMaker()
        let first = try Store(path: folder.file("one")) { "log" }
        var events: [Event] = []
        for number in 0..<30 {
            events.append(make.raised("s\(number)", .low, ExpiryTests.member))
            if number % 3 == 0 { events.append(make.shelved("s\(number)", until: ExpiryTests.stale)) }
        }
        _ = try first.ingest(try events.map { try AdmittedEvent($0) }, now: EventMaker.noon)
        first.close()
        try FileManager.default.copyItem(atPath: folder.file("one"), toPath: folder.file("two"))
        // They notice it at different times.
        let logs = try [("one", 5.0), ("two", 9)].map { name, seconds in
            let store = try Store(path: folder.file(name)) { "log" }
            let core = Bench.core(on: store)
            while try core.step(now: ExpiryTests.stale.adding(seconds: seconds)) {}
            return try store.read(after: 0, limit: 999).map { [$0.source, $0.id, $0.type.rawValue, $0.subject ?? ""] }
        }
        #expect(logs[0] == logs[1] && logs[0].count == 40 + 30 + 10 + 1)
    }

    @Test("whoever takes over says nothing twice")
    func takeOver() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest((0..<5).map { make.raised("s\($0)", .low, ExpiryTests.member) })
        bench.clock.advance(61)
        let other = Bench.core(on: try bench.disk.again())
        _ = try other.step(now: bench.clock.now)
        try bench.rest()
        #expect(try bench.log().count == 10)
    }

    @Test("an ending that the log knows already does not keep the feed busy")
    func known() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest(make.raised("a", .low, ExpiryTests.member))
        var earlier = make.event(EventType(rawValue: "com.example.x"), nil)
        earlier.id = "stale/actual/a/1-\(ExpiryTests.stale.milliseconds)"
        earlier.source = "urn:impetus:feed"
        try bench.disk.ingest(earlier)
        bench.clock.advance(61)
        try bench.rest()
        #expect(try bench.log().count == 2)
    }

    @Test("more than one round takes all end", arguments: FeedKind.allCases)
    func many(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report((0..<1_100).map { make.raised("s\($0)", .low, ExpiryTests.member) })
        bench.clock.advance(60)
        // A hub looks twice a second.
        for _ in 0..<4 {
            try bench.rest()
            bench.clock.advance(1)
        }
        #expect(try bench.shown.staleAlerts(at: bench.clock.now, limit: 9).isEmpty && bench.log().count == 2_200)
    }

    @Test("a clock that was put back does not stop endings", arguments: FeedKind.allCases)
    func clockBack(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        bench.clock.advance(10_000)
        try bench.rest()
        bench.clock.advance(-9_960)
        try bench.report(make.raised("a", .low, ExpiryTests.member))
        try bench.rest()
        bench.clock.advance(30)
        try bench.rest()
        #expect(try bench.log().count == 2)
    }
}
