import ControlRoom
import Feed
import HubCore
import SQLiteLog
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

    func begin(_ file: String = "late", recent: Int64 = recent) throws -> Store {
        let (bench, feed) = (try #require(bench), try feed())
        let path = bench.folder.file(file)
        try feed.view.copy(to: path, floor: try feed.floor(keeping: recent))
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
        #expect(try store.read(after: 0, limit: 10_000) == few)
        #expect(try store.backFill() == gap)
        #expect(throws: FillFault.gap(expected: 5, found: 6)) {
            var holed = try bench.older(gap)
            holed.remove(at: 4)
            _ = try store.fill(read: holed, in: gap)
        }
        #expect(try store.fill(read: bench.older(gap), in: gap) == nil)
        #expect(try store.read(after: 0, limit: 10_000) == bench.feed().view.read(after: 0, limit: 10_000))
    }

    @Test("one that comes a second time meanwhile is known; what is trimmed meanwhile is kept and lost as everywhere")
    func meanwhile() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        let (late, full) = (try bench.begin(), try bench.begin("full", recent: 1_000))
        let gap = try #require(try late.backFill())
        #expect(try full.backFill() == nil)
        let old = try #require(try bench.older(gap).first { $0.event.type == .alertRaised })
        var end = try #require(try late.cursor())

        func both(_ change: (inout Event) -> Void) throws -> [[Admission]] {
            var event = old.event
            (event.sequence, event.recorded) = (end.sequence + 1, EventMaker.noon)
            change(&event)
            end = Store.Cursor(logID: end.logID, sequence: end.sequence + 1, head: "aa")
            return try [late, full].map { try $0.ingest(mirrored: [LogVerifier.read(event)], to: end) }
        }
        func trim(_ through: Int64) throws {
            let fact = LogTrimmed(through: through, head: "bb\(through)", recorded: EventMaker.noon)
            _ = try both { event in
                event.id = "trim\(through)"
                (event.source, event.type, event.subject) = ("urn:impetus:feed", .logTrimmed, "log")
                event.data = .json(JSONWriter.bytes(fact.write))
            }
        }
        #expect(try both { _ in } == [[.duplicate], [.duplicate]])
        try trim(30)
        // The alarm comes again, and is another's first or this one's second on both.
        for number in 0..<20 {
            _ = try both { event in
                event.id = "again\(number)"
                event.subject = "a-\(number)"
            }
        }
        let half = try late.fill(read: Array(bench.older(gap).prefix(50)), in: gap)
        try trim(gap.floor.sequence)
        #expect(try late.backFill() == half && late.whole().sequence == gap.floor.sequence)
        while try late.backgroundStep() {}
        #expect(try late.fill(read: bench.older(gap), in: #require(half)) == nil)
        for store in [late, full] { while try store.backgroundStep() {} }
        #expect(try late.read(after: 0, limit: 10_000) == full.read(after: 0, limit: 10_000))
        #expect(try histories(late) == histories(full))
        #expect(try late.integrityProblems().isEmpty && late.whole() == full.whole())
    }

    @Test("what somebody did last is what they take back, also where what they did before has not come yet")
    func undo() throws {
        let bench = LateBench()
        let (key, member) = try #require(bench.bench).enrol("op1", .operator, of: "police")
        var make = EventMaker(source: "acts")
        try bench.live("a")
        var act = make.acknowledged("a-3", occurrence: 2, .high)
        act.tenant = "police"
        try key.sign(&act)
        #expect(try #require(bench.bench).submit([act], from: member) == [.accepted])
        for name in ["b", "c"] { try bench.live(name) }
        let store = try bench.begin()
        let place = try #require(try store.place(source: act.source, id: act.id))
        #expect(try #require(try store.backFill()).floor.sequence > place)
        #expect(try store.undoable(by: "op1", realm: .actual, limit: 9).map(\.id) == [act.id])
    }

    @Test(
        "where the hub has archived them meanwhile, they are wished for no more, and it is said from where on there is a history"
    )
    func lost() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        let store = try bench.begin()
        let gap = try #require(try store.backFill())
        try store.endBackFill()
        #expect(try store.backFill() == nil && store.whole() == gap.floor)
        #expect(try store.fill(read: bench.older(gap), in: gap) == nil)
    }

    @Test("a damaged store keeps what stands before the first hole; the rest comes again, and makes the same of it")
    func salvaged() throws {
        let bench = LateBench()
        for name in ["a", "b"] { try bench.live(name) }
        let path = try #require(bench.bench).folder.file("late")
        try bench.begin().close()
        Recovery.markDamaged(path)
        let (store, report) = try Recovery.open(
            path: path, mirror: bench.feed().view.mirror, now: EventMaker.noon, makeLogID: { "" })
        let log = try #require(bench.bench).log("police")
        #expect(report?.gaps ?? 0 > 0)
        #expect(try store.lastSequence() < 10)
        let end = try #require(try bench.feed().view.cursor())
        _ = try store.ingest(mirrored: log.map { LogVerifier.read($0) }, to: end)
        while try store.backgroundStep() {}
        let query = AlertQuery(realm: .actual, filter: AlertFilter(show: .all))
        let view = try bench.feed().view
        #expect(
            try store.alerts(query, at: .start, limit: 999).lines.map(\.alert)
                == view.alerts(query, at: .start, limit: 999).lines.map(\.alert))
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
        let file = try #require(bench.bench).folder.file("segment")
        try log.archive(upTo: 5, before: "a", after: "b", into: file) { _ in }
        #expect(try bench.feed().floor(keeping: 10) == nil)
    }
}
