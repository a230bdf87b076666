import ControlRoom

/// Playbooks, and the runs of them. What is stored of a run is its line in a list, and how far the log has brought it
/// (`ChecklistFolds`): an event costs the same however many came before it. Who reads a run folds it from the log.
struct ChecklistProjection {
    let statements: Statements
    let events: EventRows
    let pending: PendingActs

    private var folds: ChecklistFolds { ChecklistFolds(statements: statements) }

    func publish(_ playbook: Playbook, data: [UInt8]) throws {
        let known = try statements("SELECT data FROM playbooks WHERE id = ? AND version = ?")
        known.bind(1, playbook.id)
        known.bind(2, playbook.version)
        if let old = try known.first({ $0.blob(0) }), old != data {
            try folds.forget(playbook: playbook.id, version: playbook.version)
        }
        let insert = try statements(
            "INSERT OR REPLACE INTO playbooks (id, version, title, data) VALUES (?, ?, ?, ?)")
        insert.bind(1, playbook.id)
        insert.bind(2, playbook.version)
        insert.bind(3, playbook.title)
        insert.bind(4, data)
        try insert.run()
    }

    func playbook(_ id: String, version: Int) throws -> Playbook? {
        let select = try statements("SELECT data FROM playbooks WHERE id = ? AND version = ?")
        select.bind(1, id)
        select.bind(2, version)
        return try select.first { row in try JSONReader.read(row.blob(0)) { try Playbook(reading: &$0) } }
    }

    /// A run, the realm it was started in, and what the last of its events did.
    struct Folded {
        var run: ChecklistRun?
        var realm: Realm?
        var last = Outcome.refused(.unknownSubject)
        /// Of the events that set steps, by their ids, in the order of the log.
        var numbers: [String: [Int64]] = [:]
    }

    // MARK: - What comes

    /// Folds an event that the log just got.
    ///
    /// - Parameter sequence: its place.
    func take(_ event: Event, _ fact: Fact, at sequence: Int64, names: Names) throws -> Outcome {
        let run = event.subject ?? ""
        if let kept = try folds.find(run) {
            guard try names.text(kept.realm) == fact.realm(of: event).name else { return .refused(.unknownSubject) }
            return try take(event, fact, of: run, kept, at: sequence)
        }
        if try isThere(run) { return try refold(run, names: names) }
        // Nothing that came before its start takes effect.
        guard case .checklistStarted = fact else { return .refused(.unknownSubject) }
        var folded = Folded()
        folded.last = try apply(event, to: &folded)
        try keep(folded, of: run, names: names)
        return folded.last
    }

    /// - Parameter kept: in the realm of the event.
    private func take(
        _ event: Event, _ fact: Fact, of run: String, _ kept: ChecklistFolds.Kept, at sequence: Int64
    ) throws -> Outcome {
        switch fact {
        case .checklistStarted: return .unchanged(.alreadyClosed)
        // It changes nothing that is stored.
        case .checklistNoted: return .applied
        case .checklistStepSet(let set): return try self.set(set, by: event, of: run, kept, at: sequence)
        case .actUndone(let undo): return try self.undo(undo.act, by: act(of: event).by, of: run, kept)
        default: return .refused(.unknownSubject)
        }
    }

    private func set(
        _ fact: ChecklistStepSet, by event: Event, of id: String, _ kept: ChecklistFolds.Kept, at sequence: Int64
    ) throws -> Outcome {
        guard var run = try bare(id, kept) else { return .refused(.unknownPlaybook(kept.playbook)) }
        let last = try folds.last(of: fact.step, in: id)
        if let last { run.restore(last, of: fact.step) }
        let known = run.history[fact.step]?.count ?? 0
        let act = act(of: event)
        let outcome = run.apply(.checklistStepSet(fact), act: event.id, by: act.by, at: act.at)
        // A reason that comes later is a note.
        guard let record = run.record(of: fact.step), run.history[fact.step]?.count ?? 0 > known else { return outcome }
        try folds.add(record, to: id, step: fact.step, number: sequence)
        try settle(id, kept, from: last, to: record, fact.step, run.playbook)
        return outcome
    }

    private func undo(_ act: String, by actor: String, of id: String, _ kept: ChecklistFolds.Kept) throws -> Outcome {
        guard let found = try folds.find(act: act, in: id) else { return .refused(.nothingToUndo) }
        guard found.by == actor else { return .refused(.notYours(by: found.by)) }
        guard let run = try bare(id, kept) else { return .refused(.unknownPlaybook(kept.playbook)) }
        let last = try folds.last(of: found.step, in: id)
        try folds.remove(step: found.step, number: found.number, from: id)
        try settle(id, kept, from: last, to: try folds.last(of: found.step, in: id), found.step, run.playbook)
        return .applied
    }

    /// The last record of a step was another, and now is this one.
    private func settle(
        _ run: String, _ kept: ChecklistFolds.Kept, from last: ChecklistRun.StepRecord?,
        to now: ChecklistRun.StepRecord?, _ step: Int, _ playbook: Playbook
    ) throws {
        func count(_ record: ChecklistRun.StepRecord?) -> Int { record?.state.isSettled ?? false ? 1 : 0 }
        let isCounted = playbook.steps.contains { $0.id == step }
        var after = kept
        after.settled += isCounted ? count(now) - count(last) : 0
        assert((0...playbook.steps.count).contains(after.settled))
        if after.settled != kept.settled { try folds.set(settled: after.settled, of: run) }
        try show(run, after)
    }

    /// A run of which nothing was set.
    private func bare(_ id: String, _ kept: ChecklistFolds.Kept) throws -> ChecklistRun? {
        try playbook(kept.playbook, version: kept.version).map {
            ChecklistRun(
                id: id, playbook: $0, alert: "", started: Alert.Act(by: "", at: Timestamp(milliseconds: 0)))
        }
    }

    // MARK: - What is shown

    /// The run's line, with what waits for its echo.
    private func show(_ id: String, _ kept: ChecklistFolds.Kept) throws {
        var settled = kept.settled
        let acts = try pending.acts(on: id, realm: kept.realm)
        if !acts.isEmpty, var run = try bare(id, kept) {
            try folds.eachRecord(of: id) { run.restore($1, of: $0) }
            for one in acts {
                let act = act(of: one.event)
                _ = run.apply(one.fact, act: one.event.id, by: act.by, at: act.at)
            }
            settled = run.settledCount
        }
        let update = try statements("UPDATE runs SET settled = ?1 WHERE id = ?2 AND settled <> ?1")
        update.bind(1, settled)
        update.bind(2, id)
        try update.run()
    }

    /// Shows a run again over which an act lies now, or lies no more.
    func overlay(_ act: AdmittedEvent, names: Names) throws {
        // No line shows notes.
        if case .checklistNoted = act.fact { return }
        let run = act.event.subject ?? ""
        if let kept = try folds.find(run) { try show(run, kept) } else { _ = try refold(run, names: names) }
    }

    private func isThere(_ run: String) throws -> Bool {
        let select = try statements("SELECT 1 FROM runs WHERE id = ?")
        select.bind(1, run)
        return try select.first { _ in true } ?? false
    }

    // MARK: - Folding anew

    /// Folds the run from the log and keeps it; the outcome is that of the last event.
    private func refold(_ run: String, names: Names) throws -> Outcome {
        let folded = try foldLog(run)
        try keep(folded, of: run, names: names)
        return folded.last
    }

    /// - Parameter folded: as the log has it.
    private func keep(_ folded: Folded, of id: String, names: Names) throws {
        try folds.forget(id)
        if let run = folded.run, let realm = folded.realm {
            try folds.keep(run, realm: try names.id(realm.name), folded.numbers)
        }
        var shown = folded
        try lay(over: &shown, id)
        if shown.run == nil { try forget(id) }
        guard let run = shown.run, let realm = shown.realm else { return }
        let insert = try statements(
            """
            INSERT OR REPLACE INTO runs (id, realm, playbook, alert, title, started, started_by, settled, steps)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, run.id)
        insert.bind(2, try names.id(realm.name))
        insert.bind(3, run.playbook.id)
        insert.bind(4, run.alert)
        insert.bind(5, run.playbook.title)
        insert.bind(6, run.started.at.milliseconds)
        insert.bind(7, run.started.by)
        insert.bind(8, run.settledCount)
        insert.bind(9, run.playbook.steps.count)
        try insert.run()
    }

    /// A run that was started here and is not to be.
    private func forget(_ subject: String) throws {
        let delete = try statements("DELETE FROM runs WHERE id = ?")
        delete.bind(1, subject)
        try delete.run()
    }

    /// The run as its events make it, those that wait for their echo among them; nil where it was never started.
    func fold(_ run: String) throws -> Folded {
        guard try isThere(run) else { return Folded() }
        var folded = try foldLog(run)
        try lay(over: &folded, run)
        return folded
    }

    private func lay(over folded: inout Folded, _ run: String) throws {
        for act in try pending.acts(on: run) { _ = try apply(act.event, to: &folded) }
    }

    /// A start that was refused because nobody knew its playbook stays refused when that comes.
    private func foldLog(_ run: String) throws -> Folded {
        let select = try statements(
            "SELECT \(EventRows.columns), refused FROM events WHERE lane = 1 AND subject = ? ORDER BY sequence")
        select.bind(1, run)
        var folded = Folded()
        for (event, isRefused) in try select.all({ (try events.read($0), $0.optionalText(14) != nil) })
        where !(isRefused && event.type == .checklistStarted) {
            folded.last = try apply(event, to: &folded)
            guard event.type == .checklistStepSet, let number = event.sequence else { continue }
            folded.numbers[event.id, default: []].append(number)
        }
        return folded
    }

    /// An act from another realm does not reach the run.
    private func apply(_ event: Event, to folded: inout Folded) throws -> Outcome {
        let fact = (try? Fact(of: event)) ?? .unknown
        let realm = fact.realm(of: event)
        if case .checklistStarted(let started) = fact, folded.run == nil {
            guard let playbook = try playbook(started.playbook, version: started.version) else {
                return .refused(.unknownPlaybook(started.playbook))
            }
            folded.run = ChecklistRun(
                id: event.subject ?? "", playbook: playbook, alert: started.alert, started: act(of: event))
            folded.realm = realm
            return .applied
        }
        guard folded.run != nil, folded.realm == realm else { return .refused(.unknownSubject) }
        if case .checklistStarted = fact { return .unchanged(.alreadyClosed) }
        let act = act(of: event)
        return folded.run?.apply(fact, act: event.id, by: act.by, at: act.at) ?? .refused(.unknownSubject)
    }

    private func act(of event: Event) -> Alert.Act {
        Alert.Act(by: event.actor ?? event.source, at: event.recorded ?? event.happened)
    }
}
