import ControlRoom

extension Fact {
    /// Whether only the source that raised an alarm says it.
    var isWordOfSource: Bool {
        switch self {
        case .alertRaised, .alertCleared, .alertCancelled, .alertWithdrawn: true
        default: false
        }
    }

    /// Whether it makes an alert where there is none.
    var makesAlert: Bool {
        switch self {
        case .alertRaised, .alertCancelled: true
        default: false
        }
    }
}

extension Event {
    /// The feed says that an alarm of any source has gone stale; nothing else does it say for a source.
    func isStaleEnd(_ fact: Fact) -> Bool {
        guard case .alertCleared = fact else { return false }
        return source == Event.feedSource
    }
}
