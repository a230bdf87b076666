/// What an alert holds of those who did something about it.
extension Alert {
    /// What somebody did, and when.
    public struct Act: Equatable, Sendable {
        public var by: String
        /// When the log had it.
        public var at: Timestamp
        /// When its author did it, by their own clock, where that is more than 5 s from `at`: it waited for the log, or one of
        /// the clocks is wrong.
        public let done: Timestamp?
        /// What it was an answer to, where it answers an alarm.
        public var answer: Answer?

        /// Up to so many seconds apart the author's time and the log's are told as one.
        public static let nearSeconds = 5.0

        /// - Parameter done: by the author's clock; dropped where it is within 5 s of `at`.
        public init(by: String, at: Timestamp, done: Timestamp? = nil, answer: Answer? = nil) {
            self.by = by
            self.at = at
            self.done = done.flatMap { abs($0.seconds(since: at)) > Act.nearSeconds ? $0 : nil }
            self.answer = answer
        }

        init(_ word: Word, answer: Answer? = nil) {
            self.init(by: word.by, at: word.now, done: word.time, answer: answer)
        }

        /// When it was done: by its author's clock where that differs, or else when the log had it.
        public var time: Timestamp { done ?? at }
    }

    /// How bad it was when it was answered, who had found it, and how long it had waited, by the clock of whoever recorded it.
    public struct Answer: Equatable, Sendable {
        public var severity: Severity
        public var tool: Tool
        /// Whole seconds.
        public var seconds: Int

        public init(severity: Severity, tool: Tool, seconds: Int) {
            self.severity = severity
            self.tool = tool
            self.seconds = max(0, seconds)
        }
    }

    /// What a person said that it was, and what became of it; a verdict is missing where only a disposition was given.
    public struct Assessment: Equatable, Sendable {
        public var verdict: Verdict?
        public var disposition: Disposition
        public var act: Act

        public init(verdict: Verdict?, disposition: Disposition, act: Act) {
            self.verdict = verdict
            self.disposition = disposition
            self.act = act
        }
    }

    /// Not annunciated until a time (ISA-18.2, 11.7).
    public struct Shelving: Equatable, Sendable {
        public var act: Act
        public var until: Timestamp
        /// A rise above this severity ends it.
        public var from: Severity
        /// Only until it returns to normal.
        public var isOnce: Bool
        public var reason: SuppressionReason
        /// The second person, where it took one.
        public var approval: Act?

        public init(
            act: Act, until: Timestamp, from: Severity, isOnce: Bool, reason: SuppressionReason, approval: Act? = nil
        ) {
            self.act = act
            self.until = until
            self.from = from
            self.isOnce = isOnce
            self.reason = reason
            self.approval = approval
        }
    }

    /// A rule that suppresses it by design. It does not hold against what is worse than what it was said of.
    public struct Suppressor: Equatable, Sendable {
        public var rule: String
        public var from: Severity
        public var reason: SuppressionReason
        public var at: Timestamp
        public var until: Timestamp?
        /// The alarm that explains it, by its key, where the rule names one.
        public var alarm: String?

        public func isOver(at now: Timestamp) -> Bool { until.map { $0 <= now } ?? false }

        public init(
            rule: String, from: Severity, reason: SuppressionReason, at: Timestamp, until: Timestamp?,
            alarm: String? = nil
        ) {
            self.rule = rule
            self.from = from
            self.reason = reason
            self.at = at
            self.until = until
            self.alarm = alarm
        }
    }

    /// Out of service: by a person and until a person returns it; no clock ends it and no rise, because what
    /// it says is not to be believed meanwhile.
    public struct Removal: Equatable, Sendable {
        public var act: Act
        public var reason: SuppressionReason
        public var approval: Act?

        public init(act: Act, reason: SuppressionReason, approval: Act? = nil) {
            self.act = act
            self.reason = reason
            self.approval = approval
        }
    }

    /// What wants a second person.
    public struct Request: Equatable, Sendable {
        public var wish: ApprovalWish
        public var act: Act
        public var reason: SuppressionReason
        /// As its author saw it: what has become worse since is not silenced by it.
        public var severity: Severity
        /// Id of the event that asked: a decision names it. Empty in stores of an earlier version.
        public var event: String

        /// What is asked for would be over.
        public func isOver(at now: Timestamp) -> Bool {
            if case .shelve(let until, _) = wish { return until <= now }
            return false
        }

        public init(wish: ApprovalWish, act: Act, reason: SuppressionReason, severity: Severity, event: String) {
            self.wish = wish
            self.act = act
            self.reason = reason
            self.severity = severity
            self.event = event
        }
    }

    /// To whom or to what it was attributed, and by whose word.
    public struct Attribution: Equatable, Sendable {
        /// Nil where somebody said: to nobody, to nothing.
        public var to: String?
        public var act: Act

        public init(to: String?, act: Act) {
            self.to = to
            self.act = act
        }
    }

    /// When a source said that the alarm is over: by its own clock, and when the log had it.
    public struct SourceEnd: Equatable, Sendable {
        public var time: Timestamp
        public var recorded: Timestamp

        public init(time: Timestamp, recorded: Timestamp) {
            self.time = time
            self.recorded = recorded
        }
    }

    /// A raise whose time is not what one expects of it.
    public enum ClockMark: String, Sendable {
        /// It is older than the raise that stood when it came.
        case late
        /// It lies more than ten minutes ahead of the log's clock: it counts as of when it came.
        case ahead
    }

    /// To whom it went because nobody had answered.
    public struct Escalation: Equatable, Sendable {
        /// From 1.
        public var level: Int
        /// A role or a person.
        public var to: String
        public var at: Timestamp

        public init(level: Int, to: String, at: Timestamp) {
            self.level = level
            self.to = to
            self.at = at
        }
    }
}

extension Alert {
    /// Whose it is: who was told so, or otherwise who acknowledged it.
    public var owner: String? {
        if let assignment { return assignment.to }
        return acknowledgement?.by
    }

    /// The alarm that explains it, by its key: as somebody said, or otherwise the rule that suppresses it by design; an
    /// ended one too, but not once the alert is `settled(at:)`.
    public var cause: String? { cause { _ in true } }

    /// The same at a time: a rule that is over by then explains nothing.
    public func cause(at now: Timestamp) -> String? { cause { !$0.isOver(at: now) } }

    private func cause(_ holds: (Suppressor) -> Bool) -> String? {
        if let link { return link.to }
        return suppressors.last { $0.alarm != nil && $0.from >= latchedSeverity && holds($0) }?.alarm
    }
}
