/// What keeps an alarm from being annunciated, in the three ways of ISA-18.2: on a shelf, by design, out of service. They are
/// kept apart, so that the end of one leaves the others as they are.
extension Alert {
    public var isSuppressedByDesign: Bool { causes.contains { $0.from >= latchedSeverity } }

    /// Until when a rule suppresses it that holds against its severity, without anybody saying that it ends; nil where none does.
    public var designedUntil: Timestamp? {
        let ends = causes.filter { $0.from >= latchedSeverity }.map { $0.until ?? .distantFuture }
        return ends.max()
    }

    /// Whether its shelf has an effect at a time: it ends by itself.
    public func isShelved(at now: Timestamp) -> Bool {
        guard let shelving, shelving.until > now else { return false }
        return !shelving.isOnce || isActive(at: now)
    }

    /// When its shelf ends, whether or not that has passed.
    public var shelvedUntil: Timestamp? { shelving?.until }

    /// Suppressed in some way, whether or not the time of a shelf has passed.
    public var isSuppressed: Bool { shelving != nil || removal != nil || isSuppressedByDesign }

    // MARK: - Shelves

    mutating func shelve(_ fact: AlertShelved, by actor: String, at time: Timestamp, _ policy: AlarmPolicy) -> Outcome {
        guard fact.until.seconds(since: time) <= Double(policy.shelfSeconds) + AlarmPolicy.slackSeconds else {
            return .refused(.needsApproval)
        }
        let act = Act(by: actor, at: time)
        return shelve(
            Shelving(act: act, until: fact.until, from: latchedSeverity, isOnce: fact.once, reason: fact.reason),
            at: time)
    }

    private mutating func shelve(_ shelving: Shelving, at time: Timestamp) -> Outcome {
        // An act from a post without network may come when its shelf is over.
        guard shelving.until > time else { return .unchanged(.notActive) }
        // Until it returns to normal: it has.
        guard !shelving.isOnce || isActive(at: time) else { return .refused(.notActive) }
        self.shelving = shelving
        return .applied
    }

    /// A person ends any shelf; the clock only one that is over, and not what took its place in the meantime.
    mutating func unshelve(by actor: String, at time: Timestamp) -> Outcome {
        guard let shelving else { return .unchanged(.notSuppressed) }
        guard actor != Event.feedSource || shelving.until <= time else { return .unchanged(.notActive) }
        endShelf(at: time)
        return .applied
    }

    /// A rise above the severity that was shelved un-shelves.
    mutating func unshelve(ifAbove severity: Severity, at time: Timestamp) {
        if let shelving, severity > shelving.from { endShelf(at: time) }
    }

    /// It comes back to the lists as what it is now: whoever had not seen it gets to.
    mutating func endOneShot(at time: Timestamp) {
        if shelving?.isOnce == true { endShelf(at: time) }
    }

    /// What was acknowledged before stays so.
    private mutating func endShelf(at time: Timestamp) {
        shelving = nil
        waitAnew(at: time)
    }

    // MARK: - By design

    mutating func suppress(_ fact: AlertSuppressed, at time: Timestamp) -> Outcome {
        // It has become worse since the rule looked at it.
        guard fact.severity >= latchedSeverity else { return .refused(.severityRose(latchedSeverity)) }
        guard !causes.contains(where: { $0.rule == fact.rule && $0.from >= fact.severity }) else {
            return .unchanged(.alreadySuppressed)
        }
        causes.removeAll { $0.rule == fact.rule }
        causes.append(
            Cause(
                rule: fact.rule, from: fact.severity, reason: fact.reason, at: time, until: fact.until,
                alarm: fact.cause))
        return .applied
    }

    mutating func unsuppress(_ rule: String, at time: Timestamp) -> Outcome {
        guard causes.contains(where: { $0.rule == rule }) else { return .unchanged(.notSuppressed) }
        let wasQuiet = isSuppressed
        causes.removeAll { $0.rule == rule }
        if wasQuiet { waitAnew(at: time) }
        return .applied
    }

    // MARK: - Out of service

    mutating func removeFromService(reason: String, by actor: String, at time: Timestamp) -> Outcome {
        if let removal { return .unchanged(.outOfService(by: removal.act.by)) }
        removal = Removal(act: Act(by: actor, at: time), reason: reason.isEmpty ? nil : reason)
        if request?.wish == .removeFromService { request = nil }
        return .applied
    }

    mutating func returnToService(at time: Timestamp) -> Outcome {
        guard removal != nil else { return .unchanged(.notSuppressed) }
        endRemoval(at: time)
        return .applied
    }

    private mutating func endRemoval(at time: Timestamp) {
        removal = nil
        waitAnew(at: time)
    }

    /// Nobody could answer while it was out of sight.
    mutating func waitAnew(at time: Timestamp) {
        guard !isSuppressed, !acknowledged else { return }
        wanted = max(wanted, time)
        escalation = nil
    }

    // MARK: - With a second person

    mutating func ask(_ fact: ApprovalRequested, by actor: String, at time: Timestamp) -> Outcome {
        if case .shelve(let until, let isOnce) = fact.wish {
            guard until > time else { return .unchanged(.notActive) }
            guard !isOnce || isActive(at: time) else { return .refused(.notActive) }
        } else if let removal {
            return .unchanged(.outOfService(by: removal.act.by))
        }
        guard fact.severity >= latchedSeverity else { return .refused(.severityRose(latchedSeverity)) }
        if let request, request.act.by != actor, !request.isOver(at: time) {
            return .refused(.alreadyRequested(by: request.act.by))
        }
        let act = Act(by: actor, at: time)
        request = Request(wish: fact.wish, act: act, reason: fact.reason, severity: fact.severity)
        return .applied
    }

    /// Nobody approves what he asked for himself, and nobody something else than what he saw.
    mutating func decide(
        _ fact: ApprovalDecided, isGranted: Bool, by actor: String, at time: Timestamp
    ) -> Outcome {
        guard let request, request.wish == fact.wish, request.act.by == fact.author else {
            return .refused(.noSuchRequest)
        }
        guard request.act.by != actor else { return .refused(.fourEyes) }
        guard isGranted else {
            self.request = nil
            return .applied
        }
        guard latchedSeverity <= request.severity else { return .refused(.severityRose(latchedSeverity)) }
        self.request = nil
        let approval = Act(by: actor, at: time)
        switch request.wish {
        case .removeFromService:
            removal = Removal(act: request.act, reason: request.reason, approval: approval)
            return .applied
        case .shelve(let until, let isOnce):
            let shelving = Shelving(
                act: request.act, until: until, from: latchedSeverity, isOnce: isOnce, reason: request.reason,
                approval: approval)
            return shelve(shelving, at: time)
        }
    }

    // MARK: - Taking back

    mutating func undoSuppression(_ type: EventType, by actor: String, at time: Timestamp) -> Outcome {
        switch type {
        case .alertShelved:
            guard shelving?.act.by == actor else { return .refused(.nothingToUndo) }
            endShelf(at: time)
        case .alertRemovedFromService:
            guard removal?.act.by == actor else { return .refused(.nothingToUndo) }
            endRemoval(at: time)
        case .approvalRequested:
            guard request?.act.by == actor else { return .refused(.nothingToUndo) }
            request = nil
        case .approvalGranted:
            // The last one that he approved.
            let shelved = shelving?.approval.flatMap { $0.by == actor ? $0.at : nil }
            let removed = removal?.approval.flatMap { $0.by == actor ? $0.at : nil }
            switch (shelved, removed) {
            case (nil, nil): return .refused(.nothingToUndo)
            case (let shelved?, let removed?) where shelved > removed: endShelf(at: time)
            case (_, nil): endShelf(at: time)
            default: endRemoval(at: time)
            }
        default: return .refused(.nothingToUndo)
        }
        return .applied
    }
}
