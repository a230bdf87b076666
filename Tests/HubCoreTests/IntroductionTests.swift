import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import Synchronization
import TestSupport
import Testing
import Trust

/// What it costs to tell a tenant's log of its members.
@Suite("Members are introduced")
struct IntroductionTests {
    private let folder: TemporaryFolder
    private let authority: Authority
    private let key = SigningKey()
    private let secret = LogSecret()
    private let certificate: MemberCertificate
    private let system: SQLiteLog
    private let log: CountingLog
    private let now = EventMaker.noon

    init() throws {
        folder = try TemporaryFolder()
        authority = try Authority.make(name: "a", now: EventMaker.noon)
        certificate = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: EventMaker.noon)
        system = try SQLiteLog(path: folder.file("system")) { "system" }
        let introduction = try SystemEvents.introduction(
            of: certificate, secret, CentralBench.wire, signedBy: key, now: EventMaker.noon)
        _ = try system.append([introduction], now: EventMaker.noon)
        log = CountingLog(try SQLiteLog(path: folder.file("police.log")) { "police-log" })
    }

    private func say(_ id: String, _ type: EventType, _ write: (inout JSONWriter) -> Void) throws {
        let entry = try SystemEvents.entry(
            id, type, JSONWriter.bytes(write), CentralBench.wire, signedBy: key, now: now)
        _ = try system.append([entry], now: now)
    }

    private func enrol(_ number: Int) throws {
        let person = Identity(actor: "op\(number)", role: .operator, tenant: "police")
        let offer = EnrolmentOffered(codeHash: "h\(number)", identity: person, until: now.adding(seconds: 60))
        try say("offer\(number)", .enrolmentOffered, offer.write)
        let fact = IdentityEnrolled(
            identity: person, keyID: "k\(number)", certificate: "c\(number)", codeHash: "h\(number)")
        try say("enrolled\(number)", .identityEnrolled, fact.write)
    }

    @discardableResult
    private func start() throws -> Central {
        let (folder, log) = (folder, log)
        let central = try Central(
            hub: "hub", key: key, certificate: certificate, authorityCertificate: authority.certificate,
            authority: authority, system: system, wire: CentralBench.wire, secret: secret,
            ground: { _ in
                let mirror = Store.Mirror(decode: { try CentralBench.wire.decode($0) })
                return Central.Ground(log: log, view: try Store(path: folder.file("view"), mirror: mirror) { "v" })
            }, definitions: { _ in [] }, onTenant: { _ in }, wake: { _ in })
        try central.followSystem(now: now)
        #expect(central.carryOutOwed(now: now) == [])
        return central
    }

    @Test("however many they are, a tenant that is opened costs one append for all of them")
    func manyAtOnce() throws {
        try say("tenant", .tenantAdded, TenantAdded(tenant: "police", title: "police").write)
        for number in 0..<100 { try enrol(number) }
        let central = try start()
        // The hub's own certificate, and all members.
        #expect(log.appends == 2)
        #expect(try log.lastSequence() == 101)
        // One more costs one more, and nothing is said twice.
        try enrol(100)
        try central.followSystem(now: now)
        _ = central.carryOutOwed(now: now)
        #expect(try log.appends == 3 && log.lastSequence() == 102)
        try start()
        #expect(try log.lastSequence() == 102)
    }

    @Test("who was revoked before a tenant could be opened is said to be so in its log")
    func revokedBefore() throws {
        try enrol(0)
        try say("revoked", .identityRevoked, IdentityRevoked(keyID: "k0", reason: "").write)
        try say("hub", .identityRevoked, IdentityRevoked(keyID: "an old hub's", reason: "").write)
        try say("tenant", .tenantAdded, TenantAdded(tenant: "police", title: "police").write)
        try start()
        let events = try log.read(after: 0, limit: 10).map { try CentralBench.wire.event($0) }
        let revoked = try events.compactMap { event -> String? in
            guard case .identityRevoked(let fact) = try Fact(of: event) else { return nil }
            return fact.keyID
        }
        #expect(revoked.sorted() == ["an old hub's", "k0"])
    }
}

/// Counts how often it is appended to.
private final class CountingLog: EventLog {
    private let log: any EventLog
    private let count = Mutex(0)

    init(_ log: any EventLog) { self.log = log }

    var appends: Int { count.withLock { $0 } }
    var logID: String { get throws { try log.logID } }

    func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        count.withLock { $0 += 1 }
        return try log.append(entries, now: now)
    }

    func read(after sequence: Int64, limit: Int) throws -> [LogEntry] { try log.read(after: sequence, limit: limit) }
    func entry(at sequence: Int64) throws -> LogEntry? { try log.entry(at: sequence) }
    func lastSequence() throws -> Int64 { try log.lastSequence() }
    func firstSequence() throws -> Int64 { try log.firstSequence() }
    func onAppend(_ body: @escaping @Sendable () -> Void) { log.onAppend(body) }
}
