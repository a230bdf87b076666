/// Whose an alarm is, and what becomes of it when nobody answers.
extension Alert {
    mutating func assign(to person: String?, by actor: String, at time: Timestamp) -> Outcome {
        guard owner != person else { return .unchanged(.alreadyOwned(by: person ?? "")) }
        guard isOpen(at: time) else { return .refused(.alreadyClosed) }
        assignment = Attribution(to: person, act: Act(by: actor, at: time), after: assignment)
        return .applied
    }

    /// An alarm explains it, or none. It goes on waiting: who says so has not answered it.
    mutating func link(_ fact: AlertLinked, by actor: String, at time: Timestamp) -> Outcome {
        let cause = fact.cause
        guard cause != subject else { return .refused(.ownCause) }
        guard fact.occurrence >= annunciated else { return .refused(.newerOccurrence(occurrence)) }
        guard self.cause != cause else { return .unchanged(.alreadyLinked) }
        guard isOpen(at: time) else { return .refused(.alreadyClosed) }
        link = Attribution(to: cause, act: Act(by: actor, at: time), after: link)
        return .applied
    }

    mutating func undoAttribution(_ path: WritableKeyPath<Alert, Attribution?>, by actor: String) -> Outcome {
        guard let last = self[keyPath: path], last.act.by == actor else { return .refused(.nothingToUndo) }
        self[keyPath: path] = last.before.map { Attribution(to: $0.to, act: $0.act, after: nil) }
        return .applied
    }

    /// What the clock said of an occurrence that somebody has answered meanwhile changes nothing.
    mutating func escalate(_ fact: AlertEscalated, at time: Timestamp) -> Outcome {
        guard !acknowledged else { return .unchanged(.alreadyAcknowledged(by: acknowledgement?.by ?? "")) }
        guard fact.occurrence == annunciated else { return .unchanged(.newerOccurrence(annunciated)) }
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

    /// When the feed is to say something of it, because nobody does: that it waits still, or goes on still. Nil where never; of
    /// what has ended nobody is reminded.
    public func due(_ policy: AlarmPolicy) -> Timestamp? {
        guard !isSuppressed, active || latched else { return nil }
        guard acknowledged else {
            let step = policy.step(after: escalation?.level ?? 0, for: self)
            return step.map { wanted.adding(seconds: Double($0.seconds)) }
        }
        guard active, let acknowledgement, let seconds = policy.reminderSeconds[latchedSeverity] else { return nil }
        return max(acknowledgement.at, reminded ?? acknowledgement.at).adding(seconds: Double(seconds))
    }
}
