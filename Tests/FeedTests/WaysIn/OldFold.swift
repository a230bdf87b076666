import GRDB

/// Makes a store one that an earlier version of the fold has left.
enum OldFold {
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
