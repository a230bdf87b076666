/// All that is known of one alert, for the detail pane.
public struct AlertDetail: Equatable, Sendable {
    /// One line of an alert's timeline: an event about it.
    public struct Entry: Equatable, Sendable {
        public var at: Timestamp
        public var type: EventType
        public var by: String?
        public var note: String?
        /// Which occurrence an annunciation was, newest last.
        public var severity: Severity?
        /// Why it was kept quiet, or was to be.
        public var reason: SuppressionReason.Code?
        /// When its author did it, by their clock, where that is more than 5 s from when the log had it.
        public var done: Timestamp?
        /// The act had no effect.
        public var isRefused = false
        /// The act is not in the log yet.
        public var isWaiting = false

        public init(
            at: Timestamp, type: EventType, by: String?, note: String?, severity: Severity?,
            reason: SuppressionReason.Code? = nil
        ) {
            self.at = at
            self.type = type
            self.by = by
            self.note = note
            self.severity = severity
            self.reason = reason
        }
    }

    public var line: AlertLine
    public var description: String?
    public var radiusMetres: Double?
    public var area: MultiPolygon?
    public var hasPersonal: Bool
    public var evidenceCount: Int
    /// What CAP says beyond our own fields, in reading order.
    public var extras: [Extra]
    /// The oldest first; bounded.
    public var timeline: [Entry]
    /// What was before has not come yet.
    public var isOlderComing = false
    /// What was before, or all of it, has been removed after the time for which the log keeps what is over.
    public var isPastRetention = false
    /// Playbooks that fit it, the best first.
    public var offers: [PlaybookOffer]
    /// Checklist runs that were started for it.
    public var runs: [RunLine]
    /// What the alarm says that explains it; nil where none does, or it is gone.
    public var cause: String?
    /// The keys of what explains it, the next first.
    public var causes: [String] = []
    /// How many open alarms it explains.
    public var explains = 0

    /// A name and what stands beside it, as the detail shows it.
    public struct Extra: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(line: AlertLine) {
        self.line = line
        hasPersonal = false
        evidenceCount = 0
        extras = []
        timeline = []
        offers = []
        runs = []
    }
}

/// A playbook that can be begun for an alert.
public struct PlaybookOffer: Equatable, Sendable {
    public var id: String
    public var version: Int
    public var title: String
    public var steps: Int

    public init(id: String, version: Int, title: String, steps: Int) {
        self.id = id
        self.version = version
        self.title = title
        self.steps = steps
    }
}

/// A checklist run as a list shows it.
public struct RunLine: Equatable, Sendable {
    public var id: String
    public var title: String
    public var alert: String
    public var started: Alert.Act
    /// Steps that nothing more is to be done about.
    public var settled: Int
    public var steps: Int

    public init(id: String, title: String, alert: String, started: Alert.Act, settled: Int, steps: Int) {
        self.id = id
        self.title = title
        self.alert = alert
        self.started = started
        self.settled = settled
        self.steps = steps
    }

    /// Whether a playbook of this title is being worked for an alert: a second run of it is hardly meant.
    public func isRunning(_ title: String, for alert: String) -> Bool {
        self.alert == alert && self.title == title && settled < steps
    }
}

/// Open alerts at one place, for the map.
public struct PlaceCount: Equatable, Sendable {
    public var place: Coordinate
    public var worst: Severity
    public var unacknowledged: Int
    public var open: Int

    public init(place: Coordinate, worst: Severity, unacknowledged: Int, open: Int) {
        self.place = place
        self.worst = worst
        self.unacknowledged = unacknowledged
        self.open = open
    }
}

/// An asset as the risk list shows it.
public struct AssetLine: Equatable, Sendable {
    public var asset: Asset
    public var risk: Risk

    public init(asset: Asset, risk: Risk) {
        self.asset = asset
        self.risk = risk
    }
}

/// An exercise that was started.
public struct ExerciseRun: Equatable, Sendable {
    public var name: String
    public var title: String
    public var started: Timestamp
    /// As its script says, in seconds of the exercise.
    public var durationSeconds: Double
    /// Nil while it goes on.
    public var ended: Timestamp?

    public init(name: String, title: String, started: Timestamp, durationSeconds: Double, ended: Timestamp?) {
        self.name = name
        self.title = title
        self.started = started
        self.durationSeconds = durationSeconds
        self.ended = ended
    }
}

/// One line of the log of what happened.
public struct LogLine: Equatable, Sendable {
    /// Its place in the log.
    public var sequence: Int64
    public var at: Timestamp
    public var type: EventType
    public var subject: String
    /// The alert's headline, or the playbook's title; nil where it is neither.
    public var title: String?
    /// The act had no effect: somebody was first, or it was not possible.
    public var isRefused = false
    /// When its author did it, by their clock, where that is more than 5 s from when the log had it.
    public var done: Timestamp?
    /// The verdict or what became of a step.
    public var detail: LogDetail?
    public var by: String

    public init(
        sequence: Int64, at: Timestamp, type: EventType, subject: String, title: String? = nil,
        detail: LogDetail? = nil, by: String
    ) {
        self.title = title
        self.detail = detail
        self.sequence = sequence
        self.at = at
        self.type = type
        self.subject = subject
        self.by = by
    }
}

/// What an act said, for the log.
public enum LogDetail: Equatable, Sendable {
    case verdict(Verdict?, Disposition)
    case step(Int, ChecklistRun.StepState)
    case note(String)
}
