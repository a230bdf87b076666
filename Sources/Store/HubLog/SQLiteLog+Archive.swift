import ControlRoom
import GRDB

/// A log that grows for years: its oldest entries go into files of their own, which are kept elsewhere and stay verifiable.
extension SQLiteLog {
    private static let archivedKey = "archived"
    private static let headKey = "archived_head"
    private static let page = 10_000

    /// The last entry that was archived, and the head of the chain there; nil where none was.
    ///
    /// - Throws: `StoreError`.
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

    /// Up to which entry the log's own index of names reaches; 0 where nothing is in it yet. A log that ends before it has lost
    /// entries. Costs a look at the whole index.
    ///
    /// - Throws: `StoreError`.
    public func lastNamed() throws -> Int64 {
        try read { try $0.statements("SELECT max(row) FROM entry_hashes").first { $0.integer(0) } ?? 0 }
    }

    /// Moves entries up to `end` into a new file, while others go on appending. The names of what was moved stay known, so
    /// that none of it is taken a second time. The log lets go of nothing before the file is on the disk and was verified.
    ///
    /// - Parameters:
    ///   - end: before the last entry of the log.
    ///   - before: the head of the chain before the first of them; `after`, at the last.
    ///   - file: must not be there yet.
    ///   - verify: looks whether the file holds what it names, as a reader will; what it throws leaves the log as it was.
    /// - Throws: `StoreError`, and what `verify` throws; the log then still has what it had, and there is no new file.
    public func archive(
        upTo end: Int64, before: String, after: String, into file: String, verify: (LogSegment) throws -> Void
    ) throws {
        let first = try (archived()?.sequence ?? 0) + 1
        guard first <= end, try end < lastSequence() else {
            throw StoreError.other(path: path, reason: "there is nothing to archive up to entry \(end)")
        }
        let partial = ArchiveFile.partial(of: file)
        defer { ArchiveFile.remove(partial) }
        do {
            try copy(first...end, before: before, after: after, to: partial)
            try verify(LogSegment(path: partial))
            try letGo(of: first...end, after: after, moving: partial, to: file)
        } catch {
            writer.writeWithoutTransaction { _ in writing.known?.index.forget() }
            throw StoreError.from(error, path: file)
        }
        do { try removeArchived() } catch { throw StoreError.from(error, path: path) }
    }

    /// One transaction: the file has its name when the log says that the entries are in it, and where the log does not come to
    /// say so it has none.
    private func letGo(
        of range: ClosedRange<Int64>, after: String, moving partial: String, to file: String
    ) throws {
        var isNamed = false
        do {
            try writer.write { db in
                let tools = try writing.value { try Tools(db) }
                // Another may have archived meanwhile: then what was copied is not what is there.
                guard try SQLiteLog.archivedEnd(tools) == range.lowerBound - 1 else {
                    throw StoreError.other(path: path, reason: "another process archives this log")
                }
                try tools.index.catchUp(to: try lastSequence(tools))
                try tools.index.pour()
                try begin(behind: range.upperBound, head: after, tools)
                try ArchiveFile.name(partial, file)
                isNamed = true
            }
        } catch {
            if isNamed { ArchiveFile.remove(file) }
            throw error
        }
    }

    /// From now on the log begins behind an entry, with the head of the chain there.
    func begin(behind end: Int64, head: String, _ tools: Tools) throws {
        let meta = Meta(statements: tools.statements)
        try meta.set(SQLiteLog.archivedKey, String(end))
        try meta.set(SQLiteLog.headKey, head)
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
        try ArchiveFile.make(file)
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
        try copyRows(range, to: queue)
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

    private func copyRows(_ range: ClosedRange<Int64>, to queue: DatabaseQueue) throws {
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
    }

    private func raw(_ range: ClosedRange<Int64>) throws -> [StatementArguments] {
        do {
            return try reader.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT sequence, recorded, name, content, body FROM entries WHERE sequence BETWEEN ? AND ?
                        ORDER BY sequence
                        """, arguments: [range.lowerBound, range.upperBound]
                ).map { StatementArguments($0.databaseValues) }
            }
        } catch {
            throw StoreError.from(error, path: path)
        }
    }
}
