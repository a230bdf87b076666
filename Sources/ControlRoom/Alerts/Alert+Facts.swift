extension Alert {
    /// Applies a fact about an alert that already exists; annunciations go through `raise`.
    ///
    /// - Parameter policy: the site's, as the log had it then.
    public static func fold(
        _ fact: Fact, into alert: inout Alert, by actor: String, at time: Timestamp, _ policy: AlarmPolicy
    ) -> Outcome {
        switch fact {
        case .alertCleared: alert.clear(by: actor, at: time)
        case .alertAcknowledged(let fact): alert.acknowledge(fact, by: actor, at: time)
        case .alertAssessed(let fact): alert.assess(fact, by: actor, at: time)
        case .alertClosed(let fact): alert.close(fact, by: actor, at: time)
        case .alertReset: alert.reset()
        case .actUndone(let fact): alert.undo(fact.type, by: actor, at: time)
        case .alertNoted: .applied
        case .alertWithdrawn(let reason): alert.replace(by: reason, at: time)
        case .alertTaken: alert.assign(to: actor, by: actor, at: time)
        case .alertAssigned(let fact): alert.assign(to: fact.to, by: actor, at: time)
        case .alertEscalated(let fact): alert.escalate(fact, at: time)
        case .alertReminded: alert.remind(at: time)
        case .alertLinked(let fact): alert.link(fact, by: actor, at: time)
        default: alert.foldSuppression(fact, by: actor, at: time, policy)
        }
    }

    private mutating func foldSuppression(
        _ fact: Fact, by actor: String, at time: Timestamp, _ policy: AlarmPolicy
    ) -> Outcome {
        switch fact {
        case .alertShelved(let fact): shelve(fact, by: actor, at: time, policy)
        case .alertUnshelved: unshelve(by: actor, at: time)
        case .alertSuppressed(let fact): suppress(fact, at: time)
        case .alertUnsuppressed(let rule): unsuppress(rule, at: time)
        case .alertRemovedFromService(let reason): removeFromService(reason: reason, by: actor, at: time)
        case .alertReturnedToService: returnToService(at: time)
        case .approvalRequested(let fact): ask(fact, by: actor, at: time)
        case .approvalGranted(let fact): decide(fact, isGranted: true, by: actor, at: time)
        case .approvalRefused(let fact): decide(fact, isGranted: false, by: actor, at: time)
        default: .unchanged(.unknownSubject)
        }
    }
}
