import ControlRoom
import Foundation
import SQLite
import SQLiteLog
import Synchronization
import TestSupport
import Testing

@Suite("A hub's log in SQLite")
struct SQLiteLogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> SQLiteLog { try SQLiteLog(path: folder.file("log")) { "log-1" } }

    @Test("holds to what every log holds to")
    func contract() throws { try EventLogContract.check(try open()) }

    @Test(
        "an event of a known name that says something else is told as another, and as the same where only its way differs"
    )
    func contents() throws { try EventLogContract.checkContents(try open()) }

    @Test("holds to what every log holds to that two have open")
    func sharedContract() throws { try EventLogContract.checkShared(try open(), try open()) }

    @Test("knows after a restart what it had before")
    func restart() throws {
        let log = try open()
        try EventLogContract.check(log)
        log.close()
        let again = try SQLiteLog(path: folder.file("log")) { "another" }
        #expect(try again.logID == "log-1")
        let now = EventMaker.noon
        #expect(
            try again.append([EventLogContract.entry("b"), EventLogContract.entry("n")], now: now) == [
                .duplicate, .accepted(sequence: 10),
            ])
    }

    @Test("knows every name of a quarter of a million, poured or not, and none that was not there")
    func many() throws {
        let log = try open()
        let now = EventMaker.noon
        let total = 250_000
        for start in stride(from: 0, to: total, by: 10_000) {
            let entries = (start..<start + 10_000).map { EventLogContract.entry("e\($0)") }
            #expect(try log.append(entries, now: now).allSatisfy { $0 != .duplicate })
        }
        let sample = stride(from: 0, to: total, by: 997).map { EventLogContract.entry("e\($0)") }
        #expect(try log.append(sample, now: now).allSatisfy { $0 == .duplicate })
        log.close()
        let again = try open()
        #expect(try again.append(sample, now: now).allSatisfy { $0 == .duplicate })
        #expect(try again.append([EventLogContract.entry("new")], now: now) == [.accepted(sequence: Int64(total) + 1)])
        // What was half poured is poured again, and is there once.
        for start in stride(from: total, to: total + 120_000, by: 10_000) {
            let entries = (start..<start + 10_000).map { EventLogContract.entry("e\($0)") }
            #expect(try again.append(entries, now: now).allSatisfy { $0 != .duplicate })
        }
        #expect(try again.append(sample, now: now).allSatisfy { $0 == .duplicate })
    }

    @Test("two processes may append to it")
    func two() throws {
        let (first, second) = (try open(), try open())
        let now = EventMaker.noon
        #expect(try first.append([EventLogContract.entry("a")], now: now) == [.accepted(sequence: 1)])
        #expect(
            try second.append([EventLogContract.entry("a"), EventLogContract.entry("b")], now: now) == [
                .duplicate, .accepted(sequence: 2),
            ])
        #expect(
            try first.append([EventLogContract.entry("b"), EventLogContract.entry("c")], now: now) == [
                .duplicate, .accepted(sequence: 3),
            ])
    }

    @Test("tells that something came")
    func tells() throws {
        let log = try open()
        let count = Mutex(0)
        log.onAppend { count.withLock { $0 += 1 } }
        _ = try log.append([EventLogContract.entry("a")], now: EventMaker.noon)
        #expect(count.withLock { $0 } == 1)
    }

    @Test("a backup taken while it is written is a whole log")
    func backup() throws {
        let log = try open()
        let now = EventMaker.noon
        _ = try log.append((0..<500).map { EventLogContract.entry("e\($0)") }, now: now)
        try log.backup(to: folder.file("copy"))
        _ = try log.append([EventLogContract.entry("later")], now: now)
        let copy = try SQLiteLog(path: folder.file("copy")) { "x" }
        #expect(try copy.logID == "log-1" && copy.lastSequence() == 500)
        #expect(try copy.append([EventLogContract.entry("e7")], now: now) == [.duplicate])
    }

    /// What a log keeps of the entries that `EventLogContract` makes.
    private static func kept(_ entry: LogEntry) throws -> NewEntry {
        let name = try #require(
            try JSONSerialization.jsonObject(with: Data(entry.body)) as? [String: String])
        return NewEntry(
            source: name["source"] ?? "", id: name["id"] ?? "", body: entry.body, content: EventLogContract.content(1))
    }

    @Test("what was archived is in its files, stays known, and can be put back")
    func archive() throws {
        let log = try open()
        let other = try open()
        let now = EventMaker.noon
        _ = try log.append((0..<25_000).map { EventLogContract.entry("e\($0)") }, now: now)
        #expect(try log.archived() == nil && log.firstSequence() == 1)
        try log.archive(upTo: 12_000, before: "h0", after: "h1", into: folder.file("a.segment")) { _ in }
        try log.archive(upTo: 24_000, before: "h1", after: "h2", into: folder.file("b.segment")) { _ in }
        for log in [log, other] {
            #expect(try log.firstSequence() == 24_001 && log.lastSequence() == 25_000)
            #expect(try log.archived()?.sequence == 24_000 && log.archived()?.head == "h2")
            #expect(try log.read(after: 0, limit: 5).map(\.sequence) == [24_001, 24_002, 24_003, 24_004, 24_005])
            #expect(try log.append([EventLogContract.entry("e7")], now: now) == [.duplicate])
            #expect(try log.append([EventLogContract.entry("e7", content: 2)], now: now) == [.conflicting])
        }
        log.close()
        // Also after a restart, and where the other process has poured nothing.
        let again = try open()
        #expect(
            try again.append(
                [EventLogContract.entry("e23999"), EventLogContract.entry("e24500"), EventLogContract.entry("n")],
                now: now)
                == [.duplicate, .duplicate, .accepted(sequence: 25_001)])
        #expect(
            try again.append([23_999, 24_500].map { EventLogContract.entry("e\($0)", content: 2) }, now: now)
                == [.conflicting, .conflicting])
        #expect(
            try other.append([EventLogContract.entry("e1"), EventLogContract.entry("n")], now: now) == [
                .duplicate, .duplicate,
            ])
        let segments = try LogSegment.all(in: folder.path, of: "log-1.restored").segments
        #expect(segments.map(\.first) == [1, 12_001] && segments.map(\.last) == [12_000, 24_000])
        #expect(
            try segments.map(\.before) == ["h0", "h1"] && LogSegment.all(in: folder.path, of: "log-2").segments.isEmpty)
        #expect(try segments[0].read(after: 4, limit: 1).first?.body == EventLogContract.entry("e4").body)
        #expect(throws: StoreError.self) { try again.putBack([segments[0]], make: SQLiteLogTests.kept) }
        #expect(throws: StoreError.self) {
            try again.archive(upTo: 25_001, before: "h2", after: "h3", into: folder.file("c.segment")) { _ in }
        }
        try again.putBack([segments[1]], make: SQLiteLogTests.kept)
        #expect(try again.firstSequence() == 12_001 && again.archived()?.head == "h1")
        try again.putBack([segments[0]], make: SQLiteLogTests.kept)
        #expect(try again.archived() == nil && again.read(after: 0, limit: 30_000).count == 25_001)
        #expect(try again.append([EventLogContract.entry("e7", content: 2)], now: now) == [.conflicting])
    }

    @Test("who archives while another does is refused, and the other's file stays")
    func archivedMeanwhile() throws {
        let (log, other) = (try open(), try open())
        _ = try log.append((0..<20).map { EventLogContract.entry("e\($0)") }, now: EventMaker.noon)
        let file = folder.file("a.segment")
        #expect(throws: StoreError.self) {
            try log.archive(upTo: 10, before: "h0", after: "h1", into: file) { _ in
                try other.archive(upTo: 12, before: "h0", after: "h2", into: file) { _ in }
            }
        }
        let segment = try LogSegment(path: file)
        #expect(try segment.last == 12 && segment.count() == 12)
        for log in [log, other] { #expect(try log.archived()?.head == "h2" && log.firstSequence() == 13) }
        // Nor into a file that another took meanwhile.
        #expect(throws: StoreError.self) {
            try log.archive(upTo: 15, before: "h2", after: "h3", into: file) { _ in }
        }
        #expect(try LogSegment(path: file).last == 12 && log.archived()?.sequence == 12)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.contains("partial") }
                == false)
    }

    @Test("names that another process poured are known as before")
    func pouredByAnother() throws {
        let (hub, command) = (try open(), try open())
        let now = EventMaker.noon
        func append(_ range: Range<Int>) throws -> [Appended] {
            try hub.append(range.map { EventLogContract.entry("e\($0)") }, now: now)
        }
        for start in stride(from: 0, to: 120_000, by: 10_000) { _ = try append(start..<start + 10_000) }
        try command.archive(upTo: 60_000, before: "h0", after: "h1", into: folder.file("a.segment")) { _ in }
        for start in stride(from: 120_000, to: 240_000, by: 10_000) { _ = try append(start..<start + 10_000) }
        for sample in stride(from: 0, to: 240_000, by: 7_919) {
            #expect(try append(sample..<sample + 40).allSatisfy { $0 == .duplicate })
        }
        #expect(throws: StoreError.self) {
            try command.archive(upTo: 50_000, before: "h0", after: "h1", into: folder.file("b.segment")) { _ in }
        }
    }

    @Test("a file that is no segment is none")
    func noSegment() throws {
        try "x".write(toFile: folder.file("x.segment"), atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try LogSegment(path: folder.file("x.segment")) }
        #expect(throws: StoreError.self) { try LogSegment(path: folder.file("missing.segment")) }
        let found = try LogSegment.all(in: folder.path, of: "log-1")
        #expect(found.segments.isEmpty && found.unreadable == [folder.file("x.segment")])
        #expect(throws: StoreError.self) { try LogSegment.all(in: folder.file("nowhere"), of: "log-1") }
    }

    @Test("a full disk takes nothing half", .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
    func full() throws {
        let disk = try TinyDisk(kibibytes: 1_200)
        let log = try SQLiteLog(path: disk.path + "/log") { "log" }
        let body = [UInt8](repeating: 65, count: 20_000)
        var kept = 0
        var isFull = false
        for number in 0..<200 where !isFull {
            let batch = (0..<5).map {
                NewEntry(source: "s", id: "\(number)-\($0)", body: body, content: EventLogContract.content(1))
            }
            do {
                kept += try log.append(batch, now: EventMaker.noon).count
            } catch StoreError.full {
                isFull = true
            }
        }
        #expect(isFull && kept > 0)
        #expect(try log.lastSequence() == Int64(kept) && log.read(after: 0, limit: 10_000).count == kept)
        // What was accepted is known, what was not can come again.
        #expect(
            try log.append(
                [NewEntry(source: "s", id: "0-0", body: body, content: EventLogContract.content(1))],
                now: EventMaker.noon) == [
                    .duplicate
                ])
    }
}
