import ControlRoom
import Feed
import Store
import TestSupport
import Testing

@Suite("Acts that wait")
struct OutboxFeedTests {
    @Test("are taken in portions")
    func many() throws {
        let bench = try Bench()
        var make = EventMaker()
        let events = (0..<4_203).map { make.event(.observationRecorded, "o", "{\"value\":\($0)}") }
        try bench.enqueue(events)
        #expect(try bench.core.step(now: bench.clock.now))
        #expect(try bench.log().count == 2_000)
        #expect(try bench.core.step(now: bench.clock.now))
        #expect(try bench.log().count == 4_000)
    }

    @Test("an act that two feeds took is in the log once")
    func twoFeeds() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest(make.raised("a"))
        try bench.enqueue([make.acknowledged("a")])
        let other = Bench.core(on: try bench.disk.again())
        try bench.rest()
        _ = try other.step(now: bench.clock.now)
        try bench.enqueue([make.acknowledged("a")])
        _ = try other.step(now: bench.clock.now)
        try bench.rest()
        #expect(try bench.log().count == 3)
    }

    @Test("what was settled is forgotten a day later, what waits is not")
    func pruned() throws {
        let bench = try Bench()
        var make = EventMaker()
        let act = make.raised("a")
        try bench.enqueue([act])
        try bench.rest()
        bench.clock.advance(86_000)
        try bench.rest()
        #expect(try bench.disk.store.settlement(of: act.id) == .applied)
        bench.clock.advance(4_000)
        try bench.rest()
        #expect(try bench.disk.store.settlement(of: act.id) == nil)
    }
}
