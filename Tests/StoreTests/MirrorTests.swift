import ControlRoom
import Standards
import Store
import TestSupport
import Testing

@Suite("The copy of a hub's log")
struct MirrorTests {
    private let folder: TemporaryFolder
    private let store: Store
    private var make = EventMaker()
    private var sequence: Int64 = 0

    private static let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("store"), mirror: MirrorTests.mirror) { "local" }
    }

    private mutating func ingest(_ events: [Event], log: String = "hub") throws -> [Admission] {
        let sequenced = events.map { event in
            var event = event
            sequence += 1
            event.sequence = sequence
            event.recorded = EventMaker.noon.adding(seconds: Double(sequence))
            return event
        }
        return try store.ingest(
            mirrored: sequenced.map { AdmittedEvent(fromLog: $0) },
            to: Store.Cursor(logID: log, sequence: sequence, head: "h\(sequence)"))
    }

    private func enqueue(_ act: Event) throws {
        try store.enqueue([(act.id, act.subject, CloudEventWriter.json(act))], now: EventMaker.noon)
    }

    private func alert(_ subject: String = "a") throws -> Alert? {
        try store.alert(subject: subject, realm: .actual)?.alert
    }

    private func openCount() throws -> Int {
        try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).unacknowledged
    }

    @Test("keeps the hub's numbers, and its place with them")
    mutating func numbers() throws {
        sequence = 40
        _ = try ingest([make.raised("a"), make.raised("b")])
        #expect(try store.read(after: 0, limit: 9).map(\.sequence) == [41, 42])
        #expect(try store.cursor() == Store.Cursor(logID: "hub", sequence: 42, head: "h42"))
        #expect(Store.followsHub(path: store.path))
        // What came before is passed over.
        sequence = 41
        #expect(try ingest([make.raised("c")]).isEmpty)
        #expect(try alert("c") == nil && store.cursor()?.sequence == 42)
    }

    @Test("of another log takes nothing")
    mutating func otherLog() throws {
        _ = try ingest([make.raised("a")])
        let error = StoreError.otherLog(path: store.path, known: "hub", found: "hub-2")
        #expect(throws: error) { try ingest([make.raised("b")], log: "hub-2") }
        #expect(try alert("b") == nil && alert("a") != nil)
    }

    @Test("shows an act at once, and what the log says when its echo comes")
    mutating func overlay() throws {
        _ = try ingest([make.raised("a", .low)])
        let act = make.acknowledged("a", .low)
        try enqueue(act)
        #expect(try alert()?.acknowledged == true && openCount() == 0)
        #expect(try store.waitingCount() == 1 && store.settlement(of: act.id) == .waiting)
        _ = try ingest([act])
        #expect(try alert()?.acknowledged == true && store.settlement(of: act.id) == .applied)
        #expect(try store.waitingCount() == 0 && openCount() == 0)
    }

    @Test("shows what the log says when an act is refused")
    mutating func rejected() throws {
        _ = try ingest([make.raised("a", .low)])
        let (first, second) = (make.acknowledged("a", .low), make.closed("a"))
        try enqueue(first)
        try enqueue(second)
        #expect(try alert()?.active == false)
        let positions = try store.unsettled(after: 0, limit: 9, resending: false).map(\.position)
        try store.reject(positions[0], reason: "no", isDenied: true)
        // Without the acknowledgement the alert cannot be closed either.
        #expect(try alert()?.acknowledged == false && alert()?.active == true && openCount() == 1)
        #expect(try store.settlement(of: first.id) == .denied("no"))
        try store.reject(positions[1], reason: "no", isDenied: true)
        #expect(try alert()?.active == true && store.waitingCount() == 0)
        #expect(try store.refusedActs(limit: 9).map(\.reason) == ["no", "no"])
    }

    @Test("lays acts over what comes meanwhile, and an old acknowledgement silences nothing new")
    mutating func meanwhile() throws {
        _ = try ingest([make.raised("a", .low)])
        let act = make.acknowledged("a", occurrence: 1, .low)
        try enqueue(act)
        _ = try ingest([make.raised("a", .critical)])
        #expect(try alert()?.acknowledged == false && alert()?.occurrence == 2)
        _ = try ingest([act])
        #expect(try store.settlement(of: act.id) == .refused("newer-occurrence:2"))
        #expect(try alert()?.acknowledged == false && openCount() == 1)
    }

    @Test("another's act that was first wins, and the loser is told")
    mutating func race() throws {
        _ = try ingest([make.raised("a", .low)])
        let mine = make.acknowledged("a", .low, by: "op1")
        try enqueue(mine)
        let theirs = make.acknowledged("a", .low, by: "sup1")
        _ = try ingest([theirs, mine])
        #expect(try alert()?.acknowledgement?.by == "sup1")
        #expect(try store.settlement(of: mine.id) == .refused("already-acknowledged:sup1"))
    }

    @Test("a checklist is worked on without a hub")
    mutating func checklist() throws {
        _ = try ingest([make.raised("a"), make.playbook("p")])
        try enqueue(make.started("run/1", playbook: "p"))
        let step = make.step("run/1", 1, "done")
        try enqueue(step)
        #expect(try store.run("run/1")?.settledCount == 1 && store.runs(.actual).map(\.settled) == [1])
        let position = try #require(store.unsettled(after: 0, limit: 9, resending: false).last?.position)
        try store.reject(position, reason: "no", isDenied: false)
        #expect(try store.run("run/1")?.settledCount == 0 && store.runs(.actual).map(\.settled) == [0])
    }

    @Test("an act that waits can be undone")
    mutating func undo() throws {
        _ = try ingest([make.raised("a", .low)])
        let act = make.acknowledged("a", .low)
        try enqueue(act)
        #expect(try store.undoable(by: "op1", realm: .actual).map(\.id) == [act.id])
        try enqueue(make.undone(act))
        #expect(try alert()?.acknowledged == false && store.undoable(by: "op1", realm: .actual).isEmpty)
    }

    @Test("an event that is not believed stays without effect, and says so")
    mutating func distrust() throws {
        _ = try ingest([make.raised("a", .low)])
        var forged = make.acknowledged("a", .low, by: "op1")
        sequence += 1
        forged.sequence = sequence
        _ = try store.ingest(
            mirrored: [AdmittedEvent(fromLog: forged, distrust: "forged")],
            to: Store.Cursor(logID: "hub", sequence: sequence, head: "h"))
        #expect(try alert()?.acknowledged == false)
        #expect(try store.recentLog(.actual, limit: 9).first?.isRefused == true)
    }

    @Test("acts survive a restart, and lie over the log again")
    mutating func restart() throws {
        _ = try ingest([make.raised("a", .low)])
        try enqueue(make.acknowledged("a", .low))
        store.close()
        let again = try Store(path: store.path, mirror: MirrorTests.mirror) { "x" }
        #expect(try again.alert(subject: "a", realm: .actual)?.alert.acknowledged == true)
        var raised = make.raised("a", .low, headline: "again")
        raised.sequence = 2
        raised.recorded = EventMaker.noon
        _ = try again.ingest(
            mirrored: [AdmittedEvent(fromLog: raised)], to: Store.Cursor(logID: "hub", sequence: 2, head: "h"))
        let alert = try again.alert(subject: "a", realm: .actual)?.alert
        #expect(alert?.acknowledged == true && alert?.headline == "again" && alert?.occurrence == 2)
    }

    @Test("the hybrid clock never goes back, and follows nobody who is a minute ahead")
    func clock() throws {
        let now = EventMaker.noon
        let first = try store.tick(now: now)
        let second = try store.tick(now: now.adding(seconds: -5))
        #expect(second > first)
        try store.see(HybridTime(milliseconds: now.milliseconds + 30_000, counter: 3), now: now)
        let third = try store.tick(now: now)
        #expect(third.milliseconds == now.milliseconds + 30_000 && third > second)
        try store.see(HybridTime(milliseconds: now.milliseconds + 3_600_000, counter: 0), now: now)
        #expect(try store.tick(now: now).milliseconds == now.milliseconds + 30_000)
    }
}
