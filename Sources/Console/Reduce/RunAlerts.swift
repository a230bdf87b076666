import ControlRoom

/// What can be done about an alert, and how the list is narrowed.
extension State {
    mutating func runAlerts(_ command: Command) -> [Effect]? {
        if let effects = askMembers(for: command) { return effects }
        switch command {
        case .acknowledge: return acknowledgeCurrent()
        case .acknowledgeWithNote: return promptAcknowledgement()
        case .assess: return chooseVerdict()
        case .close: return chooseClosing()
        case .shelve: return chooseShelf()
        case .startChecklist: return chooseChecklist()
        case .open: return openGroup() ?? openDetail()
        case .groupAlerts, .adjustGroups: return runGroups(command)
        case .linkCause: return linkCause()
        case .showOnMap: return showOnMap()
        case .cycleShow: return requery { $0.filter.show = $0.filter.show.next }
        case .cycleSort: return requery { $0.order = $0.order.next }
        case .sortByColumns, .chooseColumns: return runColumns(command)
        case .filterTool, .filterDistrict, .filterSeverity: return chooseFilter(command)
        case .clearFilter: return clearFilter()
        case .mark, .markRange, .markAll: return runMarks(command)
        case .take, .decide, .showTeam, .suppress, .endSuppression: return runHandling(command)
        case .chooseView, .saveView, .deleteView: return runViews(command)
        case .follow: return toggleFollow()
        default: return nil
        }
    }

    /// Esc is pressed in doubt as well: without a filter nothing moves, and with one the alert under the cursor is kept.
    private mutating func clearFilter() -> [Effect] {
        guard alerts.marks.isEmpty else {
            forgetMarks()
            say(texts(.marksGone))
            return []
        }
        if let effects = closeGroup() { return effects }
        guard alerts.query.filter != AlertFilter() else { return leavePast() ?? [] }
        let current = alerts.current?.row
        let effects = requery { $0.filter = AlertFilter() }
        alerts.wanted = current
        return effects
    }

    mutating func withCurrent(_ right: Right, _ body: (inout State, AlertLine) -> [Effect]) -> [Effect] {
        guard may(right) else { return deny(right) }
        guard let line = alerts.current else {
            say(texts(.noAlertHere))
            return []
        }
        guard !hasJustMoved else { return sayMoved(line) }
        return body(&self, line)
    }

    mutating func sayMoved(_ line: AlertLine) -> [Effect] {
        alerts.jumped = nil
        say(texts(.listMoved, line.alert.headline), isError: true)
        return []
    }

    /// In the list, the marked alerts where there are any; otherwise the one under the cursor, whose detail is read.
    mutating func withTargets(_ right: Right, _ body: (inout State, Targets) -> [Effect]) -> [Effect] {
        guard may(right) else { return deny(right) }
        if let members = alerts.members { return body(&self, members) }
        if focus == .alerts, !alerts.marks.isEmpty {
            alerts.renewMarks(page: Geometry(self).page(of: .alerts), at: now)
            return body(&self, alerts.marked)
        }
        return withCurrent(right) { body(&$0, Targets(AlertRef($1, at: $0.now))) }
    }

    /// Whoever began to press a key had another alert in mind.
    var hasJustMoved: Bool {
        alerts.jumped.map { abs(now.seconds(since: $0)) < State.jumpSeconds } ?? false
    }

    private static let jumpSeconds = 1.5

    // MARK: - Acknowledging

    private mutating func acknowledgeCurrent() -> [Effect] {
        withTargets(.acknowledge) { state, targets in
            state.areAcknowledged(targets) ? [] : state.act(.acknowledge, on: targets, note: nil)
        }
    }

    private mutating func promptAcknowledgement() -> [Effect] {
        withTargets(.acknowledge) { state, targets in
            guard !state.areAcknowledged(targets) else { return [] }
            state.modal = .prompt(Prompt(.acknowledge(targets)))
            return []
        }
    }

    /// Says who was quicker.
    private mutating func areAcknowledged(_ targets: Targets) -> Bool {
        guard !targets.areMarked, let alert = alerts.current?.alert, alert.acknowledged else { return false }
        say(texts(.alreadyAcknowledged, alert.acknowledgement?.by ?? "?"))
        return true
    }

    // MARK: - Judging

    private mutating func chooseVerdict() -> [Effect] {
        withTargets(.assess) { state, targets in
            let items = Verdict.allCases.map { Choice.Item(state.texts.word(for: $0), .judge(targets, $0)) }
            state.modal = .choice(
                Choice(title: state.texts(.assessTitle), text: state.title(of: targets), items: items))
            return []
        }
    }

    private mutating func chooseClosing() -> [Effect] {
        withTargets(.close) { state, targets in
            if !targets.areMarked, let alert = targets.alerts.first {
                guard alert.isAcknowledged else {
                    state.say(state.texts(.closeNeedsAck, state.keyName(.acknowledge)), isError: true)
                    return []
                }
                guard alert.isGoingOn else {
                    state.say(state.texts(.alreadyEnded))
                    return []
                }
            }
            let items = Disposition.allCases.map { Choice.Item(state.texts.word(for: $0), .close(targets, $0)) }
            state.modal = .choice(
                Choice(title: state.texts(.closeTitle), text: state.title(of: targets), items: items))
            return []
        }
    }

    /// After the verdict, the disposition; each choice shows what it leads to.
    mutating func chooseDisposition(_ targets: Targets, _ verdict: Verdict) {
        let items = verdict.dispositions.map { Choice.Item(texts.word(for: $0), .assess(targets, verdict, $0)) }
        let title = texts(.dispositionTitle, texts.word(for: verdict))
        modal = .choice(Choice(title: title, text: self.title(of: targets), items: items))
    }

    // MARK: - Acting

    /// On one at once; on those that were marked after a question that says how many they are.
    mutating func act(_ deed: AlertDeed, on targets: Targets, note: String?) -> [Effect] {
        if targets.areMarked { return ask(deed, on: targets, note: note) }
        guard let alert = targets.alerts.first else { return [] }
        if deed.movesLine { alerts.staysInPlace = alerts.current?.row == alert.row }
        pendingActs += 1
        return [
            .record(
                Act(
                    type: deed.type, subject: alert.subject, data: deed.data(on: alert, note: note),
                    actor: identity.actor, realm: realm, status: alert.status,
                    words: texts.words(for: deed, alert.headline)))
        ]
    }

    // MARK: - Checklists for it

    mutating func chooseChecklist() -> [Effect] {
        withCurrent(.runChecklist) { state, line in
            let alert = AlertRef(line, at: state.now)
            guard let known = state.detail.detail, known.line.row == line.row else {
                // Where no pane shows the detail, nobody has asked for it yet.
                state.say(state.texts(.stillLoading))
                state.detail.asked = line.row
                state.detail.offersChecklist = line.row
                return [.fetch(.detail(row: line.row))]
            }
            state.detail.offersChecklist = nil
            let running = known.runs.map {
                Choice.Item(
                    $0.title, note: state.texts(.runningCount, String($0.settled), String($0.steps)),
                    .chooseRun($0.id))
            }
            let offers = known.offers.map {
                Choice.Item(
                    $0.title, note: state.texts(.versionSteps, String($0.version), String($0.steps)), .start($0, alert))
            }
            let others = state.checklist.playbooks.filter { book in !known.offers.contains { $0.id == book.id } }
            let rest = others.map { book in
                let offer = PlaybookOffer(
                    id: book.id, version: book.version, title: book.title, steps: book.steps.count)
                return Choice.Item(book.title, note: state.texts(.notOffered), .start(offer, alert))
            }
            state.modal = .choice(
                Choice(title: state.texts(.startTitle), text: alert.headline, items: running + offers + rest))
            return []
        }
    }

    // MARK: - Looking

    private mutating func openDetail() -> [Effect] {
        guard alerts.current != nil else {
            say(texts(.noAlertHere))
            return []
        }
        return focus(on: .detail)
    }

    private mutating func toggleFollow() -> [Effect] {
        alerts.follows.toggle()
        say(texts(alerts.follows ? .followsNow : .holdsNow))
        alerts.countWhenHeld = alerts.follows ? nil : totals.today
        guard alerts.follows else { return [] }
        alerts.owed = AlertsState.Owed()
        alerts.isPlaced = false
        alerts.cursor = 0
        alerts.top = 0
        return refresh()
    }

    private mutating func chooseFilter(_ command: Command) -> [Effect] {
        let all = Choice.Item(texts(.all), allIntent(command))
        var items: [Choice.Item]
        switch command {
        case .filterTool:
            items = toolRegister.known.map { tool in
                let open = totals.part(of: tool).open
                return Choice.Item(title(of: tool), note: texts(.openCount, texts.number(open)), .filterTool(tool))
            }
        case .filterDistrict:
            items = city.districts.map { district in
                let open = totals.open(district: district.id).count
                return Choice.Item(
                    district.name, note: texts(.openCount, texts.number(open)), .filterDistrict(district.id))
            }
        default:
            items = Severity.allCases.map { severity in
                Choice.Item(texts(.andWorse, texts.word(for: severity)), .filterSeverity(severity))
            }
        }
        items.insert(all, at: 0)
        modal = .choice(Choice(title: texts.title(of: command), items: items))
        return []
    }

    /// The site's own tools with the name that it gave them.
    private func title(of tool: Tool) -> String {
        guard !tool.isShipped, let entry = toolRegister[tool] else { return tool.code }
        return tool.code + "  " + entry.name
    }

    private func allIntent(_ command: Command) -> Intent {
        switch command {
        case .filterTool: .filterTool(nil)
        case .filterDistrict: .filterDistrict(nil)
        default: .filterSeverity(nil)
        }
    }

    /// The key of a command where the focus is, or in another context; where it has none, the way to the palette.
    func keyName(_ command: Command, in context: KeyContext? = nil) -> String {
        keymap.keys(for: command, in: context ?? KeyContext(focus)).first?.name
            ?? keymap.keys(for: command, in: .alerts).first?.name ?? ":"
    }
}

extension AlertFilter.Show {
    var next: AlertFilter.Show {
        switch self {
        case .open: .unacknowledged
        case .unacknowledged: .shelved
        case .shelved: .all
        case .all: .open
        }
    }
}

extension AlertOrder {
    var next: AlertOrder {
        switch self {
        case .need: .newest
        case .newest: .oldest
        case .oldest: .severity
        case .severity, .columns: .need
        }
    }
}
