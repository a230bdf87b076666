/// What keeps an alarm from being annunciated, in the three ways of ISA-18.2: on a shelf, by design, out of service. They are
/// kept apart, so that the end of one leaves the others as they are.
extension Alert {
    public var isSuppressedByDesign: Bool { suppressors.contains { $0.from >= latchedSeverity } }

    /// Until when a rule suppresses it that holds against its severity, without anybody saying that it ends; nil where none does.
    public var designedUntil: Timestamp? {
        let ends = suppressors.filter { $0.from >= latchedSeverity }.map { $0.until ?? .distantFuture }
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

    /// As it is at a time: without the shelf, the rules and the request that are over by then, whether or not anybody has said so.
    public func settled(at now: Timestamp) -> Alert {
        var alert = self
        if !isShelved(at: now) { alert.shelving = nil }
        alert.request = request(at: now)
        alert.suppressors = suppressors(at: now)
        return alert
    }

    /// What somebody asks a second person for, unless it is over by then. An alert is large to copy: who wants one part of it as it
    /// is at a time asks for that.
    public func request(at now: Timestamp) -> Request? { request.flatMap { $0.isOver(at: now) ? nil : $0 } }

    /// The rules that are not over by then.
    public func suppressors(at now: Timestamp) -> [Suppressor] {
        suppressors.contains { $0.isOver(at: now) } ? suppressors.filter { !$0.isOver(at: now) } : suppressors
    }

    /// The codes of what keeps it quiet, and of what is asked for; what is over by time is among them until somebody says so, but
    /// not once it is `settled(at:)`.
    public var suppressionCodes: Set<SuppressionReason.Code> {
        Set(
            [shelving?.reason, removal?.reason, request?.reason].compactMap { $0?.code }
                + suppressors.map(\.reason.code))
    }

    // MARK: - Shelves

    mutating func shelve(_ fact: AlertShelved, _ word: Word) -> Outcome {
        let longest = Double(word.policy.shelfSeconds) + AlarmPolicy.slackSeconds
        guard word.stands || fact.until.seconds(since: word.now) <= longest else { return .refused(.needsApproval) }
        if let reason = blindness(of: fact.seen, word) { return .refused(reason) }
        let act = Act(word)
        return shelve(
            Shelving(
                act: act, until: fact.until, from: latchedSeverity, isOnce: fact.once,
                reason: fact.reason ?? SuppressionReason(.other)),
            at: word.now)
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
    mutating func unshelve(_ word: Word) -> Outcome {
        guard let shelving else { return .unchanged(.notSuppressed) }
        guard !word.isFeeds || shelving.until <= word.now else { return .unchanged(.notActive) }
        endShelf(at: word.now)
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

    mutating func suppress(_ fact: AlertSuppressed, _ word: Word) -> Outcome {
        // It has become worse, or come anew, since the rule looked at it.
        guard fact.severity >= latchedSeverity else { return .refused(.severityRose(latchedSeverity)) }
        if let reason = fact.occurrence.flatMap({ oldness(of: $0) }) { return .refused(reason) }
        if fact.occurrence == nil, word.isStrict { return .refused(.namesNothing) }
        guard !suppressors.contains(where: { $0.rule == fact.rule && $0.from >= fact.severity }) else {
            return .unchanged(.alreadySuppressed)
        }
        suppressors.removeAll { $0.rule == fact.rule }
        suppressors.append(
            Suppressor(
                rule: fact.rule, from: fact.severity, reason: fact.reason ?? SuppressionReason(.other), at: word.now,
                until: fact.until, alarm: fact.cause))
        return .applied
    }

    mutating func unsuppress(_ rule: String, at time: Timestamp) -> Outcome {
        guard suppressors.contains(where: { $0.rule == rule }) else { return .unchanged(.notSuppressed) }
        let wasQuiet = isSuppressed
        suppressors.removeAll { $0.rule == rule }
        if wasQuiet { waitAnew(at: time) }
        return .applied
    }

    // MARK: - Out of service

    mutating func removeFromService(_ fact: AlertRemoved, _ word: Word) -> Outcome {
        if let removal { return .unchanged(.outOfService(by: removal.act.by)) }
        if let reason = blindness(of: fact.seen, word) { return .refused(reason) }
        removal = Removal(act: Act(word), reason: fact.reason ?? SuppressionReason(.other))
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

    mutating func ask(_ fact: ApprovalRequested, _ word: Word) -> Outcome {
        if case .shelve(let until, let isOnce) = fact.wish {
            guard until > word.now else { return .unchanged(.notActive) }
            guard !isOnce || isActive(at: word.now) else { return .refused(.notActive) }
        } else if let removal {
            return .unchanged(.outOfService(by: removal.act.by))
        }
        if let reason = blindness(of: fact, word) { return .refused(reason) }
        if let request, request.act.by != word.by, !request.isOver(at: word.now) {
            return .refused(.alreadyRequested(by: request.act.by))
        }
        request = Request(
            wish: fact.wish, act: Act(word), reason: fact.reason, severity: fact.severity,
            event: word.id)
        return .applied
    }

    /// Requests from before `acts.bound.v1` name the severity alone.
    private func blindness(of fact: ApprovalRequested, _ word: Word) -> Outcome.Reason? {
        let seen = fact.occurrence.map { Seen(occurrence: $0, severity: fact.severity) }
        if let reason = blindness(of: seen, word) { return reason }
        return fact.severity < latchedSeverity && !word.stands ? .severityRose(latchedSeverity) : nil
    }

    /// Nobody approves what they asked for themselves, and nobody another request than the one they saw.
    mutating func decide(_ fact: ApprovalDecided, isGranted: Bool, _ word: Word) -> Outcome {
        guard let request, request.wish == fact.wish, request.act.by == fact.author else {
            return .refused(.noSuchRequest)
        }
        if let event = fact.request {
            guard event == request.event else { return .refused(.noSuchRequest) }
        } else if word.isStrict {
            return .refused(.namesNothing)
        }
        guard request.act.by != word.by else { return .refused(.fourEyes) }
        guard isGranted else {
            self.request = nil
            return .applied
        }
        guard word.stands || latchedSeverity <= request.severity else {
            return .refused(.severityRose(latchedSeverity))
        }
        self.request = nil
        return grant(request, approval: Act(word))
    }

    private mutating func grant(_ request: Request, approval: Act) -> Outcome {
        switch request.wish {
        case .removeFromService:
            removal = Removal(act: request.act, reason: request.reason, approval: approval)
            return .applied
        case .shelve(let until, let isOnce):
            let shelving = Shelving(
                act: request.act, until: until, from: latchedSeverity, isOnce: isOnce, reason: request.reason,
                approval: approval)
            return shelve(shelving, at: approval.at)
        }
    }
}
