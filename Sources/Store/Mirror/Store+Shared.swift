/// What a tenant has shared, and under which agreement: so that updates follow their alert, and can be withdrawn.
extension Store {
    /// An alarm that was shared under an agreement.
    public struct Shared: Hashable, Sendable {
        public var agreement: String
        public var subject: String
        public var realm: String
        /// The source of its copies; empty for what was shared before each copy named whose it is.
        public var source: String
        /// Who speaks for it in the tenant's own log (`Event.speaker`); empty for what was shared before this was kept.
        public var speaker: String

        public init(agreement: String, subject: String, realm: String, source: String, speaker: String) {
            self.agreement = agreement
            self.subject = subject
            self.realm = realm
            self.source = source
            self.speaker = speaker
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

    static func mark(_ alarms: Set<Shared>, _ writer: LogWriter) throws {
        let insert = try writer.statements(
            """
            INSERT INTO shared (agreement, subject, realm, source, speaker) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET speaker = ?5 WHERE speaker = ''
            """)
        for alarm in alarms {
            insert.bind(5, alarm.speaker)
            try Store.run(insert, alarm)
        }
    }

    /// The agreements under which anything is shared, however much it is: the cost grows with their number.
    ///
    /// - Throws: `StoreError`.
    public func agreementsWithShared() throws -> [String] {
        try look { reader in
            let select = try reader.statements("SELECT min(agreement) FROM shared WHERE agreement > ?")
            var found: [String] = []
            while true {
                select.bind(1, found.last ?? "")
                guard let next = try select.first({ $0.optionalText(0) }), let next else { return found }
                found.append(next)
            }
        }
    }

    /// What is shared under an agreement, at most `limit`.
    public func shared(under agreement: String, limit: Int) throws -> [Shared] {
        try look { reader in
            let select = try reader.statements(
                "SELECT subject, realm, source, speaker FROM shared WHERE agreement = ? LIMIT ?")
            select.bind(1, agreement)
            select.bind(2, limit)
            return try select.all { row in
                Shared(
                    agreement: agreement, subject: row.text(0), realm: row.text(1), source: row.text(2),
                    speaker: row.text(3))
            }
        }
    }

    /// Forgets what is shared no more, or no more under its agreement, and notes what is shared under another instead, as one.
    ///
    /// - Throws: `StoreError`.
    public func forgetShared(_ alarms: [Shared], noting others: Set<Shared> = []) throws {
        try write { writer in
            let delete = try writer.statements(
                "DELETE FROM shared WHERE agreement = ? AND subject = ? AND realm = ? AND source = ?")
            for alarm in alarms { try Store.run(delete, alarm) }
            try Store.mark(others, writer)
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
