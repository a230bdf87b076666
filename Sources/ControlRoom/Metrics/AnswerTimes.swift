/// How long answers took: how often each number of whole seconds, so that every quantile is exact and another answer costs no
/// sorting.
public struct AnswerTimes: Equatable, Sendable {
    /// Up to an hour and a bit; what took longer is rare.
    private static let most = 4_096
    private var short: [Int32] = []
    private var long: [Int: Int] = [:]
    public private(set) var count = 0

    public init() {}

    /// - Parameter seconds: whole ones, from 0.
    public mutating func add(_ seconds: Int) {
        count += 1
        guard (0..<AnswerTimes.most).contains(seconds) else { return long[seconds, default: 0] += 1 }
        if short.count <= seconds { short += Array(repeating: 0, count: seconds + 1 - short.count) }
        short[seconds] += 1
    }

    /// The least number of seconds within which at least this share of the answers came (nearest rank); nil where there is none.
    public func quantile(_ share: Double) -> Int? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (seconds, times) in short.enumerated() {
            seen += Int(times)
            if seen >= rank { return seconds }
        }
        for (seconds, times) in long.sorted(by: { $0.key < $1.key }) {
            seen += times
            if seen >= rank { return seconds }
        }
        return nil
    }

    /// Nil while there is no answer.
    public var summary: Summary? {
        guard let median = quantile(0.5), let p95 = quantile(0.95) else { return nil }
        return Summary(count: count, median: median, p95: p95)
    }

    /// In seconds.
    public struct Summary: Hashable, Sendable {
        public var count: Int
        /// Nearest rank, as `quantile` finds it.
        public var median: Int
        /// Nearest rank: 95 of a hundred answers took no longer.
        public var p95: Int

        public init(count: Int, median: Int, p95: Int) {
            self.count = count
            self.median = median
            self.p95 = p95
        }
    }
}
