public import ControlRoom
import SQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The copy of a hub's log that another version has folded, and that does not reach back to the log's start, begins anew with a
/// snapshot of the hub's: what it lacks of the log cannot be folded again here.
public enum Renewal {
    /// Whether a store needs it. Looks into the file without opening it as a store.
    ///
    /// - Throws: what SQLite says where the file cannot be read.
    public static func isDue(path: String) throws -> Bool {
        guard access(path, F_OK) == 0, Store.followsHub(path: path),
            try Store.foldedBy(path: path) != Store.foldVersion
        else { return false }
        let isTrimmed = try Store.peek(Meta.base, path).flatMap { LogBase($0) }.map { $0.sequence > 0 } ?? false
        return try isTrimmed || Store.peek(Meta.floorKey, path) != nil || Store.peek(Meta.lostKey, path) != nil
    }

    /// Puts a snapshot in the place of a store. Acts that wait for the hub, what was remembered, and the store's clock go with it.
    ///
    /// - Parameters:
    ///   - path: of the store; no other process may have it open.
    ///   - snapshot: a file beside it, of the same log, folded by this version. It is gone afterwards.
    /// - Returns: how many acts wait.
    /// - Throws: `StoreError`: `inUse` where another process has the store open, `otherLog` where the snapshot is of another log.
    ///   The store is then as it was.
    public static func replace(_ path: String, with snapshot: String, mirror: Store.Mirror, now: Timestamp) throws
        -> Int
    {
        let presence = try Presence(storePath: path)
        try presence.makeExclusive()
        defer { presence.end() }
        let count = try carry(from: path, to: snapshot, mirror, now)
        // What is in the write-ahead logs was copied back when both were closed.
        for ending in ["-wal", "-shm"] { unlink(path + ending) }
        guard rename(snapshot, path) == 0 else { throw StoreError.notPermitted(path: path) }
        for ending in ["-wal", "-shm", ".open", ".lease"] { unlink(snapshot + ending) }
        return count
    }

    private static func carry(
        from path: String, to snapshot: String, _ mirror: Store.Mirror, _ now: Timestamp
    ) throws -> Int {
        let old = try Connection.finished(path)
        defer { old.close() }
        let fresh = try Store(path: snapshot, mirror: mirror) { "snapshot" }
        defer { fresh.close() }
        let (acts, kept, cursor) = try old.read { statements in
            let select = try statements(
                "SELECT id, subject, event FROM outbox WHERE state IN (0, 6) ORDER BY position")
            let acts = try select.all { (id: $0.text(0), subject: $0.optionalText(1), event: $0.blob(2)) }
            let kept = try statements("SELECT key, value FROM meta WHERE key LIKE 'kept.%' OR key = 'clock'").all {
                ($0.text(0), $0.text(1))
            }
            return (acts, kept, try Meta(statements: statements).cursor)
        }
        if let cursor, let found = try fresh.cursor(), cursor.logID != found.logID {
            throw StoreError.otherLog(path: path, known: cursor.logID, found: found.logID)
        }
        try fresh.write { writer in
            for (key, value) in kept { try Meta(statements: writer.statements).set(key, value) }
        }
        if !acts.isEmpty { try fresh.enqueue(acts, now: now) }
        try fresh.emptyJournal()
        return acts.count
    }
}
