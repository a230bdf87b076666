/// An alarm as ISA-18.2 (IEC 62682) sees it: whether it is active, whether somebody acknowledged it, and whether it is
/// suppressed are three facts kept apart; its state is derived from them.
public struct Alert: Equatable, Sendable {
    /// The alarm's stable key, such as `camera-12/weapon`.
    public var subject: String
    /// The source of the events that raised it. No other repeats, clears, replaces or cancels it. Empty where it is not known,
    /// as in stores of an earlier version: then that of its next raise counts.
    public var source = ""
    /// The identifier its source gave it, where that is another than the key (CAP).
    public var externalID: String?
    public var status: MessageStatus
    public var tool: Tool
    public var kind: String

    // MARK: The three facts
    public var active: Bool
    public var acknowledged: Bool
    /// Who shelved it and why, while it is.
    public var shelving: Shelving?
    /// Rules of the site that keep it from being annunciated; the oldest first.
    public var suppressors: [Suppressor] = []
    /// Who took it out of service and why, while it is.
    public var removal: Removal?

    /// The number of its last annunciation, by which acts name what their authors saw.
    public var occurrence: Int
    /// The number of its first annunciation: 1, or where the log was trimmed before, a number that no forgotten alert can have had
    /// (`LogTrimmed.beginsBehind`), so that an act on a forgotten alert never fits one that is raised under its key later.
    public var firstOccurrence = 1
    /// The occurrence at which it last came to want an acknowledgement; an older ack does not count.
    public var annunciated: Int
    /// As its source last gave it.
    public var currentSeverity: Severity
    /// The worst since it was last acknowledged.
    public var latchedSeverity: Severity
    /// A latching alarm, once cleared, waits for a reset.
    public var latching: Bool
    public var latched: Bool

    // MARK: What it says
    public var headline: String
    /// From 0 to 1; nil where its source gave none.
    public var confidence: Double?
    public var place: Coordinate?
    public var district: String?
    public var areaName: String?
    public var site: String?

    // MARK: When
    /// When this stay in the active state began.
    public var since: Timestamp
    /// The last annunciation.
    public var raised: Timestamp
    /// Since when it has waited for somebody, by the clock of whoever recorded it.
    public var wanted: Timestamp
    /// When it last became active, and the time before that, by the same clock; nil where it never did, as what only takes
    /// another back.
    public var entered: Timestamp?
    public var enteredBefore: Timestamp?
    /// How often it was annunciated as an alarm, and when it last was: what is said again while it goes on no worse, and what is
    /// kept quiet, is none.
    public var alarms = 0
    public var alarmed: Timestamp?
    /// When it last became active for the third time within a minute, and when it was last gone before anybody could answer.
    public var chattered: Timestamp?
    public var fleeted: Timestamp?
    /// When it goes stale by itself.
    public var stale: Timestamp?
    /// When it last stopped being active; nil while it is.
    public var ended: Timestamp?
    /// When its source last said that it is over.
    public var sourceEnd: SourceEnd?
    /// What is odd about the time of the raise that stands; nil where nothing is.
    public var clock: ClockMark?

    // MARK: What people did
    public var acknowledgement: Act?
    public var assessment: Assessment?
    /// Verdicts of other people on the same occurrence, the oldest first: none overwrites another's.
    public var dissents: [Assessment] = []
    public var closing: Assessment?
    /// What somebody may not do alone, and asks for.
    public var request: Request?
    /// Who was told that it is theirs.
    public var assignment: Attribution?
    /// Which alarm explains it; see `cause`.
    public var link: Attribution?
    /// Whom its need was carried to, because nobody answered.
    public var escalation: Escalation?
    /// When somebody was last reminded that it goes on.
    public var reminded: Timestamp?
    /// The subject of the message that took its place (CAP Update), or cancelled it.
    public var replacedBy: String?
    /// The last acts that changed it, the oldest first, each with the alert as it would be without it and those after it.
    public internal(set) var undoables: [Undoable] = []

    /// An alert of which nothing more is known, for whoever fills in the rest.
    public init(
        subject: String, tool: Tool, kind: String, severity: Severity, headline: String, since: Timestamp
    ) {
        self.subject = subject
        status = .actual
        self.tool = tool
        self.kind = kind
        active = true
        acknowledged = false
        occurrence = 0
        annunciated = 1
        currentSeverity = severity
        latchedSeverity = severity
        latching = false
        latched = false
        self.headline = headline
        self.since = since
        raised = since
        wanted = since
    }
}

/// What a person found an alert to be, when they looked.
public enum Verdict: String, CaseIterable, Sendable {
    case confirmed, rejected

    /// What can have become of it, the likeliest first: what was there had an effect or none; what was not, was taken for
    /// something else.
    public var dispositions: [Disposition] {
        switch self {
        case .confirmed: [.none, .some, .significant, .duplicate]
        case .rejected: [.falsePositive, .duplicate, .none]
        }
    }
}

/// What became of it; the terms that control rooms report by.
public enum Disposition: String, CaseIterable, Sendable {
    case none, some, significant, duplicate
    case falsePositive = "false_positive"
}

/// The states of ISA-18.2, 5.4, as others read them.
public enum AlertState: String, CaseIterable, Sendable {
    case normal, unacknowledged, acknowledged, shelved, suppressed
    case rtnUnacknowledged = "rtn_unacknowledged"
    case latchedUnacknowledged = "latched_unacknowledged"
    case latchedAcknowledged = "latched_acknowledged"
    case outOfService = "out_of_service"

    /// Those that wait for somebody's acknowledgement.
    public static let waiting = Set(allCases.filter(\.needsAcknowledgement))

    /// Whether it waits for somebody's acknowledgement.
    public var needsAcknowledgement: Bool {
        self == .unacknowledged || self == .rtnUnacknowledged || self == .latchedUnacknowledged
    }
}

extension Alert {
    /// All verdicts that stand: the first, and those beside it.
    public var verdicts: [Assessment] { [assessment].compactMap { $0 } + dissents }

    /// How often it was annunciated, as people count: from 1, whatever its numbers are.
    public var timesAnnunciated: Int { occurrence - firstOccurrence + 1 }

    /// Stale alarms have ended whether or not anybody said so: what a screen shows is f(row, now).
    public func isActive(at now: Timestamp) -> Bool {
        guard active else { return false }
        return stale.map { $0 > now } ?? true
    }

    /// The state of ISA-18.2, from the three facts. Out of service goes before suppressed by design, that before
    /// shelved, and that before what the alarm itself would be.
    public func state(at now: Timestamp) -> AlertState {
        if removal != nil { return .outOfService }
        if let end = designedUntil, end > now { return .suppressed }
        if isShelved(at: now) { return .shelved }
        if isActive(at: now) { return acknowledged ? .acknowledged : .unacknowledged }
        if latching && (latched || active) { return acknowledged ? .latchedAcknowledged : .latchedUnacknowledged }
        return acknowledged ? .normal : .rtnUnacknowledged
    }

    /// An alert of an exercise is one whatever its data says.
    public func status(in realm: Realm) -> MessageStatus { realm.isExercise ? .exercise : status }

    /// Open: it still wants something from somebody.
    public func isOpen(at now: Timestamp) -> Bool { state(at: now) != .normal }

    /// Whether it has gone stale by then, whatever its row says.
    public func isExpired(at now: Timestamp) -> Bool { stale.map { $0 <= now } ?? false }

    /// The severity a list shows and sorts by: the worst that nobody has acknowledged yet.
    public var severity: Severity { latchedSeverity }
}
