import ControlRoom

/// Keys, pasted text and the mouse.
extension State {
    mutating func press(_ key: Key) -> [Effect] {
        detail.offersChecklist = nil
        // A question that comes late would take a key that was meant for something else.
        alerts.awaitedMembers = nil
        awaitsFlood = false
        // Nobody acts on what they do not see.
        if isTooSmall { return key == Key(.character("z"), control: true) ? [.suspend] : [] }
        if isLocked { return pressLocked(key) }
        forgetOldWord()
        if modal != nil {
            let effects = pressModal(key)
            return effects + enterPast()
        }
        let context = KeyContext(focus)
        // From any pane.
        if past != nil, focus != .alerts, keymap.keys(for: .clearFilter, in: .alerts).contains(key) {
            return leavePast() ?? []
        }
        guard let command = keymap.command(for: key, in: context) else {
            say(texts(.keyUnknown, key.name, keyName(.help)))
            return []
        }
        // What acts, acts on the line that is seen: from here on nothing moves it.
        if Command.motions.contains(command) {
            alerts.jumped = nil
        } else {
            alerts.owed = AlertsState.Owed()
        }
        return run(command)
    }

    /// What was said of an earlier key is over with the next; an error stays for as long as it takes to read.
    private mutating func forgetOldWord() {
        guard let status, !status.isError || now.seconds(since: status.until) > -9 else { return }
        self.status = nil
    }

    /// Pasted text is text: into a line that is being typed, or nowhere. It never is a command.
    mutating func paste(_ text: String) -> [Effect] {
        if isLocked {
            guard case .prompt(let prompt) = modal, case .passphrase = prompt.purpose else { return [] }
        }
        switch modal {
        case .filter(var prompt):
            prompt.input.insert(text)
            prompt.cursor = 0
            return write(prompt)
        case .prompt(var prompt):
            prompt.input.insert(text)
            modal = .prompt(prompt)
        case .palette(var palette):
            palette.input.insert(text)
            palette.cursor = 0
            modal = .palette(palette)
        default: say(texts(.pasteIgnored))
        }
        return []
    }

    mutating func mouse(x: Int, y: Int, _ action: MouseAction) -> [Effect] {
        guard !isLocked, modal == nil else { return [] }
        let geometry = Geometry(self)
        guard let place = geometry.places.first(where: { $0.area.contains(x, y) }) else { return [] }
        focus = place.kind
        alerts.jumped = nil
        let row = y - place.area.y - 1
        switch action {
        case .wheelDown: return scroll(place.kind, by: 3)
        case .wheelUp: return scroll(place.kind, by: -3)
        case .press: return row >= 0 ? point(place.kind, row: row) : []
        }
    }

    private mutating func scroll(_ kind: PaneKind, by lines: Int) -> [Effect] {
        if kind == .map { return run(lines < 0 ? .zoomIn : .zoomOut) }
        return moveCursor(by: lines)
    }

    private mutating func point(_ kind: PaneKind, row: Int) -> [Effect] {
        alerts.owed = AlertsState.Owed()
        switch kind {
        case .alerts: return moveCursor(by: alerts.top + row - alerts.cursor)
        case .assets: return moveCursor(by: assets.top + row - assets.cursor)
        case .log: return moveCursor(by: log.top + row - log.cursor)
        case .metrics: return moveCursor(by: metrics.top + row - metrics.cursor)
        default: return []
        }
    }

    // MARK: - Locked

    /// A locked console shows nothing of the picture; any key asks who is there.
    private mutating func pressLocked(_ key: Key) -> [Effect] {
        if case .choice(var choice) = modal {
            let effects = press(key, in: &choice)
            if case .choice = modal { modal = .choice(choice) }
            return effects
        }
        if case .prompt = modal { return pressModal(key) }
        modal = .choice(operatorChoice)
        return []
    }

    var operatorChoice: Choice {
        let items = identities.map { identity in
            Choice.Item(identity.actor, note: texts.word(for: identity.role), .become(identity))
        }
        let current = identities.firstIndex(of: identity) ?? 0
        return Choice(title: texts(.whoIsThere), text: texts(.whoIsThereText), items: items, cursor: current)
    }
}

extension Area {
    func contains(_ px: Int, _ py: Int) -> Bool { px >= x && px < x + width && py >= y && py < y + height }
}
