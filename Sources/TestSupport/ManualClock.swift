public import ControlRoom
private import Synchronization

/// A clock that stands still until it is moved.
public final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    public init(_ start: Timestamp = Timestamp(milliseconds: 1_795_430_400_000)) { time = Mutex(start) }

    public var now: Timestamp { time.withLock { $0 } }

    @discardableResult
    public func advance(_ seconds: Double) -> Timestamp {
        time.withLock { time in
            time = time.adding(seconds: seconds)
            return time
        }
    }
}
