import ControlRoom
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("Alerts from before it was kept whose they are")
struct OldSourcesTests {
    /// A row of a table as it is now: what must be there and has no value of its own is 0 or empty.
    private func insert(_ values: [String: any DatabaseValueConvertible], into table: String, _ db: Database) throws {
        var row = values
        for column in try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))") {
            let name: String = column["name"]
            let (isNeeded, isKey): (Bool, Bool) = (column["notnull"], column["pk"])
            let (standard, type): (String?, String) = (column["dflt_value"], column["type"])
            guard isNeeded, !isKey, standard == nil, row[name] == nil else { continue }
            switch type {
            case "INTEGER": row[name] = 0
            case "REAL": row[name] = 0.0
            case "BLOB": row[name] = Data()
            default: row[name] = ""
            }
        }
        let names = row.keys.sorted()
        try db.execute(
            sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES "
                + "(\(names.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(names.map { row[$0] }))
    }

    @Test("an older store's alerts are those of the source of their last raise, as far as the log has it")
    func migrated() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.file("s"))
        try Migrations.migrator.migrate(queue, upTo: "20 causes")
        try queue.write { db in
            for (id, text) in [(1, "actual"), (2, "eu.impetus.alert.raised.v1"), (3, "urn:camera:12"), (4, "urn:door")]
            {
                try db.execute(sql: "INSERT INTO names (id, text) VALUES (?, ?)", arguments: [id, text])
            }
            for (sequence, source) in [(1, 4), (2, 3)] {
                let values: [String: any DatabaseValueConvertible] = [
                    "sequence": sequence, "type": 2, "source": source, "id": "e\(sequence)", "data": Data("{}".utf8),
                ]
                try insert(values, into: "events", db)
            }
            for (id, raised) in [(1, 2), (2, 7)] {
                let values: [String: any DatabaseValueConvertible] = [
                    "id": id, "key": id, "realm": 1, "subject": "a\(id)", "raised_by": raised, "last_event": raised,
                ]
                try insert(values, into: "alerts", db)
            }
        }
        try Migrations.migrator.migrate(queue, upTo: "21 sources")
        let sources = try queue.read { try Row.fetchAll($0, sql: "SELECT source FROM alerts ORDER BY id") }
        #expect(sources.map { $0["source"] as String? } == ["urn:camera:12", nil])
    }

    @Test("one whose source nobody knows is that of the next who raises it, and of nobody else")
    func adopted() throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: "urn:camera:12")
        try disk.ingest(make.raised("a", .high))
        try disk.store.writer.write { try $0.execute(sql: "UPDATE alerts SET source = NULL") }
        disk.store.close()
        let store = try disk.again()
        defer { store.close() }
        func say(_ event: Event) throws { _ = try store.ingest([AdmittedEvent(event)], now: EventMaker.noon) }
        func alerts() throws -> [Alert] { try store.allAlerts(afterRow: 0, limit: 9).map(\.line.alert) }
        // An end is no raise.
        try say(make.cleared("a"))
        #expect(try alerts().map(\.active) == [true])
        make.source = "urn:camera:9"
        try say(make.raised("a", .critical))
        #expect(try alerts().map(\.subject) == ["a"])
        #expect(try alerts().map(\.source) == ["urn:camera:9"] && alerts().first?.severity == .critical)
        make.source = "urn:camera:12"
        try say(make.raised("a", .low))
        try say(make.cleared("a"))
        let both = try alerts()
        #expect(both.count == 2 && both.first?.source == "urn:camera:9" && both.first?.active == true)
        #expect(both.last?.source == "urn:camera:12" && both.last?.active == false)
    }
}
