public import ControlRoom
import Feed
import Store
import Trust

/// What is posted, on its way into the log.
extension Central {
    /// What is posted at once, and who waits for the answer.
    struct Post: Sendable {
        var events: [Event]
        var submitter: Submitter
        /// What tells machines apart that post in one name.
        var sender: String?
        var feed: TenantFeed
        var now: Timestamp
        var reply: @Sendable (Result<[Verdict], Appender.Failure>) -> Void

        /// Nothing was decided, and the same may be posted again.
        func fail(_ why: String) { reply(.failure(Appender.Failure(description: why, isPassing: true))) }
    }

    /// Admits events and appends them, in their order. Before a machine's first event of a source is admitted, the system log says
    /// that the source is the machine's.
    ///
    /// - Parameters:
    ///   - sender: what tells machines apart that post in one name, such as devices that send syslog.
    ///   - reply: called once, on any thread, with a verdict for each; a failure means that nothing was decided, and that the
    ///     same may be posted again.
    public func submit(
        _ events: [Event], from submitter: Submitter, sender: String? = nil, now: Timestamp,
        reply: @escaping @Sendable (Result<[Verdict], Appender.Failure>) -> Void
    ) {
        guard let feed = feed(of: submitter.identity.tenant) else {
            return reply(unserved(events, submitter.identity.tenant))
        }
        if let trouble = closed(now) ?? feed.trouble(at: now) {
            return reply(.failure(Appender.Failure(description: trouble, isPassing: true)))
        }
        let post = Post(events: events, submitter: submitter, sender: sender, feed: feed, now: now, reply: reply)
        let found = sources(of: post)
        let uses = firstUses(post, found)
        if !uses.isEmpty { return aside(feed.tenant) { [self] in pin(uses, of: post) } }
        if mayBeAnothers(post, found) { return onSystem { [self] in readOn(post) } }
        // What somebody imports of machines' sources is looked up in the view, alarm by alarm.
        guard found.contains(where: \.isBrought) else { return take(post, found) }
        aside(feed.tenant) { [self] in take(post, found) }
    }

    private func pin(_ uses: [SourcePinned], of post: Post) {
        do {
            pin(try settled(uses, of: post), now: post.now) { [self] trouble in
                if let trouble { return post.fail(trouble) }
                // The system log waits for no batch to be admitted.
                aside(post.feed.tenant) { [self] in take(post, sources(of: post)) }
            }
        } catch {
            post.fail("whose a source is could not be looked up: \(error)")
        }
    }

    /// Reads the system log to its end before it is decided whose the sources are.
    private func readOn(_ post: Post) {
        do {
            try followSystem(now: post.now)
            aside(post.feed.tenant) { [self] in take(post, sources(of: post)) }
        } catch {
            post.fail("the system log: \(error)")
        }
    }

    /// Where there is no such tenant nothing is to be posted again; one that is not served yet will be.
    private func unserved(_ events: [Event], _ tenant: String) -> Result<[Verdict], Appender.Failure> {
        if let trouble = openTrouble(of: tenant) {
            return .failure(Appender.Failure(description: trouble + "; post the same again", isPassing: true))
        }
        return .success(events.map { _ in .rejected("there is no tenant \(tenant)", isDenied: true) })
    }

    func take(_ post: Post, _ found: [SourceRule.Verdict]) {
        guard !found.contains(.free) || firstUses(post, found).isEmpty else {
            let trouble = "whose a source is could not be settled; post the same again"
            return post.reply(.failure(Appender.Failure(description: trouble, isPassing: true)))
        }
        let decided = decide(post, found)
        tell(decided.refused, of: post)
        let tenant = post.submitter.identity.tenant
        post.feed.appender.append(decided.entries) { [self] result in
            let merged = result.map { Central.merge(decided.verdicts, $0) }
            let kept = try? merged.get()
            rates.forget(post.events, letIn: decided.verdicts, kept: kept, tenant: tenant)
            tell(Central.refused(by: kept ?? [], post.events, letIn: decided.verdicts), of: post)
            post.reply(merged)
        }
    }

    /// The raises that were let in, and that the log has not taken: a duplicate is there.
    private static func refused(by log: [Verdict], _ events: [Event], letIn decided: [Verdict]) -> [Refused] {
        guard log != decided else { return [] }
        return zip(zip(events, decided), log).compactMap { before, answer in
            guard before.1 == .accepted, case .rejected(let reason, _) = answer else { return nil }
            return Refused(before.0, for: answer == .conflicting ? .name : .size, reason)
        }
    }

    /// What is decided before the log is asked.
    private struct Decided: Sendable {
        /// Bytes of an entry that the log takes, with room for what a copy says more.
        let largest: Int
        /// One for each event.
        var verdicts: [Verdict] = []
        /// Of those that are let in.
        var entries: [NewEntry] = []
        /// The raises that consoles are told of.
        var refused: [Refused] = []
        /// How many are to come again later.
        var sentBack = 0

        mutating func note(_ event: Event, _ fact: Fact?, _ cause: RefusedRaise.Cause, _ reason: String) {
            if let one = Refused(event, fact, for: cause, reason) { refused.append(one) }
        }
    }

    private func decide(_ post: Post, _ found: [SourceRule.Verdict]) -> Decided {
        var decided = Decided(largest: post.feed.log.largestEntry - Central.roomForCopies)
        var looks = ImportLook(view: post.feed.view)
        let look = post.feed.standing(at: post.now)
        for (event, source) in zip(post.events, found) {
            switch admission.admit(event, from: post.submitter, now: post.now) {
            case .failure(let rejected):
                let isFault =
                    event.type == .alertRaised && !rejected.isDenied
                    && admission.mayPost(event, post.submitter, post.now)
                refuse(event, rejected, isFault ? .form : nil, of: post, &decided)
            case .success(let admitted):
                switch looks.settle(admitted, source) {
                case .success(let settled): letIn(settled, admitted.fact, of: post, look, &decided)
                case .failure(let rejected):
                    // Also beyond the rate: somebody's alarm is in vain.
                    decided.note(event, admitted.fact, .source, rejected.reason)
                    refuse(event, rejected, nil, of: post, &decided)
                }
            }
        }
        return decided
    }

    private func letIn(
        _ event: Event, _ fact: Fact, of post: Post, _ look: RateKeeper.Look, _ decided: inout Decided
    ) {
        let (machine, tenant) = (post.submitter.machine(post.sender), post.submitter.identity.tenant)
        guard rates.letsIn(event, fact, of: machine, tenant: tenant, now: post.now, look: look) else {
            return putOff(of: tenant, &decided)
        }
        // Of what the log keeps: so it is the same where an archive is put back.
        let entry = post.feed.wire.entry(event, content: ContentHash.of(event))
        guard entry.body.count <= decided.largest else {
            let reason = Central.tooLarge(entry, decided.largest)
            decided.note(event, fact, .size, reason)
            return decided.verdicts.append(.rejected(reason, isDenied: false))
        }
        decided.entries.append(entry)
        decided.verdicts.append(.accepted)
    }

    /// What is refused counts against the rate of whoever posts it; beyond that it is put off, and told with no reason.
    ///
    /// - Parameter cause: what consoles are told it was refused for; nil where they are told nothing.
    private func refuse(
        _ event: Event, _ rejected: Store.Rejected, _ cause: RefusedRaise.Cause?, of post: Post,
        _ decided: inout Decided
    ) {
        let (machine, tenant) = (post.submitter.machine(post.sender), post.submitter.identity.tenant)
        guard event.isAct || rates.hasToken(machine, of: tenant, post.now) else { return putOff(of: tenant, &decided) }
        if let cause { decided.note(event, nil, cause, rejected.reason) }
        decided.verdicts.append(.rejected(rejected.reason, isDenied: rejected.isDenied))
    }

    private func putOff(of tenant: String, _ decided: inout Decided) {
        decided.sentBack += 1
        decided.verdicts.append(.later(seconds: rates.wait(for: decided.sentBack, of: tenant)))
    }

    /// A copy for another tenant says more than its original (by which agreement, for what purpose), and has to fit as well.
    static let roomForCopies = 16 << 10

    private static func tooLarge(_ entry: NewEntry, _ largest: Int) -> String {
        "too large: \(entry.body.count) bytes in the log, which takes at most \(largest); put what is large elsewhere and link to it"
    }

    private static func merge(_ verdicts: [Verdict], _ appended: [Appended]) -> [Verdict] {
        var rest = appended[...]
        return verdicts.map { verdict in
            guard verdict == .accepted, let next = rest.popFirst() else { return verdict }
            switch next {
            case .accepted: return .accepted
            case .duplicate: return .duplicate
            case .conflicting: return .conflicting
            case .refused(let reason): return .rejected(reason, isDenied: false)
            }
        }
    }
}

extension Central.Verdict {
    /// The log has another event of this name.
    public static let conflicting = Central.Verdict.rejected(
        "conflicting: another event has this source and id; the first one stands", isDenied: false)
}
