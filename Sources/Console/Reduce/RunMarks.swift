import ControlRoom

/// Marking alerts, and acting on all that are marked.
extension State {
    mutating func runMarks(_ command: Command) -> [Effect] {
        guard let line = alerts.current else {
            say(texts(.noAlertHere))
            return []
        }
        guard command == .markAll || !hasJustMoved || alerts.members != nil else { return sayMoved(line) }
        switch command {
        case .markAll:
            alerts.awaitsSelection = true
            return [.fetch(.selection(alerts.query.each, limit: AlertsState.mostMarked))]
        case .markRange: markRange(to: line)
        default:
            alerts.toggleMark(line, at: now)
            alerts.move(by: 1, page: Geometry(self).page(of: .alerts))
            return extendAlerts() + askDetail()
        }
        return []
    }

    /// From the line that was marked last to the one under the cursor.
    private mutating func markRange(to line: AlertLine) {
        guard let start = alerts.lines.firstIndex(where: { $0.row == alerts.lastMark }) else {
            alerts.toggleMark(line, at: now)
            return
        }
        let range = min(start, alerts.cursor)...max(start, alerts.cursor)
        for line in alerts.lines[range] where alerts.marks.count < AlertsState.mostMarked {
            alerts.marks[line.row] = AlertRef(line, at: now)
        }
        alerts.lastMark = line.row
    }

    mutating func take(selection lines: [AlertLine], total: Int, of query: AlertQuery) -> [Effect] {
        if let members = alerts.awaitedMembers, members.query == query { return take(members: lines, of: members) }
        guard query == alerts.query.each, alerts.awaitsSelection, modal == nil, !isLocked else { return [] }
        alerts.awaitsSelection = false
        alerts.marks = Dictionary(lines.map { ($0.row, AlertRef($0, at: now)) }, uniquingKeysWith: { $1 })
        say(
            total > lines.count
                ? texts(.markedFirst, texts.number(lines.count), texts.number(total))
                : texts(.markedAll, texts.number(lines.count)))
        return []
    }

    // MARK: - Acting

    /// Asks before anything is done to alerts that are not all in sight. Those on which it would have no effect are left out.
    mutating func ask(_ deed: AlertDeed, on targets: Targets, note: String?) -> [Effect] {
        let fitting = targets.alerts.filter { deed.fits($0, by: identity.actor) }
        guard let worst = Targets(marked: fitting).worst else {
            say(texts(.markedNoneFits, texts.condition(of: deed)), isError: true)
            return []
        }
        let count = fitting.count == 1 ? fitting[0].headline : texts(.alertCount, texts.number(fitting.count))
        let mass = MassAct(
            steps: .deed(deed, note: note, fitting), actor: identity.actor, realm: realm,
            words: texts.words(for: deed, count))
        var text = texts(targets.isGroup ? .groupAsk : .markedAsk, texts.number(fitting.count), texts.word(for: worst))
        text +=
            " " + fitting.prefix(3).map { "“\($0.headline)”" }.joined(separator: ", ")
            + (fitting.count > 3 ? ", …" : ".")
        if case .link(let cause?) = deed {
            let others = fitting.count { $0.cause != nil && $0.cause != cause.subject }
            if others > 0 { text += " " + texts(.linkOthers, texts.number(others)) }
        }
        if let note { text += " " + texts(.markedNote, note) }
        let left = targets.alerts.count - fitting.count
        if left > 0 { text += " " + texts(.markedLeftOut, texts.number(left), texts.condition(of: deed)) }
        modal = .confirm(Confirmation(title: title(of: deed), text: text, intent: .actOnMany(mass)))
        return []
    }

    mutating func record(_ mass: MassAct) -> [Effect] {
        pendingActs += mass.count
        massesUnderWay += 1
        forgetMarks()
        if case .deed(let deed, _, let targets) = mass.steps, deed.movesLine, let row = alerts.current?.row {
            alerts.staysInPlace = targets.contains { $0.row == row }
        }
        return [.recordMany(mass)]
    }

    mutating func settle(_ mass: MassAct, _ outcome: MassOutcome) -> [Effect] {
        pendingActs = max(0, pendingActs - mass.count)
        massesUnderWay = max(0, massesUnderWay - 1)
        let failed = mass.count - outcome.applied
        guard failed > 0 else {
            say(texts(.actDone, mass.actor, mass.words))
            return refresh()
        }
        let reasons = outcome.failures.prefix(3).map {
            texts(.failureCount, texts.number($0.count), words(for: $0.outcome))
        }
        say(
            texts(
                .massRefused, mass.words, texts.number(outcome.applied), texts.number(failed),
                reasons.joined(separator: "; ")),
            isError: true)
        return refresh()
    }

    private func words(for outcome: ActOutcome) -> String {
        switch outcome {
        case .applied: ""
        case .refused(let reason): texts.words(for: reason)
        case .rejected(let reason), .notKept(let reason): reason
        }
    }

    /// What would be done, in a line.
    private func title(of deed: AlertDeed) -> String {
        switch deed {
        case .shelve(let until, let isOnce, _): texts(isOnce ? .shelveOnceTo : .shelveTo, zone.local(until).clock)
        case .request(let wish, _): texts(.askTitle) + ": " + words(for: wish)
        default: texts.title(of: deed)
        }
    }

    mutating func forgetMarks() {
        alerts.marks = [:]
        alerts.lastMark = nil
        alerts.awaitsSelection = false
        alerts.awaitedMembers = nil
        alerts.pickedCause = nil
    }

    func title(of targets: Targets) -> String {
        guard targets.areMarked else { return targets.alerts.first?.headline ?? "" }
        return texts(targets.isGroup ? .groupMembers : .markedCount, texts.number(targets.alerts.count))
    }
}

extension AlertsState {
    /// So many at once: more are taken in portions, each of which says what it did.
    public static let mostMarked = 10_000

    var marked: Targets { Targets(marked: marks.values.sorted { $0.row < $1.row }) }

    mutating func toggleMark(_ line: AlertLine, at now: Timestamp) {
        if marks.removeValue(forKey: line.row) != nil { return }
        guard marks.count < AlertsState.mostMarked else { return }
        marks[line.row] = AlertRef(line, at: now)
        lastMark = line.row
    }

    /// What is in sight is acted on as it is seen now; what is not, as it was when it was marked.
    mutating func renewMarks(page: Int, at now: Timestamp) {
        guard !marks.isEmpty, top < lines.count else { return }
        for line in lines[top..<min(lines.count, top + page)] where marks[line.row] != nil {
            marks[line.row] = AlertRef(line, at: now)
        }
    }
}
