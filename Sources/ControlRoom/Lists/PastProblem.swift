/// Why the alerts as they stood at a time cannot be looked at.
public enum PastProblem: Error, Equatable, Sendable {
    /// The log does not reach back so far.
    case before(Timestamp)
    /// Older events are still coming.
    case incomplete
    case future
    /// So much has happened since that it would take minutes to fold it back.
    case tooMuch
    /// The file that is built could not be written.
    case failed(String)
}
