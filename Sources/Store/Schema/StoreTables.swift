/// Which tables of a store are what: a snapshot leaves some out, and of those that are folded from the log all are taken over where it is
/// folded anew. A new table counts as folded.
enum StoreTables {
    /// What whoever keeps the store has for themselves: which rows changed before it was opened, and what a hub has shared with whom.
    static let own: Set<String> = ["alert_changes", "shared", "sharing", "forwarded"]

    /// The log itself, what came of it, and acts on their way.
    private static let log: Set<String> = [
        "meta", "names", "events", "outbox", "ghosts", "unfilled", "grdb_migrations",
    ]

    static func isFolded(_ table: String) -> Bool { !own.contains(table) && !log.contains(table) }

    /// All tables that are copied row by row; also those that SQLite's full-text search keeps its index in.
    ///
    /// - Parameter schema: `main`, or the name under which a file is attached.
    /// - Throws: what SQLite says.
    static func all(in schema: String, _ statements: Statements) throws -> [String] {
        try statements(
            """
            SELECT name FROM \(schema).sqlite_master
            WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite%'
            """
        ).all { $0.text(0) }
    }
}
