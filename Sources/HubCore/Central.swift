public import ControlRoom
public import Feed
public import Store
import Synchronization
public import Tenancy
public import Trust

/// The core of a hub, without its network and without threads: it admits, orders, and answers; the shell around it calls the
/// steps and carries the bytes.
public final class Central: Sendable {
    /// What a tenant's feed is built on.
    public struct Ground: Sendable {
        public var log: any EventLog
        public var view: Store
        /// Whether its acts are signed, and count only so; not on a loopback trial.
        public var isSigned: Bool
        /// What was archived of the log; nil where nothing ever is.
        public var archive: LogArchive.Finder?

        public init(log: any EventLog, view: Store, isSigned: Bool = true, archive: LogArchive.Finder? = nil) {
            self.log = log
            self.view = view
            self.isSigned = isSigned
            self.archive = archive
        }
    }

    /// What became of an event that was posted.
    public enum Verdict: Equatable, Sendable {
        case accepted
        case duplicate
        case rejected(String, isDenied: Bool)
        /// Beyond the machine's rate, and nothing urgent: not taken, and to be posted again after so many seconds.
        case later(seconds: Int)
    }

    public let hub: String
    public let certificate: MemberCertificate
    public let authorityCertificate: AuthorityCertificate
    public let knownMembers: KnownMembers
    let key: SigningKey
    /// Nil where the authority's key is kept elsewhere: this hub enrols nobody.
    let authority: Authority?
    let system: any EventLog
    /// Of the system log; a tenant's has its own (`TenantFeed.wire`).
    let wire: Wire
    /// What the hubs of this site share, by which they know each other's entries; nil on a loopback trial.
    let secret: LogSecret?
    let admission: HubAdmission
    let rates: RateKeeper
    let pinner = SourcePinner()
    /// By tenant: what one's machines post wrongly hides nothing of another's.
    let refusedRaises = Mutex<[String: RefusedRaises]>([:])
    let ground: @Sendable (String) throws -> Ground
    let definitions: @Sendable (String) throws -> [Event]
    let onTenant: @Sendable (TenantFeed) throws -> Void
    let wake: @Sendable (String) -> Void
    let state = Known()
    let onSystem: @Sendable (@escaping @Sendable () -> Void) -> Void
    let closed: @Sendable (Timestamp) -> String?
    let errand: Beside
    let aside: Beside

    /// Runs something of one tenant's that may take its time.
    public typealias Beside = @Sendable (_ tenant: String, _ body: @escaping @Sendable () -> Void) -> Void

    /// Shared with the admission.
    final class Known: Sendable {
        let known = Mutex(State())

        func withLock<Value>(_ body: (inout sending State) throws -> sending Value) rethrows -> sending Value {
            try known.withLock(body)
        }
    }

    struct State {
        var register = Register()
        var cursor: Int64 = 0
        var feeds: [String: TenantFeed] = [:]
        /// What the register knows and no tenant was asked to do yet.
        var owed: [Register.Effect] = []
        /// By tenant, of those who have any.
        var duties: [String: TenantDuties] = [:]
        /// Feeds whose logs are open, and whose tenants are not served yet.
        var opened: [String: TenantFeed] = [:]
        /// What failed since the shell asked, by tenant.
        var unmet: [String: Unmet] = [:]
        /// What came since the shell asked, whoever took it in.
        var news: [Register.Effect] = []
        var introductions: [String: Introductions] = [:]
        var junk = JunkNotes()
        /// Of the system log, up to the cursor; nil before it was read.
        var verifier: SystemVerifier?

        /// The system log is read again from its start.
        mutating func beginAnew(_ again: SystemVerifier) {
            (register, cursor, owed, verifier) = (Register(), 0, [], again)
        }
        var following = FollowWord()
        /// Tenants whose logs this hub has told that its own key was revoked: what else it would say there counts for nobody.
        var silent: Set<String> = []
    }

    /// The news of a register that is read for the first time are of no use one by one.
    private static let mostNews = 1_000

    /// - Parameters:
    ///   - secret: by which hubs know each other's entries, and without which none counts. Nil on a loopback trial: nobody signs the
    ///     system's facts then, and everything in the logs counts.
    ///   - ground: opens the log and the view of a tenant.
    ///   - definitions: the events that a city pack of this name begins with.
    ///   - onTenant: called for each tenant, when its feed is there, until it does not throw; from then on the tenant is served.
    ///   - wake: called when a tenant's appender has something to drain.
    ///   - rates: what a machine may post.
    ///   - onSystem: runs what reads and appends to the system log, on the one thread on which that is done.
    ///   - closed: why nothing is taken from anybody at a time; nil where it is.
    ///   - errand: runs what the system log asks of a tenant, which waits for its log as long as that takes: in the order in which
    ///     it came, one at a time of each tenant.
    ///   - aside: runs what takes too long for an event loop, beside the work of other tenants and in the order in which it came.
    /// - Throws: where the hub's own certificate cannot be written as PEM. Nothing of the log is read yet:
    ///   `followSystem` does that.
    public init(
        hub: String, key: SigningKey, certificate: MemberCertificate, authorityCertificate: AuthorityCertificate,
        authority: Authority?, system: any EventLog, wire: Wire, secret: LogSecret?,
        ground: @escaping @Sendable (String) throws -> Ground,
        definitions: @escaping @Sendable (String) throws -> [Event],
        onTenant: @escaping @Sendable (TenantFeed) throws -> Void, wake: @escaping @Sendable (String) -> Void,
        rates: RateLimits = .off,
        onSystem: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { $0() },
        closed: @escaping @Sendable (Timestamp) -> String? = { _ in nil },
        errand: @escaping Beside = { $1() }, aside: @escaping Beside = { $1() }
    ) throws {
        self.hub = hub
        self.rates = RateKeeper(rates)
        self.key = key
        self.certificate = certificate
        self.authorityCertificate = authorityCertificate
        self.authority = authority
        self.system = system
        system.name(by: SystemEvents.naming(wire))
        self.wire = wire
        self.secret = secret
        self.ground = ground
        self.definitions = definitions
        self.onTenant = onTenant
        self.wake = wake
        self.onSystem = onSystem
        self.closed = closed
        self.errand = errand
        self.aside = aside
        knownMembers = KnownMembers(authority: authorityCertificate)
        knownMembers.learn(pem: try certificate.pem())
        let state = state
        admission = HubAdmission(knownMembers: knownMembers) { name in
            state.known.withLock { $0.register.tenants[name] != nil }
        }
    }

    public var register: Register { state.withLock { $0.register } }

    var sourceOwners: SourceOwners { state.withLock { $0.register.sources } }

    public func feed(of tenant: String) -> TenantFeed? { state.withLock { $0.feeds[tenant] } }

    public var feeds: [TenantFeed] { state.withLock { $0.feeds.values.sorted { $0.tenant < $1.tenant } } }

    // MARK: - The system log

    /// Up to where the system log has been read.
    var systemPlace: Int64 { state.withLock { $0.cursor } }

    /// An entry of the system log as a hub makes it.
    func systemEntry(_ name: String, _ type: EventType, _ data: [UInt8], now: Timestamp) throws -> NewEntry {
        try SystemEvents.entry(name, type, data, wire, signedBy: secret == nil ? nil : key, now: now)
    }

    /// What came to the system log since this was called last, at most a thousand.
    public func takeNews() -> [Register.Effect] {
        state.withLock { state in
            defer { state.news = [] }
            return state.news
        }
    }

    /// The entries of the system log without an event that were passed over since this was called last.
    public func takeJunk() -> JunkNotes {
        state.withLock { state in
            defer { state.junk = JunkNotes() }
            return state.junk
        }
    }

    /// Takes in what came to the system log; what is no event, or nobody signed who may, is passed over. On one thread at a time.
    ///
    /// - Throws: what the log says.
    public func followSystem(now: Timestamp) throws {
        while true {
            let cursor = state.withLock { $0.cursor }
            let entries = try system.read(after: cursor, limit: 500)
            guard let last = entries.last else { return }
            if try take(entries) { state.withLock { $0.cursor = last.sequence } }
        }
    }

    /// - Returns: whether the log goes on behind them; else it is read anew.
    private func take(_ entries: [LogEntry]) throws -> Bool {
        var verifier = try verifier()
        for entry in entries {
            switch verifier.take(entry) {
            case .fact(let fact): apply(fact, of: entry)
            case .nothing: break
            case .junk(let junk): state.withLock { $0.junk.add([junk]) }
            case .anew(let again):
                state.withLock { $0.beginAnew(again) }
                return false
            }
        }
        let taken = verifier
        state.withLock { $0.verifier = taken }
        for feed in feeds { taken.trusted[feed.tenant].map(feed.trust) }
        return true
    }

    func verifier() throws -> SystemVerifier {
        if let verifier = state.withLock({ $0.verifier }) { return verifier }
        return SystemVerifier(
            authority: secret == nil ? nil : authorityCertificate, logID: try system.logID, wire: wire)
    }

    private func apply(_ fact: Fact, of entry: LogEntry) {
        state.withLock { state in
            let effect = state.register.apply(fact, at: entry.recorded)
            guard effect != .none else { return }
            state.following.apply(effect, at: entry.sequence)
            state.owed.append(effect)
            if state.news.count < Central.mostNews { state.news.append(effect) }
        }
    }

    /// Every hub gives it the same name, and a reader takes it once.
    static func entryName(keyID: String, certificate: String) -> String {
        "enrolled/\(keyID)/" + TextHash.of(certificate).prefix(16)
    }

    func said(
        _ id: String, _ type: EventType, _ data: [UInt8], about subject: String = "identity", to feed: TenantFeed,
        now: Timestamp
    ) throws -> Event {
        var event = Event(
            id: id, source: "urn:impetus:hub", type: type, subject: subject, time: now, data: .json(data))
        event.tenant = feed.tenant
        try key.sign(&event)
        return event
    }

    // MARK: - For others

    /// Passes copies of one tenant's alerts on to another. For `TenantFeed.share`.
    ///
    /// - Throws: `Undelivered` where the tenant's log is not served now, or what its log says: nothing is to be taken
    ///   as delivered then.
    public func deliver(_ tenant: String, _ events: [Event], now: Timestamp) throws {
        guard let feed = feed(of: tenant), feed.health.trouble(at: now) == nil else {
            throw Undelivered(description: "\(tenant) cannot be served now")
        }
        try feed.keepCopies(events, now: now)
    }

    /// The receiver's log is not there.
    public struct Undelivered: Error, CustomStringConvertible {
        public let description: String
    }

    /// The fields that vouch for a snapshot.
    ///
    /// - Throws: what CryptoKit says where the hub's key cannot sign.
    public func vouch(for word: SnapshotWord) throws -> [(String, String)] {
        try word.fields(signedBy: key, certificate)
    }
}
