/// How many alarms were annunciated in each period of ten minutes (ISA-18.2, 16.5; EEMUA 191, 6.5).
public struct AlarmLoad: Equatable, Sendable {
    /// Ten minutes.
    public static let periodSeconds: Int64 = 600
    /// A flood begins in a period with more than so many.
    public static let floodBegins = 10
    /// It is over in the first period with fewer than so many.
    public static let floodEnds = 5

    /// One number for each period, the first one first, none left out.
    public var counts: [Int]

    public init(counts: [Int]) { self.counts = counts }

    /// The period that a time lies in, counted from 1970.
    public static func period(of time: Timestamp) -> Int64 {
        Timestamp.floorDivide(time.milliseconds, periodSeconds * 1_000).0
    }

    /// - Parameter period: counted from 1970, as `period(of:)` gives it.
    public static func start(of period: Int64) -> Timestamp {
        Timestamp(milliseconds: period * periodSeconds * 1_000)
    }

    public var total: Int { counts.reduce(0, +) }
    /// Alarms in ten minutes; nil where no period was counted.
    public var average: Double? { counts.isEmpty ? nil : Double(total) / Double(counts.count) }
    /// Alarms in the worst ten minutes; 0 where no period was counted.
    public var peak: Int { counts.max() ?? 0 }

    /// The share of periods with more alarms than anybody can answer.
    public var floodedShare: Double? { share { $0 > AlarmLoad.floodBegins } }

    /// The share of time in floods, each from its beginning until it is over.
    public var floodShare: Double? {
        var isFlood = false
        return share { count in
            isFlood = isFlood ? count >= AlarmLoad.floodEnds : count > AlarmLoad.floodBegins
            return isFlood
        }
    }

    private func share(_ counts: (Int) -> Bool) -> Double? {
        guard !self.counts.isEmpty else { return nil }
        var found = 0
        for count in self.counts where counts(count) { found += 1 }
        return Double(found) / Double(self.counts.count)
    }

    /// The periods in so many equal parts at most, the sum of each, for a picture.
    public func parts(_ most: Int) -> [Int] {
        guard most > 0, !counts.isEmpty else { return [] }
        let width = (counts.count + most - 1) / most
        return stride(from: 0, to: counts.count, by: width).map { start in
            counts[start..<min(counts.count, start + width)].reduce(0, +)
        }
    }
}
