/// What an event did. The loser of a race is told why in words; nothing is overwritten silently.
public enum Outcome: Equatable, Sendable {
    case applied
    /// Nothing changed, and nothing was lost by it.
    case unchanged(Reason)
    /// It did not take effect, and its author should know.
    case refused(Reason)

    /// Why an act changed nothing, with what its author has to know: who was first, or what it is by now.
    public enum Reason: Equatable, Sendable {
        case unknownSubject
        case alreadyAcknowledged(by: String)
        /// It came anew since; so often it was annunciated by now.
        case newerOccurrence(Int)
        /// Its author saw an alarm of this key that has served its time and was forgotten; this one is another.
        case forgottenAlarm
        /// It names an occurrence that has not been yet.
        case noSuchOccurrence(Int)
        case severityRose(Severity)
        case notAcknowledged
        case notActive
        case alreadyClosed
        case notLatched
        case stepAlready(state: String, by: String)
        case unknownStep(Int)
        case unknownPlaybook(String)
        case nothingToUndo
        case notYours(by: String)
        /// Somebody's later act holds only with it.
        case restsOnIt(by: String)
        case needsApproval
        case noSuchRequest
        case alreadyRequested(by: String)
        /// Nobody approves their own request.
        case fourEyes
        case alreadySuppressed
        case notSuppressed
        case outOfService(by: String)
        case alreadyOwned(by: String)
        case alreadyLinked
        /// Nothing explains itself.
        case ownCause
        /// It does not say which occurrence and severity its author saw.
        case namesNothing
        /// Something newer is known of it, which this would only make quieter.
        case olderNews
        /// An undo that would make quiet what asks for somebody now.
        case wouldSilence
        /// Another source raised it.
        case notItsSource
        /// So many tools are registered already.
        case tooManyTools(Int)
    }
}

extension Outcome {
    /// Why it had no effect.
    public var reason: Reason? {
        switch self {
        case .applied: nil
        case .unchanged(let reason), .refused(let reason): reason
        }
    }
}
