import ControlRoom
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
    }

    func take(_ post: Post, _ found: [SourceRule.Verdict]) {
        guard !found.contains(.free) || firstUses(post, found).isEmpty else {
            let trouble = "whose a source is could not be settled; post the same again"
            return post.reply(.failure(Appender.Failure(description: trouble, isPassing: true)))
        }
        var verdicts: [Verdict] = []
        var entries: [NewEntry] = []
        var refused: [(event: Event, reason: String)] = []
        var looks = ImportLook(view: post.feed.view)
        let (machine, tenant) = (post.submitter.machine(post.sender), post.submitter.identity.tenant)
        let look = post.feed.standing(at: post.now)
        let largest = post.feed.log.largestEntry - Central.roomForCopies
        var sentBack = 0
        for (event, source) in zip(post.events, found) {
            switch admission.admit(event, from: post.submitter, now: post.now) {
            case .failure(let rejected): verdicts.append(.rejected(rejected.reason, isDenied: rejected.isDenied))
            case .success(let admitted):
                let fact = admitted.fact
                switch looks.settle(admitted, source) {
                case .success(let settled):
                    guard rates.letsIn(settled, fact, of: machine, tenant: tenant, now: post.now, look: look) else {
                        sentBack += 1
                        verdicts.append(.later(seconds: rates.limits.wait(for: sentBack)))
                        continue
                    }
                    // Of what the log keeps: so it is the same where an archive is put back.
                    let entry = post.feed.wire.entry(settled, content: ContentHash.of(settled))
                    guard entry.body.count <= largest else {
                        verdicts.append(.rejected(Central.tooLarge(entry, largest), isDenied: false))
                        continue
                    }
                    entries.append(entry)
                    verdicts.append(.accepted)
                case .failure(let rejected):
                    refused.append((event, rejected.reason))
                    verdicts.append(.rejected(rejected.reason, isDenied: true))
                }
            }
        }
        if !refused.isEmpty { tell(refused, of: post) }
        let (admitted, rates) = (verdicts, rates)
        post.feed.appender.append(entries) { [reply = post.reply, events = post.events] result in
            let merged = result.map { Central.merge(admitted, $0) }
            rates.forget(events, letIn: admitted, kept: try? merged.get(), tenant: tenant)
            reply(merged)
        }
    }

    /// A copy for another tenant says more than its original (by which agreement, for what purpose), and has to fit as well.
    private static let roomForCopies = 16 << 10

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
