/// Whose an alarm is, and what becomes of it when nobody answers.
extension Alert {
    mutating func assign(to person: String?, _ word: Word) -> Outcome {
        guard owner != person else { return .unchanged(.alreadyOwned(by: person ?? "")) }
        guard isOpen(at: word.now) else { return .refused(.alreadyClosed) }
        assignment = Attribution(to: person, act: Act(word))
        return .applied
    }

    /// An alarm explains it, or none. It goes on waiting: who says so has not answered it.
    mutating func link(_ fact: AlertLinked, _ word: Word) -> Outcome {
        let cause = fact.cause
        guard cause != subject else { return .refused(.ownCause) }
        if let reason = oldness(of: fact.occurrence) { return .refused(reason) }
        guard self.cause(at: word.now) != cause else { return .unchanged(.alreadyLinked) }
        guard isOpen(at: word.now) else { return .refused(.alreadyClosed) }
        link = Attribution(to: cause, act: Act(word))
        return .applied
    }

    /// What the clock said of an occurrence that somebody has answered meanwhile changes nothing.
    mutating func escalate(_ fact: AlertEscalated, at time: Timestamp) -> Outcome {
        guard !acknowledged else { return .unchanged(.alreadyAcknowledged(by: acknowledgement?.by ?? "")) }
        guard fact.occurrence == annunciated else {
            return .unchanged(oldness(of: fact.occurrence) ?? .newerOccurrence(timesAnnunciated))
        }
        guard !isSuppressed else { return .unchanged(.alreadySuppressed) }
        guard fact.level > escalation?.level ?? 0 else { return .unchanged(.notActive) }
        escalation = Escalation(level: fact.level, to: fact.to, at: time)
        return .applied
    }

    mutating func remind(at time: Timestamp) -> Outcome {
        guard acknowledged, isActive(at: time) else { return .unchanged(.notActive) }
        reminded = time
        return .applied
    }

    /// When the feed is to say something of it, because nobody does: that it waits still, also when it has ended by itself, or
    /// goes on still. Nil where never; of what has ended and was acknowledged nobody is reminded.
    public func due(_ policy: AlarmPolicy) -> Timestamp? {
        guard !isSuppressed else { return nil }
        guard acknowledged else {
            let step = policy.step(after: escalation?.level ?? 0, for: self)
            return step.map { wanted.adding(seconds: Double($0.seconds)) }
        }
        guard active, let acknowledgement, let seconds = policy.reminderSeconds[latchedSeverity] else { return nil }
        return max(acknowledgement.at, reminded ?? acknowledgement.at).adding(seconds: Double(seconds))
    }
}
