import ControlRoom
import GRDB

/// What was folded anew takes the place of what stood here.
extension Store {
    /// What the fold remembers in `meta`.
    private static let foldedMeta = [
        "alarm_policy", "acts_bound", "neighbours", "settled", "relocation", "indexed", Meta.base, Meta.swept,
        Meta.start,
    ]

    /// Gives the key of the look-ups to a store that nothing was entered in yet.
    ///
    /// - Throws: `StoreError`.
    func lendHash(to store: Store) throws {
        guard let hash = try look({ try Meta(statements: $0.statements).nameHash }) else { return }
        try store.write { try Meta(statements: $0.statements).set(hash) }
    }

    /// Gives the names that are known here to a store that folds the same log, under the same numbers.
    ///
    /// - Throws: `StoreError`.
    func lend(names store: Store) throws {
        let known = try store.look { try $0.statements("SELECT max(id) FROM names").first { $0.integer(0) } ?? 0 }
        let fresh = try look { reader in
            let select = try reader.statements("SELECT id, text FROM names WHERE id > ? ORDER BY id")
            select.bind(1, known)
            return try select.all { ($0.integer(0), $0.text(1)) }
        }
        guard !fresh.isEmpty else { return }
        try store.write { writer in
            let insert = try writer.statements("INSERT INTO names (id, text) VALUES (?, ?)")
            for (id, text) in fresh {
                insert.bind(1, id)
                insert.bind(2, text)
                try insert.run()
            }
        }
    }

    /// Takes over all that `fresh` has folded of this store's log, in one transaction.
    ///
    /// - Returns: false, and nothing is changed, where this log has gone on since.
    /// - Throws: `StoreError`; then nothing is changed.
    func adopt(_ fresh: Store) throws -> Bool {
        do {
            return try writer.writeWithoutTransaction { db in
                try db.execute(sql: "ATTACH ? AS fresh", arguments: [fresh.path])
                // Only so does `copy` go page by page.
                let areChecked = try Bool.fetchOne(db, sql: "PRAGMA foreign_keys") ?? false
                try db.execute(sql: "PRAGMA foreign_keys = OFF")
                defer {
                    try? db.execute(sql: "DETACH fresh")
                    if areChecked { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
                    forgetWritten()
                }
                var isDone = false
                try db.inTransaction(.immediate) {
                    isDone = try Store.isLevel(db)
                    if isDone { try takeOver(db) }
                    return .commit
                }
                return isDone
            }
        } catch {
            throw meaning(of: error)
        }
    }

    private static func isLevel(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT (SELECT max(sequence) FROM main.events) IS (SELECT max(sequence) FROM fresh.events)
                    AND (SELECT value FROM main.meta WHERE key = 'cursor')
                        IS (SELECT value FROM fresh.meta WHERE key = 'cursor')
                """) ?? false
    }

    private func takeOver(_ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO names SELECT * FROM fresh.names WHERE id > (SELECT max(id) FROM main.names)")
        for table in try StoreTables.all(in: "main", Statements(db)) where StoreTables.isFolded(table) {
            try Store.copy(table, from: "fresh", to: "main", db)
        }
        try Store.takeOverEvents(db)
        try Store.takeOverMeta(db)
        // Whoever has read rows reads all of them again.
        try db.execute(sql: "INSERT INTO alert_changes (rows) VALUES (x'')")
        try layPendingOver(db)
    }

    /// The log is the same; what was noted with each event is the fold's. Events that a trim had taken out, and that belong to an
    /// alert which now goes on, come back; those of an alert that is now over go.
    private static func takeOverEvents(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE main.events SET previous = f.previous, refused = f.refused, lane = f.lane FROM fresh.events AS f
                WHERE f.sequence = main.events.sequence AND (
                    events.previous IS NOT f.previous OR events.refused IS NOT f.refused OR events.lane IS NOT f.lane);
                INSERT INTO main.events SELECT * FROM fresh.events AS f
                WHERE NOT EXISTS (SELECT 1 FROM main.events WHERE sequence = f.sequence);
                DELETE FROM main.events
                WHERE sequence <= (SELECT CAST(value AS INTEGER) FROM fresh.meta WHERE key = '\(Meta.swept)')
                    AND NOT EXISTS (SELECT 1 FROM fresh.events AS f WHERE f.sequence = main.events.sequence);
                """)
    }

    private static func takeOverMeta(_ db: Database) throws {
        for key in foldedMeta {
            try db.execute(sql: "DELETE FROM main.meta WHERE key = ?", arguments: [key])
            try db.execute(
                sql: "INSERT INTO main.meta SELECT * FROM fresh.meta WHERE key = ?", arguments: [key])
        }
        try db.execute(
            sql: "INSERT OR REPLACE INTO main.meta (key, value) VALUES (?, ?)",
            arguments: [Meta.fold, String(foldVersion)])
    }

    /// Acts that wait for the hub lie over what was folded.
    private func layPendingOver(_ db: Database) throws {
        guard let mirror else { return }
        forgetWritten()
        let writer = try LogWriter(db, mirror: mirror)
        let select = try writer.statements("SELECT event FROM outbox WHERE state IN (0, 6) ORDER BY position")
        let acts = try select.all { $0.blob(0) }.compactMap { bytes in
            (try? mirror.decode(bytes)).flatMap { try? AdmittedEvent($0) }
        }
        try writer.overlay(acts)
        try writer.finish()
    }
}
