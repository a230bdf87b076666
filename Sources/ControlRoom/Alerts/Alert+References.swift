/// Messages that take the place of others, or take them back (CAP 1.2, 3.2.1: `references` of Update and Cancel).
extension Alert {
    /// At most so many alerts are named by one message; what is beyond counts for nothing.
    public static let mostReferences = 64

    /// Whether the need that somebody acknowledges it can go on in an alert that takes its place: not in one that is kept
    /// quiet itself.
    ///
    /// - Parameter isLate: the other came after this one, which took its place before it was here.
    public func canTakeOver(from replaced: Alert, isLate: Bool, _ word: Word) -> Bool {
        if replaced.acknowledged || isLate && hasAnswered(replaced) { return true }
        var heir = self
        heir.carryOn(replaced, at: word.now)
        return !heir.isSuppressed
    }

    /// Whether it was ever an alarm, and not only a message that took others back.
    public var wasRaised: Bool { alarms > 0 }

    /// Another message of its source took its place.
    ///
    /// - Parameter carried: up to which severity the other carries on the need for an acknowledgement; nil where it carries on
    ///   none: nobody needs to acknowledge this one, or it goes on waiting itself.
    public mutating func replace(by other: String, carried: Severity?, _ word: Word) -> Outcome {
        followed { alert in
            guard alert.replacedBy == nil else { return .unchanged(.notActive) }
            guard word.counted >= alert.raised else { return .unchanged(.olderNews) }
            alert.end(by: other, word)
            alert.handOver(carried)
            return .applied
        }
    }

    /// What it asks for goes on in the message that took its place, now that an undo has shown that nobody acknowledged it.
    ///
    /// - Parameter carried: as in `replace`.
    public mutating func passOn(_ carried: Severity?) -> Outcome {
        followed { alert in
            alert.handOver(carried)
            return .applied
        }
    }

    /// Where more is asked for than another carries on, it goes on waiting here: what it would be without an act that lowered it.
    private mutating func handOver(_ carried: Severity?) {
        if let carried, latchedSeverity <= carried { acknowledged = true }
    }

    /// Its source took it back: it returns to normal, and whoever had not seen it still gets to.
    public mutating func cancel(by other: String, _ word: Word) -> Outcome {
        followed { alert in
            guard word.counted >= alert.raised else { return .unchanged(.olderNews) }
            guard alert.active || alert.latched else {
                alert.replacedBy = other
                return .unchanged(.notActive)
            }
            alert.end(by: other, word)
            return .applied
        }
    }

    /// The last agreement under which it was shared is over: whoever had not seen it still gets to, by its key and severity; what
    /// else it said is gone. The reason stands in the place of the message that would have replaced it.
    mutating func withdraw(_ reason: String, _ word: Word) -> Outcome {
        (tool, kind, headline) = (.other, "", subject)
        (externalID, confidence, place, district, areaName, site) = (nil, nil, nil, nil, nil, nil)
        guard active || latched else { return .unchanged(.notActive) }
        end(by: reason, word)
        return .applied
    }

    private mutating func end(by other: String, _ word: Word) {
        replacedBy = other
        if active { sourceEnd = SourceEnd(time: word.counted, recorded: word.now) }
        active = false
        latched = false
        ended = ended ?? word.now
        endOneShot(at: word.now)
    }

    /// Takes the place of another, with its need for an acknowledgement and the severity that is to be acknowledged.
    public mutating func takeOver(from replaced: Alert, isLate: Bool, _ word: Word) -> Outcome {
        followed { alert in
            if replaced.acknowledged || isLate && alert.hasAnswered(replaced) { return .unchanged(.notActive) }
            alert.carryOn(replaced, at: word.now)
            return .applied
        }
    }

    /// From now on an acknowledgement of it answers the other as well. One given before is taken back; one that comes only now
    /// counts if its author saw this occurrence and at least this severity.
    private mutating func carryOn(_ replaced: Alert, at now: Timestamp) {
        acknowledged = false
        acknowledgement = nil
        annunciated = occurrence
        latchedSeverity = max(latchedSeverity, replaced.latchedSeverity)
        wanted = min(wanted, replaced.wanted)
        unshelve(ifAbove: latchedSeverity, at: now)
    }

    /// Whoever acknowledged this saw what was at least as bad: had the other come in its place, it would have been the same.
    private func hasAnswered(_ replaced: Alert) -> Bool {
        guard acknowledged, let answer = acknowledgement?.answer else { return false }
        return answer.severity >= replaced.latchedSeverity
    }

    /// It came after a message that took its place or took it back: it is over.
    ///
    /// - Parameter carried: up to which severity that message carries on its need; where it does not, it waits, because nobody has
    ///   seen it.
    public mutating func endBefore(
        by other: String, at end: SourceEnd, carried: Severity?, _ word: Word
    ) -> Outcome {
        followed { alert in
            guard end.time >= alert.raised else { return .unchanged(.olderNews) }
            alert.replacedBy = other
            alert.endAtOnce(end, now: word.now)
            alert.latched = false
            alert.handOver(carried)
            return .applied
        }
    }

    /// A clear of its source came before it, not long ago.
    public mutating func clearBefore(at end: SourceEnd, _ word: Word) -> Outcome {
        followed { alert in
            let isRecent = word.now.seconds(since: end.recorded) <= Alert.endCountsSeconds
            guard isRecent, end.time > alert.raised else { return .unchanged(.olderNews) }
            alert.endAtOnce(end, now: word.now)
            return .applied
        }
    }
}
