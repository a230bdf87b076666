/// What a tenant has shared, and under which agreement: so that updates follow their alert, and can be withdrawn.
extension Store {
    /// An alarm that was shared under an agreement.
    public struct Shared: Hashable, Sendable {
        public var agreement: String
        public var subject: String
        public var realm: String
        /// The source of its copies; empty for what was shared before each copy named whose it is.
        public var source: String

        public init(agreement: String, subject: String, realm: String, source: String) {
            self.agreement = agreement
            self.subject = subject
            self.realm = realm
            self.source = source
        }
    }

    /// Whether an alarm was shared under an agreement. A row from before sources were kept speaks for every source.
    public func isShared(_ alarm: Shared) throws -> Bool {
        try look { reader in
            let select = try reader.statements(
                "SELECT 1 FROM shared WHERE agreement = ? AND subject = ? AND realm = ? AND source IN (?, '')")
            select.bind(1, alarm.agreement)
            select.bind(2, alarm.subject)
            select.bind(3, alarm.realm)
            select.bind(4, alarm.source)
            return try select.first { _ in true } ?? false
        }
    }

    /// Notes that these were shared; those that are noted already stay as they are. One transaction.
    public func markShared(_ alarms: Set<Shared>) throws {
        guard !alarms.isEmpty else { return }
        try write { writer in
            let insert = try writer.statements(
                "INSERT OR IGNORE INTO shared (agreement, subject, realm, source) VALUES (?, ?, ?, ?)")
            for alarm in alarms { try Store.run(insert, alarm) }
        }
    }

    /// What is shared under an agreement, at most `limit`.
    public func shared(under agreement: String, limit: Int) throws -> [Shared] {
        try look { reader in
            let select = try reader.statements(
                "SELECT subject, realm, source FROM shared WHERE agreement = ? LIMIT ?")
            select.bind(1, agreement)
            select.bind(2, limit)
            return try select.all { row in
                Shared(agreement: agreement, subject: row.text(0), realm: row.text(1), source: row.text(2))
            }
        }
    }

    /// Takes the notes out again, when an agreement is over and the copies were withdrawn. One transaction.
    public func forgetShared(_ alarms: [Shared]) throws {
        try write { writer in
            let delete = try writer.statements(
                "DELETE FROM shared WHERE agreement = ? AND subject = ? AND realm = ? AND source = ?")
            for alarm in alarms { try Store.run(delete, alarm) }
        }
    }

    private static func run(_ statement: Prepared, _ alarm: Shared) throws {
        statement.bind(1, alarm.agreement)
        statement.bind(2, alarm.subject)
        statement.bind(3, alarm.realm)
        statement.bind(4, alarm.source)
        try statement.run()
    }
}
