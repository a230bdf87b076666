import ControlRoom

/// Forgets what ended at or before a place of the log. A part of the fold: it depends on nothing but the log, so that all who
/// follow it forget the same.
///
/// The cost grows with what is forgotten, with the alerts on which people acted, and with the number of checklist runs.
struct Trimming {
    let statements: Statements
    let rows: AlertRows
    let counts: AlertCounts
    let city: CityProjection
    let history: EventHistory

    /// What neither goes on nor was set aside, and was seen: it needs nobody any more. In an exercise that has ended nobody waits
    /// for anybody.
    private static let isOver = """
        active = 0 AND latched = 0 AND suppression = 0
            AND (acknowledged = 1 OR realm IN (SELECT realm FROM exercises WHERE ended IS NOT NULL))
        """
    /// The last row stays for a while, or the next alert would get its number, and who looks at the one would see the other.
    private static let isNotLast = "id < (SELECT max(id) FROM alerts)"

    func forget(_ fact: LogTrimmed) throws {
        var troubled: [Int64: Set<ExactText>] = [:]
        for (kept, truth) in try over(through: fact.through) {
            try remove(kept, truth)
            if let asset = kept.asset { troubled[kept.realm, default: []].insert(ExactText(asset)) }
        }
        try counts.flush()
        for (realm, assets) in troubled {
            for asset in assets { try city.recountAlerts(of: asset.text, realm: realm) }
        }
        try statements("DELETE FROM alert_counts WHERE total = 0").run()
        try forgetActs(recordedBy: fact.recorded)
        try forgetRuns(through: fact.through)
        let ends = try statements("DELETE FROM alert_ends WHERE recorded < ?")
        ends.bind(1, fact.recorded.milliseconds)
        try ends.run()
        let minutes = try statements("DELETE FROM annunciations WHERE minute < ?")
        minutes.bind(1, fact.recorded.minute)
        try minutes.run()
        try AlarmMeter.forget(before: fact.recorded, statements)
    }

    // MARK: - Alerts

    /// Alerts as they are shown, with what the log says where acts that are not settled lie over it: the log decides.
    private func over(through sequence: Int64) throws -> [(kept: AlertRows.Kept, truth: AlertRows.Kept)] {
        let plain = try statements(
            """
            SELECT \(AlertRows.columns) FROM alerts INDEXED BY alerts_over
            WHERE \(Trimming.isOver) AND last_event <= ? AND \(Trimming.isNotLast)
                AND id NOT IN (SELECT id FROM alert_bases)
            """)
        plain.bind(1, sequence)
        let found = try plain.all { AlertRows.read($0) }.map { ($0, $0) }
        let covered = try statements(
            """
            SELECT \(AlertRows.columns) FROM alert_bases
            WHERE \(Trimming.isOver) AND last_event <= ? AND \(Trimming.isNotLast)
            """)
        covered.bind(1, sequence)
        let shown = try statements("SELECT \(AlertRows.columns) FROM alerts WHERE id = ?")
        return try found
            + covered.all { AlertRows.read($0) }.compactMap { truth in
                shown.bind(1, truth.row)
                return try shown.first { AlertRows.read($0) }.map { ($0, truth) }
            }
    }

    private func remove(_ kept: AlertRows.Kept, _ truth: AlertRows.Kept) throws {
        let key = try rows.key(realm: kept.realm, subject: kept.alert.subject)
        counts.remove(kept)
        for table in ["alerts WHERE id", "alert_bases WHERE id", "alert_text WHERE rowid"] {
            let delete = try statements("DELETE FROM \(table) = ?")
            delete.bind(1, kept.row)
            try delete.run()
        }
        let references = try statements("DELETE FROM alert_ends WHERE key = ? AND subject = ?")
        references.bind(1, key)
        references.bind(2, kept.alert.subject)
        try references.run()
        try rows.hashes.remove(key, row: kept.row)
        rows.changes.note(kept.row)
        try history.remove(from: truth.lastEvent)
    }

    /// What people wrote to acts on an alert that stays has its end too: nobody takes back an act that the log has forgotten.
    private func forgetActs(recordedBy time: Timestamp) throws {
        for table in ["alerts", "alert_bases"] {
            let select = try statements("SELECT \(AlertRows.allColumns) FROM \(table) WHERE undoables IS NOT NULL")
            let update = try statements("UPDATE \(table) SET undoables = ? WHERE id = ?")
            for kept in try select.all({ AlertRows.readAll($0) }) {
                var alert = kept.alert
                guard alert.forgetActs(recordedBy: time) else { continue }
                update.bind(1, AlertUndoables.text(of: alert))
                update.bind(2, kept.row)
                try update.run()
            }
        }
    }

    // MARK: - Checklists

    /// Runs whose alert is gone and of which nothing was heard since. Their events are folded again whenever one more comes:
    /// they go here and not later, so that what comes finds the same everywhere.
    private func forgetRuns(through sequence: Int64) throws {
        let last = try statements("SELECT max(sequence) FROM events WHERE lane = 1 AND subject = ?")
        let runs = try statements("SELECT id, realm, alert FROM runs").all { ($0.text(0), $0.integer(1), $0.text(2)) }
        for (id, realm, alert) in runs {
            last.bind(1, id)
            guard let end = try last.first({ $0.optionalInteger(0) }) ?? nil, end <= sequence else { continue }
            let key = try rows.key(realm: realm, subject: alert)
            guard try rows.find(realm: realm, subject: alert, key: key) == nil else { continue }
            let delete = try statements("DELETE FROM runs WHERE id = ?")
            delete.bind(1, id)
            try delete.run()
            try ChecklistFolds(statements: statements).forget(id)
        }
        try history.remove(where: "lane = 1 AND sequence <= ? AND subject NOT IN (SELECT id FROM runs)", sequence)
    }
}

/// The events about one alert, a list linked backwards.
struct EventHistory {
    private let statements: Statements
    /// Nil where nothing is kept of what is taken out.
    private let rows: EventRows?

    init(of writer: LogWriter) {
        statements = writer.statements
        rows = writer.isOwnLog ? writer.events : nil
    }

    /// Takes out an event and all before it; those that are out already end the walk.
    func remove(from sequence: Int64?) throws {
        let select = try statements("SELECT previous FROM events WHERE sequence = ?")
        let delete = try statements("DELETE FROM events WHERE sequence = ?")
        var next = sequence
        while let here = next {
            select.bind(1, here)
            guard let previous = try select.first({ $0.optionalInteger(0) }) else { return }
            try keep("sequence = ?", here)
            delete.bind(1, here)
            try delete.run()
            next = previous.flatMap { $0 < here ? $0 : nil }
        }
    }

    /// Takes out the events that meet a condition.
    ///
    /// - Parameter condition: in SQL, with one question mark.
    func remove(where condition: String, _ value: Int64) throws {
        try keep(condition, value)
        let delete = try statements("DELETE FROM events WHERE \(condition)")
        delete.bind(1, value)
        try delete.run()
    }

    private func keep(_ condition: String, _ value: Int64) throws {
        guard let rows else { return }
        let select = try statements("SELECT \(EventRows.columns) FROM events WHERE \(condition)")
        select.bind(1, value)
        try select.each { row in
            try rows.trimmed.keep(try rows.read(row))
            return true
        }
    }
}
