import GRDB

/// A copy for whoever begins to follow a log: all that is folded from it, and its last events.
extension Store {
    /// Copies the store as it is at one instant into a new file, while others go on. It reads all, and writes what the copy has
    /// and some twenty bytes for an event that it leaves out.
    ///
    /// - Parameter floor: events up to here are left out, but for those that are needed at once, see `isBrought`. Nil to leave
    ///   out none.
    public func copy(to file: String, floor: LogBase?) throws {
        do {
            try Store.makeEmpty(file)
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            configuration.busyMode = .timeout(10)
            let connection = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? connection.close() }
            try connection.writeWithoutTransaction { try Store.pour($0, into: file, floor: floor) }
        } catch {
            throw meaning(of: error)
        }
    }

    /// A file with the schema and nothing else.
    private static func makeEmpty(_ file: String) throws {
        let connection = try DatabaseQueue(path: file)
        defer { try? connection.close() }
        try Migrations.migrator.migrate(connection)
    }

    /// What a snapshot brings of the events before its floor: what raised an alert that goes on or was not seen, for its detail;
    /// what persons did, for them to take back; checklists, which are folded again; and what had no effect, because only the
    /// fold can tell why.
    static let isBrought = """
        lane = 1 OR actor IS NOT NULL OR refused IS NOT NULL OR sequence IN (
            SELECT raised_by FROM alerts WHERE active = 1 OR latched = 1 OR suppression <> 0 OR acknowledged = 0)
        """

    private static func pour(_ db: Database, into file: String, floor: LogBase?) throws {
        try db.execute(sql: "ATTACH ? AS fresh", arguments: [file])
        // A copy that is cut off is nobody's.
        try db.execute(sql: "PRAGMA fresh.journal_mode = OFF; PRAGMA fresh.synchronous = OFF")
        try db.inTransaction(.deferred) {
            let statements = try Statements(db)
            let gap = try floor.flatMap { try missing(upTo: $0, Meta(statements: statements)) }
            let tables = try StoreTables.all(in: "fresh", statements)
            for table in tables where !StoreTables.own.contains(table) && (table != "events" || gap == nil) {
                try copy(table, from: "main", to: "fresh", db)
            }
            if let gap { try pourRecent(db, gap) }
            return .commit
        }
        try db.execute(sql: "DETACH fresh")
    }

    /// Puts the rows of a table in the place of those of its like. Between tables that are alike and refer to no others, SQLite copies
    /// page by page, indexes included.
    static func copy(_ table: String, from source: String, to target: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM \(target).\"\(table)\"")
        try db.execute(sql: "INSERT INTO \(target).\"\(table)\" SELECT * FROM \(source).\"\(table)\"")
    }

    /// - Returns: nil where a trim has overtaken the floor.
    private static func missing(upTo floor: LogBase, _ meta: Meta) throws -> BackFill? {
        let base = try meta.base
        guard base.sequence < floor.sequence, let cursor = try meta.cursor else { return nil }
        let start = Cursor(logID: cursor.logID, sequence: base.sequence, head: base.head)
        return BackFill(start: start, after: start, floor: floor)
    }

    private static func pourRecent(_ db: Database, _ gap: BackFill) throws {
        let arguments: StatementArguments = [gap.after.sequence, gap.floor.sequence]
        try db.execute(
            sql: """
                INSERT INTO fresh.events SELECT * FROM main.events
                WHERE sequence <= ?1 OR sequence > ?2 OR \(isBrought)
                """, arguments: arguments)
        try db.execute(
            sql: """
                INSERT INTO fresh.unfilled SELECT sequence, previous FROM main.events
                WHERE sequence > ?1 AND sequence <= ?2 AND previous IS NOT NULL
                """, arguments: arguments)
        for row in Meta.rows(of: gap) {
            try db.execute(
                sql: "INSERT INTO fresh.meta (key, value) VALUES (?, ?)", arguments: [row.key, row.value])
        }
    }
}
