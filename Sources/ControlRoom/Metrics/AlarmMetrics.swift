/// The figures of an alarm system over a stretch of time (ISA-18.2, 16; IEC 62682, 16; EEMUA 191, 6.5).
public struct AlarmMetrics: Equatable, Sendable {
    /// From when on it was counted: the beginning that was asked for, or the first alarm that is still counted.
    public var start: Timestamp
    public var end: Timestamp
    public var load = AlarmLoad(counts: [])
    /// Annunciations by what their source said.
    public var severities: [Severity: Int] = [:]
    public var tools: [Tool: Int] = [:]
    /// By the tenant that shared them; our own under an empty name.
    public var tenants: [String: Int] = [:]
    /// The alarms that were annunciated most often, at most ten; once is not often.
    public var frequent: [Frequent] = []
    /// The share of the ten most frequent in all annunciations; nil where there was none.
    public var frequentShare: Double?
    /// Alarms in ten minutes for each position: those of an hour among all who acknowledged in it, or for one where nobody did.
    public var ratePerPosition: Double?
    /// Alarms that became active three times within a minute.
    public var chattering = 0
    /// Alarms that were gone within a minute before anybody had answered them.
    public var fleeting = 0
    public var acknowledged: [Severity: AnswerTimes.Summary] = [:]
    public var assessed: [Severity: AnswerTimes.Summary] = [:]
    /// What people said of what each tool had found.
    public var verdicts: [Tool: Verdicts] = [:]
    /// What everybody answered: for a supervisor's eyes, and for each their own.
    public var positions: [Position] = []

    public init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    /// One of the alarms that were annunciated most often (ISA-18.2, 16).
    public struct Frequent: Equatable, Sendable {
        public var subject: String
        /// Nil where the alert is forgotten.
        public var headline: String?
        public var severity: Severity
        public var count: Int
        public var isChattering: Bool
        public var isFleeting: Bool

        public init(
            subject: String, headline: String?, severity: Severity, count: Int, isChattering: Bool, isFleeting: Bool
        ) {
            self.subject = subject
            self.headline = headline
            self.severity = severity
            self.count = count
            self.isChattering = isChattering
            self.isFleeting = isFleeting
        }
    }

    /// How many findings of a tool people confirmed, and how many they rejected.
    public struct Verdicts: Equatable, Sendable {
        public var confirmed = 0
        public var rejected = 0

        public init(confirmed: Int = 0, rejected: Int = 0) {
            self.confirmed = confirmed
            self.rejected = rejected
        }

        /// The share of its findings that a person rejected.
        public var falseShare: Double? {
            confirmed + rejected > 0 ? Double(rejected) / Double(confirmed + rejected) : nil
        }
    }

    /// How long one person took to answer; nil where they answered nothing of the kind.
    public struct Position: Equatable, Sendable {
        /// A pseudonym.
        public var person: String
        public var acknowledged: AnswerTimes.Summary?
        public var assessed: AnswerTimes.Summary?

        public init(person: String, acknowledged: AnswerTimes.Summary?, assessed: AnswerTimes.Summary?) {
            self.person = person
            self.acknowledged = acknowledged
            self.assessed = assessed
        }
    }

    /// Whether it is told who answered how quickly by telling how quickly all answered.
    public var tellsOfPersons: Bool { positions.count < AlarmMetrics.fewestPositions }

    private static let fewestPositions = 3

    /// The shares of low, medium and high priority, as the standards know three: ours of high and critical are their high.
    public var priorities: (low: Double, medium: Double, high: Double)? {
        let all = Double(severities.values.reduce(0, +))
        guard all > 0 else { return nil }
        func share(_ some: [Severity]) -> Double { Double(some.reduce(0) { $0 + (severities[$1] ?? 0) }) / all }
        return (share([.low, .info]), share([.medium]), share([.high, .critical]))
    }

    /// The most frequent, and how much of all they are: `repeats` has those that were annunciated more than once ever, and what
    /// is missing to ten are single ones.
    public static func frequentShare(repeats: [Int], annunciations: Int) -> Double? {
        guard annunciations > 0 else { return nil }
        let most = repeats.sorted(by: >).prefix(frequentCount)
        let singles = max(0, annunciations - repeats.reduce(0, +))
        return Double(most.reduce(0, +) + min(frequentCount - most.count, singles)) / Double(annunciations)
    }

    /// How many of the most frequent are named.
    public static let frequentCount = 10
}

/// What stands now, however long ago it began.
public struct AlarmStanding: Equatable, Sendable {
    /// Active and annunciated for more than a day: stale alarms of ISA-18.2.
    public var stale: Int
    /// Kept quiet for longer than one person may, and no second one has approved it.
    public var unauthorised: Int

    /// A day.
    public static let staleSeconds = 86_400.0

    public init(stale: Int = 0, unauthorised: Int = 0) {
        self.stale = stale
        self.unauthorised = unauthorised
    }
}

/// The figures of the shift and of the last thirty days, as a pane shows them side by side.
public struct MetricsReport: Equatable, Sendable {
    public var shift: AlarmMetrics
    public var month: AlarmMetrics
    public var standing: AlarmStanding

    /// Thirty days, whatever the calendar says.
    public static let monthSeconds = 30 * 86_400.0

    public init(shift: AlarmMetrics, month: AlarmMetrics, standing: AlarmStanding) {
        self.shift = shift
        self.month = month
        self.standing = standing
    }
}

extension AlarmMetrics {
    /// The tools of whose alarms people said what they were: the shipped first, then by code.
    public static func judgedTools(_ metrics: [AlarmMetrics]) -> [Tool] {
        Set(metrics.flatMap(\.verdicts.keys)).sorted { $0.rawValue < $1.rawValue }
    }
}
