import GRDB

/// A copy for whoever begins to follow a log: all that is folded from it, and its last events.
extension Store {
    /// Copies the store as it is at one instant into a new file, while others go on. The cost grows with what the copy has,
    /// and by some twenty bytes an event that it leaves out.
    ///
    /// - Parameter floor: events up to here are left out, but for those that a screen needs at once: what raised an alert that
    ///   goes on, checklists, acts that had no effect. Nil to leave out none.
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

    private static func pour(_ db: Database, into file: String, floor: LogBase?) throws {
        try db.execute(sql: "ATTACH ? AS fresh", arguments: [file])
        // A copy that is cut off is nobody's.
        try db.execute(sql: "PRAGMA fresh.journal_mode = OFF; PRAGMA fresh.synchronous = OFF")
        try db.inTransaction(.deferred) {
            let statements = try Statements(db)
            let meta = Meta(statements: statements)
            let stretch = floor.map { floor in (after: (try? meta.base.sequence) ?? 0, upTo: floor.sequence) }
            let tables = try statements(
                """
                SELECT name FROM fresh.sqlite_master
                WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite%'
                """
            ).all { $0.text(0) }
            // Between tables that are alike, SQLite copies page by page, indexes included.
            for table in tables where table != "events" {
                try db.execute(sql: "DELETE FROM fresh.\"\(table)\"")
                try db.execute(sql: "INSERT INTO fresh.\"\(table)\" SELECT * FROM main.\"\(table)\"")
            }
            try pourEvents(db, leavingOut: stretch)
            if let floor, let stretch, stretch.after < stretch.upTo {
                try db.execute(
                    sql: "INSERT INTO fresh.meta (key, value) VALUES (?, ?)", arguments: [Meta.floorKey, floor.text])
            }
            return .commit
        }
        try db.execute(sql: "DETACH fresh")
    }

    private static func pourEvents(_ db: Database, leavingOut stretch: (after: Int64, upTo: Int64)?) throws {
        guard let stretch, stretch.after < stretch.upTo else {
            return try db.execute(sql: "INSERT INTO fresh.events SELECT * FROM main.events")
        }
        let arguments: StatementArguments = [stretch.after, stretch.upTo]
        try db.execute(
            sql: """
                INSERT INTO fresh.events SELECT * FROM main.events
                WHERE sequence <= ?1 OR sequence > ?2 OR lane = 1 OR refused IS NOT NULL OR sequence IN
                    (SELECT raised_by FROM alerts WHERE active = 1 OR latched = 1 OR suppression <> 0 OR acknowledged = 0)
                """, arguments: arguments)
        try db.execute(
            sql: """
                INSERT INTO fresh.unfilled SELECT sequence, previous FROM main.events
                WHERE sequence > ?1 AND sequence <= ?2 AND previous IS NOT NULL
                """, arguments: arguments)
    }
}
