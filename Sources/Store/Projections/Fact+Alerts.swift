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
