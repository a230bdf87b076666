extension Alert {
    /// Applies a fact about an alert that already exists; annunciations go through `raise`.
    public static func fold(_ fact: Fact, into alert: inout Alert, by actor: String, at time: Timestamp) -> Outcome {
        switch fact {
        case .alertCleared: alert.clear(at: time)
        case .alertAcknowledged(let fact): alert.acknowledge(fact, by: actor, at: time)
        case .alertAssessed(let fact): alert.assess(fact, by: actor, at: time)
        case .alertClosed(let fact): alert.close(fact, by: actor, at: time)
        case .alertReset: alert.reset()
        case .alertShelved(let fact): alert.shelve(fact, by: actor, at: time)
        case .alertUnshelved: alert.unshelve(by: actor, at: time)
        case .actUndone(let fact): alert.undo(fact.type, by: actor, at: time)
        case .alertNoted: .applied
        case .alertWithdrawn(let reason): alert.replace(by: reason, at: time)
        default: .unchanged(.unknownSubject)
        }
    }
}
