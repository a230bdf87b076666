import ControlRoom

/// An alarm as it stood at a time, of which a trim has taken the events from before that time: as far as its row of today and what came
/// since tell. In doubt it asks for more, never for less: it is unacknowledged, and as severe as it is known to have been.
struct CutAlarm {
    /// As the log has it today.
    let kept: AlertRows.Kept
    /// What took effect on it after the time, the oldest first.
    let later: [EventType]
    /// The last event about it by then, which may be gone.
    let lastEvent: Int64

    private var raises: Int { later.count { $0 == .alertRaised } }

    /// - Parameters:
    ///   - through: the last event that had been recorded by then.
    ///   - begin: when the last event was recorded that a trim has taken.
    func standing(at time: Timestamp, through: Int64, begin: Timestamp) -> AlertRows.Kept {
        guard !later.isEmpty else { return kept }
        var then = kept
        then.lastEvent = lastEvent
        if kept.raisedBy > through { then.raisedBy = 0 }
        then.alert.count(back: raises)
        then.alert.takeBackActs(after: time, isRaisedSince: raises > 0)
        then.alert.takeBackTimes(after: time, to: min(begin, time))
        let isActive = wasActive(at: time)
        if !isActive { then.alert.ended = min(kept.alert.ended ?? begin, begin, time) }
        if isActive || raises > 0 { then.alert.sourceEnd = nil }
        if isActive { then.alert.ended = nil }
        if raises > 0 { then.alert.stale = nil }
        then.alert.active = isActive
        then.alert.latched = !isActive && wasLatched
        return then
    }

    /// An alarm that goes on as it did then was active; one that came anew since was so if the first that came was its end.
    private func wasActive(at time: Timestamp) -> Bool {
        let alert = kept.alert
        if raises > 0 {
            let first = later.first { $0 == .alertRaised || $0 == .alertCleared }
            return alert.since <= time || first == .alertCleared
        }
        return alert.active || alert.ended.map { $0 > time } ?? false
    }

    private var wasLatched: Bool {
        let isReset = later.contains { $0 == .alertReset || $0 == .alertClosed }
        return kept.alert.latching && (kept.alert.latched || isReset || raises > 0)
    }
}

extension Alert {
    /// As if it had been annunciated so many times less.
    fileprivate mutating func count(back raises: Int) {
        occurrence = max(firstOccurrence, occurrence - raises)
        annunciated = min(annunciated, occurrence)
        alarms = max(0, alarms - raises)
    }

    /// As if what people and rules did after a time had not been done. What was answered before an alarm came anew nobody knows.
    fileprivate mutating func takeBackActs(after time: Timestamp, isRaisedSince: Bool) {
        if isRaisedSince || acknowledgement.map({ $0.at > time }) ?? true {
            latchedSeverity = max(latchedSeverity, acknowledgement?.answer?.severity ?? .info)
            (acknowledged, acknowledgement) = (false, nil)
        }
        if assessment.map({ $0.act.at > time }) ?? false { assessment = nil }
        if closing.map({ $0.act.at > time }) ?? false { closing = nil }
        if shelving.map({ $0.act.at > time }) ?? false { shelving = nil }
        if removal.map({ $0.act.at > time }) ?? false { removal = nil }
        if request.map({ $0.act.at > time }) ?? false { request = nil }
        if assignment.map({ $0.act.at > time }) ?? false { assignment = nil }
        if link.map({ $0.act.at > time }) ?? false { link = nil }
        if escalation.map({ $0.at > time }) ?? false { escalation = nil }
        if reminded.map({ $0 > time }) ?? false { reminded = nil }
        dissents.removeAll { $0.act.at > time }
        suppressors.removeAll { $0.at > time }
    }

    /// Puts times that lie behind one before it.
    fileprivate mutating func takeBackTimes(after time: Timestamp, to begin: Timestamp) {
        for path in [\Alert.since, \.raised, \.wanted] where self[keyPath: path] > time { self[keyPath: path] = begin }
        for path in [\Alert.entered, \.enteredBefore, \.alarmed, \.chattered, \.fleeted]
        where self[keyPath: path].map({ $0 > time }) ?? false { self[keyPath: path] = nil }
        if sourceEnd.map({ $0.recorded > time }) ?? false { sourceEnd = nil }
    }
}
