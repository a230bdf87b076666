import ControlRoom
import Store
import TestSupport
import Testing

@Suite("The outbox")
struct OutboxTests {
    private typealias Act = (position: Int64, event: Result<AdmittedEvent, Store.Rejected>)

    private func enqueue(_ disk: TemporaryStore, _ events: [Event], at now: Timestamp = EventMaker.noon) throws {
        try disk.store.enqueue(events.map { ($0.id, $0.subject, $0.data.bytes) }, now: now)
    }

    /// Settles what waits with these events, in order.
    private func settle(_ disk: TemporaryStore, _ events: [Event]) throws -> [Admission] {
        let acts: [Act] = try zip(disk.store.waiting(limit: 99), events).map {
            ($0.position, .success(try AdmittedEvent($1)))
        }
        return try disk.store.settle(acts, now: EventMaker.noon)
    }

    @Test("gives back what was put in, byte for byte and in order, however often an id comes")
    func order() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let events = (0..<5).map { make.event(.alertNoted, "a", "{ \"note\" : \"\($0)\" }") }
        try enqueue(disk, Array(events.prefix(3)))
        try enqueue(disk, events)
        let other = try disk.again()
        #expect(try other.waiting(limit: 99).map(\.event) == events.map(\.data.bytes) && other.waitingCount() == 5)
        #expect(try disk.store.waiting(limit: 2).map(\.event) == events.prefix(2).map(\.data.bytes))
        #expect(try disk.store.settlement(of: "e1") == .waiting && disk.store.settlement(of: "no") == nil)
    }

    @Test("says what became of each act")
    func settlements() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a"))
        let known = make.event(.alertNoted, "a", "{\"note\":\"n\"}")
        try disk.ingest(known)
        var other = known
        other.data = .json(Array("{\"note\":\"m\"}".utf8))
        let acts = [
            make.acknowledged("a"), make.acknowledged("a", by: "op2"), make.acknowledged("nobody"), known, other,
        ]
        let rows = acts.enumerated().map { (id: "row\($0)", subject: $1.subject, event: $1.data.bytes) }
        try disk.store.enqueue(rows, now: EventMaker.noon)
        _ = try settle(disk, acts)
        let outcomes = try (0..<5).map { try disk.store.settlement(of: "row\($0)") }
        #expect(
            outcomes == [
                .applied, .refused("already-acknowledged:op1"), .refused("unknown-subject"), .duplicate,
                .rejected("conflicting"),
            ])
        #expect(try disk.store.waitingCount() == 0)
        #expect(
            try disk.store.settle([(1, .failure(.init(reason: "no right")))], now: EventMaker.noon) == [
                .rejected(reason: "no right")
            ])
        #expect(try disk.store.settlement(of: "row0") == .rejected("no right"))
    }

    @Test("forgets what was settled, never what waits")
    func prune() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let events = [make.raised("a"), make.raised("b"), make.raised("c")]
        try enqueue(disk, [events[0]])
        try enqueue(disk, [events[1]], at: EventMaker.noon.adding(seconds: 10))
        _ = try settle(disk, Array(events.prefix(2)))
        try enqueue(disk, [events[2]])
        try disk.store.pruneOutbox(before: EventMaker.noon.adding(seconds: 10))
        #expect(try events.map { try disk.store.settlement(of: $0.id) } == [nil, .applied, .waiting])
    }

    @Test("lists the acts of a person that can be undone, the newest first, each realm for itself")
    func undoable() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let acts = [make.acknowledged("a"), make.closed("a"), make.event(.alertNoted, "a", "{}", by: "op1")]
        try disk.ingest([make.raised("a")] + acts + [make.acknowledged("a", by: "op2")])
        let never = make.acknowledged("never raised")
        let test = make.raised("t", .high, #""status":"test""#)
        var technical = make.acknowledged("t")
        technical.extensions["status"] = "test"
        make.exercise = "x"
        let drill = make.acknowledged("d")
        try disk.ingest([never, test, technical, make.raised("d"), drill])
        let ids = { (realm: Realm) in try disk.store.undoable(by: "op1", realm: realm).map(\.id) }
        // The acknowledgement cannot go before the close that rests on it.
        #expect(try ids(.actual) == [acts[1].id] && ids(.exercise("x")) == [drill.id])
        #expect(try ids(.technical) == [technical.id])
        make.exercise = nil
        try disk.ingest(make.undone(acts[1]))
        #expect(try ids(.actual) == [acts[0].id])
        #expect(try disk.store.undoable(by: "op1", realm: .actual, limit: 0).isEmpty)
    }
}
