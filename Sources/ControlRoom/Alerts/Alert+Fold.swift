/// The lifecycle of an alarm (ISA-18.2, figure 3): every change of an alert happens in these folds.
extension Alert {
    /// Applies a fact about an alert that already exists; annunciations go through `raise`, references through `replace`,
    /// `cancel` and `takeOver`.
    public static func fold(_ fact: Fact, into alert: inout Alert, _ word: Word) -> Outcome {
        if case .actUndone(let undo) = fact { return alert.takeBack(undo, word).outcome }
        guard word.actor != nil, fact.isActOnAlert else { return alert.followed { $0.apply(fact, word) } }
        return alert.acted(fact, word)
    }

    /// - Precondition: it is no undo.
    mutating func apply(_ fact: Fact, _ word: Word) -> Outcome {
        switch fact {
        case .alertCleared: clear(word)
        case .alertAcknowledged(let fact): acknowledge(fact, word)
        case .alertAssessed(let fact): assess(fact, word)
        case .alertClosed(let fact): close(fact, word)
        case .alertReset(let seen): reset(seen, word)
        case .alertNoted: .applied
        case .alertTaken: assign(to: word.by, word)
        case .alertAssigned(let fact): assign(to: fact.to, word)
        case .alertEscalated(let fact): escalate(fact, at: word.now)
        case .alertReminded: remind(at: word.now)
        case .alertLinked(let fact): link(fact, word)
        case .alertWithdrawn(let reason): withdraw(reason, word)
        default: applySuppression(fact, word)
        }
    }

    private mutating func applySuppression(_ fact: Fact, _ word: Word) -> Outcome {
        switch fact {
        case .alertShelved(let fact): shelve(fact, word)
        case .alertUnshelved: unshelve(word)
        case .alertSuppressed(let fact): suppress(fact, word)
        case .alertUnsuppressed(let rule): unsuppress(rule, at: word.now)
        case .alertRemovedFromService(let fact): removeFromService(fact, word)
        case .alertReturnedToService: returnToService(at: word.now)
        case .approvalRequested(let fact): ask(fact, word)
        case .approvalGranted(let fact): decide(fact, isGranted: true, word)
        case .approvalRefused(let fact): decide(fact, isGranted: false, word)
        default: .unchanged(.unknownSubject)
        }
    }

    // MARK: - Its end

    /// Returns to normal; a latching alarm stays until it is reset.
    ///
    /// The clock clears only what is stale, and not what its source said again in the meantime. A source clears only what is
    /// not newer than its word.
    private mutating func clear(_ word: Word) -> Outcome {
        let end = SourceEnd(time: word.counted, recorded: word.now)
        guard active else {
            if !word.isFeeds { noteEnd(end) }
            return .unchanged(.notActive)
        }
        if word.isFeeds {
            guard isExpired(at: word.now) else { return .unchanged(.notActive) }
        } else if end.time < raised {
            return .unchanged(.olderNews)
        }
        if isFleeting(clearedAt: word.now) { fleeted = word.now }
        sourceEnd = word.isFeeds ? SourceEnd(time: stale ?? end.time, recorded: end.recorded) : end
        active = false
        latched = latching
        ended = word.now
        endOneShot(at: word.now)
        return .applied
    }

    /// The alarm is over already; a raise that was sent before this and comes after it is over as well.
    private mutating func noteEnd(_ end: SourceEnd) {
        if let sourceEnd, sourceEnd.time > end.time { return }
        sourceEnd = end
    }

    // MARK: - Answers

    /// An acknowledgement counts for what its author saw: an older occurrence or a lower severity leaves the alert as it is.
    private mutating func acknowledge(_ fact: AlertAcknowledged, _ word: Word) -> Outcome {
        if acknowledged { return .unchanged(.alreadyAcknowledged(by: acknowledgement?.by ?? "")) }
        if let reason = blindness(of: Seen(occurrence: fact.occurrence, severity: fact.severity), word) {
            return .refused(reason)
        }
        acknowledged = true
        acknowledgement = answering(word)
        latchedSeverity = currentSeverity
        escalation = nil
        reminded = nil
        // It was nobody's.
        if assignment?.to == nil { assignment = nil }
        return .applied
    }

    private func answering(_ word: Word) -> Act {
        Act(word, answer: word.answer ?? answer(at: word.now))
    }

    /// What an answer to it at a time answers.
    func answer(at now: Timestamp) -> Answer {
        Answer(severity: latchedSeverity, tool: tool, seconds: Int(now.seconds(since: wanted)))
    }

    /// A verdict stands beside that of somebody else; one's own is replaced.
    private mutating func assess(_ fact: AlertAssessed, _ word: Word) -> Outcome {
        if let reason = misfit(of: fact.occurrence, word) { return .refused(reason) }
        let judged = Assessment(verdict: fact.verdict, disposition: fact.disposition, act: answering(word))
        guard let first = assessment, first.act.by != word.by else {
            assessment = judged
            return .applied
        }
        dissents.removeAll { $0.act.by == word.by }
        dissents.append(judged)
        dissents.removeFirst(max(0, dissents.count - Alert.mostDissents))
        return .applied
    }

    private static let mostDissents = 7

    /// Ends an alert that no source clears; refused while nobody has acknowledged it.
    private mutating func close(_ fact: AlertAssessed, _ word: Word) -> Outcome {
        guard acknowledged else { return .refused(.notAcknowledged) }
        guard active || latched else { return .unchanged(.alreadyClosed) }
        if let reason = blindness(ofClose: fact, word) { return .refused(reason) }
        active = false
        latched = false
        ended = ended ?? word.now
        closing = Assessment(verdict: fact.verdict, disposition: fact.disposition, act: answering(word))
        request = nil
        endOneShot(at: word.now)
        return .applied
    }

    private func blindness(ofClose fact: AlertAssessed, _ word: Word) -> Outcome.Reason? {
        if let severity = fact.severity {
            return blindness(of: Seen(occurrence: fact.occurrence, severity: severity), word)
        }
        return misfit(of: fact.occurrence, word) ?? (word.isStrict ? .namesNothing : nil)
    }

    private mutating func reset(_ seen: Seen?, _ word: Word) -> Outcome {
        guard latched else { return .unchanged(.notLatched) }
        guard acknowledged else { return .refused(.notAcknowledged) }
        if let reason = blindness(of: seen, word) { return .refused(reason) }
        latched = false
        return .applied
    }
}
