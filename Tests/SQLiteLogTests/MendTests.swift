import ControlRoom
import SQLite
import SQLiteLog
import TestSupport
import Testing

/// A log that somebody got at, and that is taken as it is.
@Suite("A hub's log in SQLite, mended")
struct MendTests {
    private let folder: TemporaryFolder
    private let now = EventMaker.noon

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> SQLiteLog { try SQLiteLog(path: folder.file("log")) { "log-1" } }

    private func damage(_ sql: String) throws {
        let file = try Connection.once(folder.file("log"))
        try file.execute(sql)
        file.close()
    }

    /// Reads the name back out of a body; what is ruined has none.
    private func made(_ entry: LogEntry) -> NewEntry {
        guard let known = (0..<10).map({ EventLogContract.entry("e\($0)") }).first(where: { $0.body == entry.body })
        else {
            return NewEntry(
                source: "", id: "\(entry.sequence) junk", body: entry.body, content: EventLogContract.content(0))
        }
        return known
    }

    private func filled() throws {
        let log = try open()
        _ = try log.append((0..<10).map { EventLogContract.entry("e\($0)") }, now: now)
        log.close()
    }

    @Test("a ruined entry keeps nothing out that has its name, and what is whole is told as a duplicate")
    func names() throws {
        try filled()
        try damage("UPDATE entries SET body = x'00' WHERE sequence = 3")
        let log = try open()
        #expect(try log.append([EventLogContract.entry("e2")], now: now) == [.duplicate])
        try log.mend(forgettingArchive: false) { made($0) }
        #expect(
            try log.append([EventLogContract.entry("e2"), EventLogContract.entry("e3")], now: now) == [
                .accepted(sequence: 11), .duplicate,
            ])
        #expect(try log.read(after: 2, limit: 1).map(\.body) == [[0]])
    }

    @Test("empty entries take the places of those that are missing, at the beginning and in the middle")
    func holes() throws {
        try filled()
        try damage("DELETE FROM entries WHERE sequence IN (1, 5, 6)")
        let log = try open()
        try log.mend(forgettingArchive: false) { made($0) }
        let entries = try log.read(after: 0, limit: 100)
        #expect(entries.map(\.sequence) == Array(1...10))
        #expect(entries.filter { $0.body == SQLiteLog.missingBody }.map(\.sequence) == [1, 5, 6])
        #expect(
            try log.append(["e0", "e4", "e9"].map { EventLogContract.entry($0) }, now: now) == [
                .accepted(sequence: 11), .accepted(sequence: 12), .duplicate,
            ])
    }

    @Test("what stands far behind its end is cut off, and nothing is taken behind the last entry that there can be")
    func far() throws {
        try filled()
        try damage("UPDATE entries SET sequence = \(Int64.max) WHERE sequence = 10")
        let log = try open()
        #expect(throws: StoreError.self) { try log.append([EventLogContract.entry("new")], now: now) }
        try log.mend(forgettingArchive: false, cuttingOffAt: .max) { made($0) }
        #expect(try log.append([EventLogContract.entry("e9")], now: now) == [.accepted(sequence: 10)])
    }

    @Test("an end that was cut off is known to nobody any more, also after a restart")
    func cut() throws {
        try filled()
        try damage("DELETE FROM entries WHERE sequence > 6")
        var log = try open()
        try log.mend(forgettingArchive: false) { made($0) }
        #expect(try log.lastNamed() == 6)
        _ = try log.append([EventLogContract.entry("new")], now: now)
        log.close()
        log = try open()
        #expect(
            try log.append(["new", "e8"].map { EventLogContract.entry($0) }, now: now) == [
                .duplicate, .accepted(sequence: 8),
            ])
    }

    @Test("the names of what is in a lost archive come again where that is wanted, and only there")
    func archive() throws {
        try filled()
        let log = try open()
        let head = String(repeating: "0", count: 64)
        try log.archive(upTo: 4, before: head, after: head, into: folder.file("a.segment")) { _ in }
        try log.mend(forgettingArchive: false) { made($0) }
        #expect(try log.append([EventLogContract.entry("e1")], now: now) == [.duplicate])
        try log.mend(forgettingArchive: true) { made($0) }
        #expect(
            try log.append(["e1", "e5"].map { EventLogContract.entry($0) }, now: now) == [
                .accepted(sequence: 11), .duplicate,
            ])
        #expect(try log.firstSequence() == 5)
    }

    @Test("what was put back is archived again without a new file, and not by a file of other entries")
    func again() throws {
        try filled()
        let log = try open()
        let head = String(repeating: "0", count: 64)
        try log.archive(upTo: 4, before: head, after: head, into: folder.file("a.segment")) { _ in }
        let segment = try LogSegment(path: folder.file("a.segment"))
        try log.putBack([segment]) { made($0) }
        #expect(try log.firstSequence() == 1)
        try log.archive(heldBy: segment)
        #expect(try log.firstSequence() == 5 && log.archived()?.sequence == 4)
        #expect(throws: (any Error).self) { try log.archive(heldBy: segment) }
        #expect(try log.append([EventLogContract.entry("e1")], now: now) == [.duplicate])
        try log.putBack([segment]) { made($0) }
        #expect(try log.read(after: 0, limit: 100).count == 10)
    }
}
