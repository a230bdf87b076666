import ControlRoom

/// The figures of the alarm system: the shift beside the last thirty days, with what is aimed at.
extension State {
    func metricsScene(_ geometry: Geometry) -> MetricsScene {
        let page = geometry.page(of: .metrics)
        let rows = metricsRows(width: geometry.inside(of: .metrics, width: width)?.columns ?? width)
        let end = min(rows.count, metrics.top + page)
        let visible = metrics.top < end ? rows[metrics.top..<end] : []
        return MetricsScene(
            title: TitleScene(title: texts.title(of: .metrics), notes: metricsNotes), rows: visible.map(\.row),
            cursor: visible.isEmpty ? nil : metrics.cursor - metrics.top,
            empty: metrics.report == nil ? [] : [texts(.metricsNone)])
    }

    /// What is beyond what anybody can manage stands in the title too, for whoever does not read on.
    private var metricsNotes: [Span] {
        guard let report = metrics.report else { return [] }
        if past != nil { return [Span(texts(.metricsUntil, zone.local(report.shift.end.adding(seconds: 1)).clock))] }
        let beyond = KeyFigure.allCases.count { $0.level(report.shift, report.standing) == .beyond }
        return beyond > 0 ? [Span("\(beyond)!!", .error)] : []
    }

    /// A line, and the alarm that it is about.
    struct MetricsRow {
        var row: MetricsScene.Row
        var subject: String?
    }

    func metricsRows(width: Int = 80) -> [MetricsRow] {
        guard let report = metrics.report, !report.month.load.counts.isEmpty else { return [] }
        let lines = MetricsLines(state: self, report: report, width: width)
        return lines.figures + lines.loads + lines.frequent + lines.times + lines.verdicts + lines.positions
            + lines.tenants
    }

    /// What reads hours of figures is asked for at most every few seconds.
    mutating func askMetrics() -> [Effect] {
        guard !isTooSmall, !isLocked, Geometry(self).places.contains(where: { $0.kind == .metrics }) else { return [] }
        if let asked = metrics.asked, abs(now.seconds(since: asked)) < MetricsState.everySeconds { return [] }
        metrics.asked = now
        let isWhole = metrics.askedWhole.map { abs(now.seconds(since: $0)) >= MetricsState.everySecondsWhole } ?? true
        let shift = handling.policy.shiftStart(at: past?.time ?? now, zone)
        return [.fetch(.metrics(realm, shift: shift, isWhole: isWhole))]
    }

    /// The cursor stays on its alarm.
    mutating func take(_ report: MetricsReport, isWhole: Bool) {
        let subject = metricsSubject
        if isWhole { metrics.askedWhole = now }
        let month = metrics.report?.month
        metrics.report = report
        if !isWhole, let month { metrics.report?.month = month }
        let rows = metricsRows()
        if let subject, let index = rows.firstIndex(where: { $0.subject == subject }) { metrics.cursor = index }
        let page = Geometry(self).page(of: .metrics)
        ListMotion.move(&metrics.cursor, &metrics.top, by: 0, count: rows.count, page: page)
    }

    private var metricsSubject: String? {
        let rows = metricsRows()
        return rows.indices.contains(metrics.cursor) ? rows[metrics.cursor].subject : nil
    }

    /// The list with the alarm under the cursor and nothing else.
    mutating func showFrequent() -> [Effect] {
        guard let subject = metricsSubject else {
            say(texts(.metricsNotHere, keyName(.showFrequent, in: .metrics)))
            return []
        }
        return narrow(to: .test(.equals(.id, subject)))
    }
}

private struct MetricsLines {
    let state: State
    let report: MetricsReport
    let width: Int

    private var texts: Texts { state.texts }
    private var both: [AlarmMetrics] { [report.shift, report.month] }

    // MARK: - The figures that are aimed at

    var figures: [State.MetricsRow] {
        let begun = state.handling.policy.shiftStart(at: state.now, state.zone)
        let shift = texts(.metricsShift, state.zone.local(begun).clock.prefix(2) + " h")
        let month = texts(.metricsMonth, String(state.zone.local(report.month.start).date.dropFirst(5)))
        let total = columns(texts(.metricsAnnunciated), both.map { Span(texts.number($0.load.total)) })
        return [
            row(columns("", [Span(shift, .strong), Span(month, .strong)], last: Span(texts(.metricsTarget), .dim))),
            row(total), row(columns(texts(.metricsAllRate), both.map { Span(decimal($0.load.average)) })),
        ] + KeyFigure.allCases.map(figure)
    }

    private func figure(_ figure: KeyFigure) -> State.MetricsRow {
        let values = both.map { metrics in
            let level = figure.level(metrics, report.standing)
            return Span(marked(value(of: figure, metrics), level?.mark ?? ""), tone(level))
        }
        let isNow = figure == .stale || figure == .unauthorised
        return row(columns(name(of: figure), isNow ? [values[0]] : values, last: Span(figure.target, .dim)))
    }

    /// With a blank before the mark where there is room for one.
    private func marked(_ value: String, _ mark: String) -> String {
        (value + mark).count < valueWidth ? value + mark : value + mark.trimmedBlanks
    }

    private func tone(_ level: KeyFigure.Level?) -> Tone {
        switch level {
        case .over: .warning
        case .beyond: .error
        case .met: .plain
        case nil: .dim
        }
    }

    private func name(of figure: KeyFigure) -> String {
        switch figure {
        case .rate: texts(.metricsRate)
        case .flooded: texts(.metricsFlooded)
        case .flood: texts(.metricsFlood)
        case .peak: texts(.metricsPeak)
        case .frequent: texts(.metricsFrequent)
        case .nuisance: texts(.metricsNuisance)
        case .stale: texts(.metricsStale)
        case .priorities: texts(.metricsPriorities)
        case .unauthorised: texts(.metricsUnauthorised)
        }
    }

    private func value(of figure: KeyFigure, _ metrics: AlarmMetrics) -> String {
        switch figure {
        case .rate: decimal(metrics.ratePerPosition)
        case .flooded: percent(metrics.load.floodedShare)
        case .flood: percent(metrics.load.floodShare)
        case .peak: texts.number(metrics.load.peak)
        case .frequent: percent(metrics.frequentShare)
        case .nuisance: texts.number(metrics.chattering) + " / " + texts.number(metrics.fleeting)
        case .stale: texts.number(report.standing.stale) + " " + texts(.metricsNow)
        case .priorities:
            metrics.priorities.map { shares in
                [shares.low, shares.medium, shares.high].map { String(Int(($0 * 100).rounded())) }
                    .joined(separator: "/")
            } ?? "-"
        case .unauthorised: texts.number(report.standing.unauthorised) + " " + texts(.metricsNow)
        }
    }

    // MARK: - Loads

    var loads: [State.MetricsRow] {
        let names = [texts(.metricsShift, ""), texts(.metricsMonth, state.zone.local(report.month.start).date)]
        return [heading(.metricsLoad)]
            + zip(names, both).map { name, metrics in
                let label = pad(" " + name.trimmedBlanks, to: nameWidth)
                let parts = metrics.load.parts(max(10, width - nameWidth - 2))
                return State.MetricsRow(row: .load([Span(label, .dim)], parts), subject: nil)
            }
    }

    // MARK: - Alarms

    /// Those of the shift; of the thirty days, where the shift had none.
    var frequent: [State.MetricsRow] {
        let isShift = !report.shift.frequent.isEmpty
        let metrics = isShift ? report.shift : report.month
        guard !metrics.frequent.isEmpty else { return [] }
        let since =
            isShift
            ? texts(.metricsShift, "").trimmedBlanks
            : texts(.metricsMonth, state.zone.local(report.month.start).date)
        let title = State.MetricsRow(
            row: .words([Span(texts(.metricsTop), .strong), Span("  " + since, .dim)]), subject: nil)
        return [title]
            + metrics.frequent.map { alarm in
                var marks: [String] = []
                if alarm.isChattering { marks.append(texts(.metricsChatters)) }
                if alarm.isFleeting { marks.append(texts(.metricsFleets)) }
                let share = metrics.load.total > 0 ? Double(alarm.count) / Double(metrics.load.total) : 0
                let spans = [
                    Span(padLeft(texts.number(alarm.count), to: 7)), Span(padLeft(percent(share), to: 8) + "  ", .dim),
                    Span(pad(texts.short(alarm.severity), to: 5), .severity(alarm.severity)),
                    Span(marks.isEmpty ? "" : marks.joined(separator: ", ") + "  ", .warning),
                    Span(alarm.headline ?? texts(.metricsForgotten), alarm.headline == nil ? .dim : .plain),
                ]
                return State.MetricsRow(row: .words(spans), subject: alarm.headline == nil ? nil : alarm.subject)
            }
    }

    // MARK: - Answers

    var times: [State.MetricsRow] {
        // Where few answer, the times of all are those of somebody.
        guard state.may(.assign) || both.contains(where: { !$0.tellsOfPersons }) else {
            return report.month.positions.isEmpty ? [] : [row([Span(texts(.metricsHidden), .dim)])]
        }
        return times(.metricsAcknowledge, \.acknowledged) + times(.metricsAssess, \.assessed)
    }

    private func times(
        _ title: Phrase, _ path: KeyPath<AlarmMetrics, [Severity: AnswerTimes.Summary]>
    ) -> [State.MetricsRow] {
        let known = Severity.allCases.filter { severity in both.contains { $0[keyPath: path][severity] != nil } }
        guard !known.isEmpty else { return [] }
        return [heading(title)]
            + known.map { severity in
                row(
                    columns(
                        " " + texts.short(severity),
                        both.map { metrics in
                            let isShown = state.may(.assign) || !metrics.tellsOfPersons
                            return Span(isShown ? words(metrics[keyPath: path][severity]) : "-")
                        },
                        tone: .severity(severity)))
            }
    }

    private func words(_ summary: AnswerTimes.Summary?) -> String {
        guard let summary else { return "-" }
        return MetricsLines.duration(summary.median) + " " + MetricsLines.duration(summary.p95)
            + " (\(texts.number(summary.count)))"
    }

    var verdicts: [State.MetricsRow] {
        let known = AlarmMetrics.judgedTools(both)
        guard !known.isEmpty else { return [] }
        return [heading(.metricsFalse)]
            + known.map { tool in
                row(columns(" " + tool.code, both.map { Span(words($0.verdicts[tool])) }))
            }
    }

    private func words(_ verdicts: AlarmMetrics.Verdicts?) -> String {
        guard let verdicts, let share = verdicts.falseShare else { return "-" }
        return percent(share) + " "
            + texts(.metricsOf, texts.number(verdicts.rejected), texts.number(verdicts.confirmed + verdicts.rejected))
    }

    /// How much each did is for their own eyes and a supervisor's.
    var positions: [State.MetricsRow] {
        let seesAll = state.may(.assign)
        let persons = Set(both.flatMap(\.positions).map(\.person)).filter { seesAll || $0 == state.identity.actor }
        guard !persons.isEmpty else { return [] }
        return [heading(seesAll ? .metricsPositions : .metricsOwn)]
            + persons.sorted().map { person in
                row(
                    columns(
                        " " + person,
                        both.map { metrics in
                            Span(words(metrics.positions.first { $0.person == person }))
                        }))
            }
    }

    private func words(_ position: AlarmMetrics.Position?) -> String {
        guard let position else { return "-" }
        let time = position.acknowledged.map { MetricsLines.duration($0.median) } ?? "-"
        return texts(
            .metricsPosition, time, texts.number(position.acknowledged?.count ?? 0),
            texts.number(position.assessed?.count ?? 0))
    }

    /// Where others share theirs with us.
    var tenants: [State.MetricsRow] {
        let names = Set(both.flatMap(\.tenants.keys))
        guard names.contains(where: { !$0.isEmpty }) else { return [] }
        return [heading(.metricsTenants)]
            + names.sorted().prefix(20).map { name in
                row(
                    columns(
                        " " + (name.isEmpty ? texts(.metricsOurs) : name),
                        both.map { Span(texts.number($0.tenants[name] ?? 0)) }))
            }
    }

    // MARK: - Laying out

    private var nameWidth: Int { min(26, max(20, width * 2 / 5)) }
    private var valueWidth: Int { max(11, min(26, (width - nameWidth - 9) / 2)) }

    private func columns(_ name: String, _ values: [Span], last: Span? = nil, tone: Tone = .plain) -> [Span] {
        let cells = values.map { Span(pad($0.text, to: valueWidth), $0.tone) }
        let missing = String(repeating: " ", count: max(0, 2 - cells.count) * valueWidth)
        return [Span(pad(name, to: nameWidth), tone)] + cells + (last.map { [Span(missing), $0] } ?? [])
    }

    private func heading(_ title: Phrase) -> State.MetricsRow { row([Span(texts(title), .strong)]) }

    private func row(_ spans: [Span]) -> State.MetricsRow { State.MetricsRow(row: .words(spans), subject: nil) }

    private func pad(_ text: String, to width: Int) -> String {
        let text = text.count < width ? text : text.trimmedBlanks
        // A number that is cut off is another.
        let shown = text.count < width ? text : text.prefix(max(0, width - 2)) + "…"
        return shown + String(repeating: " ", count: max(0, width - shown.count))
    }

    private func padLeft(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func decimal(_ value: Double?) -> String {
        guard let value else { return "-" }
        let tenths = Int((value * 10).rounded())
        return texts.number(tenths / 10) + (texts.language == .italian ? "," : ".") + String(tenths % 10)
    }

    private func percent(_ share: Double?) -> String {
        guard let share else { return "-" }
        let percent = share * 100
        return (percent < 10 ? decimal(percent) : texts.number(Int(percent.rounded()))) + " %"
    }

    /// `42s`, `3m05s`, `1h05m`, `2d03h`.
    static func duration(_ seconds: Int) -> String {
        func two(_ value: Int) -> String { Timestamp.padded(Int64(value), 2) }
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m\(two(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3_600)h\(two(seconds % 3_600 / 60))m"
        default: return "\(seconds / 86_400)d\(two(seconds % 86_400 / 3_600))h"
        }
    }
}

extension String {
    fileprivate var trimmedBlanks: String { split(separator: " ").joined(separator: " ") }
}
