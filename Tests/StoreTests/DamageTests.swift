import ControlRoom
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("Damaged files")
struct DamageTests {
    private static let now = EventMaker.noon.adding(seconds: 9_999)

    /// Opens as a console does: what a start does not notice is met in use, marked, and rebuilt at the next start.
    private func open(_ damaged: DamagedStore) throws -> (store: Store, report: Recovery.Report?) {
        let first = try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
        if try first.report != nil || isSound(first.store) { return first }
        first.store.close()
        Recovery.markDamaged(damaged.path)
        return try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
    }

    private func isSound(_ store: Store) throws -> Bool {
        do {
            _ = try store.read(after: 0, limit: 10_000)
            _ = try store.allAlerts(afterRow: 0, limit: 10_000)
            while try store.backgroundStep() {}
            return try store.integrityProblems().isEmpty
        } catch StoreError.damaged { return false }
    }

    /// The store works, holds all of these events and none that never were; and where something was done, it is said.
    private func check(_ damaged: DamagedStore, keeps expected: Set<String>) throws {
        let (store, report) = try open(damaged)
        defer { store.close() }
        let events = try store.read(after: 0, limit: 10_000)
        let ids = Set(events.map(\.id))
        #expect(ids.isSuperset(of: expected), "\(expected.subtracting(ids).count) of \(expected.count) are missing")
        #expect(ids.isSubset(of: damaged.pages.keys) && ids.count == events.count)
        if let report {
            #expect(report.events == events.count && FileManager.default.fileExists(atPath: report.setAside))
            #expect(report.gaps > 0 || ids.count == damaged.pages.count)
            #expect(try store.integrityProblems().isEmpty)
        }
        var make = EventMaker(source: "urn:after")
        #expect(try store.ingest([AdmittedEvent(make.raised("after"))], now: DamageTests.now).count == 1)
        #expect(!damaged.folder.names.contains("s.damaged"))
    }

    /// What can be read when these pages cannot.
    private func readable(_ damaged: DamagedStore, without pages: Set<Int>) -> Set<String> {
        Set(damaged.pages.filter { $0.value.isDisjoint(with: pages) }.keys)
    }

    @Test("a sound store is left alone")
    func sound() throws {
        let damaged = try DamagedStore()
        #expect(damaged.pages.count == 300)
        let (store, report) = try open(damaged)
        #expect(report == nil && damaged.folder.names.allSatisfy { !$0.contains("damaged") })
        #expect(try store.integrityProblems().isEmpty)
    }

    @Test("an overwritten header is set aside, and every event is kept", arguments: [16, 100, 4_096])
    func header(_ bytes: Int) throws {
        let damaged = try DamagedStore()
        try damaged.damage(first: bytes)
        let (store, report) = try open(damaged)
        #expect(report?.setAside.hasPrefix(damaged.path + ".damaged-2026") == true)
        #expect(report?.events == 300 && report?.gaps == 0 && report?.waiting == DamagedStore.acts)
        let events = try store.read(after: 0, limit: 999)
        #expect(events.map(\.id) == (1...300).map { "e\($0)" })
        #expect(events.map(\.recorded) == (0..<300).map { EventMaker.noon.adding(seconds: Double($0)) })
        #expect(try store.waitingCount() == DamagedStore.acts && store.logID == "new")
        #expect(damaged.folder.names.allSatisfy { !$0.hasSuffix("-opened") && $0 != "s.damaged" })
    }

    @Test("whichever page is overwritten, every event that can be reached without it is kept")
    func eachPage() throws {
        let damaged = try DamagedStore()
        let log = damaged.owners["events"] ?? []
        let others = damaged.owners.filter { $0.key != "events" }.values.compactMap(\.first)
        let sample = Array(log.sorted().enumerated().filter { $0.offset % 9 == 0 }.map(\.element)) + others
        for page in Set(sample) {
            try damaged.damage(pages: [page])
            try check(damaged, keeps: readable(damaged, without: [page]))
        }
    }

    @Test("several stretches of pages in the middle", arguments: 1...6)
    func middle(seed: UInt64) throws {
        let damaged = try DamagedStore()
        var chance = SeededChance(seed: seed)
        let last = damaged.bytes.count / DamagedStore.pageSize
        let names = damaged.owners.filter { $0.key.contains("names") }.values.reduce(Set()) { $0.union($1) }
        let pages = Set(
            (0..<4).flatMap { _ in
                let start = 2 + Int(chance.next() % UInt64(last - 8))
                return start..<(start + 1 + Int(chance.next() % 6))
            }
        ).subtracting(names)
        try damaged.damage(pages: pages)
        try check(damaged, keeps: readable(damaged, without: pages))
    }

    @Test("a file that was cut off anywhere", arguments: 1...16)
    func truncated(_ sixteenths: Int) throws {
        let damaged = try DamagedStore()
        let length = max(1, damaged.bytes.count * sixteenths / 16 - (sixteenths % 3) * 1_001)
        try damaged.damage(length: length)
        let missing = Set((length / DamagedStore.pageSize + 1)...(damaged.bytes.count / DamagedStore.pageSize + 1))
        try check(damaged, keeps: readable(damaged, without: missing))
    }

    @Test("a marker asks for a rebuild at the next start, once")
    func marker() throws {
        let damaged = try DamagedStore()
        Recovery.markDamaged(damaged.path)
        let (store, report) = try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
        #expect(report?.events == 300 && report?.gaps == 0)
        store.close()
        #expect(try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }.report == nil)
    }

    @Test("a rebuild that was cut off is taken up again, and keeps nothing twice")
    func resumed() throws {
        let damaged = try DamagedStore()
        let aside = damaged.path + ".damaged-x"
        try FileManager.default.moveItem(atPath: damaged.path, toPath: aside)
        try Data(aside.utf8).write(to: URL(fileURLWithPath: damaged.path + ".damaged"))
        let partial = try Store(path: damaged.path) { "new" }
        let old = try DatabaseQueue(path: aside)
        try old.close()
        var make = EventMaker()
        _ = try partial.ingest(
            [AdmittedEvent(make.raised("s0", .high, "\"filler\":\"\(String(repeating: "x", count: 700))\""))],
            now: EventMaker.noon)
        partial.close()
        let (store, report) = try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
        #expect(report?.setAside == aside && report?.events == 300)
        #expect(try store.lastSequence() == 300 && store.waitingCount() == DamagedStore.acts)
        #expect(!damaged.folder.names.contains("s.damaged"))
    }

    @Test("a store that another process has open is not rebuilt under its feet, and what it kept since is kept")
    func inUse() throws {
        let damaged = try DamagedStore()
        let other = try Store(path: damaged.path) { "new" }
        Recovery.markDamaged(damaged.path)
        #expect(throws: StoreError.inUse(path: damaged.path)) {
            try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
        }
        try other.enqueue([("late", nil, Array("act".utf8))], now: DamageTests.now)
        other.close()
        let (store, report) = try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
        #expect(report?.events == 300 && report?.waiting == DamagedStore.acts + 1)
        #expect(try store.waitingCount() == DamagedStore.acts + 1)
    }

    /// The store as it is rebuilt after its file was written to by other means.
    private func rebuilt(
        _ damaged: DamagedStore, after sql: String
    ) throws -> (store: Store, report: Recovery.Report?) {
        let queue = try DatabaseQueue(path: damaged.path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        Recovery.markDamaged(damaged.path)
        return try Recovery.open(path: damaged.path, now: DamageTests.now) { "new" }
    }

    @Test("a row that is not the one that was written is not taken for it")
    func forged() throws {
        let damaged = try DamagedStore()
        let (store, report) = try rebuilt(damaged, after: "UPDATE events SET id = 'forged' WHERE sequence = 7")
        #expect(report?.events == 299 && report?.gaps == 1)
        #expect(try !store.read(after: 0, limit: 999).contains { $0.id == "forged" })
    }

    @Test("what this version cannot decode is kept as it is")
    func undecodable() throws {
        let damaged = try DamagedStore()
        let (store, report) = try rebuilt(
            damaged, after: "UPDATE events SET data = CAST('{' AS BLOB) WHERE sequence = 7")
        #expect(report?.events == 300)
        #expect(try store.read(after: 6, limit: 1).first?.data == .json(Array("{".utf8)))
    }

    @Test("a file that never was a store is refused, and left as it is")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        let other = folder.file("other.sqlite")
        let queue = try DatabaseQueue(path: other)
        try queue.write { try $0.execute(sql: "CREATE TABLE bookmarks (url TEXT)") }
        try queue.close()
        let texts = [
            Data(repeating: 0x41, count: 50_000), Data("{\"type\":\"eu.impetus.alert.raised.v1\"}".utf8),
            Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }),
            try Data(contentsOf: URL(fileURLWithPath: other)),
        ]
        for text in texts {
            try text.write(to: URL(fileURLWithPath: path))
            #expect(throws: StoreError.notAStore(path: path)) {
                try Recovery.open(path: path, now: DamageTests.now) { "new" }
            }
            #expect(throws: StoreError.notAStore(path: path)) { try Store(path: path) { "new" } }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
        #expect(folder.names.sorted() == ["other.sqlite", "s"])
    }

    @Test("an alarm that outlived its events is taken over from its row, and no row makes one quieter")
    func outlived() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised("unseen", .critical), make.cleared("unseen"), make.raised("worse", .critical),
            make.raised("worse", .low), make.raised("seen"), make.raised("moved"), make.raised("hushed", .critical),
            make.raised("hushed", .low), make.raised("ended", .critical), make.raised("ended", .low),
            make.raised("latched", .high, "\"latching\":true"), make.cleared("latched"),
            make.acknowledged("latched", .high), make.raised("last"),
        ])
        let trim = LogTrimmed(through: 13, head: "h", recorded: EventMaker.noon)
        try disk.ingest(
            Event(
                id: "t", source: Event.feedSource, type: .logTrimmed, subject: "log", time: EventMaker.noon,
                data: .json(JSONWriter.bytes(trim.write))))
        try disk.settle()
        let outliving = ["unseen", "worse", "latched"]
        let before = try outliving.map { try disk.store.alert(subject: $0, realm: .actual)?.alert }
        disk.store.close()
        let queue = try DatabaseQueue(path: disk.path)
        try queue.write { db in
            // Damaged rows: acknowledged, under another name, more severe but shelved, more severe but over.
            try db.execute(
                sql: """
                    UPDATE alerts SET acknowledged = 1, latched_severity = 0 WHERE subject = 'seen';
                    UPDATE alerts SET subject = 'forged' WHERE subject = 'moved';
                    UPDATE alerts SET shelved_until = 9000000000000, shelved_from = 4 WHERE subject = 'hushed';
                    UPDATE alerts SET active = 0 WHERE subject = 'ended';
                    """)
        }
        try queue.close()
        Recovery.markDamaged(disk.path)
        let (store, report) = try Recovery.open(path: disk.path, now: EventMaker.noon, makeLogID: { "log-2" })
        #expect(report?.alarms == 3 && report?.gaps == 1)
        let after = try outliving.map { try store.alert(subject: $0, realm: .actual)?.alert }
        #expect(after == before && after.prefix(2).allSatisfy { $0?.latchedSeverity == .critical })
        #expect(after.last??.latched == true && after.last??.acknowledged == true)
        #expect(try store.alert(subject: "seen", realm: .actual)?.alert.acknowledged == false)
        #expect(try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).total == 8)
        #expect(try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).unacknowledged == 7)
        let hushed = try #require(try store.alert(subject: "hushed", realm: .actual)?.alert)
        #expect(!hushed.isSuppressed && hushed.active)
        #expect(try store.alert(subject: "ended", realm: .actual)?.alert.active == true)
        // In the order of attention as bad as it is.
        let first = try store.alerts(AlertQuery(realm: .actual), at: .start, limit: 1).lines.first
        #expect(first?.alert.subject == "worse")
        #expect(try store.alert(subject: "forged", realm: .actual) == nil)
        #expect(try store.integrityProblems().isEmpty && store.waitingBeyondRetention().unseen == 1)
    }

    @Test("rows of an older version have other columns: the events are kept, and a gap is said")
    func olderRows() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a"), make.raised("b")])
        disk.store.close()
        let queue = try DatabaseQueue(path: disk.path)
        try queue.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('base', '1 h 0')")
            try db.execute(sql: "DROP INDEX alerts_undoables; ALTER TABLE alerts DROP COLUMN undoables")
        }
        try queue.close()
        Recovery.markDamaged(disk.path)
        let (store, report) = try Recovery.open(path: disk.path, now: EventMaker.noon, makeLogID: { "log-2" })
        #expect(report?.events == 2 && report?.alarms == 0 && report?.gaps == 1)
        #expect(try store.integrityProblems().isEmpty)
    }
}
