public import ControlRoom
import Feed
import Store
import Synchronization
import Tenancy
import Trust

/// Whose each source is: asked before what is posted is admitted.
extension Central {
    func sources(of post: Post) -> [SourceRule.Verdict] {
        var rule = SourceRule(post.submitter.poster, tenant: post.submitter.identity.tenant, sourceOwners)
        return post.events.map { rule.verdict(on: $0) }
    }

    /// The sources that are used for the first time by events that are admitted otherwise: what is refused pins nothing.
    func firstUses(_ post: Post, _ found: [SourceRule.Verdict]) -> [SourcePinned] {
        guard found.contains(.free) else { return [] }
        let submitter = post.submitter
        let owner: SourcePinned.Owner =
            submitter.keyID.map { .key($0) } ?? .device(submitter.device ?? submitter.identity.actor)
        var sources: Set<String> = []
        var uses: [SourcePinned] = []
        for (event, verdict) in zip(post.events, found) where verdict == .free && !sources.contains(event.source) {
            guard case .success = admission.admit(event, from: submitter, now: post.now) else { continue }
            sources.insert(event.source)
            uses.append(SourcePinned(tenant: submitter.identity.tenant, source: event.source, owner: owner))
        }
        return uses
    }

    /// The same, where another machine brought what stands of a source that has never been anybody's: it is that machine's. So it
    /// is in logs from before sources had owners. Of a device that is no member nobody knows that.
    ///
    /// - Throws: what the log or the view says.
    func settled(_ uses: [SourcePinned], of post: Post) throws -> [SourcePinned] {
        let (register, tenant) = (register, post.submitter.identity.tenant)
        return try uses.map { use in
            guard !register.sources.wasFreed(use.source, in: tenant),
                let actor = try post.feed.bringers.bringer(of: use.source), actor != post.submitter.identity.actor
            else { return use }
            let keyID = register.keys(ofActor: actor, tenant: tenant).first { keyID in
                guard let member = register.members[keyID], !member.isRevoked, member.identity.role.isMachines else {
                    return false
                }
                let standing = register.sources.standing(
                    of: .machine(actor), keyID: keyID, to: use.source, in: tenant)
                return standing == .free
            }
            return keyID.map { SourcePinned(tenant: tenant, source: use.source, owner: .key($0)) } ?? use
        }
    }

    /// Whether a person brings what may be a machine's by the word of another hub, which this one has not read yet.
    func mayBeAnothers(_ post: Post, _ found: [SourceRule.Verdict]) -> Bool {
        guard case .person = post.submitter.poster, register.hubs(behind: .max, at: post.now).count > 1 else {
            return false
        }
        return zip(post.events, found).contains { event, verdict in
            verdict == .fits && !event.isAct && !SourceRule.isOfTheHouse(event.source)
        }
    }

    // MARK: - The system log

    /// Pins of one append.
    private static let mostAtOnce = 1_000

    /// Has the system log say whose sources are, where nobody was first.
    ///
    /// - Parameter done: called once, on any thread; why the log did not take it, nil where it is decided.
    func pin(_ uses: [SourcePinned], now: Timestamp, done: @escaping @Sendable (String?) -> Void) {
        switch pinner.add(SourcePinner.Wish(facts: uses, now: now, done: done)) {
        case nil: done("too many machines use a source for the first time just now")
        case false?: break
        case true?: onSystem { [self] in carryOutPins() }
        }
    }

    private func carryOutPins() {
        let wishes = pinner.take()
        guard let now = wishes.last?.now else { return }
        var trouble: String?
        do {
            try append(wishes.flatMap(\.facts), now: now)
        } catch {
            trouble = "the system log: \(error)"
        }
        for wish in wishes { wish.done(trouble) }
    }

    private func append(_ facts: [SourcePinned], now: Timestamp) throws {
        // Another hub may have appended since.
        try followSystem(now: now)
        let owners = sourceOwners
        var names: Set<String> = []
        let entries = try facts.compactMap { fact -> NewEntry? in
            guard !owners.isPinned(fact.source, in: fact.tenant) else { return nil }
            let name = Central.name(of: fact, after: systemPlace)
            guard names.insert(name).inserted else { return nil }
            return try systemEntry(name, .sourcePinned, JSONWriter.bytes(fact.write), now: now)
        }
        if !entries.isEmpty { try introduce(now: now) }
        for start in stride(from: 0, to: entries.count, by: Central.mostAtOnce) {
            _ = try system.append(
                Array(entries[start..<min(entries.count, start + Central.mostAtOnce)]), now: now)
        }
        guard !entries.isEmpty else { return }
        try followSystem(now: now)
        carryOut(now: now)
    }

    /// A source that was released can be pinned again: the place up to which the log was read tells one time from the other.
    private static func name(of fact: SourcePinned, after place: Int64) -> String {
        let owner =
            switch fact.owner {
            case .key(let keyID): "key " + keyID
            case .device(let name): "device " + name
            }
        return "pinned/" + TextHash.of([fact.tenant, fact.source, owner].joined(separator: "\u{1F}")) + "/\(place)"
    }

    // MARK: - What consoles are told

    /// A raise that is refused.
    struct Refused: Sendable {
        var event: Event
        var raise: AlertRaised
        var cause: RefusedRaise.Cause
        var reason: String

        /// Nil where it is no raise.
        ///
        /// - Parameter fact: what it says, where that was read already.
        init?(_ event: Event, _ fact: Fact? = nil, for cause: RefusedRaise.Cause, _ reason: String) {
            let known: AlertRaised? =
                switch fact {
                case .alertRaised(let raise)?: raise
                case nil: RefusedRaise.read(event)
                default: nil
                }
            guard let raise = known else { return nil }
            (self.event, self.raise, self.cause, self.reason) = (event, raise, cause, reason)
        }
    }

    /// A raise that is refused shows as an alarm of the hub, with its severity: somebody saw something, and a tool is set up wrongly.
    func tell(_ refused: [Refused], of post: Post) {
        // What the hub itself says it says again.
        guard !post.submitter.isHub else { return }
        let tenant = post.feed.tenant
        for one in refused {
            let key = RefusedRaises.Key(
                cause: one.cause, poster: post.submitter.postsAs, source: one.event.source,
                subject: one.event.subject ?? "")
            guard
                let told = refusedRaises.withLock({
                    $0[tenant, default: RefusedRaises()].note(key, one.raise.severity, at: post.now)
                }),
                let alarm = try? fault(one, told, post)
            else { continue }
            post.feed.post([alarm]) { [self] isKept in
                if !isKept { refusedRaises.withLock { $0[tenant]?.forget(told.key) } }
            }
        }
    }

    /// What could be read of a raise that is no event.
    public struct UnreadRaise: Sendable {
        public var event: Event
        /// Why it is none.
        public var reason: String

        public init(event: Event, reason: String) {
            self.event = event
            self.reason = reason
        }
    }

    /// The same of raises that never became events: whoever posts them reads the answer, or does not. They count against the rate
    /// of a machine; beyond it, and of whoever may raise nothing, they are in the answer alone.
    public func tell(_ unread: [UnreadRaise], from submitter: Submitter, now: Timestamp) {
        guard !unread.isEmpty, let feed = feed(of: submitter.identity.tenant) else { return }
        let post = Post(events: [], submitter: submitter, sender: nil, feed: feed, now: now) { _ in }
        let told = unread.filter { one in
            admission.mayPost(one.event, submitter, now)
                && rates.hasToken(submitter.machine(nil), of: feed.tenant, now)
        }
        tell(told.compactMap { Refused($0.event, for: .form, $0.reason) }, of: post)
    }

    private func fault(
        _ refused: Refused, _ told: (key: RefusedRaises.Key, severity: Severity), _ post: Post
    ) throws -> Event {
        let kind = refused.cause.kind
        var name = told.key.poster + "/" + told.key.alarm
        if refused.cause != .source { name += "/\(refused.cause)" }
        let data = RefusedRaise(
            refused.raise, by: post.submitter.postsAs, for: refused.cause, reason: refused.reason,
            severity: told.severity
        ).data(until: post.now.adding(seconds: RefusedRaises.staleSeconds))
        var alarm = Event(
            id: "\(kind)/\(hub)/\(name)/\(told.severity.name)/\(post.now.milliseconds)",
            source: RefusedRaise.source, type: .alertRaised, subject: "\(kind)/\(name)", time: post.now,
            data: .json(data))
        alarm.dataContentType = "application/json"
        alarm.tenant = post.feed.tenant
        // Its form may be what it was refused for.
        alarm.exercise = refused.event.exercise.flatMap { (1...TextBound.key).contains($0.utf8.count) ? $0 : nil }
        try key.sign(&alarm)
        return alarm
    }
}

extension Submitter {
    /// By which name consoles are told of it.
    var postsAs: String { keyID == nil ? device ?? identity.actor : identity.actor }
}
