import ControlRoom
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A log that grows for years: its oldest entries go into files of their own, which are kept elsewhere and stay verifiable.
extension SQLiteLog {
    private static let archivedKey = "archived"
    private static let headKey = "archived_head"
    private static let page = 10_000

    /// The last entry that was archived, and the head of the chain there; nil where none was.
    public func archived() throws -> (sequence: Int64, head: String)? {
        try read { tools in
            let end = try SQLiteLog.archivedEnd(tools)
            return end > 0 ? (end, try Meta(statements: tools.statements)[SQLiteLog.headKey] ?? "") : nil
        }
    }

    /// The last entry that was archived; 0 where none was.
    static func archivedEnd(_ tools: Tools) throws -> Int64 {
        try Meta(statements: tools.statements)[archivedKey].flatMap(Int64.init) ?? 0
    }

    /// Moves entries up to `end` into a new file, while others go on appending. The names of what was moved stay known, so
    /// that none of it is taken a second time.
    ///
    /// - Parameters:
    ///   - before: the head of the chain before the first of them; `after`, at the last.
    /// - Throws: `StoreError`; what is not whole in the file then is still in the log.
    public func archive(upTo end: Int64, before: String, after: String, into file: String) throws {
        let first = try (archived()?.sequence ?? 0) + 1
        guard first <= end, try end < lastSequence() else {
            throw StoreError.other(path: path, reason: "there is nothing to archive up to entry \(end)")
        }
        let partial = file + ".partial"
        do {
            try copy(first...end, before: before, after: after, to: partial)
            guard rename(partial, file) == 0 else { throw StoreError.notPermitted(path: file) }
            try writer.write { db in
                let tools = try writing.value { try Tools(db) }
                // Another may have archived meanwhile: then what was copied is not what is there.
                guard try SQLiteLog.archivedEnd(tools) == first - 1 else {
                    throw StoreError.other(path: path, reason: "another process archives this log")
                }
                try tools.index.catchUp(to: try lastSequence(tools))
                try tools.index.pour()
                let meta = Meta(statements: tools.statements)
                try meta.set(SQLiteLog.archivedKey, String(end))
                try meta.set(SQLiteLog.headKey, after)
            }
            try removeArchived()
        } catch {
            unlink(partial)
            if try archived()?.sequence ?? 0 < end { unlink(file) }
            writer.writeWithoutTransaction { _ in writing.known?.index.forget() }
            throw StoreError.from(error, path: file)
        }
    }

    /// In portions, so that whoever appends waits for none of them long; what a crash leaves is removed the next time.
    private func removeArchived() throws {
        var isMore = true
        while isMore {
            isMore = try writer.write { db in
                let tools = try writing.value { try Tools(db) }
                let end = try SQLiteLog.archivedEnd(tools)
                let start = try tools.statements("SELECT min(sequence) FROM entries").first { $0.integer(0) } ?? 0
                guard start > 0, start <= end else { return false }
                let delete = try tools.statements("DELETE FROM entries WHERE sequence <= ?")
                delete.bind(1, min(end, start + Int64(SQLiteLog.page) - 1))
                try delete.run()
                return true
            }
        }
    }

    private func copy(_ range: ClosedRange<Int64>, before: String, after: String, to file: String) throws {
        // Only its owner reads it: it holds the whole log.
        unlink(file)
        let made = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw StoreError.notPermitted(path: file) }
        Glibc.close(made)
        let queue = try DatabaseQueue(path: file)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE segment (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE entries (
                        sequence INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, name TEXT NOT NULL,
                        content INTEGER NOT NULL, body BLOB NOT NULL
                    ) STRICT;
                    """)
        }
        var place = range.lowerBound - 1
        while place < range.upperBound {
            let end = min(range.upperBound, place + Int64(SQLiteLog.page))
            let rows = try raw((place + 1)...end)
            guard Int64(rows.count) == end - place else {
                throw StoreError.damaged(path: path, reason: "entries behind \(place) are missing")
            }
            try queue.write { db in
                for row in rows {
                    try db.execute(sql: "INSERT INTO entries VALUES (?, ?, ?, ?, ?)", arguments: row)
                }
            }
            place = end
        }
        try queue.write { db in
            let values = [
                "log": try logID, "first": String(range.lowerBound), "last": String(range.upperBound), "before": before,
                "after": after,
            ]
            for (key, value) in values {
                try db.execute(sql: "INSERT INTO segment VALUES (?, ?)", arguments: [key, value])
            }
        }
    }

    private func raw(_ range: ClosedRange<Int64>) throws -> [StatementArguments] {
        do {
            return try reader.read { try LogSegment.rows($0, range) }
        } catch {
            throw StoreError.from(error, path: path)
        }
    }

    /// Puts a segment back that was archived last, for whoever has to read the log from its start.
    public func putBack(_ segment: LogSegment) throws {
        guard try segment.isOf(logID), try archived()?.sequence == segment.last else {
            throw StoreError.other(path: segment.path, reason: "this is not the segment that was archived last")
        }
        try removeArchived()
        do {
            var place = segment.first - 1
            while place < segment.last {
                let end = min(segment.last, place + Int64(SQLiteLog.page))
                let rows = try segment.raw((place + 1)...end)
                try writer.write { db in
                    for row in rows {
                        try db.execute(
                            sql: "INSERT INTO entries (sequence, recorded, name, content, body) VALUES (?, ?, ?, ?, ?)",
                            arguments: row)
                    }
                }
                place = end
            }
            try writer.write { db in
                let meta = Meta(statements: try writing.value { try Tools(db) }.statements)
                try meta.set(SQLiteLog.archivedKey, String(segment.first - 1))
                try meta.set(SQLiteLog.headKey, segment.before)
            }
        } catch {
            throw StoreError.from(error, path: segment.path)
        }
    }
}
