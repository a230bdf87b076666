public import ControlRoom
import SQLite

/// A log that somebody got at, and that is to be taken as it is.
extension SQLiteLog {
    /// What stands where an entry is missing: nothing.
    public static let missingBody: [UInt8] = []

    /// Puts in order what stands beside the entries, so that the log goes on: each entry has the name that its body says, so that a
    /// ruined one does not keep out what is said again, and where entries are missing before the log's end an empty one stands. All or
    /// nothing, in one transaction; nobody else is to have the log open. Reads the whole log.
    ///
    /// - Parameters:
    ///   - forgetsArchive: whether the names of what was archived may come again, because the archives are lost.
    ///   - end: from this entry on nothing stays, because more is missing before it than is to be filled in; nil where all stays.
    ///   - make: of an entry, what is to stand in the log, with its body.
    /// - Throws: `StoreError`; the log is then as it was.
    public func mend(
        forgettingArchive forgetsArchive: Bool, cuttingOffAt end: Int64? = nil, make: (LogEntry) -> NewEntry
    ) throws {
        try write { tools in
            if let end {
                let delete = try tools.statements("DELETE FROM entries WHERE sequence >= ?")
                delete.bind(1, end)
                try delete.run()
            }
            let archived = try SQLiteLog.archivedEnd(tools)
            try rename(behind: archived, tools, make)
            if forgetsArchive { try tools.statements("DELETE FROM archived_contents").run() }
            try tools.index.beginAnew(behind: forgetsArchive ? 0 : archived)
            try SQLiteLog.catchUp(tools, to: max(archived, try lastSequence(tools)))
            try tools.index.pour()
        }
    }

    private func rename(behind archived: Int64, _ tools: Tools, _ make: (LogEntry) -> NewEntry) throws {
        let insert = try tools.statements(SQLiteLog.insertion)
        var place = archived
        while case let page = try named(after: place, tools), !page.isEmpty {
            for (entry, name) in page {
                while place + 1 < entry.sequence {
                    place += 1
                    let missing = LogEntry(
                        sequence: place, recorded: entry.recorded, body: SQLiteLog.missingBody)
                    try SQLiteLog.put(make(missing), at: place, recorded: entry.recorded, insert)
                }
                place = entry.sequence
                try rename(entry, name, make(entry), tools)
            }
        }
    }

    private func named(after place: Int64, _ tools: Tools) throws -> [(LogEntry, String)] {
        let select = try tools.statements(
            "SELECT sequence, recorded, body, name FROM entries WHERE sequence > ? ORDER BY sequence LIMIT 500")
        select.bind(1, place)
        var (entries, bytes): ([(LogEntry, String)], Int) = ([], 0)
        try select.each { row in
            let entry = LogEntry(
                sequence: row.integer(0), recorded: Timestamp(milliseconds: row.integer(1)), body: row.blob(2))
            entries.append((entry, row.text(3)))
            bytes += entry.body.count
            return bytes < SQLiteLog.mostBytesOfPage
        }
        return entries
    }

    private func rename(_ entry: LogEntry, _ name: String, _ made: NewEntry, _ tools: Tools) throws {
        guard SQLiteLog.name(of: made) != name || made.body != entry.body else { return }
        let update = try tools.statements(
            "UPDATE entries SET name = ?, content = 0, content_hash = ?, body = ? WHERE sequence = ?")
        update.bind(1, SQLiteLog.name(of: made))
        update.bind(2, made.content.bytes)
        update.bind(3, made.body)
        update.bind(4, entry.sequence)
        try update.run()
    }
}
