import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("Rows by a hash")
struct HashIndexTests {
    private func index(_ disk: TemporaryStore, _ body: (HashIndex) throws -> Void) throws {
        try disk.store.writer.write { db in
            try body(HashIndex(try Statements(db), name: HashIndex.events, mostFresh: 20))
        }
    }

    @Test(
        "each row is found by its own hash, however many share it, before and after they are poured", arguments: 1...8)
    func found(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        // Few hashes, next to each other and at the end of all numbers: every way of running into one another.
        let hashes = (0..<12).map { Int64.max - 5 &+ $0 }
        try index(TemporaryStore()) { index in
            var rows: [Int64: [Int64]] = [:]
            for row in Int64(1)...150 {
                let hash = hashes[Int(chance.next() % UInt64(hashes.count))]
                #expect(try index.first(hash) { $0 == row ? $0 : nil } == nil)
                try index.insert(hash, row: row)
                rows[hash, default: []].append(row)
                if chance.next() % 10 == 0 { try index.pour() }
                if chance.next() % 25 == 0 {
                    try index.pour()
                    index.forget()
                }
            }
            for (hash, mine) in rows {
                for row in mine { #expect(try index.first(hash) { $0 == row ? $0 : nil } == row) }
            }
        }
    }

    @Test("a row that is taken out is gone, and hides none that shares its hash", arguments: 1...8)
    func removed(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        try index(TemporaryStore()) { index in
            var kept: [Int64: Int64] = [:]
            for row in Int64(1)...300 {
                let hash = Int64(chance.next() % 30)
                #expect(try index.first(hash) { $0 == row ? $0 : nil } == nil)
                try index.insert(hash, row: row)
                kept[row] = hash
                if chance.next() % 10 == 0 { try index.pour() }
                if chance.next() % 2 == 0, let (victim, hash) = kept.randomElement(using: &chance) {
                    try index.remove(hash, row: victim)
                    kept[victim] = nil
                }
            }
            for (row, hash) in kept { #expect(try index.first(hash) { $0 == row ? $0 : nil } == row) }
        }
        // Alone, it leaves nothing.
        try index(TemporaryStore()) { index in
            for tier in 0..<2 {
                _ = try index.first(7) { $0 == 1 ? $0 : nil }
                try index.insert(7, row: 1)
                if tier == 1 { for row in Int64(10)...40 { try index.insert(row * 100, row: row) } }
                try index.pour()
                try index.remove(7, row: 1)
                #expect(try index.first(7) { $0 } == nil)
            }
        }
    }

    @Test("the filter passes over nothing that was added, and over most of what was not")
    func filter() {
        var chance = SeededChance(seed: 3)
        var filter = HashFilter(capacity: 10_000)
        let added = (0..<10_000).map { _ in Int64(bitPattern: chance.next()) }
        for hash in added { filter.add(hash) }
        #expect(added.allSatisfy(filter.mayContain))
        let taken = (0..<100_000).count { _ in filter.mayContain(Int64(bitPattern: chance.next())) }
        #expect(taken < 3_000, "\(taken) of 100,000")
        #expect((1...1_000).count { filter.mayContain($0) } < 60)
    }

    @Test("rows that were written past the hashes are told of by the check of the file")
    func unknown() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a"), make.raised("b")])
        #expect(try disk.store.integrityProblems().isEmpty)
        try disk.store.writer.write { try $0.execute(sql: "DELETE FROM event_hashes_fresh WHERE row = 2") }
        #expect(try disk.store.integrityProblems() == ["1 events are not found by their hash"])
    }

    @Test("an older store's rows are found after the step to hashes, those with the same hash as well")
    func migrated() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        let old = try Store(path: path) { "log" }
        var make = EventMaker()
        let events = (0..<40).map { make.raised("a\($0)") }
        _ = try old.ingest(try events.map { try AdmittedEvent($0) }, now: EventMaker.noon)
        old.close()
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    DROP TABLE event_hashes; DROP TABLE event_hashes_fresh;
                    DROP TABLE alert_hashes; DROP TABLE alert_hashes_fresh;
                    CREATE INDEX events_fingerprint ON events(fingerprint); CREATE INDEX alerts_key ON alerts(key);
                    DELETE FROM grdb_migrations WHERE identifier = '9 hashes';
                    DELETE FROM meta WHERE key = 'name_hash';
                    """)
            // As if the hashes of two events were the same.
            try db.execute(
                sql:
                    "UPDATE events SET fingerprint = (SELECT fingerprint FROM events WHERE sequence = 1) WHERE sequence = 2"
            )
        }
        try queue.close()
        let store = try Store(path: path) { "log" }
        let found = try store.writer.write { db in
            let index = HashIndex(try Statements(db), name: HashIndex.events)
            return try [1, 2].map { row in
                try index.first(FNV1a.of(events[0].source, events[0].id)) { $0 == Int64(row) ? $0 : nil }
            }
        }
        #expect(found == [1, 2])
        let again = try store.ingest(try events.dropFirst(2).map { try AdmittedEvent($0) }, now: EventMaker.noon)
        #expect(again.allSatisfy { $0 == .duplicate })
        #expect(try store.alert(subject: "a7", realm: .actual) != nil)
    }
}
