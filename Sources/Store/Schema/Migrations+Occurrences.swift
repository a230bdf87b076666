import GRDB

/// See `Alert.firstOccurrence`. What the version before has folded begins with 1, as it did then.
extension Migrations {
    static func firstOccurrences(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] {
            try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN first_occurrence INTEGER NOT NULL DEFAULT 1")
        }
    }
}
