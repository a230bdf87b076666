/// An ordered log of events, the only thing that is ever true; all else is a fold of it.
///
/// A log gives each event the next sequence number, once: a second event of the same source and id is not appended,
/// however late it comes. The same id with other bytes is reported.
public protocol EventLog {
    /// Names the log; a reader that meets another log must not go on from its old place.
    var logID: String { get throws }
    func append(_ events: [Event]) throws -> [Admission]
    /// Events after a sequence number, at most `limit`, in order.
    func read(after sequence: Int64, limit: Int) throws -> [Event]
}

/// What became of an event that was handed to a log.
public enum Admission: Equatable, Sendable {
    case accepted(sequence: Int64, outcome: Outcome)
    case duplicate
    /// The id is known with other bytes; the first one stands.
    case conflicting
    case rejected(reason: String)

    public var isAccepted: Bool {
        if case .accepted = self { return true }
        return false
    }
}
