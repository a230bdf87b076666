public import ControlRoom
@preconcurrency import Dispatch
public import Feed
public import HubCore
public import Logging
import Metrics
public import ServiceLifecycle
import Store
import Synchronization
import Tenancy
public import Trust

/// The central feed with the queues and the clock that drive it.
public final class HubEngine: Service, Sendable {
    public let central: Central
    let surroundings: Surroundings
    /// Where it listens; nil before it does.
    private let place = Mutex<String?>(nil)
    let logger: Logger
    let journal: RefusalJournal
    /// What all connections together may hold.
    let memory: MemoryBudget
    private let heldBytes = Meter(label: "impetus_hub_memory_held_bytes")
    private let engines = Mutex<[String: TenantEngine]>([:])
    private let system = DispatchQueue(label: "system")
    /// Beside the system log: what it asks of one tenant, and may wait for, delays no other's folding.
    private let beating = DispatchQueue(label: "beat")
    let errands = Errands()
    private let timer: any DispatchSourceTimer
    private let metronome: any DispatchSourceTimer
    private let lookAtSystem: @Sendable () -> Void
    let submissions = Counter(label: "impetus_hub_events_total", dimensions: [("result", "accepted")])
    let duplicates = Counter(label: "impetus_hub_events_total", dimensions: [("result", "duplicate")])
    let rejections = Counter(label: "impetus_hub_events_total", dimensions: [("result", "rejected")])
    private let sentBack = SentBackCounter()
    private let onSentBack: @Sendable ([SentBack]) -> Void
    let followers = Meter(label: "impetus_hub_followers")
    private let following = Atomic(0)
    /// When it was said last that the system log cannot be read; nil while it can.
    private let systemTrouble = Mutex<Timestamp?>(nil)
    private let beats = Atomic(0)
    private let warnings: CertificateWarnings
    private let plainWarning: PlainLogWarning
    /// What is lacking of the log's servers; nil where nothing is.
    let plainLog: PlainLogNotice?
    private let junkEntries = JunkCounter("system")
    private let saidOtherKey = Mutex(false)
    /// Ends `run` where the hub has to stop by itself.
    private let halt = AsyncStream.makeStream(of: Void.self)

    /// So often the system log is looked at for what another process appended, and the rules for what ends by time.
    private static let beat = DispatchTimeInterval.milliseconds(200)
    /// Every two seconds whoever follows hears that the hub is there.
    private static let beatsOfHeart = 10

    /// What is known of the hub before any tenant is.
    public struct Parts: Sendable {
        public var name: String
        public var key: SigningKey
        public var certificate: MemberCertificate
        public var authorityCertificate: AuthorityCertificate
        public var authority: Authority?
        public var system: any EventLog
        public var wire: Wire
        /// By which the hubs of a site know each other's entries; nil on a loopback trial, where nobody signs.
        public var secret: LogSecret?
        public var ground: @Sendable (String) throws -> Central.Ground
        public var definitions: @Sendable (String) throws -> [Event]
        /// Where the log is reached without TLS or credentials beyond loopback.
        public var plainLog: PlainLogNotice?
        /// The certificates that the settings name, as they are now.
        public var certificates: @Sendable () -> [NamedCertificate] = { [] }

        public init(
            name: String, key: SigningKey, certificate: MemberCertificate,
            authorityCertificate: AuthorityCertificate, authority: Authority?, system: any EventLog, wire: Wire,
            secret: LogSecret?, ground: @escaping @Sendable (String) throws -> Central.Ground,
            definitions: @escaping @Sendable (String) throws -> [Event]
        ) {
            self.name = name
            self.key = key
            self.certificate = certificate
            self.authorityCertificate = authorityCertificate
            self.authority = authority
            self.system = system
            self.wire = wire
            self.secret = secret
            self.ground = ground
            self.definitions = definitions
        }
    }

    /// The key that the hub signs with was revoked: nobody believes it any more, and it serves nobody.
    public struct OwnKeyRevoked: Error, CustomStringConvertible {
        public init() {}

        public var description: String {
            "the key of this hub was revoked: impetus-hub renew --new-key makes another, then start it again"
        }
    }

    /// The hubs of this site share another secret than this one has.
    public struct OtherLogKey: Error, CustomStringConvertible {
        /// It was changed while this hub ran; otherwise the hub does not start.
        private let isChanged: Bool

        public init() { isChanged = false }

        fileprivate init(isChanged: Bool) { self.isChanged = isChanged }

        public var description: String {
            isChanged
                ? "log.key was changed while this hub ran: copy the new one into this folder, if it is not there, and start again"
                : "log.key in this hub's folder is not the one that its other hubs have, which would take nothing of what it writes: copy theirs"
        }
    }

    /// - Parameters:
    ///   - memoryBytes: what all connections together may make the hub hold.
    ///   - rates: what a machine may post.
    ///   - onSentBack: called every two seconds in which a machine was beyond its rate, with all that were since the start.
    /// - Throws: `OwnKeyRevoked`, `OtherLogKey`, or what a log says.
    public init(
        _ parts: Parts, surroundings: Surroundings, memoryBytes: Int = HubConfiguration.Limits().memoryBytes,
        rates: RateLimits = .off, logger: Logger, onSentBack: @escaping @Sendable ([SentBack]) -> Void = { _ in }
    ) throws {
        self.surroundings = surroundings
        self.logger = logger
        journal = RefusalJournal(logger, now: surroundings.now)
        self.onSentBack = onSentBack
        memory = MemoryBudget(most: memoryBytes)
        // The feeds need the engine that is only being made: they find it here when they call.
        let door = Door()
        central = try Central(
            hub: parts.name, key: parts.key, certificate: parts.certificate,
            authorityCertificate: parts.authorityCertificate, authority: parts.authority, system: parts.system,
            wire: parts.wire, secret: parts.secret, ground: parts.ground, definitions: parts.definitions,
            onTenant: { try door.engine?.add($0) }, wake: { door.engine?.engine(of: $0)?.drain() }, rates: rates,
            onSystem: { [system] in system.async(execute: $0) },
            closed: { [plainLog = parts.plainLog] in plainLog?.trouble(at: $0) },
            errand: { [errands] in errands.run($0, $1) },
            aside: { tenant, body in
                guard let engine = door.engine?.engine(of: tenant) else { return body() }
                engine.checking.async(execute: body)
            })
        warnings = CertificateWarnings(central, named: parts.certificates, logger: logger)
        plainLog = parts.plainLog
        plainWarning = PlainLogWarning(parts.plainLog, logger: logger)
        timer = DispatchSource.makeTimerSource(queue: system)
        metronome = DispatchSource.makeTimerSource(queue: beating)
        lookAtSystem = { door.engine?.beat() }
        door.set(self)
        parts.system.onAppend { [system, lookAtSystem] in system.async(execute: lookAtSystem) }
        do {
            try system.sync { try begin() }
        } catch {
            // A source that was never active must not be let go.
            for timer in [timer, metronome] {
                timer.activate()
                timer.cancel()
            }
            throw error
        }
        timer.setEventHandler(handler: lookAtSystem)
        metronome.setEventHandler { [weak self] in self?.beatTenants() }
        for timer in [timer, metronome] {
            timer.schedule(deadline: .now() + HubEngine.beat, repeating: HubEngine.beat)
            timer.activate()
        }
    }

    private func begin() throws {
        try central.followSystem(now: surroundings.now())
        guard !central.isOwnKeyRevoked else { throw OwnKeyRevoked() }
        guard !central.hasOtherSecret else { throw OtherLogKey() }
        try central.introduce(now: surroundings.now())
        if let trouble = central.unprovedTrouble { logger.error("no tenant is known", metadata: ["why": "\(trouble)"]) }
        carryOutOwed()
        errands.begin()
        _ = central.takeNews()
    }

    private final class Door: Sendable {
        private struct Weak: Sendable { weak var engine: HubEngine? }
        private let held = Mutex(Weak())

        var engine: HubEngine? { held.withLock { $0.engine } }

        func set(_ engine: HubEngine) { held.withLock { $0.engine = engine } }
    }

    func engine(of tenant: String) -> TenantEngine? { engines.withLock { $0[tenant] } }

    /// In the order of their names.
    var tenants: [String] { engines.withLock { $0.keys.sorted() } }

    var all: [TenantEngine] { engines.withLock { Array($0.values) } }

    /// It serves from now on, and is waited for by who has something to be seen.
    ///
    /// - Parameter place: where, `MACHINE:PORT`: so it is named to them.
    public func listens(at place: String) { self.place.withLock { $0 = place } }

    /// Where it listens, `MACHINE:PORT`; nil before it does.
    var listeningAt: String? { place.withLock { $0 } }

    private func add(_ feed: TenantFeed) throws {
        let engine = try TenantEngine(
            feed, now: surroundings.now, logger: logger, journal: journal,
            register: { [central] in central.register },
            deliver: { [central, surroundings] in try central.deliver($0, $1, now: surroundings.now()) })
        engines.withLock { $0[feed.tenant] = engine }
        logger.info("tenant", metadata: ["tenant": "\(feed.tenant)", "log": "\(engine.logID)"])
        engine.drain()
        engine.fold()
    }

    /// The secret was changed while this hub ran: what it writes from now on would count for nobody.
    private func haltForOtherKey() {
        guard !saidOtherKey.exchange(true) else { return }
        logger.critical("the log key was changed; this hub stops", metadata: ["why": "\(OtherLogKey(isChanged: true))"])
        halt.continuation.finish()
    }

    /// Five times a second it is tried, and once a minute it is said.
    private func tellSystemTrouble(_ words: String) {
        let now = surroundings.now()
        let isDue = systemTrouble.withLock { told in
            if let told, abs(now.seconds(since: told)) < 60 { return false }
            told = now
            return true
        }
        if isDue { logger.error("the system log could not be read or written", metadata: ["error": "\(words)"]) }
    }

    private func beat() {
        do {
            try central.followSystem(now: surroundings.now())
            if central.hasOtherSecret { haltForOtherKey() }
            junkEntries.tell(central.takeJunk(), journal)
            carryOutOwed()
            for effect in central.takeNews() { tell(effect) }
            if let place = place.withLock({ $0 }) { try central.sayFollowed(at: place, now: surroundings.now()) }
            systemTrouble.withLock { $0 = nil }
        } catch {
            tellSystemTrouble(HubWords.of(error))
        }
        warnings.look(now: surroundings.now())
        plainWarning.look(now: surroundings.now())
        journal.flush()
        heldBytes.set(memory.used.all)
    }

    private func beatTenants() {
        let beat = beats.wrappingAdd(1, ordering: .relaxed).newValue
        if beat % HubEngine.beatsOfHeart == 0, let news = sentBack.takeNews() { onSentBack(news) }
        for engine in all {
            engine.fold()
            if beat % HubEngine.beatsOfHeart == 0 { engine.frames.wakeAll() }
            if beat % HubEngine.beatsOfHeart == 0 { engine.lookForRoom() }
        }
    }

    private func tell(_ effect: Register.Effect) {
        switch effect {
        // An enrolment is told where it is asked for, a tenant where it is opened.
        case .none, .tenantAdded, .enrolled, .renewed: break
        case .offerWithdrawn(let hash): logger.notice("code withdrawn", metadata: ["code": "\(hash.prefix(12))"])
        case .revoked(let keyID):
            let actor = central.register.members[keyID]?.identity.actor ?? "a hub"
            logger.notice("revoked", metadata: ["actor": "\(actor)", "key": "\(keyID)"])
            // Whoever follows looks again whether they may.
            for engine in all { engine.frames.wakeAll() }
            guard central.isOwnKeyRevoked else { return }
            logger.critical("the key of this hub was revoked; it stops", metadata: ["key": "\(keyID)"])
            halt.continuation.finish()
        case .agreementMade(let id): logger.notice("agreement made", metadata: ["agreement": "\(id)"])
        case .retentionSet(let tenant):
            let days = central.register.retention[tenant].map { "\($0)" } ?? "all"
            logger.notice("retention", metadata: ["tenant": "\(tenant)", "days": "\(days)"])
        case .sourcePinned(let tenant, let source):
            let owner = central.register.sources.owner(of: source, in: tenant)?.name ?? "nobody"
            logger.info("source pinned", metadata: ["tenant": "\(tenant)", "source": "\(source)", "to": "\(owner)"])
        case .sourceReleased(let tenant, let source):
            logger.notice("source released", metadata: ["tenant": "\(tenant)", "source": "\(source)"])
        case .agreementEnded(let id): logger.notice("agreement ended", metadata: ["agreement": "\(id)"])
        }
    }

    /// What administrators' consoles are told of the hub itself; nil where all is well.
    func warning(at now: Timestamp) -> String? {
        let words = [plainTrouble ?? plainLog?.words].compactMap { $0 } + warnings.namedWords(at: now)
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    func count(accepted: Int, duplicate: Int, rejected: Int) {
        if accepted > 0 { submissions.increment(by: accepted) }
        if duplicate > 0 { duplicates.increment(by: duplicate) }
        if rejected > 0 { rejections.increment(by: rejected) }
    }

    /// An event was refused as not allowed.
    func noteDenial(of event: Event, from submitter: Submitter) {
        let kind = Denial.kind(of: event, from: submitter, central.knownMembers, now: surroundings.now())
        let identity = submitter.identity
        journal.note(kind, ["actor": identity.actor, "tenant": identity.tenant])
    }

    func countFollower(_ difference: Int) {
        followers.set(following.wrappingAdd(difference, ordering: .relaxed).newValue)
    }

    /// Runs something that appends to the system log, in its order with what follows it.
    func onSystem<Value: Sendable>(_ body: @escaping @Sendable (Central) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            system.async { [self] in continuation.resume(with: Result { try body(central) }) }
        }
    }

    /// Posts events as one; a failure where the log did not take them.
    ///
    /// - Parameter sender: what tells machines apart that post in one name.
    func submit(
        _ events: [Event], from submitter: Submitter, sender: String? = nil
    ) async -> Result<[Central.Verdict], Appender.Failure> {
        await withCheckedContinuation { continuation in
            central.submit(events, from: submitter, sender: sender, now: surroundings.now()) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Events were sent back for later.
    ///
    /// - Parameter sender: what tells machines apart that post in one name.
    func noteLater(_ count: Int, from submitter: Submitter, sender: String?) {
        guard count > 0 else { return }
        let identity = submitter.identity
        sentBack.count(
            count, tenant: identity.tenant, machine: sender ?? identity.actor, at: surroundings.now())
        journal.note(
            .tooMany,
            ["actor": sender ?? identity.actor, "tenant": identity.tenant, "events": "\(count)"])
    }

    // MARK: - Service

    /// - Throws: `OwnKeyRevoked`, `OtherLogKey`.
    public func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in halt.stream {}
        } onGracefulShutdown: {
            self.halt.continuation.finish()
        }
        logger.notice("stopping")
        for timer in [timer, metronome] { timer.cancel() }
        for engine in all { engine.sendAway() }
        if central.isOwnKeyRevoked { throw OwnKeyRevoked() }
        if central.hasOtherSecret { throw OtherLogKey(isChanged: true) }
    }

    /// Ends all that runs; what was accepted is on the disk already.
    public func stop() {
        for timer in [timer, metronome] { timer.cancel() }
        system.sync {
            // Where this cannot be said, whoever waits for this hub waits in vain, and is told so.
            if let place = place.withLock({ $0 }) { try? central.sayStopped(at: place, now: surroundings.now()) }
        }
        errands.stop()
        beating.sync {}
        for engine in all { engine.stop() }
    }
}
