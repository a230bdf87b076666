/// What people answered to an alarm, as far as the figures of the alarm system count it.
///
/// They are derived from the alert alone: what an act changes in the figures is what they were before it, taken away, and what
/// they are after it, added. So an undo takes out exactly what was counted.
public struct AlarmAnswers: Equatable, Sendable {
    public var acknowledged: AlarmAnswer?
    /// The judgement of it that stands; a closing is one where nobody assessed it.
    public var assessed: AlarmAnswer?
    /// The last word on whether it was real.
    public var judged: AlarmJudgement?

    /// None.
    public init() {}

    public init(of alert: Alert) {
        acknowledged = alert.acknowledgement.flatMap { AlarmAnswer(.acknowledged, $0) }
        assessed = (alert.assessment ?? alert.closing).flatMap { AlarmAnswer(.assessed, $0.act) }
        let last = [alert.closing, alert.assessment].compactMap { $0 }.first { $0.verdict != nil }
        judged = last.flatMap { judgement in
            guard let verdict = judgement.verdict, let answer = judgement.act.answer else { return nil }
            return AlarmJudgement(tool: answer.tool, verdict: verdict, at: judgement.act.at)
        }
    }

    public var answers: [AlarmAnswer] { [acknowledged, assessed].compactMap { $0 } }
}

/// One answer, and how long the alarm had waited for it.
public struct AlarmAnswer: Hashable, Sendable {
    /// What the answer was; raw values are those of the store.
    public enum Kind: Int, CaseIterable, Sendable { case acknowledged, assessed }

    public var kind: Kind
    /// The pseudonym of whoever gave it.
    public var by: String
    public var at: Timestamp
    public var severity: Severity
    /// Whole seconds since it came to want an answer.
    public var seconds: Int

    public init(_ kind: Kind, by: String, at: Timestamp, severity: Severity, seconds: Int) {
        self.kind = kind
        self.by = by
        self.at = at
        self.severity = severity
        self.seconds = seconds
    }

    /// Nil where it is not known how long it had waited: an older version has kept it.
    init?(_ kind: Kind, _ act: Alert.Act) {
        guard let answer = act.answer else { return nil }
        self.kind = kind
        by = act.by
        at = act.at
        severity = answer.severity
        seconds = answer.seconds
    }
}

/// What a person said of a finding of a tool.
public struct AlarmJudgement: Hashable, Sendable {
    public var tool: Tool
    public var verdict: Verdict
    public var at: Timestamp

    public init(tool: Tool, verdict: Verdict, at: Timestamp) {
        self.tool = tool
        self.verdict = verdict
        self.at = at
    }
}

/// Alarms that trouble more than they tell (ISA-18.2, 3.1.18 and 3.1.41; EEMUA 191).
extension Alert {
    /// Within so many seconds.
    public static let nuisanceSeconds = 60.0

    /// It counts as a nuisance for so long after it last was one.
    public static let nuisanceLastsSeconds = 3_600.0

    /// Within an hour after it last became active for the third time within a minute.
    public func isChattering(at now: Timestamp) -> Bool { isRecent(chattered, now) }
    /// Within an hour after it was last gone within a minute, before anybody had answered it.
    public func isFleeting(at now: Timestamp) -> Bool { isRecent(fleeted, now) }

    private func isRecent(_ time: Timestamp?, _ now: Timestamp) -> Bool {
        time.map { now.seconds(since: $0) < Alert.nuisanceLastsSeconds } ?? false
    }

    /// Whether it would become active for the third time within a minute, were it annunciated: it chatters. What is said
    /// again while it goes on is no other alarm.
    public func chatters(annunciatedAt now: Timestamp) -> Bool {
        guard !isActive(at: now), let enteredBefore else { return false }
        return now.seconds(since: enteredBefore) <= Alert.nuisanceSeconds
    }

    /// Whether it would be gone before anybody could have answered it, were it to clear: it is fleeting.
    public func isFleeting(clearedAt now: Timestamp) -> Bool {
        guard active, !acknowledged, let entered else { return false }
        return now.seconds(since: entered) < Alert.nuisanceSeconds
    }
}
