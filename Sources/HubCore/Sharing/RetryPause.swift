import ControlRoom

/// How long is waited before what failed is tried again: a second after the first failure, twice as long after each other, at most
/// ten.
struct RetryPause: Equatable, Sendable {
    private var failures = 0
    private var failed: Timestamp?

    private static let mostSeconds = 10.0

    private var seconds: Double {
        failures > 4 ? RetryPause.mostSeconds : min(RetryPause.mostSeconds, Double(1 << max(0, failures - 1)))
    }

    /// Whether it may be tried again. A clock that was set back makes nobody wait longer.
    func isOver(at now: Timestamp) -> Bool { failed.map { abs(now.seconds(since: $0)) >= seconds } ?? true }

    mutating func failed(at now: Timestamp) {
        failures = min(failures + 1, 16)
        failed = now
    }
}
