public import ControlRoom

/// Lists of alerts are read as windows by key: the cost of a window does not depend on how many alerts there are.
extension Store {
    /// A window of a list.
    public func alerts(_ query: AlertQuery, at anchor: AlertAnchor, limit: Int) throws -> AlertPage {
        try read { try AlertWindow(reader: $0, query: query).page(anchor, limit: limit) }
    }

    /// Lines before and after a key, in one state of the store.
    public func alerts(_ query: AlertQuery, around key: AlertKey, before: Int, after: Int) throws -> AlertPage {
        try read { reader in
            let window = try AlertWindow(reader: reader, query: query)
            let above = try window.page(.before(key), limit: before)
            let below = try window.page(.from(key), limit: after)
            var page = AlertPage(
                lines: above.lines + below.lines, reachesStart: above.reachesStart, reachesEnd: below.reachesEnd)
            page.isGrouped = below.isGrouped
            return page
        }
    }

    /// All that a query finds in the order of the list, window by window: memory does not grow with what is found.
    public func each(_ query: AlertQuery, _ body: (AlertPage) throws -> Void) throws {
        var anchor = AlertAnchor.start
        while true {
            let page = try alerts(query, at: anchor, limit: 1_000)
            try body(page)
            guard !page.reachesEnd, let last = page.lines.last else { return }
            anchor = .after(last.key)
        }
    }

    /// The keys of alerts, in the order of their rows; those that are gone are left out.
    public func subjects(of rows: [Int64]) throws -> [String] {
        try read { reader in
            let select = try reader.statements("SELECT subject FROM alerts WHERE id = ?")
            return try rows.compactMap { row in
                select.bind(1, row)
                return try select.first { $0.text(0) }
            }
        }
    }

    /// Reads a portion of what filters look at into memory, so that they answer at once from then on; until all is there they
    /// answer from the file.
    ///
    /// - Returns: false when all is there.
    public func readColumns(for filter: Filter?, limit: Int = 20_000) throws -> Bool {
        try read { try $0.readColumns(for: filter, limit: limit) }
    }

    /// How many alerts a query finds; nil where only the file could tell.
    public func quickCount(_ query: AlertQuery) throws -> Int? {
        if try readColumns(for: query.filter.match) { return nil }
        return try read { try AlertWindow(reader: $0, query: query).quickCount() }
    }

    /// Whether a filter finds an alert.
    public func meets(_ filter: AlertFilter, row: Int64, in realm: Realm, now: Timestamp) throws -> Bool {
        guard let match = filter.match else { return true }
        return try read { reader in
            let sql = FilterSQL(match, now: now, isExercise: realm.isExercise, firstNumber: 2)
            let statement = try reader.statements("SELECT 1 FROM alerts WHERE id = ?1 AND \(sql.condition)")
            statement.bind(1, row)
            sql.bind(to: statement)
            return try statement.first { _ in true } ?? false
        }
    }

    /// All realms in which anything happened.
    public func realms() throws -> [Realm] { try read { try $0.realms().map(\.realm) } }

    /// One alert by its key, in a realm, or in the first realm that has it.
    public func alert(subject: String, realm: Realm) throws -> AlertLine? {
        try read { reader in
            guard let id = try reader.realm(realm) else { return nil }
            return try reader.alertRows.find(realm: id, subject: subject).map(AlertLine.init)
        }
    }

    /// The alarm that a source has under a subject: that of the subject itself, or one beside it (`AlertKeys`). Nil where it has
    /// none.
    ///
    /// - Parameter source: who speaks for it, see `Event.speaker`.
    /// - Throws: `StoreError`.
    public func alert(named subject: String, of source: String, realm: Realm) throws -> AlertLine? {
        try read { reader in
            guard let id = try reader.realm(realm) else { return nil }
            guard let kept = try reader.alertRows.find(named: subject, of: source, realm: id),
                kept.alert.belongs(to: source)
            else { return nil }
            return AlertLine(kept)
        }
    }

    /// Alerts that go by a name: their key, or the identifier of their source; with their realms.
    public func alerts(named name: String) throws -> [(line: AlertLine, realm: Realm)] {
        try read { reader in
            let rows = reader.alertRows
            var found: [(AlertLine, Realm)] = []
            for realm in try reader.realms() {
                let key = try rows.key(realm: realm.id, subject: name)
                if let kept = try rows.find(realm: realm.id, subject: name, key: key) {
                    found.append((AlertLine(kept), realm.realm))
                }
            }
            let byIdentifier = try reader.statements(
                "SELECT \(AlertRows.columns) FROM alerts WHERE external_id = ? LIMIT 20")
            byIdentifier.bind(1, TextBound.name(name))
            for kept in try byIdentifier.all({ AlertRows.read($0) }) {
                guard let realm = Realm(name: try reader.names.text(kept.realm)) else { continue }
                found.append((AlertLine(kept), realm))
            }
            return found
        }
    }

    /// All alerts of all realms in the order of their rows, window by window: for listings outside the console.
    public func allAlerts(afterRow row: Int64, limit: Int) throws -> [(line: AlertLine, realm: Realm)] {
        try read { reader in
            let select = try reader.statements(
                "SELECT \(AlertRows.columns) FROM alerts WHERE id > ? ORDER BY id LIMIT ?")
            select.bind(1, row)
            select.bind(2, limit)
            return try select.all { row in
                let kept = AlertRows.read(row)
                return (AlertLine(kept), Realm(name: try reader.names.text(kept.realm)) ?? .technical)
            }
        }
    }

    /// Alerts that an event after this sequence touched, in the order of events; for following along. Those that a message
    /// replaced or cancelled are among them.
    public func alerts(changedAfter sequence: Int64, limit: Int) throws -> [(line: AlertLine, realm: Realm)] {
        try read { reader in
            let select = try reader.statements(
                "SELECT \(EventRows.columns) FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?")
            select.bind(1, sequence)
            select.bind(2, limit)
            let touched = try select.all { try reader.events.read($0) }.flatMap(\.touchedAlerts)
            let (rows, realms) = (reader.alertRows, try reader.realms())
            var seen: Set<Int64> = []
            var found: [(AlertLine, Realm)] = []
            for (subject, ender) in touched {
                for realm in realms {
                    let key = try rows.key(realm: realm.id, subject: subject)
                    guard let kept = try rows.find(realm: realm.id, subject: subject, key: key),
                        kept.lastEvent > sequence || ender != nil && kept.alert.replacedBy == ender,
                        seen.insert(kept.row).inserted
                    else { continue }
                    found.append((AlertLine(kept), realm.realm))
                }
            }
            return found
        }
    }

    /// An alert of which something has ended by time, and nobody has said so in the log yet.
    public struct Overdue: Equatable, Sendable {
        public var alert: Alert
        public var realm: Realm
        /// The last event about it.
        public var last: Int64
        /// When the feed is to say something of it, by the policy of the site.
        public var due: Timestamp?
    }

    /// Alerts that have gone stale by a time and are still marked active.
    public func staleAlerts(at now: Timestamp, limit: Int) throws -> [Overdue] {
        try overdue("active = 1 AND stale IS NOT NULL AND stale <= ?1 ORDER BY stale", now, limit)
    }

    /// Alerts whose shelf has ended by a time and that are still marked shelved.
    public func endedShelves(at now: Timestamp, limit: Int) throws -> [Overdue] {
        try overdue("shelved_until IS NOT NULL AND shelved_until <= ?1 ORDER BY shelved_until", now, limit)
    }

    /// Alerts that are to be escalated by a time, or of which somebody is to be reminded.
    public func dueAlerts(at now: Timestamp, limit: Int) throws -> [Overdue] {
        try overdue("due IS NOT NULL AND due <= ?1 ORDER BY due", now, limit)
    }

    /// The alarm policy of the site.
    public func alarmPolicy() throws -> AlarmPolicy { try look { try Meta(statements: $0.statements).policy } }

    private func overdue(_ condition: String, _ now: Timestamp, _ limit: Int) throws -> [Overdue] {
        try look { reader in
            let select = try reader.statements(
                "SELECT \(AlertRows.columns) FROM alerts WHERE \(condition) LIMIT ?2")
            select.bind(1, now.milliseconds)
            select.bind(2, limit)
            return try select.all { row in
                let kept = AlertRows.read(row)
                let realm = Realm(name: try reader.names.text(kept.realm)) ?? .technical
                return Store.overdue(kept, realm)
            }
        }
    }
}

extension Event {
    /// The alerts that it may have changed; those that it ended, with the message that says so.
    fileprivate var touchedAlerts: [(subject: String, ender: String?)] {
        guard let subject else { return [] }
        switch try? Fact(of: self) {
        case .alertRaised(let fact): return [(subject, nil)] + fact.replaces.map { ($0, subject) }
        case .alertCancelled(let fact): return [(subject, nil)] + fact.cancels.map { ($0, subject) }
        default: return [(subject, nil)]
        }
    }
}

extension AlertLine {
    /// What can be taken back is the fold's to know.
    init(_ kept: AlertRows.Kept) {
        var alert = kept.alert
        alert.restore([])
        self.init(row: kept.row, key: AlertKey(value: kept.need, row: kept.row), alert: alert)
    }
}

extension StoreReader {
    /// All realms in which anything happened.
    func realms() throws -> [(id: Int64, realm: Realm)] {
        try statements(
            """
            SELECT id, text FROM names
            WHERE text IN ('actual', 'technical') OR (text >= 'exercise:' AND text < 'exercise;') ORDER BY id
            """
        ).all { row in Realm(name: row.text(1)).map { (row.integer(0), $0) } }.compactMap { $0 }
    }
}
