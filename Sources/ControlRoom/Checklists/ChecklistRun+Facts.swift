extension ChecklistRun {
    /// Applies a fact about a run that was started; `act` is the id of its event.
    public mutating func apply(_ fact: Fact, act: String, by actor: String, at time: Timestamp) -> Outcome {
        switch fact {
        case .checklistStepSet(let fact):
            set(fact.step, to: fact.state, note: fact.note, by: actor, at: time, act: act)
        case .checklistNoted(let note): addNote(note, by: actor, at: time)
        case .actUndone(let fact): undo(fact.act, by: actor)
        default: .unchanged(.unknownSubject)
        }
    }
}
