import ControlRoom
import Feed
import GRDB
import HubCore
import SQLiteLog
import Store
import TestSupport
import Testing
import Trust

/// What an administrator does with `accept-log`, and what follows from it.
@Suite("A log that was taken as it is")
struct AcceptedLogTests {
    private let bench: CentralBench
    private let camera: Submitter
    private let op: (key: SigningKey, submitter: Submitter)
    private let log: SQLiteLog
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        op = try bench.enrol("op7", .operator, of: "police")
        log = try #require(bench.central.feed(of: "police")?.log as? SQLiteLog)
    }

    private mutating func raise(_ subjects: String...) throws {
        for subject in subjects { #expect(bench.submit([make.raised(subject, .high)], from: camera) == [.accepted]) }
        for _ in 0..<3 {
            bench.clock.advance(3)
            try bench.rest()
        }
    }

    private mutating func act(on subject: String, occurrence: Int = 1) throws -> Event {
        var act = make.acknowledged(subject, occurrence: occurrence, .high, by: "op7")
        act.tenant = "police"
        try op.key.sign(&act)
        return act
    }

    private func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: bench.folder.file("police.log"))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func start() throws -> Store.Cursor {
        let archived = try log.archived()
        return try archived.map { Store.Cursor(logID: try log.logID, sequence: $0.sequence, head: $0.head) }
            ?? .start(of: log.logID)
    }

    /// As the command does it; the hub that follows is another.
    private func accept(withoutBeginning: Bool = false) throws -> (loss: LogLoss, view: Store) {
        let (wire, certificate) = (try bench.wire("police"), bench.central.certificate)
        let known = try AcceptedLog.known(in: bench.central.register, of: "police", certificate)
        let loss = try LogLoss(
            of: LogLoss.Ground(
                log, wire, authority: bench.authority.certificate, start: try start(), isMended: true, knowing: known),
            seenBy: try bench.view("police"))
        try log.mend(forgettingArchive: withoutBeginning) { wire.kept($0) }
        let word = AcceptedLog(
            tenant: "police", logID: try log.logID, sequence: loss.end, head: loss.head, wire: wire,
            signedBy: bench.key)
        let entries = try word.entries(by: certificate, bench.central.register, now: bench.clock.now)
        _ = try log.append(entries, now: bench.clock.now)
        let view = try Store(
            path: bench.folder.file("anew"), mirror: Store.Mirror(decode: { try CentralBench.wire.decode($0) })
        ) { "v" }
        try AcceptedLog.prepare(view, for: loss, of: log, knowing: known)
        return (loss, view)
    }

    private func feed(_ view: Store) throws -> TenantFeed {
        TenantFeed(
            tenant: "police", log: log, view: view, authority: bench.authority.certificate, key: bench.key, hub: "hub",
            wire: try bench.wire("police"), isOld: false, wake: {})
    }

    private func fold(_ feed: TenantFeed) throws {
        for _ in 0..<3 {
            bench.clock.advance(3)
            while try feed.step(register: bench.central.register, now: bench.clock.now) {}
            while feed.appender.drain(now: bench.clock.now) {}
        }
        #expect(feed.health == .good)
    }

    private func post(_ event: Event) throws {
        let wire = try bench.wire("police")
        _ = try log.append([wire.entry(event, content: ContentHash.of(event))], now: bench.clock.now)
    }

    /// As whoever begins to follow reads it: `audit`, and the console's `audit verify`.
    private func report() throws -> LogWalk.Report {
        let knownMembers = KnownMembers(authority: bench.authority.certificate)
        knownMembers.learn(pem: try bench.central.certificate.pem())
        return try LogAudit(knownMembers: knownMembers, wire: try bench.wire("police"), witnesses: []).audit(
            log, from: try start())
    }

    private func isAcknowledged(_ subject: String, _ view: Store) throws -> Bool? {
        try view.alert(subject: subject, realm: .actual)?.alert.acknowledged
    }

    @Test("where the hub's own introduction was ruined, acts count again, and the log is whole from the place on")
    mutating func first() throws {
        try raise("a", "b")
        try damage("UPDATE entries SET body = x'00' WHERE sequence = 1")
        #expect(try !report().findings.isEmpty)
        let (loss, view) = try accept()
        #expect(loss.firstDifference == 1 && loss.count == 1 && loss.unbelieved > 0)
        try fold(feed(view))
        // Not the reader that has learned on the way: one that knows what the view knows.
        let again = try feed(view)
        try post(try act(on: "a"))
        try fold(again)
        #expect(again.takeFindings().count == 0)
        #expect(try isAcknowledged("a", view) == true && isAcknowledged("b", view) == false)
        let report = try report()
        #expect(report.findings == [], "\(report)")
        #expect(report.junkNotes.contains { $0.hasPrefix("up to entry \(loss.end) an administrator has taken") })
    }

    @Test(
        "an entry that was ruined in the middle is lost, may be said again, and no checkpoint is held against the log")
    mutating func middle() throws {
        try raise("a")
        let place = try log.lastSequence()
        try raise("b", "c")
        try damage("UPDATE entries SET body = x'00' WHERE sequence = \(place + 1)")
        let (loss, view) = try accept()
        #expect(loss.firstDifference == place + 1 && loss.count == 1 && loss.unbelieved == 0)
        #expect(loss.examples.map(\.subject) == ["b"])
        try fold(feed(view))
        #expect(try isAcknowledged("b", view) == nil && isAcknowledged("c", view) == false)
        #expect(try report().findings == [])
        // As it came, without the place that it had.
        var ruined = try #require(loss.examples.first)
        (ruined.sequence, ruined.recorded) = (nil, nil)
        try post(ruined)
        try fold(feed(view))
        #expect(try isAcknowledged("b", view) == false)
        // What is altered behind the place is found as ever.
        try damage("UPDATE entries SET recorded = recorded + 1 WHERE sequence = \(loss.end + 1)")
        #expect(try !report().findings.isEmpty)
    }

    @Test("one without its beginning goes on from its first entry, with all who are members")
    mutating func withoutBeginning() throws {
        try raise("a")
        let begin = try start()
        var walk = LogWalk(nil, from: begin)
        let wire = try bench.wire("police")
        for entry in try log.read(after: 0, limit: 1_000) {
            let follows = walk.take(read: wire.admitted(entry))
            #expect(follows)
        }
        let end = walk.chain
        try raise("b")
        try log.archive(
            upTo: end.sequence, before: begin.head, after: end.head, into: bench.folder.file("a.segment")
        ) { _ in }
        let (loss, view) = try accept(withoutBeginning: true)
        #expect(loss.first == end.sequence + 1 && loss.headBefore == end.head && loss.before == Int(end.sequence))
        #expect(loss.firstDifference == nil && loss.unbelieved == 0)
        let followed = try feed(view)
        try fold(followed)
        let seen = try #require(try view.alert(subject: "b", realm: .actual)).alert.occurrence
        try post(try act(on: "b", occurrence: seen))
        try fold(followed)
        #expect(followed.takeFindings().count == 0)
        #expect(try isAcknowledged("a", view) == nil && isAcknowledged("b", view) == true)
        #expect(try view.base().sequence == end.sequence)
        #expect(try report().findings == [])
    }
}
