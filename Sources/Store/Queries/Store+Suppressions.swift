public import ControlRoom

/// What the rules of a site suppress by design.
extension Store {
    /// The rules that run, the oldest first.
    public func suppressions() throws -> [Suppression] { try look { try Store.running($0) } }

    static func running(_ reader: StoreReader) throws -> [Suppression] {
        try reader.statements(
            "SELECT id, realm, actor, started, data FROM suppressions WHERE ended IS NULL ORDER BY started, id"
        ).all { row in
            Suppression(
                id: row.text(0), realm: Realm(name: try reader.names.text(row.integer(1))) ?? .technical,
                act: Alert.Act(by: row.text(2), at: Timestamp(milliseconds: row.integer(3))),
                rule: try JSONReader.read(row.blob(4)) { try SuppressionStarted(reading: &$0) })
        }
    }

    /// How many rules have ended.
    public func endedSuppressions() throws -> Int {
        try look { reader in
            try reader.statements("SELECT count(*) FROM suppressions WHERE ended IS NOT NULL").first { $0.int(0) } ?? 0
        }
    }

    /// What explains an alarm, and what explains that, by their keys; the alarm itself is the first.
    public func causes(of subject: String, realm: Realm) throws -> [String] {
        try look { reader in
            guard let id = try reader.realm(realm) else { return [subject] }
            return try reader.causes(of: subject, realm: id)
        }
    }

    /// The alerts that were written after a change, by row, and the last change; nil where that is not known any more, or where
    /// they are very many.
    public func changedAlerts(after number: Int64) throws -> (rows: Set<Int64>, last: Int64)? {
        try look { try AlertChanges.rows(after: number, most: 5_000, $0.statements) }
    }

    /// The number of the last change to any alert, whoever wrote it; `changedAlerts(after:)` goes on from it.
    public func lastChange() throws -> Int64 { try look { try AlertChanges.last($0.statements) } }

    /// Open alerts that a rule is about and does not suppress yet; not those that broke through it by becoming worse.
    ///
    /// - Parameters:
    ///   - spared: the cause of the rule, and what explains it, by their keys.
    ///   - rows: among these alone; the cost grows with their number.
    /// - Throws: `StoreError`.
    public func unsuppressed(
        by rule: Suppression, _ match: Filter, sparing spared: [String], among rows: Set<Int64>, now: Timestamp,
        limit: Int
    ) throws -> [Overdue] {
        try look { reader in
            guard let realm = try reader.realm(rule.realm) else { return [] }
            let select = try reader.unsuppressed(
                rule, match, spared, realm, "alerts WHERE id = ?5 AND realm = ?1", now: now, limit: limit)
            var found: [Overdue] = []
            for row in rows.sorted() where found.count < limit {
                select.bind(5, row)
                found += try select.all { Store.overdue(AlertRows.read($0), rule.realm) }
            }
            return found
        }
    }

    /// Where a walk over the open alerts of a realm stands, in the order of attention.
    public struct OpenPlace: Equatable, Sendable {
        fileprivate var need: Int64
        fileprivate var row: Int64

        /// Before the first.
        public static let start = OpenPlace(need: .min, row: .min)
    }

    /// The same of the next open alerts of a walk, whose cost grows with their number alone.
    ///
    /// - Parameters:
    ///   - place: behind it.
    ///   - portion: so many open alerts are looked at.
    /// - Returns: what was found, and where to go on; nil at the end. Where more than `limit` might be found the walk stays where it is.
    /// - Throws: `StoreError`.
    public func unsuppressed(
        by rule: Suppression, _ match: Filter, sparing spared: [String], from place: OpenPlace, portion: Int,
        now: Timestamp, limit: Int
    ) throws -> (found: [Overdue], next: OpenPlace?) {
        try look { reader in
            guard let realm = try reader.realm(rule.realm) else { return ([], nil) }
            let end = try reader.openPlace(portion, behind: place, realm)
            let select = try reader.unsuppressed(
                rule, match, spared, realm,
                """
                alerts INDEXED BY alerts_need WHERE realm = ?1 AND need BETWEEN ?5 AND ?7
                    AND (need > ?5 OR id > ?6) AND (need < ?7 OR id <= ?8)
                """, now: now, limit: limit)
            select.bind(5, place.need)
            select.bind(6, place.row)
            select.bind(7, end?.need ?? Alert.firstNormalNeed - 1)
            select.bind(8, end?.row ?? .max)
            let found = try select.all { Store.overdue(AlertRows.read($0), rule.realm) }
            return (found, found.count < limit ? end : place)
        }
    }

    /// Alerts that a rule suppresses which runs no more, each with one such rule.
    public func outlived(limit: Int) throws -> [(alert: Overdue, rule: String)] {
        try look { reader in
            let select = try reader.statements(
                """
                SELECT \(AlertRows.columns), (
                    SELECT value ->> 'rule' FROM json_each(acts, '$.causes')
                    WHERE value ->> 'rule' NOT IN (SELECT id FROM suppressions WHERE ended IS NULL) LIMIT 1) AS over
                FROM alerts INDEXED BY alerts_ruled WHERE ruled = 1 AND over IS NOT NULL LIMIT ?
                """)
            select.bind(1, limit)
            return try select.all { row in
                let kept = AlertRows.read(row)
                let realm = Realm(name: try reader.names.text(kept.realm)) ?? .technical
                return (Store.overdue(kept, realm), row.text(AlertRows.columnCount))
            }
        }
    }

    static func overdue(_ kept: AlertRows.Kept, _ realm: Realm) -> Overdue {
        Overdue(alert: kept.alert, realm: realm, last: kept.lastEvent, due: kept.due)
    }
}

extension StoreReader {
    /// The last of the next open alerts of a walk; nil where there are not so many.
    fileprivate func openPlace(
        _ portion: Int, behind place: Store.OpenPlace, _ realm: Int64
    ) throws -> Store.OpenPlace? {
        let select = try statements(
            """
            SELECT need, id FROM alerts INDEXED BY alerts_need
            WHERE realm = ?1 AND need >= ?2 AND need < \(Alert.firstNormalNeed) AND (need > ?2 OR id > ?3)
            ORDER BY need, id LIMIT 1 OFFSET ?4
            """)
        select.bind(1, realm)
        select.bind(2, place.need)
        select.bind(3, place.row)
        select.bind(4, max(0, portion - 1))
        return try select.first { Store.OpenPlace(need: $0.integer(0), row: $0.integer(1)) }
    }

    /// A query for what a rule is about and does not suppress yet; 5 to 8 are to be bound where `rows` uses them.
    ///
    /// - Parameter rows: the table and where to look in it, in SQL.
    fileprivate func unsuppressed(
        _ rule: Suppression, _ match: Filter, _ spared: [String], _ realm: Int64, _ rows: String, now: Timestamp,
        limit: Int
    ) throws -> Prepared {
        let sql = FilterSQL(match, now: now, isExercise: rule.realm.isExercise, firstNumber: 9)
        let names = JSONWriter.bytes { $0.array { list in for text in spared { list.string(text) } } }
        let select = try statements(
            """
            SELECT \(AlertRows.columns) FROM \(rows) AND need < \(Alert.firstNormalNeed)
                AND subject NOT IN (SELECT value FROM json_each(?2)) AND \(sql.condition)
                AND NOT (ruled = 1 AND EXISTS (
                    SELECT 1 FROM json_each(acts, '$.causes') WHERE value ->> 'rule' = ?3))
            LIMIT ?4
            """)
        select.bind(1, realm)
        select.bind(2, String(decoding: names, as: UTF8.self))
        select.bind(3, rule.id)
        select.bind(4, limit)
        sql.bind(to: select)
        return select
    }

    /// As `Store.causes(of:realm:)`. Where alarms explain each other, each of them once.
    func causes(of subject: String, realm: Int64) throws -> [String] {
        let select = try statements("SELECT cause FROM alerts WHERE id = ?")
        var (causes, next) = ([String](), Optional(subject))
        while let subject = next, !causes.contains(subject), causes.count < StoreReader.mostCauses {
            causes.append(subject)
            next = try alertRows.row(realm: realm, subject: subject).flatMap { row in
                select.bind(1, row)
                return try select.first { $0.optionalText(0) } ?? nil
            }
        }
        return causes
    }

    private static let mostCauses = 100
}
