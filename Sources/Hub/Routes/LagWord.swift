/// What a follower is told of how far the hub's view is behind its log: with each heartbeat while it is more than is promised, and
/// once when it is so no more.
struct LagWord {
    private var isTold = false

    /// - Parameter seconds: that the view is behind.
    /// - Returns: a comment for the stream; nil where there is nothing to say.
    mutating func word(at seconds: Double) -> String? {
        let isBehind = seconds > FoldPace.promisedSeconds
        defer { isTold = isBehind }
        if isBehind { return "behind \(Int(seconds))" }
        return isTold ? "behind 0" : nil
    }
}
