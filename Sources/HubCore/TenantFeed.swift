public import ControlRoom
public import Feed
public import Store
import Synchronization
public import Tenancy
public import Trust

/// One tenant of a hub: its log, and the view that is folded from it for snapshots, rules and forwarding.
public final class TenantFeed: Sendable {
    public let tenant: String
    public let log: any EventLog
    /// A mirror of the log, as a console has one.
    public let view: Store
    public let appender: Appender
    public let wire: Wire
    let key: SigningKey
    private let hub: String
    let sharing: Sharing
    private let rules = Rules()
    /// Who signs the acts of this log; nil on a loopback trial, where nobody does.
    private let authority: AuthorityCertificate?
    private let refold: RefoldWork
    private let state: Mutex<State>
    let bringers: Bringers
    let refusedCopies = Mutex<[RefusedCopy]>([])
    /// Between two stretches it stands where the view does; nil before the first, and after one that failed.
    private let reader = Mutex<LogReader?>(nil)

    private struct State {
        /// The last event that is no checkpoint, and up to where somebody's checkpoint goes.
        var lastEvent: Int64?
        var covered: Int64 = 0
        var checkpointedAt = Timestamp(milliseconds: 0)
        var ruledAt = Timestamp(milliseconds: 0)
        var health = LogHealth.good
        var comparisons = 0
        var comparedAt = Timestamp(milliseconds: 0)
        var junk = JunkNotes()
        var findings = FindingNotes()
        var following = FollowHealth()
        var old: OldLog
        var lag = ViewLag()
    }

    /// Where copies for other tenants are posted. Returns when they are in the receiver's log, or throws.
    public typealias Outlet = @Sendable (_ tenant: String, _ events: [Event]) throws -> Void

    public static let batch = 2_000
    public static let sharingBatch = 500
    private static let checkpointSeconds = 2.0
    private static let rulesSeconds = 0.5
    private static let comparisonSeconds = 1.0

    /// - Parameters:
    ///   - authority: whose members sign the acts of this log; nil on a loopback trial, where nobody signs.
    ///   - wire: with the words of this log's entries.
    ///   - isOld: whether the log may hold entries from before they bore a hub's word; nothing is folded until `trust`.
    ///   - archive: what was archived of the log, for folding the view anew after a change of the fold.
    public init(
        tenant: String, log: any EventLog, view: Store, authority: AuthorityCertificate?, key: SigningKey, hub: String,
        wire: Wire, isOld: Bool, archive: LogArchive.Finder? = nil,
        wake: @escaping @Sendable () -> Void
    ) {
        self.tenant = tenant
        self.log = log
        self.view = view
        self.authority = authority
        self.wire = wire
        self.key = key
        self.hub = hub
        refold = RefoldWork {
            try Refolding.begin(view, log: log, archive: archive, wire: wire, authority: authority)
        }
        sharing = Sharing(
            tenant: tenant, log: log, view: view, wire: wire, forwarding: Forwarding(key: key))
        bringers = Bringers(log, view)
        appender = Appender(log: log, wake: wake)
        state = Mutex(State(old: isOld ? .unknown : .none))
        if !isOld { log.name(by: wire.naming) }
    }

    /// An administrator says what stands in an old log: the first word on it counts, and none on a log that is not old, or another.
    package func trust(_ word: LogTrusted) {
        guard let logID = try? log.logID, LogChain.lineage(of: logID) == LogChain.lineage(of: word.logID) else {
            return
        }
        state.withLock { state in
            guard state.old == .unknown else { return }
            wire.words?.trust(to: word.sequence)
            log.name(by: wire.naming)
            state.old = isAccepted(to: word.sequence) ? .none : .trusted(word)
        }
    }

    /// Whether an administrator has since taken the log as it is, whatever stood there before.
    private func isAccepted(to place: Int64) -> Bool {
        let accepted = try? view.recall(AcceptedLog.placeKey)
        return accepted.flatMap { $0 }.flatMap(Int64.init).map { $0 >= place } ?? false
    }

    /// Whether this hub has said further on that the log was taken as it is, where the view does not know it: one that was
    /// damaged, or came from a backup, is folded anew. Then that counts in place of what was named before, once it is reached.
    ///
    /// - Parameter chain: up to the place that was named.
    private func hasAccepted(_ chain: LogChain) throws -> Bool {
        guard let word = try AcceptedLog.word(in: log, of: tenant, wire, behind: chain, signedBy: key.publicKey) else {
            return false
        }
        // What was read of the stretch is not kept: it is read again.
        state.withLock { $0.old = .trusted(word) }
        return true
    }

    // MARK: - Health

    public var health: LogHealth { state.withLock { $0.health } }

    /// Asks the log whether it is still what was seen of it. May take as long as the log takes to answer; each step does it once a second.
    @discardableResult
    public func compare(now: Timestamp) -> LogHealth {
        // Of an old log nobody can tell yet which of its entries count.
        guard state.withLock({ $0.old }) != .unknown else { return health }
        let round = state.withLock { state in
            defer { state.comparisons += 1 }
            state.comparedAt = now
            return state.comparisons
        }
        let found = Result { try LogComparison(log: log, view: view, wire: wire).difference(round: round) }
        return state.withLock { state in
            switch (state.health, found) {
            case (.altered, _): break
            case (_, .success(nil)): state.health = .good
            case (_, .success(let what?)): state.health = .altered(what)
            case (let health, .failure(let error)): state.health = health.failing("\(error)", at: now)
            }
            return state.health
        }
    }

    /// Why nobody can be served; nil where all are: the log is another or away, or the view cannot follow it.
    public func trouble(at now: Timestamp) -> String? { health.trouble(at: now) ?? followTrouble(at: now) }

    /// Why the view cannot follow the log; nil where it does.
    public func followTrouble(at now: Timestamp) -> String? {
        state.withLock { $0.old.trouble ?? $0.following.trouble(at: now) }
    }

    /// The entries without an event that were passed over since this was called last.
    public func takeJunk() -> JunkNotes {
        state.withLock { state in
            defer { state.junk = JunkNotes() }
            return state.junk
        }
    }

    /// The events that were kept without effect since this was called last, because they were not believed.
    public func takeFindings() -> FindingNotes {
        state.withLock { state in
            defer { state.findings = FindingNotes() }
            return state.findings
        }
    }

    /// Why the view is not folded anew after a change of the fold; nil where it is, or need not be.
    public var refoldFailure: String? { refold.failure }

    /// One portion of folding the view anew. Why that was given up is kept in the view, for a command that looks into the file.
    private func foldAnew(now: Timestamp) -> Bool {
        let before = refold.failure
        let isMore = refold.step(now: now)
        if let failure = refold.failure, failure != before { try? view.remember(Store.refoldFailureKey, failure) }
        return isMore
    }

    /// Takes the next stretch of the log into the view, and does what follows from it. True when there is more at once. What
    /// is no event is passed over at its place. Waits for no other tenant.
    ///
    /// - Parameter limit: entries of the stretch.
    /// - Throws: what the log or the view says; nothing is lost by it, and the next step takes it up again.
    public func step(register: Register, now: Timestamp, limit: Int = batch) throws -> Bool {
        do {
            let isMore = try stretch(register: register, now: now, limit: limit)
            state.withLock { $0.following.ended(nil, at: now) }
            return isMore
        } catch {
            // A log that does not answer is told as that.
            let isLogs = compare(now: now) != .good
            state.withLock { $0.following.ended(isLogs ? nil : error, at: now) }
            throw error
        }
    }

    private func stretch(register: Register, now: Timestamp, limit: Int) throws -> Bool {
        // The view is what the log is compared with: nothing is added to it, or signed, that may not belong there. Of a log
        // that does not answer there is nothing to read.
        let isDue = state.withLock { abs(now.seconds(since: $0.comparedAt)) >= TenantFeed.comparisonSeconds }
        if isDue { compare(now: now) }
        guard health == .good else { return false }
        let old = state.withLock { $0.old }
        guard old != .unknown else { return false }
        let cursor = try view.cursor() ?? .start(of: log.logID)
        let reach = old.reach(from: cursor.sequence, limit)
        guard let entries = try next(after: cursor.sequence, reach) else { return false }
        let before = LogChain(sequence: cursor.sequence, head: cursor.head) ?? LogChain(logID: cursor.logID)
        if let what = old.difference(at: before) { return try hasAccepted(before) || isAltered(what) }
        state.withLock { $0.lag.began(at: entries.first?.recorded) }
        guard let last = entries.last else {
            try applyRules(before, register, now: now)
            return try view.backgroundStep() || foldAnew(now: now)
        }
        let (events, findings, chain) = try verified(entries, after: cursor)
        if let what = old.difference(at: chain) { return try hasAccepted(chain) || isAltered(what) }
        note(events)
        // Before the view moves on: behind a place where an agreement begins, all is shared.
        try sharing.note(events)
        _ = try view.ingest(
            mirrored: events, to: Store.Cursor(logID: cursor.logID, sequence: chain.sequence, head: chain.head))
        state.withLock { state in
            state.lag.took(last: last.recorded)
            state.junk.add(events.compactMap(\.junk))
            state.findings.add(findings)
        }
        // Under load there is always more: what ends by time does not wait for the end of it.
        try applyRules(chain, register, now: now)
        return true
    }

    /// The next entries, read together with the one before them: what they follow on is what the view has there, however short a time
    /// ago that was looked at. Nil where it is not.
    private func next(after place: Int64, _ limit: Int) throws -> [LogEntry]? {
        guard place > 0 else { return try log.read(after: place, limit: limit) }
        var entries = try log.read(after: place - 1, limit: limit + 1)
        let known = entries.first.flatMap { $0.sequence == place ? $0 : nil }
        if let what = try LogComparison(log: log, view: view, wire: wire).difference(at: place, found: known) {
            _ = isAltered(what)
            return nil
        }
        guard known != nil else { return Array(entries.prefix(limit)) }
        entries.removeFirst()
        // One that is large comes alone.
        return entries.isEmpty ? try log.read(after: place, limit: limit) : entries
    }

    /// The next entries as everybody else who follows the log reads them, by the same verifier: what it does not believe has no
    /// effect here either.
    private func verified(
        _ entries: [LogEntry], after cursor: Store.Cursor
    ) throws -> (events: [AdmittedEvent], findings: [LogVerifier.Finding], chain: LogChain) {
        try reader.withLock { reader in
            var going = try reader.take() ?? LogReader(authority: authority, view: view, from: cursor)
            // One whose stretch was not kept has read ahead, revocations included.
            if going.place != cursor.sequence { going = try LogReader(authority: authority, view: view, from: cursor) }
            let read = try going.take(entries, wire)
            reader = going
            return (read.events, read.findings.filter { !isAccepted($0) }, going.chain)
        }
    }

    /// Whether it says of a log that an administrator has taken as it is that it is another than was signed.
    private func isAccepted(_ finding: LogVerifier.Finding) -> Bool {
        guard case .altered(let place) = finding else { return false }
        return isAccepted(to: place)
    }

    /// Nothing of it is folded. Always false.
    private func isAltered(_ what: String) -> Bool {
        state.withLock { $0.health = .altered(what) }
        return false
    }

    /// What follows from the time, twice a second at most.
    private func applyRules(_ chain: LogChain, _ register: Register, now: Timestamp) throws {
        let isDue = state.withLock { state in
            guard abs(now.seconds(since: state.ruledAt)) >= TenantFeed.rulesSeconds else { return false }
            state.ruledAt = now
            return true
        }
        guard isDue else { return }
        while try view.settle(at: now) {}
        // Also where there is always something new.
        _ = foldAnew(now: now)
        try say(rules.due(in: view, keptDays: register.retention[tenant], now: now))
        try checkpoint(chain, now: now)
    }

    /// Seconds that the view is behind the log: how long the oldest entry that it may not have yet has been in the log. 0 where it
    /// has all.
    public func lagSeconds(at now: Timestamp) -> Double { state.withLock { $0.lag.seconds(at: now) } }

    /// Entries that the view is behind the log.
    ///
    /// - Throws: what the log or the view says where it cannot be read.
    public func lag() throws -> Int64 { try log.lastSequence() - (view.cursor()?.sequence ?? 0) }

    /// The head of the chain as far as the view has come.
    ///
    /// Nil while it has folded nothing.
    ///
    /// - Throws: `StoreError`.
    public func head() throws -> Store.Cursor? { try view.cursor() }

    /// Every hub says the same; a reader takes it once. Signed, because some of it is an act where a person says it.
    private func say(_ events: [Event]) throws {
        guard !events.isEmpty else { return }
        post(
            try events.map { said in
                var event = said
                event.tenant = tenant
                try key.sign(&event)
                return event
            })
    }

    // MARK: - Checkpoints

    /// Within two seconds of an event, a hub signs how far it has come: who reads the log can tell that nothing in it was
    /// altered, re-ordered or removed. Of several hubs the first does it for all.
    private func checkpoint(_ chain: LogChain, now: Timestamp) throws {
        guard chain.sequence > 0 else { return }
        try recall(chain.sequence)
        let isDue = state.withLock { state in
            guard let last = state.lastEvent, last > state.covered else { return false }
            guard abs(now.seconds(since: state.checkpointedAt)) >= TenantFeed.checkpointSeconds else { return false }
            state.checkpointedAt = now
            return true
        }
        guard isDue else { return }
        let fact = LogCheckpointed(sequence: chain.sequence, head: chain.head)
        var event = Event(
            id: "checkpoint/\(hub)/\(chain.sequence)", source: "urn:impetus:hub:" + hub, type: .logCheckpointed,
            subject: "log", time: now, data: .json(JSONWriter.bytes(fact.write)))
        event.tenant = tenant
        try key.sign(&event)
        post([event])
    }

    /// A hub that starts does not know whether what stands last was checkpointed.
    private func recall(_ end: Int64) throws {
        guard state.withLock({ $0.lastEvent == nil }), let last = try log.read(after: end - 1, limit: 1).first else {
            return
        }
        note([wire.admitted(last)])
        state.withLock { if $0.lastEvent == nil { $0.lastEvent = 0 } }
    }

    private func note(_ events: [AdmittedEvent]) {
        state.withLock { state in
            for admitted in events {
                if case .logCheckpointed(let fact) = admitted.fact {
                    state.covered = max(state.covered, fact.sequence)
                } else {
                    state.lastEvent = admitted.event.sequence
                }
            }
        }
    }

    /// Appends durably, before it returns. How it ended is known to whoever asks whether the log can be written.
    ///
    /// - Returns: what the log did with each.
    /// - Throws: what the log says.
    @discardableResult
    func keep(_ events: [Event], now: Timestamp) throws -> [Appended] {
        do {
            let answers = try log.append(events.map { wire.entry($0, content: ContentHash.of($0)) }, now: now)
            appender.note(nil)
            return answers
        } catch {
            appender.note(error)
            throw error
        }
    }

    /// Appends what a rule made, and will make again where it does not come through; a second hub may have made the same.
    ///
    /// - Parameter done: called once, on any thread; whether the log took it.
    func post(_ events: [Event], _ done: @escaping @Sendable (Bool) -> Void = { _ in }) {
        appender.append(events.map { wire.entry($0, content: ContentHash.of($0)) }) { result in
            done((try? result.get()) != nil)
        }
    }

    /// Whether it is known what of the log counts, so that it may be passed on.
    var mayBeShared: Bool { health == .good && state.withLock { $0.old } != .unknown }
}
