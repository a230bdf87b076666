import GRDB

/// See `KnownTools`. Of alerts whose tool the version before did not know, rows say no more than that (`Tool.other`), until they are folded anew
/// from the log, which has their codes.
extension Migrations {
    static func knownTools(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE known_tools (
                    tool INTEGER PRIMARY KEY, name TEXT, silent_after INTEGER
                ) STRICT
                """)
    }
}
