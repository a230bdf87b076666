import GRDB

/// Makes a store one that an earlier version of the fold has left.
enum OldFold {
    /// The hub's log that a copy follows is called otherwise.
    static func rename(log name: String, in path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.write { db in
            let cursor = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'cursor'") ?? ""
            let parts = cursor.split(separator: " ", omittingEmptySubsequences: false).dropFirst().joined(
                separator: " ")
            try db.execute(sql: "UPDATE meta SET value = ? WHERE key = 'cursor'", arguments: [name + " " + parts])
        }
    }

    static func mark(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.write { db in
            try db.execute(
                sql: """
                    DELETE FROM meta WHERE key = 'fold';
                    UPDATE alerts SET severity = 4, headline = 'old' WHERE id % 2 = 0;
                    DELETE FROM alerts WHERE id % 5 = 1;
                    UPDATE alert_counts SET open = open + 3;
                    UPDATE events SET previous = NULL, refused = 'old' WHERE sequence % 3 = 0;
                    DELETE FROM event_hashes; DELETE FROM alert_hashes_fresh;
                    """)
        }
    }
}
