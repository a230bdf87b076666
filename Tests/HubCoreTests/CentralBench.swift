import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Standards
import Store
import Synchronization
import TestSupport
import Trust

/// The core of a hub on real logs and stores, stepped by hand.
final class CentralBench {
    let folder: TemporaryFolder
    let authority: Authority
    let central: Central
    let system: SQLiteLog
    let clock = ManualClock(EventMaker.noon)
    static let wire = Wire(decode: { try CloudEventReader.kept($0) }, encode: { CloudEventWriter.json($0) })

    /// - Parameters:
    ///   - rates: what machines may post.
    ///   - isOld: a hub from before there was a hub's word: nobody signs, and all in the logs counts.
    init(tenants: [String] = ["police", "fire"], rates: RateLimits = .off, isOld: Bool = false) throws {
        self.isOld = isOld
        folder = try TemporaryFolder()
        authority = try Authority.make(name: "a", key: authorityKey, now: EventMaker.noon)
        system = try SQLiteLog(path: folder.file("system")) { "system" }
        certificate = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: EventMaker.noon)
        central = try CentralBench.make(key, certificate, authority, system, folder, isOld ? nil : secret, rates)
        try central.introduce(now: clock.now)
        for tenant in tenants { try say(.tenantAdded, TenantAdded(tenant: tenant, title: tenant).write) }
    }

    private let isOld: Bool
    let authorityKey = SigningKey()
    let key = SigningKey()
    let certificate: MemberCertificate
    /// What this hub and those beside it share.
    let secret = LogSecret()

    private static func make(
        _ key: SigningKey, _ certificate: MemberCertificate, _ authority: Authority, _ system: SQLiteLog,
        _ folder: TemporaryFolder, _ secret: LogSecret?, _ rates: RateLimits = .off,
        _ aside: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void = { $1() }
    ) throws -> Central {
        try Central(
            hub: "hub", key: key, certificate: certificate, authorityCertificate: authority.certificate,
            authority: authority, system: system, wire: CentralBench.wire, secret: secret,
            ground: { tenant in
                Central.Ground(
                    log: try SQLiteLog(path: folder.file(tenant + ".log")) { tenant + "-log" },
                    view: try Store(
                        path: folder.file(tenant + ".view"),
                        mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
                    ) { "v" })
            }, definitions: { _ in [] }, onTenant: { _ in }, wake: { _ in }, rates: rates,
            aside: aside)
    }

    /// A hub with the same key on the same logs, as it is after a restart, or beside the first.
    ///
    /// - Parameters:
    ///   - other: in place of the secret that the first has.
    ///   - aside: runs what takes too long for an event loop.
    func another(
        _ other: LogSecret? = nil,
        aside: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void = { $1() }
    ) throws -> Central {
        let made = try CentralBench.make(
            key, certificate, authority, system, folder, other ?? secret, .off, aside)
        try made.followSystem(now: clock.now)
        _ = made.carryOutOwed(now: clock.now)
        return made
    }

    private var said = 0

    /// What an administrator's command appends to the system log.
    func say(_ type: EventType, _ write: (inout JSONWriter) -> Void) throws {
        said += 1
        let entry = try SystemEvents.entry(
            "s\(said)", type, JSONWriter.bytes(write), CentralBench.wire, signedBy: isOld ? nil : key, now: clock.now)
        try say([entry])
    }

    /// What somebody appends to the system log, whoever it is.
    func say(_ entries: [NewEntry]) throws {
        _ = try system.append(entries, now: clock.now)
        try central.followSystem(now: clock.now)
        _ = central.carryOutOwed(now: clock.now)
    }

    /// Somebody with a key and a certificate.
    ///
    /// - Parameter sources: patterns, of a machine.
    func enrol(_ actor: String, _ role: Role, of tenant: String, sources: [String] = []) throws -> (
        key: SigningKey, submitter: Submitter
    ) {
        let identity = Identity(actor: actor, role: role, tenant: tenant)
        said += 1
        let code = "code \(said) of \(actor)"
        let offer = EnrolmentOffered(
            codeHash: TextHash.of(code), identity: identity, until: clock.now.adding(seconds: 60),
            sources: sources.compactMap(SourcePattern.init))
        try say(.enrolmentOffered, offer.write)
        let key = SigningKey()
        let made = try central.enrol(code: code, request: try CertificateRequest.make(key: key), now: clock.now)
        return (key, Submitter(identity: made.identity, keyID: made.keyID))
    }

    func submit(_ events: [Event], from submitter: Submitter) -> [Central.Verdict] {
        submit(events, from: submitter, at: central)
    }

    func admit(_ event: Event, from submitter: Submitter, at central: Central) -> Central.Verdict? {
        submit([event], from: submitter, at: central).first
    }

    private func submit(_ events: [Event], from submitter: Submitter, at central: Central) -> [Central.Verdict] {
        let verdicts = Mutex<[Central.Verdict]>([])
        central.submit(events, from: submitter, now: clock.now) { result in
            verdicts.withLock { $0 = (try? result.get()) ?? [] }
        }
        for feed in central.feeds { while feed.appender.drain(now: clock.now) {} }
        return verdicts.withLock { $0 }
    }

    func drain() {
        for feed in central.feeds { while feed.appender.drain(now: clock.now) {} }
    }

    /// Rounds until nothing is left to do.
    func rest() throws {
        let (central, now) = (central, clock.now)
        for _ in 0..<20 {
            drain()
            for feed in central.feeds {
                while try feed.step(register: central.register, now: clock.now) {}
                while try feed.share(
                    register: central.register, now: clock.now, outlet: { try central.deliver($0, $1, now: now) }
                ).isMore {}
            }
        }
    }

    /// As the hub reads and writes a tenant's log.
    func wire(_ tenant: String) throws -> Wire {
        CentralBench.wire.speaking(with: EntryWords(secret.word(of: tenant + "-log")))
    }

    func log(_ tenant: String) throws -> [Event] {
        guard let feed = central.feed(of: tenant) else { return [] }
        return try feed.log.read(after: 0, limit: 10_000).map { try CentralBench.wire.event($0) }
    }

    func view(_ tenant: String) throws -> Store? { central.feed(of: tenant)?.view }
}
