import ControlRoom

/// Puts the texts of alerts into the full-text index, behind the log: ingest does not wait for it, and what is not yet
/// in it is counted. Personal fields never enter.
struct TextIndexer {
    let writer: LogWriter

    private static let indexedTypes = [EventType.alertRaised, .alertCancelled, .alertWithdrawn]

    /// Indexes the alerts of at most `limit` further events; false when it has caught up.
    func step(limit: Int) throws -> Bool {
        let meta = Meta(statements: writer.statements)
        let done = try meta.indexed
        let types = try TextIndexer.indexedTypes.map { try writer.names.id($0.rawValue) }
        let select = try writer.statements(
            """
            SELECT sequence, type, subject, exercise, data, source,
                CASE WHEN instr(attributes, '\(Event.importedExtension)') > 0
                THEN json_extract(attributes, '$.extensions.\(Event.importedExtension)') IS NOT NULL END
            FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?
            """)
        select.bind(1, done)
        select.bind(2, limit)
        var last = done
        try select.each { row in
            last = row.integer(0)
            guard types.contains(row.integer(1)) else { return true }
            let exercise = try row.optionalInteger(3).map { try writer.names.text($0) }
            let source = try writer.names.text(row.integer(5))
            let speaker = Event.speaker(source, isImported: row.int(6) != 0)
            if row.integer(1) == types.last {
                try withdraw(sequence: last, subject: row.text(2), of: speaker, exercise: exercise)
                return true
            }
            try index(sequence: last, subject: row.text(2), of: speaker, exercise: exercise, data: row.blob(4))
            return true
        }
        guard last > done else { return false }
        try meta.set(indexed: last)
        return true
    }

    /// Indexes the alert that an event raised last; one that was followed by another is left to that one.
    private func index(
        sequence: Int64, subject: String, of source: String, exercise: String?, data: [UInt8]
    ) throws {
        guard let fact = try? JSONReader.read(data, { try AlertRaised(reading: &$0) }),
            let realm = try writer.names.existing(Realm(exercise: exercise, status: fact.status).name)
        else { return }
        guard let (row, times, _) = try raised(by: sequence, subject, of: source, realm) else { return }
        if times > 1 {
            if try isIndexed(row, fact) { return }
            let delete = try writer.statements("DELETE FROM alert_text WHERE rowid = ?")
            delete.bind(1, row)
            try delete.run()
        }
        try insert(row, fact)
    }

    /// Of an alert that was withdrawn only the key is left.
    private func withdraw(sequence: Int64, subject: String, of source: String, exercise: String?) throws {
        for realm in [Realm(exercise: exercise, status: .actual), .technical] {
            guard let realm = try writer.names.existing(realm.name) else { continue }
            guard let (row, _, own) = try raised(by: sequence, subject, of: source, realm) else { continue }
            let delete = try writer.statements("DELETE FROM alert_text WHERE rowid = ?")
            delete.bind(1, row)
            try delete.run()
            return try insert(row, headline: own, body: "", place: "")
        }
    }

    /// The row of the alert that an event raised last, and its subject there. Most stand under the subject that their source gave.
    private func raised(
        by sequence: Int64, _ subject: String, of source: String, _ realm: Int64
    ) throws -> (row: Int64, times: Int, subject: String)? {
        let rows = writer.alerts.rows
        if let (row, times) = try rows.raised(by: sequence, key: rows.key(realm: realm, subject: subject)) {
            return (row, times, subject)
        }
        let own = try rows.own(subject, of: source, realm: realm)
        guard own != subject else { return nil }
        return try rows.raised(by: sequence, key: rows.key(realm: realm, subject: own)).map { ($0.row, $0.times, own) }
    }

    private func isIndexed(_ row: Int64, _ fact: AlertRaised) throws -> Bool {
        let old = try writer.statements(
            "SELECT 1 FROM alert_text WHERE rowid = ? AND headline = ? AND body = ? AND place = ?")
        old.bind(1, row)
        old.bind(2, fact.headline)
        old.bind(3, TextIndexer.body(of: fact))
        old.bind(4, TextIndexer.place(of: fact))
        return try old.first { _ in true } ?? false
    }

    private func insert(_ row: Int64, _ fact: AlertRaised) throws {
        try insert(row, headline: fact.headline, body: TextIndexer.body(of: fact), place: TextIndexer.place(of: fact))
    }

    private func insert(_ row: Int64, headline: String, body: String, place: String) throws {
        let insert = try writer.statements(
            "INSERT INTO alert_text (rowid, headline, body, place) VALUES (?, ?, ?, ?)")
        insert.bind(1, row)
        insert.bind(2, headline)
        insert.bind(3, body)
        insert.bind(4, place)
        try insert.run()
    }

    private static func place(of fact: AlertRaised) -> String {
        [fact.district, fact.areaName, fact.site].compactMap { $0 }.joined(separator: " ")
    }

    private static func body(of fact: AlertRaised) -> String {
        [fact.kind, fact.tool.code, String((fact.description ?? "").prefix(4_000))].joined(separator: " ")
    }
}
