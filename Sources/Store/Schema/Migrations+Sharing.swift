import GRDB

/// What a hub's view keeps of sharing, see `Store+Sharing`.
extension Migrations {
    static func sharing(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE sharing (
                    agreement TEXT PRIMARY KEY, receiver TEXT NOT NULL, terms BLOB NOT NULL, made INTEGER NOT NULL,
                    began INTEGER NOT NULL, ended INTEGER, reason TEXT
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE forwarded (receiver TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                """)
        // The version before forwarded first and then folded: up to its cursor all was shared. The row without a receiver is
        // where a receiver begins of whom nothing else is known.
        let cursor = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'cursor'")
        guard let sequence = cursor.flatMap({ Store.Cursor($0) })?.sequence else { return }
        try db.execute(sql: "INSERT INTO forwarded (receiver, sequence) VALUES ('', ?)", arguments: [sequence])
    }

    /// Whose an alarm is that was shared: under one subject several sources may have one each.
    static func speakers(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE shared ADD COLUMN speaker TEXT NOT NULL DEFAULT ''")
    }
}
