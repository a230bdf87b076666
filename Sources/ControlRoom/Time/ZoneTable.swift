/// When clocks of one place changed, so that a time can be shown as people there read it.
public struct ZoneTable: Equatable, Sendable {
    /// A stretch of time in which clocks stand the same way to UTC.
    public struct Period: Equatable, Sendable {
        /// First second, since 1970, of the period.
        public var start: Int64
        /// Seconds east of UTC.
        public var offset: Int
        /// `CET`, `CEST`
        public var abbreviation: String

        public init(start: Int64, offset: Int, abbreviation: String) {
            self.start = start
            self.offset = offset
            self.abbreviation = abbreviation
        }
    }

    private let periods: [Period]

    /// - Parameter periods: in the order of their starts; the first holds for all time before it as well.
    public init(periods: [Period]) { self.periods = periods.sorted { $0.start < $1.start } }

    /// UTC at all times.
    public static let utc = ZoneTable(periods: [])

    /// The one that holds then; of a table without periods UTC, and before the first of them the first.
    public func period(at time: Timestamp) -> Period {
        let second = Timestamp.floorDivide(time.milliseconds, 1000).0
        var low = 0
        var high = periods.count
        while low < high {
            let middle = (low + high) / 2
            if periods[middle].start <= second { low = middle + 1 } else { high = middle }
        }
        return periods.isEmpty
            ? Period(start: 0, offset: 0, abbreviation: "UTC") : periods[max(0, low - 1)]
    }

    /// The wall clock at a time.
    public func local(_ time: Timestamp) -> LocalTime {
        let period = period(at: time)
        let second = Timestamp.floorDivide(time.milliseconds, 1000).0 + Int64(period.offset)
        let (days, inDay) = Timestamp.floorDivide(second, 86_400)
        let date = Timestamp.civil(fromDays: days)
        return LocalTime(
            year: date.year, month: date.month, day: date.day, secondOfDay: Int(inDay),
            abbreviation: period.abbreviation)
    }

    /// The moment at which the local day of a time began; a day may have 23 or 25 hours.
    public func midnight(before time: Timestamp) -> Timestamp {
        let local = local(time)
        let guess =
            time.milliseconds - Int64(local.secondOfDay) * 1000 - Timestamp.floorDivide(time.milliseconds, 1000).1
        let then = period(at: Timestamp(milliseconds: guess)).offset
        return Timestamp(milliseconds: guess + Int64(period(at: time).offset - then) * 1000)
    }
}

/// A reading of a wall clock.
public struct LocalTime: Equatable, Sendable {
    public var year: Int64
    /// 1 to 12; days of the month from 1.
    public var month: Int
    public var day: Int
    /// Seconds since midnight by the wall clock: on a day on which clocks change it is not how long the day has lasted.
    public var secondOfDay: Int
    public var abbreviation: String

    /// `14:03:21`
    public var clock: String {
        let parts = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
        return parts.map { Timestamp.padded(Int64($0), 2) }.joined(separator: ":")
    }

    /// `2026-11-23`
    public var date: String {
        "\(Timestamp.padded(year, 4))-\(Timestamp.padded(Int64(month), 2))-\(Timestamp.padded(Int64(day), 2))"
    }
}
