import ControlRoom
import Trust

/// Which refused raises of a tenant consoles are told of: for each cause, poster, source and alarm the first, one a minute while they go on, and at once
/// whatever is worse than what was told.
struct RefusedRaises {
    struct Key: Hashable {
        let cause: RefusedRaise.Cause
        let poster: String
        /// What the raise was about, as a hash of its source and subject, which may be of any length: another alarm is told by itself.
        let alarm: String

        init(cause: RefusedRaise.Cause, poster: String, source: String, subject: String) {
            (self.cause, self.poster) = (cause, poster)
            alarm = String(TextHash.of(source + "\u{1F}" + subject).prefix(16))
        }

        /// Stands for all others where there are more than can be kept apart.
        static func others(_ cause: RefusedRaise.Cause) -> Key {
            Key(cause: cause, poster: "several", source: "", subject: "")
        }
    }

    private struct Told {
        var at: Timestamp
        var worst: Severity
        var worstAt: Timestamp
    }

    /// Seconds in which what is no worse is told once.
    static let quietSeconds = 60.0
    /// Seconds after the last one until the alarm ends by itself; so long the worst severity stands.
    static let staleSeconds = 900.0
    /// Alarms that are kept apart.
    static let most = 1_000

    private var told: [Key: Told] = [:]

    /// - Returns: under which name and with which severity it is told; nil where it was told just now.
    mutating func note(_ key: Key, _ severity: Severity, at now: Timestamp) -> (key: Key, severity: Severity)? {
        let key = room(for: key, now)
        guard let before = told[key], abs(now.seconds(since: before.worstAt)) < RefusedRaises.staleSeconds else {
            told[key] = Told(at: now, worst: severity, worstAt: now)
            return (key, severity)
        }
        let isWorse = severity > before.worst
        guard isWorse || abs(now.seconds(since: before.at)) >= RefusedRaises.quietSeconds else { return nil }
        let worst = max(severity, before.worst)
        told[key] = Told(at: now, worst: worst, worstAt: severity >= before.worst ? now : before.worstAt)
        return (key, worst)
    }

    /// The log did not take it: the next one is told.
    mutating func forget(_ key: Key) { told[key] = nil }

    private mutating func room(for key: Key, _ now: Timestamp) -> Key {
        guard told[key] == nil, told.count >= RefusedRaises.most else { return key }
        told = told.filter { abs(now.seconds(since: $0.value.at)) < RefusedRaises.staleSeconds }
        return told.count < RefusedRaises.most ? key : .others(key.cause)
    }
}
