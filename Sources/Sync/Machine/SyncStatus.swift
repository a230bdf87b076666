public import ControlRoom
public import Store

/// What a console knows of its hub: for the header, `impetus status` and the log.
public struct SyncStatus: Equatable, Sendable {
    /// How it stands between the store and its hub. Sequences are those of the hub's log.
    public enum State: Equatable, Sendable {
        case starting
        /// Events are read that came while nobody listened.
        case catchingUp(at: Int64, of: Int64)
        case live
        case offline(since: Timestamp, reason: String)
        /// The hub answers, and will not have us: to try again by itself would be in vain.
        case refused(String)
    }

    public var state: State
    /// When the hub was last heard.
    public var heard: Timestamp?
    /// Which of the hubs in the configuration.
    public var hub: String
    /// Milliseconds that this machine's clock is behind the hub's; negative where it is ahead.
    public var clockOffset: Int64
    /// Seconds that the hub's view of the log is behind, where that is more than it promises; what it says by rules is as late.
    public var hubBehind = 0
    /// Why acts could not be sent the last time; nil where they could.
    public var unsent: String?
    /// Older events that are on their way still; nil where none are.
    public var backFill: BackFill?
    /// What was found wrong with the log, for somebody to look into; empty when nothing was.
    public var findings: [String]
    /// A hub said that this certificate was revoked. Until one lets us in again.
    public var isDisowned = false
    /// What a hub last warned an administrator of, about itself; nil where it did not.
    public var warning: String?

    public init(state: State, hub: String) {
        self.state = state
        self.hub = hub
        clockOffset = 0
        findings = []
    }

    /// From here on a person is told that their clock is wrong.
    public static let worrySeconds = 60.0

    /// By more than `worrySeconds`, in either direction.
    public var isClockWrong: Bool { abs(Double(clockOffset)) > SyncStatus.worrySeconds * 1_000 }
}

/// Waiting longer after each failure, with a part by chance, so that a city's consoles do not all come at once.
public struct Backoff: Equatable, Sendable {
    /// Since something went well.
    public private(set) var failures = 0
    private static let first = 0.25
    private static let longest = 5.0

    public init() {}

    /// Seconds until the next try.
    public mutating func next(_ chance: inout SeededChance) -> Double {
        let full = min(Backoff.longest, Backoff.first * Double(1 << min(failures, 10)))
        failures += 1
        return full * (0.5 + chance.unit() / 2)
    }

    /// Something went well: the next wait is a short one again.
    public mutating func reset() { failures = 0 }
}
