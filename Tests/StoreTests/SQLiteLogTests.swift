import ControlRoom
import Store
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
                .duplicate, .accepted(sequence: 4),
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

    @Test("a full disk takes nothing half", .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
    func full() throws {
        let disk = try TinyDisk(kibibytes: 1_200)
        let log = try SQLiteLog(path: disk.path + "/log") { "log" }
        let body = [UInt8](repeating: 65, count: 20_000)
        var kept = 0
        var isFull = false
        for number in 0..<200 where !isFull {
            let batch = (0..<5).map { NewEntry(source: "s", id: "\(number)-\($0)", body: body, content: 1) }
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
            try log.append([NewEntry(source: "s", id: "0-0", body: body, content: 1)], now: EventMaker.noon) == [
                .duplicate
            ])
    }
}
