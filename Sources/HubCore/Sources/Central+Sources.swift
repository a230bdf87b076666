import ControlRoom
import Store
import Synchronization
import Tenancy
import Trust

/// Whose each source is: asked before what is posted is admitted.
extension Central {
    func sources(of post: Post) -> [SourceRule.Verdict] {
        let (knownMembers, identity) = (knownMembers, post.submitter.identity)
        var rule = SourceRule(post.submitter.poster, tenant: identity.tenant, sourceOwners) { act in
            act.extensions[EventDigest.keyID].flatMap(knownMembers.member(keyID:))?.identity.role
        }
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

    /// A raise that is refused for its source shows as an alarm of the hub, with its severity: somebody saw something, and a
    /// tool is set up wrongly.
    func tell(_ refused: [(event: Event, reason: String)], of post: Post) {
        for (event, reason) in refused {
            guard case .alertRaised(let raise)? = try? Fact(of: event) else { continue }
            let key = RefusedRaises.Key(
                tenant: post.feed.tenant, poster: post.submitter.postsAs, source: event.source,
                subject: event.subject ?? "")
            guard
                let told = refusedRaises.withLock({ $0.note(key, raise.severity, at: post.now) }),
                let alarm = try? fault(raise, of: event, reason, told, post)
            else { continue }
            post.feed.post([alarm]) { [self] isKept in
                if !isKept { refusedRaises.withLock { $0.forget(told.key) } }
            }
        }
    }

    private func fault(
        _ raise: AlertRaised, of event: Event, _ reason: String, _ told: (key: RefusedRaises.Key, severity: Severity),
        _ post: Post
    ) throws -> Event {
        let name = told.key.poster + "/" + TextHash.of(told.key.source + "\u{1F}" + told.key.subject).prefix(16)
        let data = RefusedRaise(raise, by: post.submitter.postsAs, reason: reason, severity: told.severity).data(
            until: post.now.adding(seconds: RefusedRaises.staleSeconds))
        var alarm = Event(
            id: "source-refused/\(hub)/\(name)/\(told.severity.name)/\(post.now.milliseconds)",
            source: RefusedRaise.source, type: .alertRaised, subject: "source-refused/" + name, time: post.now,
            data: .json(data))
        alarm.dataContentType = "application/json"
        alarm.tenant = post.feed.tenant
        alarm.exercise = event.exercise
        try key.sign(&alarm)
        return alarm
    }
}

extension Submitter {
    /// By which name consoles are told of it.
    var postsAs: String { keyID == nil ? device ?? identity.actor : identity.actor }
}
