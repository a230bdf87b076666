public import ControlRoom

/// What alarms sound like, and who else is told.
public struct SoundPlan: Equatable, Sendable {
    /// Seconds from one ring to the next while something of a severity waits for an acknowledgement; one that is missing makes
    /// no sound.
    public var everySeconds: [Severity: Int] = [.critical: 5, .high: 10]
    /// For how long the key silences.
    public var silenceSeconds = 120
    /// What comes within so many seconds is told of in one notice.
    public var burstSeconds = 10
    /// Nobody is told of what is milder.
    public var noticeFrom = Severity.high

    public init() {}
}

/// News of alarms for the terminal's notification and for a command of the site's.
public struct AlarmNotice: Equatable, Sendable {
    /// New ones, by severity.
    public var counts: [Severity: Int]
    public var text: String

    public var worst: Severity { counts.keys.max() ?? .info }
    public var count: Int { counts.values.reduce(0, +) }

    public init(counts: [Severity: Int], text: String) {
        self.counts = counts
        self.text = text
    }
}

/// Sounds until somebody acknowledges, not at every repaint.
public struct BellState: Equatable, Sendable {
    public var isOn = true
    public var plan = SoundPlan()
    public var silencedUntil: Timestamp?
    public var lastRang: Timestamp?
    /// Alerts that sounded at the last look, to tell new ones; nil before the first look.
    public var known: Int?
    /// New ones of which nobody was told yet, by severity.
    var fresh: [Severity: Int] = [:]
    var lastNotice: Timestamp?
}
