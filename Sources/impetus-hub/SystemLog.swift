import ArgumentParser
import ControlRoom
import Feed
import Hub
import HubCore
import JetStreamLog
import Nats
import Shell
import Store
import Tenancy
import Trust

/// The system log as an administrator's command uses it: opened, folded, and appended to. A hub that serves sees it at once.
struct SystemLog {
    let folder: HubFolder
    let log: any EventLog
    /// As it was when it was opened.
    let folded: Folded
    private(set) var register: Register
    private let passphraseFile: String?
    /// Asked for once.
    private var signer: SigningKey?

    private static let mostJunk = 20

    init(_ options: HubOptions) throws {
        let (folder, configuration) = (try options.folder(), try options.configuration())
        try folder.mustBeThere()
        folder.closeToOthers()
        let logs = try HubFolder.Logs(configuration)
        let log = try SystemLog.patiently { try folder.openSystem(logs) }
        let authority = try folder.authorityCertificate()
        (self.folder, self.log, passphraseFile) = (folder, log, configuration.passphraseFile)
        let folded = try Folded(
            log, SystemVerifier(authority: authority, logID: try log.logID, wire: HubFolder.wire))
        log.name(by: SystemEvents.naming(HubFolder.wire))
        (self.folded, register) = (folded, folded.register)
    }

    /// Who is believed in it, and what was vouched for.
    var verifier: SystemVerifier { folded.verifier }
    /// The first entries that are no event, or that nobody signed who may.
    var junk: [JunkEntry] { folded.junk }

    /// For commands that go over the logs of all tenants: before `trust-log` nothing in an old system log counts, and they would
    /// find no tenant.
    ///
    /// - Throws: exit code 78, after it was said what to do.
    func mustBeTrusted() throws {
        guard register.tenants.isEmpty, verifier.old != nil else { return }
        Output.note(
            "nobody has said what stands in the system log from before hubs signed: impetus-hub trust-log --help")
        Output.note("to keep a copy before that, stop the hub and copy its folder: cp -a")
        throw ExitCode.configuration
    }

    /// What the system log comes to.
    struct Folded {
        private(set) var verifier: SystemVerifier
        private(set) var register = Register()
        private(set) var junk: [JunkEntry] = []
        private(set) var cursor: Int64 = 0

        /// - Parameter verifier: one that has read nothing yet.
        init(_ log: any EventLog, _ verifier: SystemVerifier) throws {
            self.verifier = verifier
            try follow(log) { _, _ in }
        }

        /// Reads on to the end.
        ///
        /// - Parameter tell: of each fact that is believed, and its place.
        mutating func follow(_ log: any EventLog, _ tell: (Fact, Int64) -> Void) throws {
            while true {
                let entries = try log.read(after: cursor, limit: 1_000)
                guard let last = entries.last else { return }
                cursor = take(entries, tell) ? last.sequence : 0
            }
        }

        /// - Returns: false where the log is to be read from its start.
        private mutating func take(_ entries: [LogEntry], _ tell: (Fact, Int64) -> Void) -> Bool {
            for entry in entries {
                switch verifier.take(entry) {
                case .fact(let fact):
                    _ = register.apply(fact, at: entry.recorded)
                    tell(fact, entry.sequence)
                case .nothing: break
                case .junk(let found): if junk.count < SystemLog.mostJunk { junk.append(found) }
                case .anew(let again):
                    (verifier, register, junk) = (again, Register(), [])
                    return false
                }
            }
            return true
        }
    }

    /// Appends what the hub's key signs, and tells whether it took effect.
    ///
    /// - Throws: where the passphrase is not that of the hub's key, or the key was revoked.
    mutating func append(_ type: EventType, _ data: [UInt8]) throws -> Register.Effect {
        let surroundings = Surroundings.live
        let key = try hubKey()
        let entry = try SystemEvents.entry(
            surroundings.makeID(), type, data, HubFolder.wire, signedBy: key, now: surroundings.now())
        try append([entry])
        return register.apply(try Fact(of: HubFolder.wire.decode(entry.body)), at: surroundings.now())
    }

    func append(_ entries: [NewEntry]) throws {
        // The same entry twice stands there once.
        try SystemLog.patiently { _ = try log.append(entries, now: Surroundings.live.now()) }
    }

    /// The hub's key, whose certificate stands in the log before it signs there.
    mutating func hubKey() throws -> SigningKey {
        let certificate = try folder.hubCertificate()
        guard !register.revokedKeys.contains(certificate.keyID) else { throw HubEngine.OwnKeyRevoked() }
        if let signer { return signer }
        let key = try SealedKey.open(
            try folder.read(folder.key), passphrase: try Passphrase.read(file: passphraseFile))
        let secret = try folder.secret(of: key)
        if verifier.isOther(secret) { throw HubEngine.OtherLogKey() }
        if try !verifier.has(SystemEvents.introductionName(certificate, certificate.pem())) {
            try append([
                SystemEvents.introduction(
                    of: certificate, secret, HubFolder.wire, signedBy: key, now: Surroundings.live.now())
            ])
        }
        signer = key
        return key
    }

    /// What was vouched for in a tenant's log from before entries bore a hub's word; nil where it is none, or nobody has yet.
    func trusted(in tenant: String) -> LogTrusted? {
        verifier.oldTenants.contains(tenant) ? verifier.trusted[tenant] : nil
    }

    /// Reads the entries of a tenant's log: which of them count is known where the hubs' secret is.
    func wire(of tenant: String, _ log: any EventLog) throws -> Wire {
        guard let secret = try folder.knownSecret() else { return HubFolder.wire }
        let isOld = verifier.oldTenants.contains(tenant)
        // As long as nobody has vouched for an old log, all of it is what it was.
        let trusted = isOld ? verifier.trusted[tenant]?.sequence ?? .max : 0
        return HubFolder.wire.speaking(
            with: EntryWords(secret, of: tenant, logID: try log.logID, verifier, trustedTo: trusted))
    }
}

extension SystemLog {
    private static let tries = 20

    /// Servers that have just started, or choose their leader, answer nobody for a moment.
    static func patiently<Value>(_ body: () throws -> Value) throws -> Value {
        for _ in 1..<tries {
            do {
                return try body()
            } catch let error where error is NatsFailure || error is JetStreamRefusal {
                Surroundings.live.sleep(1)
            }
        }
        return try body()
    }
}
