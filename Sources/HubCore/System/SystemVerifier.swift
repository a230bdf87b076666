public import ControlRoom
public import Feed
import Store
public import Trust

/// Reads the system log with suspicion: a fact counts if a hub of this authority signed it whose key was not revoked at an earlier
/// place, or the authority itself did. Decides by the order of the log alone, so that all hubs decide alike.
///
/// In a log from before facts were signed, what stands up to the place that an administrator has named counts as it did then
/// (`LogTrusted`, signed with the authority's key). Because that is said behind what it speaks of, the log is then read anew.
public struct SystemVerifier: Sendable {
    /// What an entry of the system log comes to.
    public enum Taken: Sendable {
        case fact(Fact)
        /// An event that says nothing to a hub, or one that stands there a second time.
        case nothing
        /// No event, or one that nobody signed who may: it has no effect.
        case junk(JunkEntry)
        /// What stands before it counts: all that was read is to be forgotten, and the log read from its start by this verifier.
        case anew(SystemVerifier)
    }

    /// A change of the hubs' secret.
    public struct Rekeying: Equatable, Sendable {
        /// The name of the secret before.
        public var before: String
        /// The last place under it in each tenant's log, by the tenant.
        public var places: [String: Int64]
    }

    private let authority: AuthorityCertificate?
    private let knownMembers: KnownMembers?
    private let wire: Wire
    private let logID: String
    /// What an administrator has vouched for in the system log itself.
    private let accepted: LogTrusted?
    /// Names of the facts that were taken.
    private var names: Set<String> = []
    private var chain: LogChain
    /// The head after each place before the first fact that counts: what somebody may yet vouch for.
    private var heads: [String] = []
    /// No fact counted yet. Who signs facts has stopped writing others: behind the first that counts none is old.
    private var isBeforeFirst: Bool

    /// What was vouched for in the logs of tenants, by the tenant: the first word on each.
    public private(set) var trusted: [String: LogTrusted] = [:]
    /// Tenants who were added before facts were signed: their logs may hold entries without a hub's word.
    public private(set) var oldTenants: Set<String> = []
    /// Whom a certificate of this authority calls a hub, and who has said so here, in the order in which they came: with the last
    /// certificate of each key, revoked ones among them.
    public private(set) var hubs: [IdentityEnrolled] = []
    /// Names the secret that the hubs share, as the first of them said, or the authority since; see `LogSecret.check`.
    public private(set) var secretCheck: String?
    /// Where the secret was changed, the first change first.
    public private(set) var rekeyings: [Rekeying] = []
    /// Places of changes that do not hold yet, by the name of the secret to come.
    private var announced: [String: [String: Int64]] = [:]
    private static let mostAnnounced = 16
    /// Facts without a signature that counts.
    public private(set) var unproved = 0

    /// - Parameters:
    ///   - authority: whose hubs are believed; nil on a loopback trial, where nobody signs and everything counts.
    ///   - logID: the system log's.
    ///   - wire: reads its entries, which bear no word beside their signature.
    public init(authority: AuthorityCertificate?, logID: String, wire: Wire) {
        self.init(authority, logID, wire, accepted: nil)
    }

    private init(_ authority: AuthorityCertificate?, _ logID: String, _ wire: Wire, accepted: LogTrusted?) {
        self.authority = authority
        self.logID = logID
        self.wire = wire
        self.accepted = accepted
        knownMembers = authority.map { KnownMembers(authority: $0) }
        chain = LogChain(logID: logID)
        isBeforeFirst = accepted == nil && authority != nil
    }

    /// What in the log is from before facts were signed, and nobody has vouched for yet; nil where nothing is.
    public var old: LogTrusted? {
        guard accepted == nil, let head = heads.last else { return nil }
        return LogTrusted(log: LogTrusted.systemLog, logID: logID, sequence: Int64(heads.count), head: head)
    }

    /// Reads the log from its start as if this had been vouched for.
    public func accepting(_ word: LogTrusted) -> SystemVerifier {
        SystemVerifier(authority, logID, wire, accepted: word)
    }

    /// Whether the hubs share another secret than this one, or had one before that it does not know: whoever has it takes nothing of
    /// what they write, or wrote, as theirs.
    public func isOther(_ secret: LogSecret) -> Bool {
        guard let secretCheck else { return false }
        return secretCheck != secret.check || rekeyings.contains { secret.named($0.before) == nil }
    }

    /// Whether a fact of this name was taken.
    public func has(_ name: String) -> Bool { names.contains(name) }

    /// Takes the next entry; in the order of the log, from its start, each once.
    public mutating func take(_ entry: LogEntry) -> Taken {
        let read = wire.admitted(entry)
        guard let authority, let knownMembers else { return read.junk.map(Taken.junk) ?? .fact(read.fact) }
        guard read.junk == nil else { return passOver(read, entry) }
        let isAccepted = entry.sequence <= accepted?.sequence ?? 0
        // A certificate speaks for itself, also that of the hub that signs.
        if case .identityEnrolled(let fact) = read.fact { knownMembers.learn(pem: fact.certificate) }
        let isHubs = knownMembers.isHubs(read.event)
        let isAuthoritys = !isHubs && authority.isSigner(of: read.event)
        let isProved = isSystems(read.event) && (isHubs || isAuthoritys)
        guard isProved || isAccepted else { return passOver(read, entry) }
        if isProved { isBeforeFirst = false }
        guard names.insert(read.event.id).inserted || isAccepted else { return .nothing }
        return take(read, isProved: isProved, isAuthoritys: isAuthoritys)
    }

    private mutating func take(_ read: AdmittedEvent, isProved: Bool, isAuthoritys: Bool) -> Taken {
        switch read.fact {
        case .logTrusted(let word): return isAuthoritys ? take(word) : .nothing
        case .logRekeyed(let word):
            if isAuthoritys { take(word) }
            return .nothing
        case .tenantAdded(let fact) where !isProved: oldTenants.insert(fact.tenant)
        case .identityRevoked(let fact): knownMembers?.revoke(keyID: fact.keyID)
        case .identityEnrolled(let fact) where isProved && fact.identity.role == .hub:
            secretCheck = secretCheck ?? read.event.extensions[SystemEvents.logKey]
            note(hub: fact)
        case .unknown: return .nothing
        default: break
        }
        return .fact(read.fact)
    }

    private mutating func note(hub fact: IdentityEnrolled) {
        guard let certificate = try? MemberCertificate(pem: fact.certificate), certificate.keyID == fact.keyID,
            certificate.identity == fact.identity, authority?.hasIssued(certificate) == true
        else { return }
        hubs.removeAll { $0.keyID == fact.keyID }
        hubs.append(fact)
    }

    /// A change holds from the word on the system log on, which is said last, where it is a change of the secret that counts.
    private mutating func take(_ word: LogRekeyed) {
        guard word.log == LogTrusted.systemLog else {
            guard announced[word.after] != nil || announced.count < SystemVerifier.mostAnnounced else { return }
            announced[word.after, default: [:]][word.log] = word.sequence
            return
        }
        guard secretCheck == nil || secretCheck == word.before else { return }
        rekeyings.append(Rekeying(before: word.before, places: announced[word.after] ?? [:]))
        secretCheck = word.after
        announced = [:]
    }

    private mutating func take(_ word: LogTrusted) -> Taken {
        guard word.log == LogTrusted.systemLog else {
            if trusted[word.log] == nil { trusted[word.log] = word }
            return .nothing
        }
        guard accepted == nil, LogChain.lineage(of: word.logID) == LogChain.lineage(of: logID),
            word.sequence >= 1, word.sequence <= heads.count,
            heads[Int(word.sequence) - 1] == word.head
        else { return .nothing }
        return .anew(accepting(word))
    }

    /// What does not count. It may be from before facts were signed.
    private mutating func passOver(_ read: AdmittedEvent, _ entry: LogEntry) -> Taken {
        if isBeforeFirst {
            chain.add(read)
            heads.append(chain.head)
        }
        if let junk = read.junk { return .junk(junk) }
        unproved += 1
        return .junk(JunkEntry(entry, kind: .unproved))
    }

    /// Hubs sign in tenants' logs as well; what they say there is no fact of the system.
    private func isSystems(_ event: Event) -> Bool { event.source == SystemEvents.source && event.tenant == nil }
}
