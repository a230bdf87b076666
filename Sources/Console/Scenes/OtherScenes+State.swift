import ControlRoom

extension State {
    // MARK: - Assets

    func assetsScene(page: Int) -> AssetsScene {
        let end = min(assets.lines.count, assets.top + page)
        let visible = assets.top < end ? assets.lines[assets.top..<end] : []
        let notes = [
            Span(texts(.assetCount, texts.number(assets.total)), .plain),
            Span(
                texts(.fixNowCount, texts.number(fixNowCount)), fixNowCount > 0 ? .severity(.high) : .dim),
        ]
        let catalogue =
            assets.vulnerabilities == 0 ? texts(.noCatalogue) : texts(.catalogue, texts.number(assets.vulnerabilities))
        return AssetsScene(
            title: TitleScene(title: texts.title(of: .assets), notes: notes, right: catalogue),
            columns: layout.assetColumns, rows: visible.map(assetRow),
            cursor: visible.isEmpty ? nil : assets.cursor - assets.top,
            empty: assets.isLoaded ? [texts(.emptyAssets), texts(.emptyAssetsHow)] : [texts(.loading)])
    }

    private func assetRow(_ line: AssetLine) -> AssetsScene.Row {
        AssetsScene.Row(
            risk: line.risk.score, fixNow: line.risk.score >= Risk.fixNow, name: line.asset.name,
            reason: line.risk.reasons.map { texts.words(for: $0, today: now.milliseconds / 86_400_000) }
                .joined(separator: " · "),
            owner: line.asset.owner, kind: line.asset.kind)
    }

    // MARK: - Checklist

    func checklistScene(_ area: Area) -> ChecklistScene {
        guard let run = checklist.run else {
            return ChecklistScene(
                title: TitleScene(title: texts.title(of: .checklist)), rows: [], cursor: nil,
                empty: emptyChecklist(), card: false)
        }
        let notes = [
            Span("\(run.playbook.title) v\(run.playbook.version)", .strong),
            Span(texts(.ofSteps, String(run.settledCount), String(run.playbook.steps.count)), .plain),
            Span(minutes(now.seconds(since: run.started.at)), .dim),
        ]
        let next = run.nextStep
        return ChecklistScene(
            title: TitleScene(
                title: texts.title(of: .checklist), notes: notes, right: run.isFinished ? texts(.finished) : ""),
            rows: run.playbook.steps.map { stepRow($0, run, isNext: $0.id == next?.id) }, cursor: checklist.cursor,
            empty: [], card: layout.name == "responder" && area.width < 70)
    }

    private func emptyChecklist() -> [String] {
        var lines = [texts(.emptyChecklist)]
        if let offer = detail.detail?.offers.first {
            lines.append(texts(.offered, offer.title, keyName(.startChecklist)))
        }
        return lines
    }

    private func stepRow(_ step: Playbook.Step, _ run: ChecklistRun, isNext: Bool) -> ChecklistScene.Row {
        let words = run.record(of: step.id)?.note
        return ChecklistScene.Row(
            number: String(step.id), title: step.title, text: (words.map { "“\($0)” " } ?? "") + step.text,
            state: run.state(of: step.id), isNext: isNext, note: stepNote(step, run))
    }

    /// Who set it and when; or by when it is due; or what it waits for.
    private func stepNote(_ step: Playbook.Step, _ run: ChecklistRun) -> Span {
        if let record = run.record(of: step.id), record.state != .open {
            let word = record.state == .done ? "" : texts.word(for: record.state) + " "
            let note = record.note.map { "“\($0)” " } ?? ""
            return Span(word + note + record.by + " " + stamp(record.at), .dim)
        }
        let waiting = run.waitsFor(step)
        if !waiting.isEmpty { return Span(texts(.afterSteps, waiting.map(String.init).joined(separator: ", ")), .dim) }
        guard let due = step.dueSeconds else { return Span(texts.word(for: step.role), .dim) }
        let left = Double(due) - now.seconds(since: run.started.at)
        return left >= 0
            ? Span(texts(.dueIn, minutes(left)), left < 30 ? .warning : .plain)
            : Span(texts(.overdue, minutes(-left)), .severity(.high))
    }

    // MARK: - Log

    private func words(for detail: LogDetail) -> String {
        switch detail {
        case .verdict(let verdict, let disposition):
            [verdict.map { texts.word(for: $0) }, texts.word(for: disposition)].compactMap { $0 }.joined(
                separator: ", ")
        case .step(let number, let state): "\(number) " + texts.word(for: state)
        case .note(let text): "“\(text)”"
        }
    }

    func logScene(page: Int) -> LogScene {
        let end = min(log.lines.count, log.top + page)
        let visible = log.top < end ? log.lines[log.top..<end] : []
        let rows = visible.map { line in
            [
                Span(stamp(line.at, done: line.done) + "  ", .dim),
                Span(line.isRefused ? texts(.noEffect) + " " : "", .warning),
                Span(texts.past(of: line.type) + "  ", line.isRefused ? .dim : .strong),
                Span(line.title ?? line.subject), Span(line.detail.map { "  " + words(for: $0) } ?? "", .plain),
                Span("  " + line.by, .dim),
            ]
        }
        return LogScene(
            title: TitleScene(title: texts.title(of: .log), right: texts(.newestFirst)), rows: rows,
            cursor: visible.isEmpty ? nil : log.cursor - log.top)
    }
}
