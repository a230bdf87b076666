import ControlRoom

/// The list as it stood at a time: going there, looking, and coming back.
extension State {
    mutating func askTime() -> [Effect] {
        modal = .prompt(Prompt(.travel))
        return []
    }

    mutating func travel(to text: String) -> [Effect] {
        guard let time = filterVocabulary.pastTime(text) else { return [] }
        journey = Journey(number: journey.number + 1)
        say(texts(.travelReading, stamp(time)))
        return [.fetch(.travel(journey.number, time))]
    }

    /// Nil where the list shows what is now.
    mutating func leavePast() -> [Effect]? {
        past == nil ? nil : returnToNow()
    }

    private mutating func returnToNow() -> [Effect] {
        journey = Journey(number: journey.number + 1)
        return [.fetch(.returnToNow(journey.number))]
    }

    mutating func takeReady(_ number: Int, _ problem: PastProblem?) -> [Effect] {
        guard number == journey.number else { return [] }
        if let problem {
            say(words(for: problem), isError: true)
            return []
        }
        journey.isReady = true
        return enterPast()
    }

    /// Not under the hands of somebody who writes or is asked.
    mutating func enterPast() -> [Effect] {
        guard journey.isReady, modal == nil, !isLocked else { return [] }
        journey.isReady = false
        return [.fetch(.enterPast(journey.number, realm))]
    }

    private func words(for problem: PastProblem) -> String {
        switch problem {
        case .before(let first): texts(.travelBefore, stamp(first))
        case .incomplete: texts(.travelIncomplete)
        case .future: texts(.travelFuture)
        case .tooMuch: texts(.travelTooMuch)
        case .failed(let reason): reason
        }
    }

    /// Nothing of what was on the screen stays: neither may be taken for the other.
    mutating func take(past view: PastView?, _ number: Int) -> [Effect] {
        // What the answers are of has changed, whichever journey it was; the one that is wanted follows.
        guard past != nil || view != nil else { return [] }
        if !alerts.marks.isEmpty { say(texts(.marksGone)) }
        past = view?.realm == realm ? view : nil
        modal = nil
        let query = alerts.query
        let generation = alerts.generation + 1
        alerts = AlertsState(query: query)
        alerts.query.grouping?.inside = nil
        alerts.generation = generation
        alerts.follows = past == nil
        alerts.jumped = now
        detail = DetailState()
        map.places = []
        log = LogState()
        metrics = MetricsState()
        let key = keyName(.clearFilter, in: .alerts)
        say(
            past.map { texts($0.isOpenOnly ? .travelThereOpen : .travelThere, stamp($0.time), key) }
                ?? texts(.travelBack))
        // It arrived in a realm that is not on the screen any more.
        if view != nil, past == nil { return returnToNow() + refresh() }
        return refresh()
    }

    /// What is not done while another time is on the screen.
    static let onlyNow: Set<Command> = [
        .acknowledge, .acknowledgeWithNote, .assess, .close, .shelve, .startChecklist, .take, .decide, .suppress,
        .endSuppression, .exportList, .showTeam, .showFlood, .follow, .stepDone, .stepNotApplicable, .stepBlocked,
        .stepNote, .checklistNote, .undo, .chooseDistrictSet, .exercisePause, .exerciseFaster, .exerciseSlower,
        .exerciseStart, .exerciseEnd, .mark, .markRange, .markAll, .linkCause,
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
        // Who was told and who asks is of now.
        state.handling = Handling(policy: handling.policy, people: handling.people)
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
