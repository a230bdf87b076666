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

    @Test("a stale alert is cleared once, in its own realm")
    func stale() throws {
        let bench = try Bench()
        var make = EventMaker()
        let technical = make.raised("t", .low, ExpiryTests.member + ",\"status\":\"test\"")
        let unnamed = make.raised("u", .low, ExpiryTests.member + ",\"status\":\"exercise\"")
        try bench.disk.ingest([make.raised("a", .low, ExpiryTests.member), technical, unnamed, make.raised("lasting")])
        make.exercise = "x"
        try bench.disk.ingest(make.raised("a", .low, ExpiryTests.member))
        bench.clock.advance(59.999)
        try bench.rest()
        #expect(try bench.log().count == 5)
        bench.clock.advance(1)
        try bench.rest()
        #expect(try bench.log().count == 9)
        for (subject, realm) in [
            ("a", Realm.actual), ("a", .exercise("x")), ("t", .technical), ("u", .exercise("unnamed")),
        ] {
            let alert = try bench.disk.store.alert(subject: subject, realm: realm)?.alert
            #expect(alert?.active == false && alert?.need ?? 0 < Alert.firstAttendedNeed)
        }
        bench.clock.advance(100)
        try bench.rest()
        #expect(try bench.log().count == 9)
    }

    @Test("a shelf that has ended gives the alert back to the lists and counts, with what it was")
    func shelves() throws {
        let bench = try Bench()
        var make = EventMaker()
        let shelves = ["u", "a"].map { make.shelved($0, until: ExpiryTests.stale) }
        try bench.disk.ingest([make.raised("u"), make.raised("a"), make.acknowledged("a")] + shelves)
        let suppressed = {
            try bench.disk.store.totals(.actual, now: bench.clock.now, midnight: EventMaker.noon).suppressed
        }
        try bench.rest()
        #expect(try suppressed() == 2)
        bench.clock.advance(60)
        try bench.rest()
        #expect(try suppressed() == 0)
        #expect(try bench.disk.state("u") == .unacknowledged && bench.disk.state("a") == .acknowledged)
        let query = AlertQuery(realm: .actual, filter: AlertFilter(show: .unacknowledged))
        #expect(try bench.disk.store.alerts(query, at: .start, limit: 9).lines.map(\.alert.subject) == ["u"])
        // The same alarm may be shelved again.
        try bench.disk.ingest(make.shelved("u", until: bench.clock.now.adding(seconds: 30)), at: bench.clock.now)
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
        #expect(logs[0] == logs[1] && logs[0].count == 40 + 30 + 10)
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

    @Test("more than one round takes all end")
    func many() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest((0..<1_100).map { make.raised("s\($0)", .low, ExpiryTests.member) })
        bench.clock.advance(60)
        try bench.rest()
        #expect(try bench.disk.store.staleAlerts(at: bench.clock.now, limit: 9).isEmpty && bench.log().count == 2_200)
    }

    @Test("a clock that was put back does not stop endings")
    func clockBack() throws {
        let bench = try Bench()
        var make = EventMaker()
        bench.clock.advance(10_000)
        try bench.rest()
        bench.clock.advance(-9_930)
        try bench.disk.ingest(make.raised("a", .low, ExpiryTests.member))
        try bench.rest()
        #expect(try bench.log().count == 2)
    }
}
