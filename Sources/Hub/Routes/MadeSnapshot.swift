import ControlRoom

/// A snapshot that is kept for whoever else starts.
struct MadeSnapshot: Sendable {
    let snapshot: Snapshot
    let made: Timestamp
    /// What it took to make it.
    let seconds: Double

    /// Who begins with an older one reads some more of the log: cheap beside a copy of the view.
    static let leastAge = 60.0
    static let mostAge = 600.0
    /// Copying takes at most this part of the hub's time.
    static let part = 1.0 / 20

    /// - Parameter seconds: what it took to make it.
    /// - Returns: for how long it serves, in seconds.
    static func age(seconds: Double) -> Double { min(mostAge, max(leastAge, seconds / part)) }

    /// - Parameter firstOfLog: the first entry that the log has; nil where it does not answer.
    func serves(at now: Timestamp, firstOfLog: Int64?) -> Bool {
        guard abs(now.seconds(since: made)) < MadeSnapshot.age(seconds: seconds) else { return false }
        // What is read by whoever begins with it must not have been archived since.
        guard let firstOfLog else { return true }
        return snapshot.start >= firstOfLog - 1
    }
}
