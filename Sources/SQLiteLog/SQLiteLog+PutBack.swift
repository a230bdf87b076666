public import ControlRoom
import SQLite

extension SQLiteLog {
    /// Puts back what was archived last, for whoever has to read the log from its start: all of it or nothing, in one
    /// transaction, for which whoever appends waits. Where nothing is archived, no segments are nothing to do.
    ///
    /// - Parameters:
    ///   - segments: in order; each begins behind the one before, and the last ends where the log says that its archive ends.
    ///   - make: of each entry in its order, what is to stand in the log: name and content are not taken from the file, which could say
    ///     anything of them. What it throws takes all back; here a caller looks once more whether the entries are the right ones.
    /// - Throws: `StoreError`, and what `make` throws; the log is then as it was.
    public func putBack(_ segments: [LogSegment], make: (LogEntry) throws -> NewEntry) throws {
        guard let first = segments.first else { return }
        try write { tools in
            let archived = try SQLiteLog.archivedEnd(tools)
            try SQLiteLog.check(segments, logID: try logID(tools), archivedEnd: archived, path)
            // Archived, and not removed yet because somebody was killed on the way.
            for table in ["entries", "archived_contents"] {
                let delete = try tools.statements("DELETE FROM \(table) WHERE sequence BETWEEN ? AND ?")
                delete.bind(1, first.first)
                delete.bind(2, archived)
                try delete.run()
            }
            for segment in segments { try put(segment, tools, make) }
            try begin(behind: first.first - 1, head: first.before, tools)
        }
    }

    private static func check(_ segments: [LogSegment], logID: String, archivedEnd: Int64, _ path: String) throws {
        for segment in segments where !segment.isOf(logID) {
            throw StoreError.other(path: segment.path, reason: "it is an archive of another log")
        }
        for (one, next) in zip(segments, segments.dropFirst())
        where next.first != one.last + 1 || next.before != one.after {
            throw StoreError.other(path: next.path, reason: "it does not go on where \(one.path) ends")
        }
        guard segments.last?.last == archivedEnd else {
            throw StoreError.other(
                path: path, reason: "its archive ends at entry \(archivedEnd), and these files do not")
        }
    }

    private func put(_ segment: LogSegment, _ tools: Tools, _ make: (LogEntry) throws -> NewEntry) throws {
        let insert = try tools.statements(SQLiteLog.insertion)
        var place = segment.first - 1
        while place < segment.last {
            let entries = try segment.read(after: place, limit: Int(min(1_000, segment.last - place)))
            guard !entries.isEmpty else { throw SQLiteLog.missing(place + 1, in: segment) }
            for entry in entries {
                guard entry.sequence == place + 1 else { throw SQLiteLog.missing(place + 1, in: segment) }
                try SQLiteLog.put(try make(entry), at: entry.sequence, recorded: entry.recorded, insert)
                place += 1
            }
        }
    }

    private static func missing(_ place: Int64, in segment: LogSegment) -> StoreError {
        .other(path: segment.path, reason: "entry \(place) is missing in it")
    }
}
