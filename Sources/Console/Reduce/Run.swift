import ControlRoom

/// Commands, from a key or from the palette.
extension State {
    mutating func run(_ command: Command) -> [Effect] {
        if refuseInPast(command) { return [] }
        if let effects = runMotion(command) { return effects }
        if let effects = runAlerts(command) { return effects }
        if let effects = runMap(command) { return effects }
        if let effects = runChecklist(command) { return effects }
        return runGeneral(command)
    }

    // MARK: - Moving

    private mutating func runMotion(_ command: Command) -> [Effect]? {
        let page = Geometry(self).page(of: focus)
        switch command {
        case .down: return moveCursor(by: 1)
        case .up: return moveCursor(by: -1)
        case .pageDown: return focus == .alerts ? turnPage(1) : moveCursor(by: page)
        case .pageUp: return focus == .alerts ? turnPage(-1) : moveCursor(by: -page)
        case .top: return focus == .alerts ? jumpToStart() : moveCursor(by: -1_000_000)
        case .bottom: return focus == .alerts ? jumpToEnd() : moveCursor(by: 1_000_000)
        default: return nil
        }
    }

    mutating func moveCursor(by delta: Int) -> [Effect] {
        let page = Geometry(self).page(of: focus)
        switch focus {
        case .alerts:
            alerts.move(by: delta, page: page)
            return afterAlertMotion()
        case .assets:
            ListMotion.move(&assets.cursor, &assets.top, by: delta, count: assets.lines.count, page: page)
        case .log: ListMotion.move(&log.cursor, &log.top, by: delta, count: log.lines.count, page: page)
        case .checklist:
            let count = checklist.run?.playbook.steps.count ?? 0
            checklist.cursor = max(0, min(count - 1, checklist.cursor + delta))
        case .detail: detail.scroll = max(0, min(detailScene().lines.count - 1, detail.scroll + delta))
        case .metrics:
            ListMotion.move(&metrics.cursor, &metrics.top, by: delta, count: metricsRows().count, page: page)
        case .map: break
        }
        return []
    }

    private mutating func turnPage(_ pages: Int) -> [Effect] {
        alerts.turn(by: pages, page: Geometry(self).page(of: .alerts))
        return afterAlertMotion()
    }

    private mutating func afterAlertMotion() -> [Effect] {
        alerts.wanted = nil
        if alerts.top > 0 { holdIfFollowing() }
        return askDetail() + extendAlerts()
    }

    /// Leaving the start of the list ends following; what comes from now on is counted in the title.
    private mutating func holdIfFollowing() {
        guard alerts.follows else { return }
        alerts.follows = false
        alerts.countWhenHeld = totals.today
    }

    private mutating func jumpToStart() -> [Effect] {
        alerts.follows = true
        alerts.isPlaced = false
        alerts.countWhenHeld = nil
        alerts.owed = AlertsState.Owed()
        alerts.cursor = 0
        alerts.top = 0
        guard !alerts.reachesStart else { return askDetail() }
        let page = Geometry(self).page(of: .alerts)
        if let head = alerts.head { alerts.replace(with: head) }
        alerts.reveal(page: page)
        return askDetail() + jump(to: .start)
    }

    private mutating func jumpToEnd() -> [Effect] {
        holdIfFollowing()
        alerts.owed = AlertsState.Owed()
        let page = Geometry(self).page(of: .alerts)
        let wasThere = alerts.reachesEnd
        if !wasThere, let tail = alerts.tail {
            // The way back is as short, even before the disk has answered.
            if alerts.reachesStart {
                let lines = Array(alerts.lines.prefix(page * 2))
                alerts.head = AlertPage(lines: lines, reachesStart: true, reachesEnd: false)
            }
            alerts.replace(with: tail)
        }
        alerts.cursor = max(0, alerts.lines.count - 1)
        alerts.reveal(page: page)
        return askDetail() + (wasThere ? [] : jump(to: .end))
    }

    private mutating func jump(to anchor: AlertAnchor) -> [Effect] {
        alerts.generation += 1
        alerts.isExtending = false
        alerts.isRefreshing = true
        return [fetchAlerts(anchor, limit: Geometry(self).page(of: .alerts) * 4, .show)]
    }

    // MARK: - Everywhere

    private mutating func runGeneral(_ command: Command) -> [Effect] {
        switch command {
        case .palette: modal = .palette(PaletteState())
        case .help: modal = .help(scroll: 0)
        case .search: return write(FilterPrompt(text: alerts.query.filter.text, here: alerts.current?.alert.place))
        case .travel: return askTime()
        case .showFlood:
            awaitsFlood = true
            return [.fetch(.flood(realm))]
        case .exportList: modal = .prompt(Prompt(.export, text: exportName))
        case .undo where massesUnderWay > 0: say(texts(.stillKeeping))
        case .undo: return [.fetch(.undoable(actor: identity.actor, realm: realm))]
        case .nextPane: return cyclePane(1)
        case .previousPane: return cyclePane(-1)
        case .pane1, .pane2, .pane3, .pane4, .pane5, .pane6, .pane7: return focusPane(command)
        case .zoomPane:
            isZoomed.toggle()
            alerts.reveal(page: Geometry(self).page(of: .alerts))
            return refresh()
        case .refresh: return refresh()
        case .redraw: return [.redraw] + refresh()
        case .suspend: return [.suspend]
        case .quit: modal = .confirm(quitConfirmation)
        case .lock:
            isLocked = true
            forgetMarks()
            lockWord = ""
            isUnlocking = false
            unlockTry += 1
            modal = nil
        case .changeOperator: modal = .choice(operatorChoice)
        case .changeRealm: return changeRealm()
        default: return runSettings(command)
        }
        return []
    }

    /// Of the moment, so that it is not there yet.
    private var exportName: String {
        let local = zone.local(now)
        return "~/impetus-\(local.date)-\(local.clock.replacing(":", with: "")).csv"
    }

    private mutating func runSettings(_ command: Command) -> [Effect] {
        switch command {
        case .silence: return silence()
        case .toggleBell:
            bell.isOn.toggle()
            say(texts(bell.isOn ? .bellOn : .bellOff))
        case .toggleMouse:
            mouse.toggle()
            say(texts(mouse ? .mouseOn : .mouseOff))
            return [.setMouse(mouse)]
        case .chooseLayout: modal = .choice(choice(.chooseLayout, layoutNames, layout.name) { .layout($0) })
        case .chooseTheme: modal = .choice(choice(.chooseTheme, themeNames, themeName) { .theme($0) })
        case .nextLayout: return [.loadLayout(State.next(layoutNames, layout.name))]
        case .nextTheme: return [.loadTheme(State.next(themeNames, themeName))]
        case .changeLanguage:
            let items = Language.allCases.map { Choice.Item($0.ownName, .language($0)) }
            modal = .choice(Choice(title: texts(.chooseLanguage), items: items))
        default: return runExercise(command)
        }
        return []
    }

    private func choice(
        _ title: Phrase, _ names: [String], _ current: String, _ intent: (String) -> Intent
    ) -> Choice {
        let items = names.map { Choice.Item($0, note: $0 == current ? texts(.current) : "", intent($0)) }
        return Choice(title: texts(title), items: items, cursor: names.firstIndex(of: current) ?? 0)
    }

    private static func next(_ names: [String], _ current: String) -> String {
        guard let index = names.firstIndex(of: current) else { return names.first ?? current }
        return names[(index + 1) % names.count]
    }

    private mutating func silence() -> [Effect] {
        bell.silencedUntil = now.adding(seconds: Double(bell.plan.silenceSeconds))
        say(texts(.silenced, String(bell.plan.silenceSeconds)))
        return []
    }

    private var quitConfirmation: Confirmation {
        let waiting = texts(
            .quitText, String(totals.unacknowledged), String(max(feed.outbox, pendingActs)))
        return Confirmation(title: texts(.quitTitle), text: waiting, intent: .quit)
    }

    private mutating func cyclePane(_ step: Int) -> [Effect] {
        let order = isCompact ? panes : Geometry(self).places.map(\.kind)
        guard let index = order.firstIndex(of: focus) else { return [] }
        return focus(on: order[(index + step + order.count) % order.count])
    }

    private mutating func focusPane(_ command: Command) -> [Effect] {
        let commands: [Command] = [.pane1, .pane2, .pane3, .pane4, .pane5, .pane6, .pane7]
        guard let index = commands.firstIndex(of: command), panes.indices.contains(index) else { return [] }
        return focus(on: panes[index])
    }

    mutating func focus(on kind: PaneKind) -> [Effect] {
        focus = kind
        alerts.reveal(page: Geometry(self).page(of: .alerts))
        return refresh()
    }

    /// The realms in turn: what is Actual, the exercise, and messages that are never to be acted on.
    private mutating func changeRealm() -> [Effect] {
        var realms: [Realm] = [.actual]
        if let run = feed.exercise?.run ?? situation?.exercise?.name { realms.append(.exercise(run)) }
        realms.append(.technical)
        let index = realms.firstIndex(of: realm) ?? 0
        // What breaks through is one key away, as its banner says.
        let breaksThrough = realm != .actual && (situation?.actualUnacknowledged ?? 0) > 0
        let next = breaksThrough ? .actual : realms[(index + 1) % realms.count]
        say(texts(.realmNow, texts.name(of: next)))
        return show(next) + (breaksThrough ? focus(on: .alerts) : [])
    }

    // MARK: - The exercise

    private mutating func runExercise(_ command: Command) -> [Effect] {
        guard may(.runExercise) else { return deny(.runExercise) }
        switch command {
        case .exerciseStart:
            // Whoever runs the feed plays the exercise; an order given elsewhere would be heard by nobody.
            if feed.isElsewhere {
                say(texts(.exerciseElsewhere))
                return []
            }
            return [.exercise(.start)]
        case .exerciseEnd:
            guard feed.exercise != nil else { return sayNoExercise() }
            modal = .confirm(
                Confirmation(title: texts(.endExerciseTitle), text: texts(.endExerciseText), intent: .endExercise))
        case .exercisePause:
            guard let exercise = feed.exercise else { return sayNoExercise() }
            say(texts(exercise.paused ? .exerciseGoesOn : .exercisePaused))
            return [.exercise(exercise.paused ? .resume : .pause)]
        case .exerciseFaster, .exerciseSlower:
            guard let exercise = feed.exercise else { return sayNoExercise() }
            let speed = State.speed(after: exercise.speed, faster: command == .exerciseFaster)
            say(texts(.exerciseSpeed, State.speedText(speed)))
            return [.exercise(.speed(speed))]
        default: break
        }
        return []
    }

    private mutating func sayNoExercise() -> [Effect] {
        if feed.isElsewhere, situation?.exercise?.ended == nil, situation?.exercise != nil {
            say(texts(.exerciseElsewhere))
        } else {
            say(texts(.noExercise, keyName(.palette)))
        }
        return []
    }

    private static func speed(after speed: Double, faster: Bool) -> Double {
        let speeds = ExercisePlayer.speeds
        return faster
            ? speeds.first { $0 > speed } ?? speeds[speeds.count - 1]
            : speeds.last { $0 < speed } ?? speeds[0]
    }

    mutating func deny(_ right: Right) -> [Effect] {
        say(texts(.notAllowed, texts.word(for: identity.role), texts.word(for: right)), isError: true)
        return []
    }
}
