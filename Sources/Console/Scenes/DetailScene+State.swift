import ControlRoom

extension State {
    func detailScene() -> DetailScene {
        guard let line = alerts.current else {
            return DetailScene(
                title: TitleScene(title: texts.title(of: .detail)), lines: [[Span(texts(.noAlertHere), .dim)]],
                scroll: 0)
        }
        let known = detail.detail?.line.row == line.row ? detail.detail : nil
        var lines = summary(of: line.alert)
        lines += people(of: line.alert)
        if let known { lines += more(known) }
        return DetailScene(title: TitleScene(title: texts.title(of: .detail)), lines: lines, scroll: detail.scroll)
    }

    private func summary(of alert: Alert) -> [[Span]] {
        let state = alert.state(at: now)
        var facts = [alert.tool.code, alert.kind, texts(.subjectIs, alert.subject)]
        if let confidence = alert.confidence {
            facts.append(texts(.confidence, "\(Int((confidence * 100).rounded()))"))
        }
        facts.append(texts(.occurrenceIs, texts.number(alert.timesAnnunciated)))
        facts.append(texts(.sinceIs, stamp(alert.since)))
        var lines: [[Span]] = [
            [
                Span(texts.short(alert.severity) + "  ", .severity(alert.severity)),
                Span(stateWords(alert, state) + "  ", state.needsAcknowledgement ? .strong : .dim),
                Span(alert.headline, .strong),
            ],
            [Span(facts.filter { !$0.isEmpty }.joined(separator: " · "))],
        ]
        if alert.currentSeverity != alert.latchedSeverity {
            lines.append([Span(texts(.severityNow, texts.word(for: alert.currentSeverity)), .dim)])
        }
        lines.append([Span(whereItIs(alert))])
        if let stale = alert.stale { lines.append([staleSpan(stale)]) }
        if let by = alert.replacedBy { lines.append([Span(texts(.replacedBy, by), .dim)]) }
        return lines
    }

    private func staleSpan(_ stale: Timestamp) -> Span {
        stale <= now
            ? Span(texts(.expired, age(stale), stamp(stale)), .warning)
            : Span(texts(.expiresAt, stamp(stale)), .dim)
    }

    /// District or area, site, and how far outside the map it lies.
    private func whereItIs(_ alert: Alert) -> String {
        var parts = [districtName(of: alert)]
        if let site = alert.site { parts.append(city.sites.first { $0.id == site }?.name ?? site) }
        if let place = alert.place, let box = map.cityBox, !box.contains(place) {
            let metres = box.centre.distance(to: place)
            let distance = metres < 10_000 ? "\(Int(metres)) m" : texts.number(Int(metres / 1000)) + " km"
            parts.append(texts(.liesOutside, distance, texts.compass(box.centre.compassPoint(to: place))))
        }
        if alert.place == nil { parts.append(texts(.noPlace)) }
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func people(of alert: Alert) -> [[Span]] {
        var lines: [[Span]] = []
        if let act = alert.acknowledgement {
            lines.append([Span(texts(.acknowledgedBy, act.by, stamp(act)))])
        }
        if let clock = alert.clock {
            lines.append([Span(texts(clock == .late ? .clockLate : .clockAhead), .warning)])
        }
        for judged in alert.verdicts {
            let verdict = judged.verdict.map { texts.word(for: $0) } ?? ""
            lines.append([
                Span(
                    texts(
                        .assessedBy, verdict, texts.word(for: judged.disposition), judged.act.by, stamp(judged.act)))
            ])
        }
        lines += quiet(of: alert)
        if let request = alert.request(at: now) {
            lines.append([Span(words(for: request, isWhole: true), .warning)])
        }
        if let escalation = alert.escalation {
            let level = String(escalation.level)
            lines.append([Span(texts(.escalatedTo, escalation.to, stamp(escalation.at), level), .warning)])
        }
        if let assignment = alert.assignment {
            let person = assignment.to ?? texts(.nobody)
            lines.append([Span(texts(.assignedTo, person, assignment.act.by, stamp(assignment.act)))])
        }
        if let reminded = alert.reminded { lines.append([Span(texts(.remindedAt, stamp(reminded)), .warning)]) }
        if let judged = alert.closing {
            lines.append([
                Span(texts(.closedBy, texts.word(for: judged.disposition), judged.act.by, stamp(judged.act)))
            ])
        }
        return lines
    }

    /// What keeps it quiet, all of it.
    private func quiet(of alert: Alert) -> [[Span]] {
        func reason(_ reason: SuppressionReason) -> String { ": " + words(for: reason, isWhole: true) }
        func second(_ act: Alert.Act?) -> String { act.map { ", " + texts(.approvedBy, $0.by, stamp($0)) } ?? "" }
        var lines: [[Span]] = []
        if let shelving = alert.shelving, alert.isShelved(at: now) {
            let words = texts(.shelvedBy, shelving.act.by, stamp(shelving.act), stamp(shelving.until))
            lines.append([Span(words + second(shelving.approval) + reason(shelving.reason))])
        }
        if let removal = alert.removal {
            let words = texts(.removedBy, removal.act.by, stamp(removal.act))
            lines.append([Span(words + second(removal.approval) + reason(removal.reason))])
        }
        lines += alert.suppressors(at: now).map { suppressor in
            let holds = suppressor.from >= alert.severity
            let rule = handling.suppressions.first { $0.id == suppressor.rule }
            let why = rule.map { self.words(for: $0, isWhole: true) } ?? words(for: suppressor.reason, isWhole: true)
            return [
                Span(texts(holds ? .suppressedBy : .brokeThrough, stamp(suppressor.at), why), holds ? .plain : .dim)
            ]
        }
        return lines
    }

    private func more(_ known: AlertDetail) -> [[Span]] {
        var lines: [[Span]] = []
        if let description = known.description, !description.isEmpty { lines.append([Span(description)]) }
        lines += causes(known)
        if let radius = known.radiusMetres { lines.append([Span(texts(.radius, texts.number(Int(radius))))]) }
        if known.hasPersonal { lines.append([Span(texts(.masked), .dim)]) }
        if known.evidenceCount > 0 { lines.append([Span(texts(.evidence, texts.number(known.evidenceCount)), .dim)]) }
        for offer in known.offers.prefix(2) {
            lines.append([Span(texts(.offered, offer.title, keyName(.startChecklist)), .ok)])
        }
        for run in known.runs {
            lines.append([Span(texts(.checklistRuns, run.title, String(run.settled), String(run.steps)), .ok)])
        }
        if let run = checklist.run, run.alert == known.line.alert.subject {
            lines += run.notes.map { [Span("  " + stamp($0.at) + " " + $0.by + ": ", .dim), Span($0.text)] }
        }
        let before = [(known.isOlderComing, Phrase.olderComing), (known.isPastRetention, .earlierRemoved)]
            .compactMap { isSo, phrase in isSo ? Span(" " + texts(phrase), .dim) : nil }
        lines.append([Span(texts(.timeline), .dim)] + before + known.timeline.suffix(8).flatMap(entry))
        // What a refused act would have said is said of nothing.
        lines += known.timeline.filter { !$0.isRefused }.compactMap { entry in
            entry.note.flatMap { $0.isEmpty ? nil : $0 }.map {
                [Span("  " + stamp(entry.done ?? entry.at) + " " + (entry.by ?? "") + ": ", .dim), Span($0)]
            }
        }
        lines += known.extras.map { [Span($0.name + ": ", .dim), Span($0.value)] }
        return lines
    }

    /// What explains it, by whose word, and what it explains; what a rule says of it stands where it says what is suppressed.
    private func causes(_ known: AlertDetail) -> [[Span]] {
        var lines: [[Span]] = []
        if let link = known.line.alert.link {
            let said = [link.act.by, stamp(link.act)]
            let words =
                link.to.map { texts(.causeIs, known.cause ?? $0, $0, said[0], said[1]) }
                ?? texts(.causeNone, said[0], said[1])
            lines.append([Span(words)])
        }
        if known.explains > 0 { lines.append([Span(texts(.causeExplains, texts.number(known.explains)), .strong)]) }
        return lines
    }

    private func entry(_ entry: AlertDetail.Entry) -> [Span] {
        let word = texts.past(of: entry.type)
        let severity = entry.severity.map { " " + texts.short($0) } ?? ""
        let by = entry.by.map { " " + $0 } ?? ""
        let reason = entry.reason.map { ": " + texts.word(for: $0) } ?? ""
        let refused = entry.isRefused ? [Span(texts(.noEffect) + " ", .warning)] : []
        let waiting = entry.isWaiting ? [Span(texts(.notSettled) + " ", .warning)] : []
        let time = stamp(entry.at, done: entry.done)
        return [Span("  " + time + " ", .dim)] + refused + waiting + [Span(word + severity + by + reason)]
    }

    /// When somebody did it, and when the log had it, where that is another time.
    func stamp(_ act: Alert.Act) -> String { stamp(act.at, done: act.done) }

    /// - Parameter done: by its author's clock, where that differs.
    func stamp(_ logged: Timestamp, done: Timestamp?) -> String {
        done.map { texts(.doneAt, stamp($0), stamp(logged)) } ?? stamp(logged)
    }

    /// The time of day; with the date where it is not today.
    func stamp(_ time: Timestamp) -> String {
        let local = zone.local(time)
        return local.date == zone.local(now).date ? local.clock : local.date + " " + local.clock
    }
}
