import ControlRoom

/// What can be done about an alert, and how the list is narrowed.
extension State {
    mutating func runAlerts(_ command: Command) -> [Effect]? {
        switch command {
        case .acknowledge: return acknowledgeCurrent()
        case .acknowledgeWithNote: return promptAcknowledgement()
        case .assess: return chooseVerdict()
        case .close: return chooseClosing()
        case .shelve: return chooseShelf()
        case .startChecklist: return chooseChecklist()
        case .open: return openDetail()
        case .showOnMap: return showOnMap()
        case .cycleShow: return requery { $0.filter.show = $0.filter.show.next }
        case .cycleSort: return requery { $0.order = $0.order.next }
        case .filterTool, .filterDistrict, .filterSeverity: return chooseFilter(command)
        case .clearFilter: return clearFilter()
        case .follow: return toggleFollow()
        default: return nil
        }
    }

    /// Esc is pressed in doubt as well: without a filter nothing moves, and with one the alert under the cursor is kept.
    private mutating func clearFilter() -> [Effect] {
        guard alerts.query.filter != AlertFilter() else { return [] }
        let current = alerts.current?.row
        let effects = requery { $0.filter = AlertFilter() }
        alerts.wanted = current
        return effects
    }

    private mutating func withCurrent(_ right: Right, _ body: (inout State, AlertLine) -> [Effect]) -> [Effect] {
        guard may(right) else { return deny(right) }
        guard let line = alerts.current else {
            say(texts(.noAlertHere))
            return []
        }
        guard !hasJustMoved else {
            alerts.jumped = nil
            say(texts(.listMoved, line.alert.headline), isError: true)
            return []
        }
        return body(&self, line)
    }

    /// Whoever began to press a key had another alert in mind.
    private var hasJustMoved: Bool {
        alerts.jumped.map { abs(now.seconds(since: $0)) < State.jumpSeconds } ?? false
    }

    private static let jumpSeconds = 1.5

    // MARK: - Acknowledging

    private mutating func acknowledgeCurrent() -> [Effect] {
        withCurrent(.acknowledge) { state, line in
            guard !line.alert.acknowledged else { return state.sayAcknowledged(line.alert) }
            return state.acknowledge(AlertRef(line), note: nil)
        }
    }

    private mutating func promptAcknowledgement() -> [Effect] {
        withCurrent(.acknowledge) { state, line in
            guard !line.alert.acknowledged else { return state.sayAcknowledged(line.alert) }
            state.modal = .prompt(Prompt(.acknowledge(AlertRef(line))))
            return []
        }
    }

    private mutating func sayAcknowledged(_ alert: Alert) -> [Effect] {
        say(texts(.alreadyAcknowledged, alert.acknowledgement?.by ?? "?"))
        return []
    }

    mutating func acknowledge(_ alert: AlertRef, note: String?) -> [Effect] {
        let fact = AlertAcknowledged(occurrence: alert.occurrence, severity: alert.severity, note: note)
        alerts.staysInPlace = alerts.current?.row == alert.row
        return act(.alertAcknowledged, on: alert, JSONWriter.bytes(fact.write), texts(.didAcknowledge, alert.headline))
    }

    // MARK: - Judging

    private mutating func chooseVerdict() -> [Effect] {
        withCurrent(.assess) { state, line in
            let alert = AlertRef(line)
            let items = Verdict.allCases.map { Choice.Item(state.texts.word(for: $0), .judge(alert, $0)) }
            state.modal = .choice(
                Choice(title: state.texts(.assessTitle), text: alert.headline, items: items))
            return []
        }
    }

    private mutating func chooseClosing() -> [Effect] {
        withCurrent(.close) { state, line in
            guard line.alert.acknowledged else {
                state.say(state.texts(.closeNeedsAck, state.keyName(.acknowledge)), isError: true)
                return []
            }
            guard line.alert.active || line.alert.latched else {
                state.say(state.texts(.alreadyEnded))
                return []
            }
            let alert = AlertRef(line)
            let items = Disposition.allCases.map { Choice.Item(state.texts.word(for: $0), .close(alert, $0)) }
            state.modal = .choice(
                Choice(title: state.texts(.closeTitle), text: alert.headline, items: items))
            return []
        }
    }

    /// After the verdict, the disposition; each choice shows what it leads to.
    mutating func chooseDisposition(_ alert: AlertRef, _ verdict: Verdict) {
        let items = verdict.dispositions.map { Choice.Item(texts.word(for: $0), .assess(alert, verdict, $0)) }
        let title = texts(.dispositionTitle, texts.word(for: verdict))
        modal = .choice(Choice(title: title, text: alert.headline, items: items))
    }

    mutating func assess(
        _ alert: AlertRef, _ verdict: Verdict, _ disposition: Disposition, note: String?
    ) -> [Effect] {
        let fact = AlertAssessed(
            occurrence: alert.occurrence, verdict: verdict, disposition: disposition, note: note)
        return act(
            .alertAssessed, on: alert, JSONWriter.bytes(fact.write),
            texts(.didAssess, texts.word(for: verdict), alert.headline))
    }

    mutating func close(_ alert: AlertRef, _ disposition: Disposition, note: String?) -> [Effect] {
        let fact = AlertAssessed(occurrence: alert.occurrence, verdict: nil, disposition: disposition, note: note)
        alerts.staysInPlace = alerts.current?.row == alert.row
        return act(.alertClosed, on: alert, JSONWriter.bytes(fact.write), texts(.didClose, alert.headline))
    }

    // MARK: - Shelving

    private mutating func chooseShelf() -> [Effect] {
        withCurrent(.shelve) { state, line in
            let alert = AlertRef(line)
            let fitting = Shelf.offered.filter { !$0.isOnce || line.alert.isActive(at: state.now) }
            var items = fitting.map { Choice.Item(state.texts.words(for: $0), .shelve(alert, $0)) }
            if case .shelved = line.alert.suppression(at: state.now) {
                items.insert(Choice.Item(state.texts(.unshelveNow), .unshelve(alert)), at: 0)
            }
            state.modal = .choice(
                Choice(title: state.texts(.shelveTitle), text: alert.headline, items: items))
            return []
        }
    }

    mutating func shelve(_ alert: AlertRef, _ shelf: Shelf, reason: String?) -> [Effect] {
        if reason == nil, shelf.needsReason {
            say(texts(.shelveNeedsReason), isError: true)
            return []
        }
        let fact = AlertShelved(
            until: now.adding(seconds: Double(shelf.seconds)), once: shelf.isOnce, reason: reason)
        alerts.staysInPlace = alerts.current?.row == alert.row
        return act(.alertShelved, on: alert, JSONWriter.bytes(fact.write), texts(.didShelve, alert.headline))
    }

    mutating func unshelve(_ alert: AlertRef) -> [Effect] {
        alerts.staysInPlace = alerts.current?.row == alert.row
        return act(
            .alertUnshelved, on: alert, Array("{\"reason\":\"operator\"}".utf8),
            texts(.didUnshelve, alert.headline))
    }

    private mutating func act(_ type: EventType, on alert: AlertRef, _ data: [UInt8], _ words: String) -> [Effect] {
        pendingActs += 1
        return [
            .record(
                Act(
                    type: type, subject: alert.subject, data: data, actor: identity.actor, realm: realm,
                    status: alert.status, words: words))
        ]
    }

    // MARK: - Checklists for it

    mutating func chooseChecklist() -> [Effect] {
        withCurrent(.runChecklist) { state, line in
            let alert = AlertRef(line)
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
            items = (Tool.toolkit + [.cap]).map { tool in
                let open = totals.part(of: tool).open
                return Choice.Item(tool.code, note: texts(.openCount, texts.number(open)), .filterTool(tool))
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
        case .severity: .need
        }
    }
}
