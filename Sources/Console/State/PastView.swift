public import ControlRoom

/// A time that a console looks at instead of now: everything there can be looked at, and nothing done.
public struct PastView: Equatable, Sendable {
    public var time: Timestamp
    public var totals: AlertTotals
    /// What was over by then is left out, because there is too much of it.
    public var isOpenOnly: Bool

    /// Why a time cannot be looked at.
    public enum Problem: Equatable, Sendable {
        case before(Timestamp)
        case incomplete, future
    }

    public init(time: Timestamp, totals: AlertTotals, isOpenOnly: Bool) {
        self.time = time
        self.totals = totals
        self.isOpenOnly = isOpenOnly
    }
}
