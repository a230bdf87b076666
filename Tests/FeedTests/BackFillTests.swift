import ControlRoom
import Feed
import Standards
import Store
import TestSupport
import Testing
import Trust

/// A tenant with a long history, and a console that begins with a snapshot of it.
private final class LateBench {
    let bench = try? CentralBench(tenants: ["police"])
    let camera = Submitter(identity: Identity(actor: "cam", role: .sensor, tenant: "police"), keyID: nil)
    private var make = EventMaker()
    static let recent: Int64 = 20

    func feed() throws -> TenantFeed { try #require(bench?.central.feed(of: "police")) }

    /// Alarms that were raised twice and are over, one that goes on, and one that was acknowledged by nobody.
    func live(_ name: String) throws {
        let bench = try #require(bench)
        for number in 0..<20 {
            _ = bench.submit(
                [
                    make.raised("\(name)-\(number)"), make.raised("\(name)-\(number)", .high),
                    make.cleared("\(name)-\(number)"),
                ], from: camera)
        }
        _ = bench.submit([make.raised("\(name)-on", .high, "\"description\":\"it goes on\"")], from: camera)
        try rest()
    }

    /// Until all is folded, indexed and checkpointed.
    func rest() throws {
        for _ in 0..<4 {
            bench?.clock.advance(3)
            try bench?.rest()
        }
    }

    func begin(_ file: String = "late") throws -> Store {
        let (bench, feed) = (try #require(bench), try feed())
        let path = bench.folder.file(file)
        try feed.view.copy(to: path, floor: try feed.floor(keeping: LateBench.recent))
        return try Store(path: path, mirror: feed.view.mirror) { "" }
    }

    /// What the hub has of old, as a console reads it.
    func older(_ gap: BackFill) throws -> [AdmittedEvent] {
        try #require(bench).log("police").filter { ($0.sequence ?? 0) > gap.after.sequence }.map {
            LogVerifier.read($0)
        }
    }
}

@Suite("Older events behind a snapshot")
struct BackFillTests {
    private func histories(_ store: Store) throws -> [[AlertDetail.Entry]] {
        let page = try store.alerts(
            AlertQuery(realm: .actual, filter: AlertFilter(show: .all)), at: .start, limit: 1_000)
        return try page.lines.map { try store.detail(row: $0.row)?.timeline ?? [] }
    }

    @Test(
        "the snapshot is small and shows the same; when they have come, nothing tells it from a store that was always there"
    )
    func whole() throws {
        let bench = LateBench()
        for name in ["a", "b", "c"] { try bench.live(name) }
        let (view, store) = (try bench.feed().view, try bench.begin())
        let all = try view.read(after: 0, limit: 10_000)
        let gap = try #require(try store.backFill())
        let few = try store.read(after: 0, limit: 10_000)
        #expect(all.count - few.count > 60 && gap.after.sequence == 0 && gap.left > 100)
        let query = AlertQuery(realm: .actual, filter: AlertFilter(show: .all))
        #expect(
            try store.alerts(query, at: .start, limit: 999).lines == view.alerts(query, at: .start, limit: 999).lines)
        // What goes on has its detail at once; of what is over, it is on its way.
        let on = try #require(try store.alert(subject: "a-on", realm: .actual))
        #expect(try store.detail(row: on.row)?.description == "it goes on")
        let over = try #require(try store.alert(subject: "a-3", realm: .actual))
        #expect(try store.detail(row: over.row)?.isOlderComing == true)
        #expect(try store.whole() == gap.floor && store.base().sequence == 0)

        let older = try bench.older(gap)
        let left = try #require(try store.fill(read: Array(older.prefix(40)), in: gap))
        #expect(left.left == gap.left - 40)
        #expect(try store.backFill() == left)
        // Some of them come once more, and newer ones behind.
        #expect(try store.fill(read: Array(older.dropFirst(30)), in: left) == nil)
        #expect(try store.backFill() == nil && store.whole().sequence == 0)
        #expect(try store.read(after: 0, limit: 10_000) == all)
        #expect(try histories(store) == histories(view))
        #expect(try store.detail(row: over.row)?.isOlderComing == false)
        #expect(try store.integrityProblems().isEmpty)
    }

    @Test("what comes in their place is found out at the last of them, and goes; the right ones are taken after it")
    func altered() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        let store = try bench.begin()
        let few = try store.read(after: 0, limit: 10_000)
        let gap = try #require(try store.backFill())
        var forged = try bench.older(gap)
        var event = forged[10].event
        event.subject = "another"
        forged[10] = LogVerifier.read(event)
        let begun = try #require(try store.fill(read: Array(forged.prefix(20)), in: gap))
        #expect(throws: FillFault.altered(upTo: gap.floor.sequence)) { try store.fill(read: forged, in: begun) }
        #expect(try store.read(after: 0, limit: 10_000).count <= few.count)
        #expect(try store.backFill() == gap)
        #expect(throws: FillFault.gap(expected: 5, found: 6)) {
            var holed = try bench.older(gap)
            holed.remove(at: 4)
            _ = try store.fill(read: holed, in: gap)
        }
        #expect(try store.fill(read: bench.older(gap), in: gap) == nil)
        #expect(try store.read(after: 0, limit: 10_000) == bench.feed().view.read(after: 0, limit: 10_000))
    }

    @Test("one that comes a second time meanwhile is known; what is trimmed meanwhile is wished for no more")
    func meanwhile() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        let store = try bench.begin()
        let gap = try #require(try store.backFill())
        let old = try #require(try bench.older(gap).first { $0.event.type == .alertRaised })
        let end = try #require(try store.cursor())
        var again = old.event
        again.sequence = end.sequence + 1
        let next = Store.Cursor(logID: end.logID, sequence: end.sequence + 1, head: "aa")
        #expect(try store.ingest(mirrored: [LogVerifier.read(again)], to: next) == [.duplicate])

        func trim(_ through: Int64, at sequence: Int64) throws {
            let fact = LogTrimmed(through: through, head: "bb\(through)", recorded: EventMaker.noon)
            var event = Event(
                id: "trim\(through)", source: "urn:impetus:feed", type: .logTrimmed, subject: "log",
                time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
            (event.sequence, event.recorded) = (sequence, EventMaker.noon)
            _ = try store.ingest(
                mirrored: [LogVerifier.read(event)],
                to: Store.Cursor(logID: end.logID, sequence: sequence, head: "cc"))
        }
        try trim(30, at: end.sequence + 2)
        let moved = try #require(try store.backFill())
        #expect(moved.after.sequence == 30 && moved.after.head == "bb30" && moved.floor == gap.floor)
        try trim(gap.floor.sequence, at: end.sequence + 3)
        while try store.backgroundStep() {}
        #expect(try store.backFill() == nil && store.whole().sequence == gap.floor.sequence)
        #expect(try store.fill(read: bench.older(gap), in: gap) == nil)
        #expect(try store.integrityProblems().isEmpty)
    }

    @Test(
        "a snapshot brings all where a log is short, or the log has the older ones no more, or the view is another one")
    func none() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        #expect(try bench.feed().floor() == nil)
        let floor = try #require(try bench.feed().floor(keeping: 10))
        #expect(try bench.feed().floor(keeping: 100) == nil)
        let store = try Store(path: bench.feed().view.path, mirror: bench.feed().view.mirror) { "" }
        let cursor = try #require(try store.cursor())
        _ = try store.ingest(mirrored: [], to: Store.Cursor(logID: cursor.logID, sequence: cursor.sequence, head: "00"))
        #expect(try bench.feed().floor(keeping: 10) == nil)
        _ = try store.ingest(mirrored: [], to: cursor)
        #expect(try bench.feed().floor(keeping: 10) == floor)
        let log = try #require(try bench.feed().log as? SQLiteLog)
        try log.archive(upTo: 5, before: "a", after: "b", into: #require(bench.bench).folder.file("segment"))
        #expect(try bench.feed().floor(keeping: 10) == nil)
    }
}
