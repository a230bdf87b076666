import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("An event of a known name")
struct ContentTests {
    private static func trim(_ through: Int64) -> Event {
        let fact = LogTrimmed(through: through, head: "h\(through)", recorded: EventMaker.noon)
        return Event(
            id: "trimmed/\(through)", source: Event.feedSource, type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    private func check(_ disk: TemporaryStore, _ event: Event, _ state: String) throws {
        let before = try disk.store.lastSequence()
        for (name, other) in Variations.others(of: event) {
            #expect(
                try disk.store.ingest([AdmittedEvent(fromLog: other)], now: EventMaker.noon) == [.conflicting],
                "\(name), \(state)")
        }
        for (name, same) in Variations.same(as: event) {
            #expect(
                try disk.store.ingest([AdmittedEvent(fromLog: same)], now: EventMaker.noon) == [.duplicate],
                "\(name), \(state)")
        }
        #expect(try disk.store.lastSequence() == before)
    }

    @Test("that says something else is told as another, in the log, behind a trim, and after it left the file")
    func everywhere() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        _ = try disk.store.ingest([AdmittedEvent(fromLog: Variations.whole)], now: EventMaker.noon)
        try disk.ingest([make.raised("a"), make.raised("b")])
        try check(disk, Variations.whole, "in the log")
        try disk.ingest(ContentTests.trim(2))
        try check(disk, Variations.whole, "trimmed")
        try disk.settle()
        #expect(try disk.store.read(after: 0, limit: 9).allSatisfy { $0.id != Variations.whole.id })
        try check(disk, Variations.whole, "out of the file")
        let again = try disk.again()
        #expect(try again.ingest([AdmittedEvent(fromLog: Variations.whole)], now: EventMaker.noon) == [.duplicate])
    }

    @Test("is told so too where the trim itself takes it out: of an alert that is over, and of a checklist")
    func takenOut() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let events = [
            make.playbook("p"), make.raised("a"), make.started("run/1", playbook: "p"), make.step("run/1", 1, "done"),
            make.acknowledged("a"), make.cleared("a"), make.raised("b"),
        ]
        try disk.ingest(events)
        try disk.ingest(ContentTests.trim(6))
        for isSwept in [false, true] {
            if isSwept { try disk.settle() }
            for event in events.dropFirst().prefix(5) {
                var other = event
                other.time = event.time.map { $0.adding(seconds: 1) }
                #expect(try disk.ingest([event, other]) == [.duplicate, .conflicting], "\(event.type.rawValue)")
            }
        }
        #expect(try disk.state("a") == nil && disk.store.runs(.actual).isEmpty)
    }

    @Test("of which an older version has trimmed all but the name is the same by its name")
    func older() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let event = make.raised("a")
        try disk.ingest([event, make.acknowledged("a"), make.cleared("a"), make.raised("b")])
        try disk.ingest(ContentTests.trim(3))
        try disk.settle()
        try disk.store.writer.write { try $0.execute(sql: "DELETE FROM trimmed_contents") }
        var other = event
        other.subject = "other"
        #expect(try disk.ingest([event, other]) == [.duplicate, .duplicate])
    }

    /// As an older version has left it: without a key, all look-ups by FNV-1a.
    private func unkey(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            for tier in ["", "_fresh"] {
                try db.execute(sql: "DELETE FROM event_hashes\(tier); DELETE FROM alert_hashes\(tier)")
            }
            try db.execute(
                sql: "INSERT INTO event_hashes SELECT fingerprint, sequence FROM events ORDER BY fingerprint")
            for (table, row) in [("alerts", "id"), ("alert_ends", "0")] {
                let columns = table == "alerts" ? "realm" : "(SELECT id FROM names WHERE text = 'actual')"
                for found in try Row.fetchAll(db, sql: "SELECT \(row), \(columns), subject FROM \(table)") {
                    let (id, realm, subject): (Int64, Int64, String) = (found[0], found[1], found[2])
                    let key: Int64 = FNV1a.of(String(realm), subject)
                    try db.execute(
                        sql: "UPDATE \(table) SET key = ? WHERE subject = ?", arguments: [key, subject])
                    if table == "alerts" {
                        try db.execute(sql: "INSERT INTO alert_hashes VALUES (?, ?)", arguments: [key, id])
                    }
                }
            }
            try db.execute(sql: "DELETE FROM meta WHERE key = 'name_hash'")
        }
        try queue.close()
    }

    @Test(
        "a store of an older version gets a key, and knows its events, its alerts and what overtook an alarm as before")
    func keyed() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let events = (0..<40).map { make.raised("a\($0)") }
        var early = make.cleared("late")
        early.time = EventMaker.noon.adding(seconds: 1)
        try disk.ingest(events + [early])
        disk.store.close()
        try unkey(disk.path)
        for _ in 0..<2 {
            let store = try disk.again()
            defer { store.close() }
            #expect(try store.integrityProblems().isEmpty)
            let known = try store.ingest(try events.map { try AdmittedEvent($0) }, now: EventMaker.noon)
            #expect(known.allSatisfy { $0 == .duplicate })
            for number in 0..<40 { #expect(try store.alert(subject: "a\(number)", realm: .actual) != nil) }
            var other = events[7]
            other.subject = "other"
            #expect(try store.ingest([try AdmittedEvent(other)], now: EventMaker.noon) == [.conflicting])
        }
        let store = try disk.again()
        // The clear came before its alarm.
        #expect(
            try store.ingest([try AdmittedEvent(make.raised("late"))], now: EventMaker.noon).first?.isAccepted == true)
        #expect(try store.alert(subject: "late", realm: .actual)?.alert.active == false)
        #expect(
            try store.ingest([try AdmittedEvent(make.raised("a7"))], now: EventMaker.noon).first?.isAccepted == true)
        #expect(try store.alert(subject: "a7", realm: .actual)?.alert.occurrence == 2)
    }

    @Test("each store has a key of its own, and keeps it")
    func keys() throws {
        let folder = try TemporaryFolder()
        func hash(_ file: String, _ id: String) throws -> Int64 {
            let store = try Store(path: folder.file(file)) { id }
            defer { store.close() }
            return try store.read { try $0.events.hash(source: "s", id: "e") }
        }
        let (one, other) = try (hash("one", "secret one"), hash("two", "secret two"))
        #expect(one != other)
        #expect(try hash("one", "secret two") == one)
    }
}
