import ControlRoom
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite("The log")
struct LogTests {
    @Test("an event that does not say when it happened, happened when it was recorded")
    func undated() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        var event = make.raised("a")
        event.time = nil
        _ = try disk.store.ingest([try AdmittedEvent(event)], now: EventMaker.noon.adding(seconds: 7))
        let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)).alert
        #expect(alert.raised == EventMaker.noon.adding(seconds: 7) && alert.since == alert.raised)
    }

    @Test("an event is appended once, however late and however often it comes")
    func idempotent() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let event = make.raised("a")
        #expect(try disk.ingest(event) == .accepted(sequence: 1, outcome: .applied))
        #expect(try disk.ingest(event, at: EventMaker.noon.adding(seconds: 1e6)) == .duplicate)
        #expect(
            try disk.ingest([event, make.raised("b"), event]) == [
                .duplicate, .accepted(sequence: 2, outcome: .applied), .duplicate,
            ])
        let again = try disk.again()
        #expect(try again.ingest([AdmittedEvent(event)], now: EventMaker.noon) == [.duplicate])
        #expect(try disk.store.alert(subject: "a", realm: .actual)?.alert.occurrence == 1)
        #expect(try disk.store.lastSequence() == 2)
    }

    @Test("the same id with other bytes is reported, and the first stands")
    func conflicting() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let event = make.raised("a", .low)
        var other = event
        other.data = .json(Array("{\"tool\":\"FD\",\"severity\":\"critical\"}".utf8))
        try disk.ingest(event)
        #expect(try disk.ingest(other) == .conflicting)
        #expect(try disk.store.alert(subject: "a", realm: .actual)?.alert.severity == .low)
        #expect(try disk.store.read(after: 0, limit: 9).map(\.data) == [event.data])
        var elsewhere = other
        elsewhere.source = "urn:else"
        #expect(try disk.ingest(elsewhere)?.isAccepted == true)
    }

    static let payloads: [Event.Payload] = [
        .none, .json(Array(" {\"a\" :\t1.50}\n".utf8)), .json([]), .bytes([0, 255, 10, 128], base64: true),
        .bytes(Array("text\u{0}".utf8), base64: false),
    ]

    @Test("an event of an unknown type is kept byte for byte, with all its attributes", arguments: payloads)
    func unknownKept(_ payload: Event.Payload) throws {
        let disk = try TemporaryStore()
        var event = Event(id: "i\u{0}é", source: "urn:x", type: EventType(rawValue: "com.example.odd"), data: payload)
        event.subject = ""
        event.time = Timestamp(milliseconds: -5)
        event.dataContentType = "application/x"
        event.dataSchema = "urn:schema"
        event.tenant = "t"
        event.actor = "op1"
        event.occurred = HybridTime(milliseconds: 7, counter: 9)
        event.exercise = "actual"
        event.signature = "sig"
        event.extensions = ["a": "", "b": "\"\n"]
        try disk.ingest(event)
        disk.store.close()
        var kept = event
        kept.sequence = 1
        kept.recorded = EventMaker.noon
        #expect(try disk.again().read(after: 0, limit: 5) == [kept])
    }

    @Test("what was given survives a new start; a window of the log begins where it is asked to")
    func readBack() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest((0..<25).map { _ in make.raised("a") })
        disk.store.close()
        let store = try disk.again()
        #expect(try store.logID == "log-1")
        #expect(try store.read(after: 10, limit: 5).compactMap(\.sequence) == [11, 12, 13, 14, 15])
        #expect(try store.read(after: 25, limit: 5).isEmpty)
    }

    @Test("after an error nothing of a batch is kept, and the next batch is as if it had not been")
    func rollback() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a"))
        let queue = try DatabaseQueue(path: disk.path)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER stop BEFORE INSERT ON events WHEN NEW.subject = 'poison'
                    BEGIN SELECT RAISE(ABORT, 'poison'); END
                    """)
        }
        let batch = [make.raised("new", tool: .bd), make.acknowledged("a"), make.raised("poison")]
        #expect(throws: StoreError.self) { try disk.ingest(batch) }
        #expect(try disk.store.lastSequence() == 1 && disk.state("a") == .unacknowledged && disk.state("new") == nil)
        try queue.write { try $0.execute(sql: "DROP TRIGGER stop") }
        #expect(try disk.ingest(batch).allSatisfy(\.isAccepted))
        let totals = try disk.store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon)
        #expect(totals.total == 3 && totals.unacknowledged == 2 && totals.today == 3)
    }

    @Test("a transaction is on the disk before it counts as kept")
    func durable() throws {
        let disk = try TemporaryStore()
        #expect(try disk.synchronous == 2)
        #expect(try disk.journal == "wal")
    }

    @Test("another store on the same file sees what was written, and that something was")
    func twoStores() throws {
        let disk = try TemporaryStore()
        let other = try disk.again()
        var make = EventMaker()
        let before = try other.dataVersion()
        #expect(try other.dataVersion() == before)
        try disk.ingest(make.raised("a"))
        #expect(try other.dataVersion() != before)
        #expect(try other.alert(subject: "a", realm: .actual) != nil)
        let own = try disk.store.dataVersion()
        _ = try other.ingest([AdmittedEvent(make.acknowledged("a"))], now: EventMaker.noon)
        #expect(try disk.store.dataVersion() != own && disk.state("a") == .acknowledged)
        #expect(try disk.ingest(make.raised("b")) == .accepted(sequence: 3, outcome: .applied))
    }

    @Test("a value kept under a name is there for whoever comes next")
    func remembered() throws {
        let disk = try TemporaryStore()
        try disk.store.remember("k", "1")
        try disk.store.remember("k", "2")
        #expect(try disk.again().recall("k") == "2" && disk.store.recall("log") == nil)
    }

    @Test("what was written is copied back into the file beside the writer, and not only when the store is closed")
    func copiedBack() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let filler = String(repeating: "x", count: 3_000)
        for _ in 0..<6 {
            try disk.ingest((0..<2_000).map { make.raised("a\($0)", .high, "\"filler\":\"\(filler)\"") })
        }
        func size() throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: disk.path)
            return attributes[.size] as? Int ?? 0
        }
        #expect(try eventually { try size() > 20_000_000 })
    }
}
