/// More alarms than anybody can answer (ISA-18.2, 3.1.29): it begins with more than ten in ten minutes, and is over when there
/// are fewer than five.
public struct Flood: Equatable, Sendable {
    /// The first alarm of it, to the minute.
    public var start: Timestamp
    /// Alarms annunciated since.
    public var total: Int
    /// In the last ten minutes.
    public var recent: Int

    public init(start: Timestamp, total: Int, recent: Int) {
        self.start = start
        self.total = total
        self.recent = recent
    }

    /// The flood that goes on, where one does.
    ///
    /// - Parameters:
    ///   - minutes: annunciations in each minute, the current one last; what began before the first is not seen.
    ///   - last: the current minute, counted from 1970.
    public static func goingOn(_ minutes: [Int], last: Int64) -> Flood? {
        var (start, recent) = (nil as Int?, 0)
        for (minute, count) in minutes.enumerated() {
            let first = max(0, minute - 9)
            recent += count - (minute > 9 ? minutes[minute - 10] : 0)
            if start == nil, recent > AlarmLoad.floodBegins {
                start = (first...minute).first { minutes[$0] > 0 }
            } else if recent < AlarmLoad.floodEnds {
                start = nil
            }
        }
        guard let start else { return nil }
        let begun = last - Int64(minutes.count - 1 - start)
        return Flood(
            start: Timestamp(milliseconds: begun * 60_000), total: minutes[start...].reduce(0, +), recent: recent)
    }
}

/// What a flood is made of (ISA-18.2, 16.5): what came first, and where and from whom the rest.
public struct FloodReport: Equatable, Sendable {
    public var flood: Flood
    /// First-out, and what came next, with the time at which it was recorded.
    public var first: [First]
    /// By district, nil where there is none; most first.
    public var districts: [Part<String?>]
    public var tools: [Part<Tool>]

    /// One of the alarms with which a flood began.
    public struct First: Equatable, Sendable {
        public var subject: String
        /// As it was annunciated then.
        public var headline: String
        public var severity: Severity
        public var at: Timestamp

        public init(subject: String, headline: String, severity: Severity, at: Timestamp) {
            self.subject = subject
            self.headline = headline
            self.severity = severity
            self.at = at
        }
    }

    /// How much of a flood falls to one district or tool.
    public struct Part<Key: Equatable & Sendable>: Equatable, Sendable {
        public var key: Key
        public var count: Int
        /// Of them, those that wait for an acknowledgement.
        public var waiting: Int

        public init(key: Key, count: Int, waiting: Int) {
            self.key = key
            self.count = count
            self.waiting = waiting
        }
    }

    /// How many of the first alarms of a flood are kept.
    public static let firstCount = 5

    public init(flood: Flood, first: [First], districts: [Part<String?>], tools: [Part<Tool>]) {
        self.flood = flood
        self.first = first
        self.districts = districts
        self.tools = tools
    }
}
