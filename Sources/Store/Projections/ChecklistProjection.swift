import ControlRoom

/// Playbooks, and the runs of them. A run has few events: it is folded again from the log whenever one comes, so that
/// what is stored is no more than what a list shows of it.
struct ChecklistProjection {
    let statements: Statements
    let events: EventRows
    let pending: PendingActs

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

    /// A run, the realm it was started in, and what the last of its events did.
    struct Folded {
        var run: ChecklistRun?
        var realm: Realm?
        var last = Outcome.refused(.unknownSubject)
    }

    /// Folds the run anew and writes its line; the outcome is that of the last event.
    func refold(_ subject: String, names: Names) throws -> Outcome {
        let folded = try fold(subject)
        if folded.run == nil { try forget(subject) }
        guard let run = folded.run, let realm = folded.realm else { return folded.last }
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
        return folded.last
    }

    /// A run that was started here and is not to be.
    private func forget(_ subject: String) throws {
        let delete = try statements("DELETE FROM runs WHERE id = ?")
        delete.bind(1, subject)
        try delete.run()
    }

    /// The run as its events make it.
    func fold(_ subject: String) throws -> Folded {
        let select = try statements(
            "SELECT \(EventRows.columns) FROM events WHERE lane = 1 AND subject = ? ORDER BY sequence")
        select.bind(1, subject)
        var folded = Folded()
        for event in try select.all({ try events.read($0) }) { folded.last = try apply(event, to: &folded) }
        for act in try pending.acts(on: subject) { _ = try apply(act.event, to: &folded) }
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
