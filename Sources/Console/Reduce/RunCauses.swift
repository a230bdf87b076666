import ControlRoom

/// Which alarm explains others: those that were marked are linked to the one under the cursor, or to the one that was picked
/// before. They go on waiting; where the list is grouped, they are in its group.
extension State {
    mutating func linkCause() -> [Effect] {
        withCurrent(.acknowledge) { state, line in
            guard !state.alerts.marks.isEmpty else { return state.pickCause(line) }
            state.alerts.renewMarks(page: Geometry(state).page(of: .alerts), at: state.now)
            let cause = state.pickedCause ?? state.cause(line.alert)
            return state.ask(.link(cause), on: state.alerts.marked, note: nil)
        }
    }

    /// Whoever picked it a while ago has something else in mind by now.
    var pickedCause: AlertDeed.Cause? {
        (0..<State.pickLastsSeconds).contains(now.seconds(since: alerts.picked)) ? alerts.pickedCause : nil
    }

    private static let pickLastsSeconds = 300.0

    /// With all that explains it in its turn, as far as that is known here.
    private func cause(_ alert: Alert) -> AlertDeed.Cause {
        let known = detail.detail.flatMap { $0.line.alert.subject == alert.subject ? $0.causes : nil }
        return AlertDeed.Cause(alert, at: now, own: known ?? [])
    }

    /// Without marks, the one under the cursor is taken from its cause, or picked as what explains those that are marked next.
    private mutating func pickCause(_ line: AlertLine) -> [Effect] {
        guard line.alert.cause(at: now) != nil else {
            (alerts.pickedCause, alerts.picked) = (cause(line.alert), now)
            let keys = (keyName(.mark, in: .alerts), keyName(.linkCause, in: .alerts))
            say(texts(.linkHow, line.alert.headline, keys.0, keys.1))
            return []
        }
        guard line.group == nil else {
            say(texts(.linkOpenFirst), isError: true)
            return []
        }
        return act(.link(nil), on: Targets(AlertRef(line, at: now)), note: nil)
    }
}
