import ControlRoom

/// A token bucket for each machine: it holds a burst, is filled at the rate, and each event takes a token. A machine that is
/// noisy empties its own and nobody else's.
///
/// Bounded: where there are more machines than buckets, those that have been quietest lose theirs, which is to say that they
/// begin anew with a full one; the noisiest keep theirs.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        /// When it was filled last.
        var filled: Timestamp
    }

    let limits: RateLimits
    private let most: Int
    private var buckets: [String: Bucket] = [:]

    static let most = 4_096

    /// - Parameter most: buckets.
    init(_ limits: RateLimits, most: Int = TokenBuckets.most) {
        self.limits = limits
        self.most = max(1, most)
    }

    var count: Int { buckets.count }

    /// Takes a token; false where the machine has none left.
    mutating func take(_ machine: String, now: Timestamp) -> Bool {
        guard limits.eventsPerSecond > 0 else { return true }
        var bucket = filled(machine, now: now)
        let has = bucket.tokens >= 1
        if has { bucket.tokens -= 1 }
        if buckets[machine] == nil, buckets.count >= most { forgetQuietest(now: now) }
        buckets[machine] = bucket
        return has
    }

    /// A clock that was set back fills nothing.
    private func filled(_ machine: String, now: Timestamp) -> Bucket {
        guard var bucket = buckets[machine] else { return Bucket(tokens: Double(limits.burst), filled: now) }
        let seconds = max(0, now.seconds(since: bucket.filled))
        bucket.tokens = min(Double(limits.burst), bucket.tokens + seconds * Double(limits.eventsPerSecond))
        bucket.filled = now
        return bucket
    }

    /// A quarter at once: to find them costs a look at all.
    private mutating func forgetQuietest(now: Timestamp) {
        let byTokens = buckets.keys.map { (machine: $0, tokens: filled($0, now: now).tokens) }
            .sorted { $0.tokens > $1.tokens }
        for one in byTokens.prefix(max(1, most / 4)) { buckets[one.machine] = nil }
    }
}
