import ControlRoom

extension State {
    func headerScene() -> HeaderScene {
        let local = zone.local(now)
        var scene = HeaderScene(
            city: "IMPETUS  " + city.city.title, banner: banner(), breakthrough: breakthrough(.breakthrough),
            shortBreakthrough: breakthrough(.shortBreakthrough),
            who: [identity.tenant, texts.word(for: identity.role), identity.actor].filter { !$0.isEmpty }
                .joined(separator: " · "),
            feed: feedSpan(),
            outbox: Span(
                texts(.outbox, texts.number(feed.outbox)), feed.outbox > 0 ? .warning : .dim),
            clock: local.clock + " " + local.abbreviation + clockWarning)
        scene.shortBanner = shortBanner(scene.banner)
        return scene
    }

    private func shortBanner(_ banner: String?) -> String? {
        guard let word = banner?.split(separator: " ").first else { return nil }
        if let past {
            let realm = realm == .actual ? "" : word + " "
            return realm + texts(.pastShort, String(stamp(past.time).dropLast(3)), waitingNow)
        }
        guard let playing = feed.exercise, playing.run == realm.exercise else { return String(word) }
        if playing.paused { return word + " " + texts(.paused) }
        return playing.speed == 1 ? String(word) : word + " x" + State.speedText(playing.speed)
    }

    private func banner() -> String? {
        guard let past else { return realmBanner() }
        // What is an exercise stays one, whichever time is looked at.
        let realm = realmBanner().map { $0 + " · " } ?? ""
        return realm + texts(.pastBanner, stamp(past.time), waitingNow)
    }

    /// How many wait now, and the worst of them, for whoever looks at another time.
    private var waitingNow: String {
        let worst = totals.worstUnacknowledged.flatMap { $0 >= .high ? " " + texts.short($0) : nil } ?? ""
        return texts.number(totals.unacknowledged) + worst
    }

    private func realmBanner() -> String? {
        switch realm {
        case .actual: return nil
        case .technical: return texts(.technicalBanner)
        case .exercise(let run):
            let name = String(run.prefix { $0 != "/" })
            guard let playing = feed.exercise, playing.run == run else { return texts(.exerciseBanner, name) }
            let clock = texts(.exerciseClock, minutes(playing.elapsed), minutes(playing.duration))
            let speed = playing.paused ? texts(.paused) : "x" + State.speedText(playing.speed)
            return texts(.exerciseBanner, name) + "  " + clock + "  " + speed
        }
    }

    static func speedText(_ speed: Double) -> String {
        speed == speed.rounded() ? String(Int(speed)) : String(speed)
    }

    private func breakthrough(_ phrase: Phrase) -> String? {
        guard realm != .actual, let situation, situation.actualUnacknowledged > 0 else { return nil }
        let worst = situation.actualWorst.map { texts.word(for: $0) } ?? ""
        return texts(phrase, texts.number(situation.actualUnacknowledged), worst, keyName(.changeRealm))
    }

    /// The time on the screen is the hub's; that the machine has another one is worth knowing.
    private var clockWarning: String {
        guard feed.clockOffset != 0 else { return "" }
        return " " + texts(.clockOff, age(now.adding(seconds: -abs(Double(feed.clockOffset)) / 1_000)))
    }

    private func feedSpan() -> Span {
        switch feed.state {
        case .starting: Span(texts(.feedStarting), .dim)
        case .live where feed.hubBehind > 0: Span(texts(.hubBehind, texts.number(feed.hubBehind)), .warning)
        case .live: Span(texts(.feedLive, age(feed.heard)), now.seconds(since: feed.heard) > 10 ? .offline : .ok)
        case .silent(let since): Span(texts(.feedSilent, age(since)), .offline)
        case .offline(let since): Span(texts(.feedOffline, age(since)), .offline)
        case .catchingUp(let at, let end):
            Span(texts(.feedCatchingUp, texts.number(Int(end - at))), .warning)
        case .refused: Span(texts(.feedRefused), .error)
        case .failing: Span(texts(.feedFailing), .error)
        }
    }

    func toolStripScene(_ geometry: Geometry) -> ToolStripScene {
        // What the tools said then is not known.
        guard !geometry.isCompact, past == nil else { return ToolStripScene(entries: [], minutes: [], notes: []) }
        let entries = toolRegister.strip.map { entry in
            let isHeard = tools.contains { $0.tool == entry.tool }
            return ToolStripScene.Entry(
                code: entry.tool.code, state: toolState(entry), short: isHeard ? nil : texts(.toolNeverShort))
        }
        let sum = totals.lastMinutes.reduce(0, +)
        var notes = [Span(texts(.tenMinutes, texts.number(sum)), sum > 10 ? .warning : .dim)]
        if case .refused(let reason) = feed.state { notes.insert(Span(reason, .error), at: 0) }
        if totals.suppressed > 0 { notes.append(Span(texts(.shelvedCount, texts.number(totals.suppressed)), .plain)) }
        if let lag = situation?.textLag, lag > 2_000 {
            notes.append(Span(texts(.indexing, texts.number(Int(lag))), .dim))
        }
        if let lag = situation?.olderLag, lag > 0 {
            notes.append(Span(texts(.olderBehind, texts.number(Int(lag))), .dim))
        }
        if let lag = situation?.refoldLag, lag > 0 {
            notes.append(Span(texts(.foldingAnew, texts.number(Int(lag))), .dim))
        }
        return ToolStripScene(entries: entries, minutes: totals.lastMinutes, notes: notes)
    }

    /// Alert outranks what the tool says of itself; silence is told with its length.
    private func toolState(_ entry: ToolRegister.Entry) -> Span {
        guard let report = tools.first(where: { $0.tool == entry.tool }) else { return Span(texts(.toolNever), .dim) }
        let age = age(report.heard)
        if report.state == .off { return Span(texts(.toolOff), .dim) }
        if report.isSilent(at: now, after: entry.silentAfterSeconds) { return Span(texts(.toolSilent, age), .warning) }
        let waiting = totals.part(of: entry.tool).worstUnacknowledged
        if let waiting, waiting >= .high { return Span(texts(.toolAlert, age), .severity(waiting)) }
        if report.state == .degraded { return Span(texts(.toolDegraded, age), .warning) }
        return Span(texts(.toolOk, age), .dim)
    }

    func tabsScene() -> TabsScene {
        let tabs = panes.enumerated().map { index, kind in
            TabsScene.Tab(
                key: String(index + 1), title: texts.title(of: kind), count: tabCount(kind), selected: kind == focus,
                urgent: kind == .alerts && totals.unacknowledged > 0)
        }
        return TabsScene(tabs: tabs)
    }

    private func tabCount(_ kind: PaneKind) -> String {
        switch kind {
        case .alerts: alertsTabCount
        case .assets:
            fixNowCount > 0 ? texts.number(fixNowCount) + "!" : ""
        case .checklist: checklist.run.map { "\($0.settledCount)/\($0.playbook.steps.count)" } ?? ""
        default: ""
        }
    }

    /// How many wait, and the worst of them where that is a reason to go there.
    private var alertsTabCount: String {
        guard totals.unacknowledged > 0 else { return "" }
        let worst = totals.worstUnacknowledged.flatMap { $0 >= .high ? " " + texts.short($0) : nil } ?? ""
        return texts.number(totals.unacknowledged) + worst + "!"
    }

    var fixNowCount: Int { assets.lines.count { $0.risk.score >= Risk.fixNow } }

    // MARK: - The last line

    func footerScene() -> FooterScene {
        let context = KeyContext(focus)
        let offered: [Command] =
            past == nil ? FooterHints.commands(for: focus) : [.clearFilter, .travel, .palette, .help]
        let shown = offered.compactMap { command -> FooterScene.Hint? in
            guard let key = keymap.keys(for: command, in: command == .clearFilter ? .alerts : context).first else {
                return nil
            }
            return FooterScene.Hint(key: key.name, title: texts.hint(for: command))
        }
        let said = status.map { Span($0.text, $0.isError ? .error : .plain) }
        return FooterScene(hints: shown, status: said)
    }
}

/// The keys that a pane reminds of.
enum FooterHints {
    static func commands(for pane: PaneKind) -> [Command] {
        let own: [Command] =
            switch pane {
            case .alerts:
                [.acknowledge, .assess, .startChecklist, .shelve, .close, .showOnMap, .search, .cycleShow]
            case .detail: [.acknowledge, .assess, .startChecklist, .shelve, .close, .showOnMap]
            case .map: [.zoomIn, .zoomOut, .nextDistrict, .listDistrict, .fitOpen, .fitCity]
            case .assets: [.showAssetAlerts, .showOnMap, .search]
            case .checklist: [.stepDone, .stepNotApplicable, .stepBlocked, .stepNote, .chooseRun, .undo]
            case .log: [.down, .up]
            case .metrics: [.showFrequent, .zoomPane]
            }
        return own + [.nextPane, .palette, .help]
    }
}
