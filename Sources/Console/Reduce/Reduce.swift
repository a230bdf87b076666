import ControlRoom

/// The one place where the console's state changes. Pure: the same state and message give the same result.
public func reduce(into state: inout State, _ message: Message) -> [Effect] {
    let effects = change(&state, message)
    // Whoever looks at another time does nothing to what they cannot see.
    guard let past = state.past else { return effects }
    let looks = effects.filter(\.onlyLooks)
    if looks.count < effects.count {
        let key = state.keyName(.clearFilter, in: .alerts)
        state.say(state.texts(.travelLookOnly, state.stamp(past.time), key), isError: true)
    }
    return looks
}

private func change(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return state.press(key)
    case .paste(let text): return state.paste(text)
    case .mouse(let x, let y, let action): return state.mouse(x: x, y: y, action)
    case .resized(let width, let height): return state.resize(width: width, height: height)
    case .tick(let now): return state.tick(now)
    case .changed: return state.refresh()
    case .fetched(let answer): return state.take(answer)
    case .failed(let reason):
        state.alerts.isRefreshing = false
        state.alerts.isExtending = false
        state.alerts.owed = AlertsState.Owed()
        state.say(reason, isError: true)
        return []
    case .settled(let act, let outcome): return state.settle(act, outcome)
    case .settledMany(let mass, let outcome): return state.settle(mass, outcome)
    case .feed(let status): return state.take(status)
    case .layout(let layout, let warnings): return state.take(layout, warnings: warnings)
    case .theme(let name, let warnings):
        state.themeName = name
        state.say(warnings.first ?? state.texts(.themeNow, name), isError: !warnings.isEmpty)
        return []
    case .unlocked(let identity, let isRight, let number):
        return state.take(unlocked: identity, isRight, number)
    case .views(let views):
        state.views = views
        state.say(state.texts(.viewsNow, state.texts.number(views.count)))
        return []
    case .done(let text):
        state.say(text)
        return []
    case .say(let text):
        state.say(text, isError: true)
        return []
    }
}

extension State {
    /// What a console asks for when it opens.
    public mutating func open() -> [Effect] {
        [.fetch(.city), .fetch(.playbooks), .fetch(.situation)] + refresh()
    }

    mutating func tick(_ time: Timestamp) -> [Effect] {
        now = time
        if let status, status.until <= time { self.status = nil }
        return ring() + tellFresh() + askMetrics() + lookAtFlood()
    }

    mutating func resize(width: Int, height: Int) -> [Effect] {
        self.width = max(1, width)
        self.height = max(1, height)
        guard !isTooSmall else { return [] }
        alerts.reveal(page: Geometry(self).page(of: .alerts))
        if let box = map.lastFit, map.isUntouched { map.wantsFit = box }
        return refresh()
    }

    mutating func take(_ layout: Layout, warnings: [String]) -> [Effect] {
        self.layout = layout
        if !layout.panes.contains(focus) { focus = layout.focus }
        isZoomed = false
        if map.isUntouched, let box = map.lastFit { map.wantsFit = box }
        say(warnings.first ?? texts(.layoutNow, layout.title), isError: !warnings.isEmpty)
        alerts.reveal(page: Geometry(self).page(of: .alerts))
        return refresh()
    }

    mutating func take(_ status: FeedStatus) -> [Effect] {
        let before = feed
        feed = status
        if case .refused(let reason) = status.state, before.state != status.state {
            say(texts(.feedRefusedWhy, reason), isError: true)
        }
        guard before.exercise?.run != status.exercise?.run else { return [] }
        // An exercise began: it is shown instead of an older one, but not while something Actual is being worked on.
        if let run = status.exercise?.run, realm.isExercise || (realm == .actual && totals.open == 0) {
            return show(.exercise(run))
        }
        return [.fetch(.situation)]
    }

    /// Shows another realm. Nothing of the one before stays on the screen.
    mutating func show(_ realm: Realm) -> [Effect] {
        let back = leavePast() ?? []
        self.realm = realm
        // A question was about what was on the screen.
        modal = nil
        let (order, rules) = (alerts.query.order, alerts.query.grouping?.rules)
        let generation = alerts.generation
        alerts = AlertsState(query: AlertQuery(realm: realm, order: order))
        alerts.query.grouping = rules.map { AlertGrouping(rules: $0) }
        alerts.generation = generation + 1
        detail = DetailState()
        totals = AlertTotals()
        tools = []
        map.places = []
        checklist.run = nil
        checklist.runs = []
        checklist.chosen = nil
        log = LogState()
        metrics = MetricsState()
        handling = Handling(policy: handling.policy, people: handling.people)
        isHandlingKnown = false
        bell.known = nil
        bell.fresh = [:]
        return back + refresh() + [.fetch(.situation)]
    }
}
