import SQLite

/// A log that grows for years: its oldest entries go into files of their own, which are kept elsewhere and stay verifiable.
extension SQLiteLog {
    static let archivedKey = "archived"
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
        try copy(first...end, before: before, after: after, to: partial)
        try verify(LogSegment(path: partial))
        try letGo(of: first...end, after: after, moving: (partial, file))
        try removeArchived()
    }

    /// Lets go of entries that a file holds since they were archived before, and put back. That they are the same is for the caller
    /// to know, by the head of the chain at their end.
    ///
    /// - Parameter segment: its first entry is the log's first, and its last stands before the log's last.
    /// - Throws: `StoreError`; the log then still has what it had.
    public func archive(heldBy segment: LogSegment) throws {
        let first = try (archived()?.sequence ?? 0) + 1
        guard segment.isOf(try logID), segment.first == first, try segment.last < lastSequence() else {
            throw StoreError.other(path: segment.path, reason: "it is an archive of other entries")
        }
        try letGo(of: first...segment.last, after: segment.after, moving: nil)
        try removeArchived()
    }

    /// One transaction: the file has its name when the log says that the entries are in it, and where the log does not come to
    /// say so it has none.
    ///
    /// - Parameter new: the file that gets its name; nil where it has it.
    private func letGo(
        of range: ClosedRange<Int64>, after: String, moving new: (partial: String, file: String)?
    ) throws {
        var isNamed = false
        do {
            try write { tools in
                // Another may have archived meanwhile: then what was copied is not what is there.
                guard try SQLiteLog.archivedEnd(tools) == range.lowerBound - 1 else {
                    throw StoreError.other(path: path, reason: "another process archives this log")
                }
                try SQLiteLog.catchUp(tools, to: try lastSequence(tools))
                try tools.index.pour()
                try begin(behind: range.upperBound, head: after, tools)
                if let new { try ArchiveFile.name(new.partial, new.file) }
                isNamed = true
            }
        } catch {
            if isNamed, let new { ArchiveFile.remove(new.file) }
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
            isMore = try write { tools in
                let end = try SQLiteLog.archivedEnd(tools)
                let start = try tools.statements("SELECT min(sequence) FROM entries").first { $0.integer(0) } ?? 0
                guard start > 0, start <= end else { return false }
                let last = min(end, start + Int64(SQLiteLog.page) - 1)
                for statement in [SQLiteLog.keepContents, "DELETE FROM entries WHERE sequence <= ?"] {
                    let step = try tools.statements(statement)
                    step.bind(1, last)
                    try step.run()
                }
                return true
            }
        }
    }

    /// What was said under a name that is archived stays known by its hash.
    private static let keepContents = """
        INSERT OR REPLACE INTO archived_contents (sequence, content, content_hash)
        SELECT sequence, content, content_hash FROM entries WHERE sequence <= ?
        """

    private func copy(_ range: ClosedRange<Int64>, before: String, after: String, to file: String) throws {
        try ArchiveFile.make(file)
        let target = try Connection.once(file)
        defer { target.close() }
        try target.execute(
            """
            CREATE TABLE segment (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE entries (
                sequence INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, name TEXT NOT NULL,
                content INTEGER NOT NULL, body BLOB NOT NULL, content_hash BLOB
            ) STRICT;
            """)
        var place = range.lowerBound - 1
        while place < range.upperBound {
            let end = min(range.upperBound, place + Int64(SQLiteLog.page))
            try copy((place + 1)...end, to: target)
            place = end
        }
        let values = [
            "log": try logID, "first": String(range.lowerBound), "last": String(range.upperBound), "before": before,
            "after": after,
        ]
        try target.write { statements in
            let insert = try statements("INSERT INTO segment VALUES (?, ?)")
            for (key, value) in values {
                insert.bind(1, key)
                insert.bind(2, value)
                try insert.run()
            }
        }
    }

    private func copy(_ range: ClosedRange<Int64>, to target: Connection) throws {
        try reader.read { source in
            let select = try source(
                """
                SELECT sequence, recorded, name, content, body, content_hash FROM entries
                WHERE sequence BETWEEN ? AND ? ORDER BY sequence
                """)
            select.bind(1, range.lowerBound)
            select.bind(2, range.upperBound)
            var place = range.lowerBound - 1
            try target.write { statements in
                let insert = try statements(SQLiteLog.insertion)
                try select.each { row in
                    place += 1
                    guard row.integer(0) == place else { return false }
                    insert.bind(1, place)
                    insert.bind(2, row.integer(1))
                    insert.bind(3, row.text(2))
                    insert.bind(4, row.integer(3))
                    insert.bind(5, row.blob(4))
                    if row.isNull(5) { insert.bind(6, nil as Int64?) } else { insert.bind(6, row.blob(5)) }
                    try insert.run()
                    return true
                }
            }
            guard place == range.upperBound else {
                throw StoreError.damaged(path: path, reason: "entries up to \(range.upperBound) are missing")
            }
        }
    }
}
