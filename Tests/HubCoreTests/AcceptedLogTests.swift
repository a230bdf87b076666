import ControlRoom
import Feed
import GRDB
import HubCore
import SQLiteLog
import Store
import Tenancy
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
    private func accept(
        withoutBeginning: Bool = false, trusted: LogTrusted? = nil
    ) throws -> (loss: LogLoss, view: Store) {
        let (wire, certificate) = (wire(trusted), bench.central.certificate)
        let register = bench.central.register
        let known = try AcceptedLog.known(in: register, of: "police", certificate)
        let loss = try loss(trusted, knowing: known)
        try log.mend(forgettingArchive: withoutBeginning, cuttingOffAt: loss.cutOff) { wire.kept(loss.taken($0)) }
        let word = AcceptedLog(
            tenant: "police", logID: try log.logID, sequence: loss.end, head: loss.head, wire: wire,
            signedBy: bench.key)
        let entries = try word.entries(by: certificate, bench.central.register, now: bench.clock.now)
        let answers = try log.append(entries, now: bench.clock.now)
        #expect(AcceptedLog.refusals(entries, answers) == [])
        let view = try store("anew")
        try AcceptedLog.prepare(view, for: loss, of: log, knowing: known, revoked: register.revokedKeys)
        return (loss, view)
    }

    private func loss(
        _ trusted: LogTrusted? = nil, knowing known: [IdentityEnrolled], isMended: Bool = true
    ) throws -> LogLoss {
        try LogLoss(
            of: LogLoss.Ground(
                log, wire(trusted), authority: bench.authority.certificate, start: try start(), isMended: isMended,
                knowing: known, revoked: bench.central.register.revokedKeys, trusted: trusted),
            seenBy: try bench.view("police"))
    }

    /// A view that has folded nothing yet.
    private func store(_ name: String) throws -> Store {
        try Store(
            path: bench.folder.file(name), mirror: Store.Mirror(decode: { try CentralBench.wire.decode($0) })
        ) { "v" }
    }

    private func wire(_ trusted: LogTrusted?) -> Wire {
        CentralBench.wire.speaking(
            with: EntryWords(bench.secret.word(of: "police-log"), trustedTo: trusted?.sequence ?? 0))
    }

    private func feed(_ view: Store, trusted: LogTrusted? = nil) throws -> TenantFeed {
        let feed = TenantFeed(
            tenant: "police", log: log, view: view, authority: bench.authority.certificate, key: bench.key, hub: "hub",
            wire: wire(trusted), isOld: trusted != nil, wake: {})
        trusted.map(feed.trust)
        return feed
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

    /// The log as a version left it whose entries bore no hub's word, and what trust-log says of it.
    private func old() throws -> LogTrusted {
        let cursor = try #require(try bench.view("police")?.cursor())
        #expect(try cursor.sequence == log.lastSequence())
        try damage("UPDATE entries SET body = substr(body, 1, length(body) - 33)")
        return LogTrusted(log: "police", logID: try log.logID, sequence: cursor.sequence, head: cursor.head)
    }

    private func place(of text: String) throws -> Int64 {
        let queue = try DatabaseQueue(path: bench.folder.file("police.log"))
        defer { try? queue.close() }
        return try #require(
            try queue.read {
                try Int64.fetchOne(
                    $0, sql: "SELECT min(sequence) FROM entries WHERE instr(body, CAST(? AS BLOB)) > 0",
                    arguments: [text])
            })
    }

    /// An event that nobody signed takes the place of another.
    private mutating func forge(at place: Int64) throws {
        var forged = make.cleared("a")
        forged.tenant = "police"
        let hex = CentralBench.wire.encode(forged).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }
        try damage("UPDATE entries SET body = x'\(hex.joined())' WHERE sequence = \(place)")
    }

    @Test("what somebody put into an old log without a hub's word is said, and has no effect; what was seen has")
    mutating func forgedInOld() throws {
        try raise("a", "b")
        let trusted = try old()
        let place = try place(of: "\"subject\":\"b\"")
        try forge(at: place)
        let (loss, view) = try accept(trusted: trusted)
        #expect(loss.putIn == 1 && loss.putInExamples.map(\.type) == [.alertCleared])
        #expect(loss.firstDifference == place && loss.examples.map(\.subject) == ["b"])
        try fold(feed(view, trusted: trusted))
        #expect(try view.alert(subject: "a", realm: .actual)?.alert.active == true)
        // It is there to be looked at.
        #expect(try log.entry(at: place)?.body.starts(with: [0, UInt8(ascii: "{")]) == true)
    }

    @Test("an old log on servers, which cannot be mended, is folded from behind what was put in")
    mutating func forgedOnServers() throws {
        try raise("a", "b")
        let trusted = try old()
        let place = try place(of: "\"subject\":\"b\"")
        try forge(at: place)
        let loss = try loss(trusted, knowing: [], isMended: false)
        #expect(loss.putIn == 1 && loss.first == place + 1)
    }

    @Test("a view that was lost is folded anew on a log that was taken, and not where that was altered since")
    mutating func lostView() throws {
        try raise("a", "b")
        let trusted = try old()
        try forge(at: place(of: "\"subject\":\"b\""))
        #expect(try accept(trusted: trusted).loss.putIn == 1)
        let again = try store("again")
        let followed = try feed(again, trusted: trusted)
        try fold(followed)
        #expect(try again.alert(subject: "a", realm: .actual)?.alert.active == true)
        #expect(try #require(try again.cursor()).sequence > trusted.sequence)
        try damage("UPDATE entries SET recorded = recorded + 1 WHERE sequence = \(trusted.sequence)")
        let altered = try feed(try store("altered"), trusted: trusted)
        while try altered.step(register: bench.central.register, now: bench.clock.now) {}
        #expect(altered.health == .altered("up to entry \(trusted.sequence) it is not what trust-log has named"))
    }

    private func said(_ type: EventType, _ data: [UInt8], by key: SigningKey) throws -> Event {
        var event = Event(
            id: "\(type.rawValue) by \(key.keyID)", source: "urn:impetus:hub", type: type, subject: "identity",
            data: .json(data))
        event.tenant = "police"
        event.time = bench.clock.now
        try key.sign(&event)
        return event
    }

    private func certificate(of key: SigningKey) throws -> MemberCertificate {
        try bench.authority.issueHub(key: key.publicKey, name: "other", hosts: ["o"], now: bench.clock.now)
    }

    @Test(
        "a hub that was revoked does not come back where the word on that is ruined, whether what it says was seen or not",
        arguments: [false, true])
    mutating func revokedHub(isSeen: Bool) throws {
        let hub = SigningKey()
        let certificate = try certificate(of: hub)
        let fact = IdentityEnrolled(
            identity: certificate.identity, keyID: hub.keyID, certificate: try certificate.pem(), codeHash: nil)
        try post(try said(.identityEnrolled, JSONWriter.bytes(fact.write), by: bench.key))
        try raise("a")
        try bench.say(.identityRevoked, IdentityRevoked(keyID: hub.keyID, reason: "").write)
        try raise("b")
        let evil = IdentityRevoked(keyID: op.key.keyID, reason: "")
        let word = try said(.identityRevoked, JSONWriter.bytes(evil.write), by: hub)
        if isSeen {
            try post(word)
            try raise("c")
        }
        try damage("UPDATE entries SET body = x'00' WHERE sequence = \(place(of: "revoked/" + hub.keyID))")
        if !isSeen { try post(word) }
        let (loss, view) = try accept()
        #expect(loss.putIn == 1 && loss.putInExamples.map(\.type) == [.identityRevoked])
        let followed = try feed(view)
        try fold(followed)
        try post(try act(on: "a"))
        try fold(followed)
        #expect(followed.takeFindings().count == 0)
        #expect(try isAcknowledged("a", view) == true)
    }

    @Test("what somebody signed before their key was revoked counts as it did")
    mutating func revokedMember() throws {
        try raise("a", "b")
        try post(try act(on: "a"))
        try raise("c")
        try bench.say(.identityRevoked, IdentityRevoked(keyID: op.key.keyID, reason: "").write)
        try raise("d")
        let place = try place(of: "\"subject\":\"b\"")
        try damage("UPDATE entries SET body = x'00' WHERE sequence = \(place)")
        let (loss, view) = try accept()
        #expect(loss.putIn == 0 && loss.unbelieved == 0 && loss.count == 1)
        try fold(feed(view))
        #expect(try isAcknowledged("a", view) == true)
    }

    @Test("who was revoked is no member of a log without its beginning, and counts for nothing there")
    mutating func revokedWithoutBeginning() throws {
        try bench.say(.identityRevoked, IdentityRevoked(keyID: op.key.keyID, reason: "").write)
        let known = try AcceptedLog.known(
            in: bench.central.register, of: "police", bench.central.certificate)
        #expect(!known.contains { $0.keyID == op.key.keyID } && known.contains { $0.keyID == camera.keyID })
        try raise("a")
        try damage("DELETE FROM entries WHERE sequence <= \(place(of: "revoked/" + op.key.keyID))")
        try post(try act(on: "a"))
        let loss = try loss(knowing: known, isMended: false)
        #expect(loss.first > 1 && loss.unbelieved == 1)
        let view = try store("anew")
        try AcceptedLog.prepare(
            view, for: loss, of: log, knowing: known, revoked: bench.central.register.revokedKeys)
        #expect(try view.isRevoked(keyID: op.key.keyID))
    }

    @Test(
        "an entry behind more missing ones than are filled in is cut off",
        arguments: [1_000_000_000_000_000, Int64.max])
    mutating func far(place: Int64) throws {
        try raise("a", "b")
        let last = try log.lastSequence()
        try damage(
            """
            INSERT INTO entries (sequence, recorded, name, content, body, content_hash)
            SELECT \(place), recorded, 'far', 0, body, content_hash FROM entries WHERE sequence = 1
            """)
        let (loss, view) = try accept()
        #expect(loss.cutOff == place && loss.end == last && loss.count == 0)
        #expect(try log.lastSequence() < place)
        try fold(feed(view))
        #expect(try isAcknowledged("b", view) == false)
    }

    @Test("in a log without its beginning other hubs count whom the system log introduces")
    mutating func otherHubs() throws {
        let other = SigningKey()
        let introduction = try SystemEvents.introduction(
            of: try certificate(of: other), bench.secret, CentralBench.wire, signedBy: other, now: bench.clock.now)
        try bench.say([introduction])
        var verifier = SystemVerifier(
            authority: bench.authority.certificate, logID: try bench.system.logID, wire: CentralBench.wire)
        for entry in try bench.system.read(after: 0, limit: 1_000) { _ = verifier.take(entry) }
        #expect(verifier.hubs.map(\.keyID) == [bench.key.keyID, other.keyID])
        try raise("a")
        let last = try log.lastSequence()
        var copy = make.raised("copy")
        copy.tenant = "police"
        copy.extensions["agreement"] = "x"
        try other.sign(&copy)
        try post(copy)
        try damage("DELETE FROM entries WHERE sequence < \(last)")
        let (register, certificate) = (bench.central.register, bench.central.certificate)
        let alone = try loss(
            knowing: try AcceptedLog.known(in: register, of: "police", certificate), isMended: false)
        #expect(alone.first == last && alone.unbelieved == 1)
        let all = try AcceptedLog.known(in: register, of: "police", certificate, beside: verifier.hubs)
        #expect(try loss(knowing: all, isMended: false).unbelieved == 0)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: other.keyID, reason: "").write)
        let left = try AcceptedLog.known(
            in: bench.central.register, of: "police", certificate, beside: verifier.hubs)
        #expect(all.contains { $0.keyID == other.keyID } && !left.contains { $0.keyID == other.keyID })
    }

    @Test("what the log did not take is said, and what it did not answer")
    func refusals() {
        let entries = (0..<5).map { EventLogContract.entry("e\($0)") }
        let answers: [Appended] = [.accepted(sequence: 1), .duplicate, .conflicting, .refused("too large")]
        let refusals = AcceptedLog.refusals(entries, answers)
        #expect(refusals == ["e2: another entry has its name", "e3: too large", "e4: no answer"])
    }

    @Test(
        "accept-log is advised for tenants' logs alone",
        arguments: [
            ("/hub/tenants/police.log.sqlite", true), ("/hub/tenants/police.view.sqlite", false),
            ("/hub/system.sqlite", false), ("/hub/archives/police-1.segment", false),
        ])
    func advice(path: String, isLog: Bool) {
        for error in [StoreError.damaged(path: path, reason: "x"), .notAStore(path: path)] {
            #expect(HubWords.of(error).contains("accept-log") == isLog)
        }
    }
}
