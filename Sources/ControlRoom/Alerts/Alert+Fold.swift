/// What an event did. The loser of a race is told why in words; nothing is overwritten silently.
public enum Outcome: Equatable, Sendable {
    case applied
    /// Nothing changed, and nothing was lost by it.
    case unchanged(Reason)
    /// It did not take effect, and its author should know.
    case refused(Reason)

    public enum Reason: Equatable, Sendable {
        case unknownSubject
        case alreadyAcknowledged(by: String)
        case newerOccurrence(Int)
        case severityRose(Severity)
        case notAcknowledged
        case notActive
        case alreadyClosed
        case notLatched
        case stepAlready(state: String, by: String)
        case unknownStep(Int)
        case unknownPlaybook(String)
        case nothingToUndo
        case notYours(by: String)
        case needsApproval
        case noSuchRequest
        case alreadyRequested(by: String)
        /// Nobody approves what he asked for himself.
        case fourEyes
        case alreadySuppressed
        case notSuppressed
        case outOfService(by: String)
        case alreadyOwned(by: String)
        case alreadyLinked
        /// Nothing explains itself.
        case ownCause
    }
}

extension Outcome {
    /// Why it had no effect.
    public var reason: Reason? {
        switch self {
        case .applied: nil
        case .unchanged(let reason), .refused(let reason): reason
        }
    }
}

/// The lifecycle of an alarm (ISA-18.2, figure 3): every change of an alert happens here.
extension Alert {
    /// The alert that a first annunciation makes.
    ///
    /// - Parameter now: when the event was recorded; a message that is stale by then has ended before it came.
    public init(subject: String, raised fact: AlertRaised, at time: Timestamp, now: Timestamp) {
        self.init(
            subject: subject, tool: fact.tool, kind: fact.kind, severity: fact.severity, headline: fact.headline,
            since: time)
        wanted = now
        entered = now
        (alarms, alarmed) = (1, now)
        annunciate(fact, at: time, now: now)
    }

    /// Occurs, repeats, re-alarms, or rises in severity.
    public mutating func raise(_ fact: AlertRaised, at time: Timestamp, now: Timestamp) {
        let wasActive = isActive(at: now)
        let wasQuiet = isSuppressed
        let rises = fact.severity > currentSeverity
        if !wasActive {
            since = time
            if chatters(annunciatedAt: now) { chattered = now }
            (entered, enteredBefore) = (now, entered)
        }
        if !wasActive || rises { wantAcknowledgement(fact.severity, restart: !wasActive, now: now) }
        latchedSeverity = acknowledged ? fact.severity : max(latchedSeverity, fact.severity)
        // One that had gone stale was over: a one-shot shelf ended with it.
        if !wasActive { endOneShot(at: now) }
        unshelve(ifAbove: fact.severity, at: now)
        if wasQuiet { waitAnew(at: now) }
        annunciate(fact, at: time, now: now)
        if !wasActive || rises, !isSuppressed { (alarms, alarmed) = (alarms + 1, now) }
    }

    private mutating func annunciate(_ fact: AlertRaised, at time: Timestamp, now: Timestamp) {
        occurrence += 1
        raised = time
        active = fact.stale.map { $0 > now } ?? true
        latched = false
        ended = active ? nil : fact.stale
        closing = nil
        replacedBy = nil
        currentSeverity = fact.severity
        tool = fact.tool
        kind = fact.kind
        status = fact.status
        latching = fact.latching
        headline = fact.headline
        confidence = fact.confidence
        stale = fact.stale
        place = fact.place ?? fact.area?.centroid?.wrapped
        district = fact.district
        areaName = fact.areaName
        site = fact.site
        externalID = fact.externalID
    }

    private mutating func wantAcknowledgement(_ severity: Severity, restart: Bool, now: Timestamp) {
        if acknowledged && restart { latchedSeverity = severity }
        if acknowledged || restart { wanted = now }
        // What is worse may be for somebody else.
        escalation = nil
        acknowledged = false
        acknowledgement = nil
        if restart {
            assessment = nil
            assignment = nil
            link = nil
            request = nil
        }
        annunciated = occurrence + 1
    }

    /// Returns to normal; a latching alarm stays until it is reset.
    ///
    /// - Parameter actor: the clock clears only what is stale, and not what its source said again in the meantime.
    public mutating func clear(by actor: String, at time: Timestamp) -> Outcome {
        guard active else { return .unchanged(.notActive) }
        guard actor != Event.feedSource || isExpired(at: time) else { return .unchanged(.notActive) }
        if isFleeting(clearedAt: time) { fleeted = time }
        active = false
        latched = latching
        ended = time
        endOneShot(at: time)
        return .applied
    }

    /// An ack counts for what its author saw: an older occurrence or a lower severity leaves the alert unacknowledged.
    public mutating func acknowledge(_ fact: AlertAcknowledged, by actor: String, at time: Timestamp) -> Outcome {
        if acknowledged { return .unchanged(.alreadyAcknowledged(by: acknowledgement?.by ?? "")) }
        guard fact.occurrence >= annunciated else { return .refused(.newerOccurrence(occurrence)) }
        guard fact.severity >= latchedSeverity else { return .refused(.severityRose(latchedSeverity)) }
        acknowledged = true
        acknowledgement = answering(by: actor, at: time)
        latchedSeverity = currentSeverity
        escalation = nil
        reminded = nil
        // It was nobody's.
        if assignment?.to == nil { assignment = nil }
        return .applied
    }

    private func answering(by actor: String, at time: Timestamp) -> Act {
        let seconds = Int(time.seconds(since: wanted))
        return Act(by: actor, at: time, answer: Answer(severity: latchedSeverity, tool: tool, seconds: seconds))
    }

    public mutating func assess(_ fact: AlertAssessed, by actor: String, at time: Timestamp) -> Outcome {
        guard fact.occurrence >= annunciated else { return .refused(.newerOccurrence(occurrence)) }
        let act = answering(by: actor, at: time)
        assessment = Assessment(verdict: fact.verdict, disposition: fact.disposition, act: act)
        return .applied
    }

    /// Ends an alert that no source clears; refused while nobody has acknowledged it.
    public mutating func close(_ fact: AlertAssessed, by actor: String, at time: Timestamp) -> Outcome {
        guard acknowledged else { return .refused(.notAcknowledged) }
        guard active || latched else { return .unchanged(.alreadyClosed) }
        guard fact.occurrence >= annunciated else { return .refused(.newerOccurrence(occurrence)) }
        active = false
        latched = false
        // A latched alarm had ended before; by that an undo sees what it was.
        ended = ended ?? time
        closing = Assessment(
            verdict: fact.verdict, disposition: fact.disposition, act: answering(by: actor, at: time))
        request = nil
        endOneShot(at: time)
        return .applied
    }

    public mutating func reset() -> Outcome {
        guard latched else { return .unchanged(.notLatched) }
        guard acknowledged else { return .refused(.notAcknowledged) }
        latched = false
        return .applied
    }

    /// Another message took its place and carries on the need for an acknowledgement.
    public mutating func replace(by subject: String, at time: Timestamp) -> Outcome {
        guard replacedBy == nil else { return .unchanged(.notActive) }
        replacedBy = subject
        active = false
        latched = false
        acknowledged = true
        ended = ended ?? time
        endOneShot(at: time)
        return .applied
    }

    /// Its source took it back: it returns to normal, and whoever had not seen it still gets to.
    public mutating func cancel(by subject: String, at time: Timestamp) -> Outcome {
        replacedBy = subject
        latched = false
        guard active else { return .unchanged(.notActive) }
        active = false
        ended = time
        endOneShot(at: time)
        return .applied
    }

    /// Takes back an act of this alert. An undone ack annunciates again: the safe direction.
    public mutating func undo(_ type: EventType, by actor: String, at time: Timestamp) -> Outcome {
        switch type {
        case .alertAcknowledged: return undoAcknowledgement(by: actor, at: time)
        case .alertAssessed:
            guard assessment?.act.by == actor else { return .refused(.nothingToUndo) }
            assessment = nil
        case .alertClosed:
            guard let closing, closing.act.by == actor else { return .refused(.nothingToUndo) }
            reopen(closing, at: time)
        case .alertAssigned, .alertTaken: return undoAttribution(\.assignment, by: actor)
        case .alertLinked: return undoAttribution(\.link, by: actor)
        default: return undoSuppression(type, by: actor, at: time)
        }
        return .applied
    }

    /// As it would now be had nobody closed it: what went stale in the meantime is over.
    private mutating func reopen(_ closing: Assessment, at time: Timestamp) {
        let wasLatched = latching && ended.map { $0 < closing.act.at } ?? false
        let isOver = wasLatched || isExpired(at: time)
        self.closing = nil
        active = !isOver
        latched = isOver && latching
        if !wasLatched { ended = isOver ? stale : nil }
    }

    private mutating func undoAcknowledgement(by actor: String, at time: Timestamp) -> Outcome {
        guard acknowledged, let acknowledgement else { return .refused(.nothingToUndo) }
        guard acknowledgement.by == actor else { return .refused(.notYours(by: acknowledgement.by)) }
        acknowledged = false
        self.acknowledgement = nil
        wanted = time
        return .applied
    }
}
