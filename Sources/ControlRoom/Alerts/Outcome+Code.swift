/// Reasons travel between processes as short codes; the words for them are in the catalogue of texts.
extension Outcome.Reason {
    public var code: String {
        switch self {
        case .unknownSubject: "unknown-subject"
        case .alreadyAcknowledged(let by): "already-acknowledged:" + by
        case .newerOccurrence(let occurrence): "newer-occurrence:\(occurrence)"
        case .forgottenAlarm: "forgotten-alarm"
        case .noSuchOccurrence(let occurrence): "no-such-occurrence:\(occurrence)"
        case .severityRose(let severity): "severity-rose:" + severity.name
        case .notAcknowledged: "not-acknowledged"
        case .notActive: "not-active"
        case .alreadyClosed: "already-closed"
        case .notLatched: "not-latched"
        case .stepAlready(let state, let by): "step-already:" + state + ":" + by
        case .unknownStep(let step): "unknown-step:\(step)"
        case .unknownPlaybook(let id): "unknown-playbook:" + id
        case .nothingToUndo: "nothing-to-undo"
        case .notYours(let by): "not-yours:" + by
        case .needsApproval: "needs-approval"
        case .noSuchRequest: "no-such-request"
        case .alreadyRequested(let by): "already-requested:" + by
        case .fourEyes: "four-eyes"
        case .alreadySuppressed: "already-suppressed"
        case .notSuppressed: "not-suppressed"
        case .outOfService(let by): "out-of-service:" + by
        case .alreadyOwned(let by): "already-owned:" + by
        case .alreadyLinked: "already-linked"
        case .ownCause: "own-cause"
        case .restsOnIt(let by): "rests-on-it:" + by
        case .namesNothing: "names-nothing"
        case .olderNews: "older-news"
        case .notItsSource: "not-its-source"
        case .wouldSilence: "would-silence"
        case .tooManyTools(let count): "too-many-tools:\(count)"
        }
    }

    public init?(code: String) {
        let parts = code.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // Names may hold colons themselves.
        let first = parts.count > 1 ? parts[1] : ""
        switch parts.first {
        case "unknown-subject": self = .unknownSubject
        case "already-acknowledged": self = .alreadyAcknowledged(by: first)
        case "newer-occurrence": self = .newerOccurrence(Int(first) ?? 0)
        case "forgotten-alarm": self = .forgottenAlarm
        case "no-such-occurrence": self = .noSuchOccurrence(Int(first) ?? 0)
        case "severity-rose": self = .severityRose(Severity(name: first) ?? .info)
        case "not-acknowledged": self = .notAcknowledged
        case "not-active": self = .notActive
        case "already-closed": self = .alreadyClosed
        case "not-latched": self = .notLatched
        case "step-already":
            let state = first.prefix { $0 != ":" }
            self = .stepAlready(state: String(state), by: String(first.dropFirst(state.count + 1)))
        case "unknown-step": self = .unknownStep(Int(first) ?? 0)
        case "unknown-playbook": self = .unknownPlaybook(first)
        case "nothing-to-undo": self = .nothingToUndo
        case "not-yours": self = .notYours(by: first)
        case "needs-approval": self = .needsApproval
        case "no-such-request": self = .noSuchRequest
        case "already-requested": self = .alreadyRequested(by: first)
        case "four-eyes": self = .fourEyes
        case "already-suppressed": self = .alreadySuppressed
        case "not-suppressed": self = .notSuppressed
        case "out-of-service": self = .outOfService(by: first)
        case "already-owned": self = .alreadyOwned(by: first)
        case "already-linked": self = .alreadyLinked
        case "own-cause": self = .ownCause
        case "rests-on-it": self = .restsOnIt(by: first)
        case "names-nothing": self = .namesNothing
        case "older-news": self = .olderNews
        case "not-its-source": self = .notItsSource
        case "would-silence": self = .wouldSilence
        case "too-many-tools": self = .tooManyTools(Int(first) ?? 0)
        default: return nil
        }
    }
}
