import GRDB

/// See `Alert.firstOccurrence`. What the version before has folded begins with 1, as it did then.
extension Migrations {
    /// The alerts beside which acts stand that can be taken back: a trim looks for what people wrote to them. The fold itself has
    /// changed as well: what an undone acknowledgement asked for goes on in the message that took its alarm's place.
    static func actsWithAnEnd(_ db: Database) throws {
        try db.execute(sql: "CREATE INDEX alerts_undoables ON alerts(id) WHERE undoables IS NOT NULL")
    }

    static func firstOccurrences(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] {
            try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN first_occurrence INTEGER NOT NULL DEFAULT 1")
        }
    }
}
