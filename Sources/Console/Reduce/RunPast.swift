import ControlRoom

/// The list as it stood at a time: going there, looking, and coming back.
extension State {
    mutating func askTime() -> [Effect] {
        modal = .prompt(Prompt(.travel))
        return []
    }

    mutating func travel(to text: String) -> [Effect] {
        guard let time = filterVocabulary.time(text) else {
            say(texts(.travelUnknown), isError: true)
            modal = .prompt(Prompt(.travel, text: text))
            return []
        }
        say(texts(.travelReading, stamp(time)))
        return [.fetch(.past(time, realm))]
    }

    /// Nil where the list shows what is now.
    mutating func leavePast() -> [Effect]? {
        guard past != nil else { return nil }
        return take(nil as PastView?)
    }

    mutating func take(_ view: PastView?, _ problem: PastView.Problem?) -> [Effect] {
        if let problem {
            say(words(for: problem), isError: true)
            return past == nil ? [] : take(nil as PastView?)
        }
        guard let view else { return [] }
        return take(view)
    }

    private func words(for problem: PastView.Problem) -> String {
        switch problem {
        case .before(let first): texts(.travelBefore, stamp(first))
        case .incomplete: texts(.travelIncomplete)
        case .future: texts(.travelFuture)
        }
    }

    /// Nothing of what was on the screen stays: neither may be taken for the other.
    private mutating func take(_ view: PastView?) -> [Effect] {
        past = view
        modal = nil
        let query = alerts.query
        let generation = alerts.generation + 1
        alerts = AlertsState(query: query)
        alerts.query.grouping?.inside = nil
        alerts.generation = generation
        alerts.follows = view == nil
        detail = DetailState()
        map.places = []
        log = LogState()
        metrics = MetricsState()
        say(view.map { texts($0.isOpenOnly ? .travelThereOpen : .travelThere, stamp($0.time)) } ?? texts(.travelBack))
        return (view == nil ? [.fetch(.past(nil, realm))] : []) + refresh()
    }

    /// What is not done while another time is on the screen.
    static let onlyNow: Set<Command> = [
        .acknowledge, .acknowledgeWithNote, .assess, .close, .shelve, .startChecklist, .take, .decide, .suppress,
        .endSuppression, .exportList, .showTeam, .showFlood, .follow, .stepDone, .stepNotApplicable, .stepBlocked,
        .stepNote, .checklistNote, .undo, .changeRealm, .exercisePause, .exerciseFaster, .exerciseSlower,
        .exerciseStart, .exerciseEnd, .mark, .markRange, .markAll,
    ]

    mutating func refuseInPast(_ command: Command) -> Bool {
        guard let past, State.onlyNow.contains(command) else { return false }
        say(texts(.travelLookOnly, stamp(past.time), keyName(.clearFilter, in: .alerts)), isError: true)
        return true
    }

    /// As everything is to be shown: by the clock and the counts of the time that is looked at.
    var shown: State {
        guard let past else { return self }
        var state = self
        state.now = past.time
        state.totals = past.totals
        return state
    }
}

extension Effect {
    /// Whether it only looks.
    var onlyLooks: Bool {
        switch self {
        case .record, .recordMany, .exercise, .export: false
        default: true
        }
    }
}
