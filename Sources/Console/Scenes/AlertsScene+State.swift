import ControlRoom

extension State {
    func alertsScene(page: Int) -> AlertsScene {
        let end = min(alerts.lines.count, alerts.top + page)
        let visible = alerts.top < end ? alerts.lines[alerts.top..<end] : []
        return AlertsScene(
            title: alertsTitle(), columns: layout.alertColumns, rows: visible.map(alertRow),
            cursor: visible.isEmpty ? nil : alerts.cursor - alerts.top, empty: emptyAlerts())
    }

    private func alertRow(_ line: AlertLine) -> AlertsScene.Row {
        let alert = line.alert
        let state = alert.state(at: now)
        var row = AlertsScene.Row(
            severity: alert.severity, severityWord: texts.short(alert.severity), age: age(alert.raised),
            state: stateWords(alert, state), needsAcknowledgement: state.needsAcknowledgement,
            quiet: state == .normal || state == .shelved || state == .suppressed || state == .outOfService,
            district: districtName(of: alert), tool: alert.tool.code,
            headline: groupMark(line) + causeMark(line) + headline(of: alert),
            confidence: alert.confidence.map { "\(Int(($0 * 100).rounded()))%" } ?? "",
            occurrence: alert.timesAnnunciated > 1 ? texts.number(alert.timesAnnunciated) : "")
        if !alerts.marks.isEmpty {
            let isAnyMarked = line.group?.members.contains { alerts.marks[$0.row] != nil } ?? false
            row.isMarked = isAnyMarked || alerts.marks[line.row] != nil
        }
        return row
    }

    private func groupNote(_ grouping: AlertGrouping) -> String {
        if grouping.inside != nil { return texts(.groupOpenNote) }
        guard alerts.isGrouped else { return texts(.groupingNote) }
        guard grouping.rules.count == 1, let rule = grouping.rules.first else { return texts(.groupedNote) }
        return texts(.groupedNear, texts.number(rule.metres))
    }

    /// That another explains it; in front of a group the one that explains all of it.
    private func causeMark(_ line: AlertLine) -> String {
        let mark = line.alert.cause(at: now) == nil ? "" : "└ "
        return line.group?.cause.map { $0 + ": " + mark } ?? mark
    }

    /// How many it stands for.
    private func groupMark(_ line: AlertLine) -> String {
        guard let group = line.group else { return "" }
        let isMixed = group.waiting > 0 && group.waiting < group.count
        let words =
            isMixed
            ? texts(.groupWaiting, texts.number(group.count), texts.number(group.waiting))
            : texts(.groupCount, texts.number(group.count))
        // The row shows what waits; what is worse and goes on is among them.
        guard let worst = group.worst, worst > line.alert.severity else { return words + " " }
        return words + " [" + texts.short(worst) + "] "
    }

    /// A headline that says what a row alone would hide: that it has expired, or is no Actual message.
    func headline(of alert: Alert) -> String {
        var text = alert.headline
        if alert.isExpired(at: now), let stale = alert.stale { text = texts(.expiredMark, age(stale)) + " " + text }
        if let verdict = alert.assessment?.verdict { text = texts.mark(for: verdict) + " " + text }
        text = (urgentMarks(of: alert) + [text] + quietMarks(of: alert)).joined(separator: " ")
        if realm == .technical { text = "[" + texts.word(for: alert.status) + "] " + text }
        return text
    }

    /// What is forgotten when it is not on show, and is short: to whom it went.
    private func urgentMarks(of alert: Alert) -> [String] {
        var marks: [String] = []
        if let escalation = alert.escalation { marks.append(texts(.escalatedMark, escalation.to)) }
        if alert.isChattering(at: now) { marks.append(texts(.chattersMark)) }
        if let clock = alert.clock { marks.append(texts(clock == .late ? .lateMark : .aheadMark)) }
        return marks
    }

    /// Who keeps it quiet and why, or asks to; behind the headline, for without that it says nothing.
    private func quietMarks(of alert: Alert) -> [String] {
        var marks: [String] = []
        func because(_ reason: SuppressionReason) -> String { ": " + words(for: reason, isWhole: false) }
        switch alert.state(at: now) {
        case .shelved:
            guard let shelving = alert.shelving else { break }
            marks.append(texts(.shelvedMark, shelving.act.by, because(shelving.reason)))
        case .outOfService:
            guard let removal = alert.removal else { break }
            marks.append(texts(.removedMark, removal.act.by, age(removal.act.at), because(removal.reason)))
        case .suppressed:
            let suppressor = alert.suppressors(at: now).last { $0.from >= alert.severity }
            let rule = handling.suppressions.first { $0.id == suppressor?.rule }
            marks.append(
                texts(
                    .suppressedMark,
                    rule.map { words(for: $0) } ?? suppressor.map { words(for: $0.reason, isWhole: false) } ?? ""))
        default: break
        }
        if alert.isFleeting(at: now) { marks.append(texts(.fleetsMark)) }
        if let request = alert.request(at: now) { marks.append(texts(.requestMark, words(for: request))) }
        // Where a group is open, its cause stands there.
        if alerts.query.grouping == nil, let cause = alert.link?.to { marks.append(texts(.causeMark, cause)) }
        if let person = alert.assignment?.to { marks.append("[@" + person + "]") }
        return marks
    }

    func stateWords(_ alert: Alert, _ state: AlertState) -> String {
        // It goes on, and somebody was reminded of it.
        if state == .acknowledged, alert.reminded != nil, let act = alert.acknowledgement {
            return texts(.remindedMark, age(act.at))
        }
        if state == .shelved, let until = alert.shelvedUntil { return texts(.stateShelved, timeLeft(until)) }
        if state == .normal, alert.replacedBy != nil { return texts(.stateReplaced) }
        if state == .normal, alert.closing != nil { return texts(.stateClosed) }
        return texts.word(for: state)
    }

    private func timeLeft(_ until: Timestamp) -> String {
        let minutes = max(1, Int(until.seconds(since: now) / 60))
        return minutes < 100 ? "\(minutes)m" : minutes < 2_880 ? "\(minutes / 60)h" : "\(minutes / 1_440)d"
    }

    func districtName(of alert: Alert) -> String {
        if let district = alert.district {
            return map.outlines.first { $0.id == district }?.name ?? district
        }
        return alert.areaName ?? ""
    }

    // MARK: - Title

    private func alertsTitle() -> TitleScene {
        let filter = alerts.query.filter
        let counted = totals.matching(filter)
        var notes: [Span] = []
        if filter.text.isEmpty {
            let waiting = counted.unacknowledged
            notes.append(
                Span(
                    texts(.countUnacknowledged, texts.number(waiting)),
                    waiting > 0 ? counted.worstUnacknowledged.map(Tone.severity) ?? .strong : .dim))
            notes.append(Span(texts(.countOpen, texts.number(counted.open)), .plain))
            let hidden = totals.unacknowledged - waiting
            if hidden > 0 { notes.append(Span(texts(.countHidden, texts.number(hidden)), .warning)) }
        } else {
            notes.append(Span(alerts.found.map(words(forFound:)) ?? texts(.counting), .plain))
            if let shown = alerts.foundWaiting, totals.unacknowledged > shown {
                notes.append(Span(texts(.countHidden, texts.number(totals.unacknowledged - shown)), .warning))
            }
        }
        if let flood = totals.flood {
            notes.append(Span(texts(.floodNote, texts.number(flood.recent)), .warning))
        }
        if !alerts.marks.isEmpty { notes.append(Span(texts(.markedCount, texts.number(alerts.marks.count)), .strong)) }
        if let grouping = alerts.query.grouping { notes.append(Span(groupNote(grouping), .strong)) }
        notes += handlingNotes
        // What the list leaves out goes before what is only good to know: the last ones go first where it is narrow.
        if let held = newSinceHeld { notes.append(held) }
        notes += filterSpans(filter)
        if filter.text.isEmpty {
            if filter.show == .all { notes.append(Span(texts(.countTotal, texts.number(counted.total)), .plain)) }
            notes.append(Span(texts(.countToday, texts.number(totals.today)), .dim))
        }
        let order = texts.word(for: alerts.query.order)
        return TitleScene(title: texts.title(of: .alerts), notes: notes, right: order)
    }

    /// What came to somebody, or waits for a second person; loud where it is for whoever sits here.
    private var handlingNotes: [Span] {
        var notes: [Span] = []
        let escalated = handling.escalated.values.reduce(0, +)
        if escalated > 0 {
            let isMine = handling.escalatedTo(identity) > 0
            notes.append(Span(texts(.escalatedCount, texts.number(escalated)), isMine ? .strong : .warning))
        }
        if handling.requests > 0 {
            notes.append(Span(texts(.requestCount, texts.number(handling.requests)), may(.approve) ? .strong : .plain))
        }
        if !handling.suppressions.isEmpty {
            notes.append(Span(texts(.suppressionCount, texts.number(handling.suppressions.count)), .plain))
        }
        return notes
    }

    private func words(forFound count: Int) -> String {
        guard count == AlertsState.mostCounted + 1 else { return texts(.countFound, texts.number(count)) }
        return texts(.countFoundMore, texts.number(AlertsState.mostCounted))
    }

    private func filterSpans(_ filter: AlertFilter) -> [Span] {
        var parts: [String] = []
        if filter.show != .open { parts.append(texts.word(for: filter.show)) }
        if let tool = filter.tool { parts.append(tool.code) }
        if let district = filter.district { parts.append(map.outlines.first { $0.id == district }?.name ?? district) }
        if let severity = filter.minimumSeverity { parts.append("≥ " + texts.word(for: severity)) }
        if !filter.text.isEmpty { parts.append("/" + filter.text) }
        return parts.isEmpty ? [] : [Span("[" + parts.joined(separator: ", ") + "]", .strong)]
    }

    /// How many came while the reader stays put.
    private var newSinceHeld: Span? {
        guard !alerts.follows else { return nil }
        let new = alerts.countWhenHeld.map { totals.today - $0 } ?? 0
        guard new > 0 else { return Span(texts(.held), .dim) }
        return Span(texts(.heldNew, texts.number(new)), .warning)
    }

    /// Never nothing: why it is empty, and what to do.
    private func emptyAlerts() -> [String] {
        guard alerts.isLoaded else { return [texts(.loading)] }
        if alerts.query.filter.isNarrowed {
            return [texts(.emptyFiltered), texts(.emptyFilteredHow, keyName(.clearFilter))]
        }
        var lines = [texts(.emptyOpen)]
        if let last = totals.last { lines.append(texts(.emptyLast, age(last))) }
        if realm == .actual, totals.total == 0 { lines.append(texts(.emptyHow, keyName(.palette))) }
        return lines
    }
}
