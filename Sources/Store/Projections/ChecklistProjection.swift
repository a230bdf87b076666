import ControlRoom

/// Playbooks, and the runs of them. A run has few events: it is folded again from the log whenever one comes, so that
/// what is stored is no more than what a list shows of it.
struct ChecklistProjection {
    let statements: Statements
    let events: EventRows

    func publish(_ playbook: Playbook, data: [UInt8]) throws {
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

    /// Folds the run anew and writes its line; the outcome is that of the last event.
    func refold(_ subject: String, realm: Int64) throws -> Outcome {
        let (run, outcome) = try fold(subject)
        guard let run else { return outcome }
        let insert = try statements(
            """
            INSERT OR REPLACE INTO runs (id, realm, playbook, alert, title, started, started_by, settled, steps)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, run.id)
        insert.bind(2, realm)
        insert.bind(3, run.playbook.id)
        insert.bind(4, run.alert)
        insert.bind(5, run.playbook.title)
        insert.bind(6, run.started.at.milliseconds)
        insert.bind(7, run.started.by)
        insert.bind(8, run.settledCount)
        insert.bind(9, run.playbook.steps.count)
        try insert.run()
        return outcome
    }

    /// The run as its events make it.
    func fold(_ subject: String) throws -> (run: ChecklistRun?, last: Outcome) {
        let select = try statements(
            "SELECT \(EventRows.columns) FROM events WHERE lane = 1 AND subject = ? ORDER BY sequence")
        select.bind(1, subject)
        let history = try select.all { try events.read($0) }
        var run: ChecklistRun?
        var last = Outcome.refused(.unknownSubject)
        for event in history { last = try apply(event, to: &run) }
        return (run, last)
    }

    private func apply(_ event: Event, to run: inout ChecklistRun?) throws -> Outcome {
        let actor = event.actor ?? event.source
        let time = event.recorded ?? event.happened
        let fact = try Fact(of: event)
        if case .checklistStarted(let started) = fact {
            guard run == nil else { return .unchanged(.alreadyClosed) }
            guard let playbook = try playbook(started.playbook, version: started.version) else {
                return .refused(.unknownPlaybook(started.playbook))
            }
            run = ChecklistRun(
                id: event.subject ?? "", playbook: playbook, alert: started.alert,
                started: Alert.Act(by: actor, at: time))
            return .applied
        }
        guard run != nil else { return .refused(.unknownSubject) }
        return run?.apply(fact, act: event.id, by: actor, at: time) ?? .refused(.unknownSubject)
    }
}
