import ControlRoom
import Feed
import Store
import TestSupport
import Testing

@Suite("Acts that wait")
struct OutboxFeedTests {
    @Test("are taken in order, and the loser of a race is told")
    func race() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest(make.raised("a", .low))
        let acts = [
            make.acknowledged("a", .low, by: "op1"), make.acknowledged("a", .low, by: "sup1"),
            make.closed("a", by: "resp1"), make.closed("a", by: "sup1"), make.acknowledged("a", .low, by: "stranger"),
        ]
        try bench.enqueue(acts)
        try bench.rest()
        let outcomes = try acts.map { try bench.disk.store.settlement(of: $0.id) }
        #expect(
            outcomes == [
                .applied, .refused("already-acknowledged:op1"), .denied("a responder may not close"), .applied,
                .denied("stranger is not known here"),
            ])
        #expect(try bench.log().dropFirst().map(\.id) == [acts[0].id, acts[1].id, acts[3].id])
    }

    @Test("an acknowledgement that comes late does not silence what came in between")
    func late() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.ingest(make.raised("a", .low))
        let act = make.acknowledged("a", .low)
        try bench.enqueue([act])
        try bench.disk.ingest(make.raised("a", .critical))
        try bench.rest()
        #expect(try bench.disk.state("a") == .unacknowledged)
        #expect(try bench.disk.store.settlement(of: act.id) == .refused("newer-occurrence:2"))
    }

    @Test("what is no event is rejected, and does not hold up what stands behind it")
    func nonsense() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.disk.store.enqueue([("bad", nil, Array("{".utf8)), ("none", nil, [])], now: bench.clock.now)
        let act = make.raised("a")
        try bench.enqueue([act])
        try bench.rest()
        for id in ["bad", "none"] {
            guard case .rejected = try bench.disk.store.settlement(of: id) else {
                Issue.record("\(id) was not rejected")
                continue
            }
        }
        #expect(try bench.disk.store.settlement(of: act.id) == .applied)
    }

    @Test("more than one round takes are all taken, in order")
    func many() throws {
        let bench = try Bench()
        var make = EventMaker()
        let events = (0..<1_203).map { make.event(.observationRecorded, "o", "{\"value\":\($0)}") }
        try bench.enqueue(events)
        #expect(try bench.core.step(now: bench.clock.now))
        #expect(try bench.log().count == 500)
        try bench.rest()
        #expect(try bench.log().map(\.id) == events.map(\.id) && bench.disk.store.waitingCount() == 0)
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
