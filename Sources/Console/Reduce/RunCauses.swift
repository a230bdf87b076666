import ControlRoom

/// Which alarm explains others: those that were marked are linked to the one under the cursor. They go on waiting; where the
/// list is grouped, they are in its group.
extension State {
    mutating func linkCause() -> [Effect] {
        withCurrent(.acknowledge) { state, line in
            guard !state.alerts.marks.isEmpty else { return state.unlink(line) }
            state.alerts.renewMarks(page: Geometry(state).page(of: .alerts))
            return state.ask(
                .link(to: line.alert.subject, called: line.alert.headline), on: state.alerts.marked, note: nil)
        }
    }

    /// Without marks, the one under the cursor is taken from its cause.
    private mutating func unlink(_ line: AlertLine) -> [Effect] {
        guard line.alert.cause != nil else {
            say(texts(.linkHow, keyName(.mark, in: .alerts)))
            return []
        }
        return act(.link(to: nil, called: ""), on: Targets(AlertRef(line)), note: nil)
    }
}
