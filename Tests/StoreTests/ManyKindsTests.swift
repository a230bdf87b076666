import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

/// The columns number texts; what is asked here is what they do beyond the numbers of two bytes.
@Suite("More than 65,536 kinds of alarms")
struct ManyKindsTests {
    private static let now = EventMaker.noon.adding(seconds: 60)

    private static func query(_ text: String) throws -> AlertQuery {
        AlertQuery(realm: .actual, filter: try .reading(text)).at(now)
    }

    private static let questions = [
        "kind = k5", "kind = k65535", "kind = k65536", "kind = k65540", "kind = k69999", "kind = never",
        "kind ~ k6553", "kind != k65536", "kind !~ 9", "kind ~ late", "tool = UAD kind ~ 65", "cause ~ c6999",
        "cause = c65541", "owned = yes", "owner = o66000",
    ]

    /// Rows from `first` up to `end`, each like the first of the table, with texts of its own; the log has no part in it.
    private static func multiply(_ store: Store, from first: Int, to end: Int) throws {
        try store.writer.write { db in
            try db.execute(
                sql: """
                    CREATE TEMP TABLE copies AS
                        WITH RECURSIVE counted(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < ?2)
                        SELECT n, alerts.* FROM counted, alerts WHERE alerts.id = 1;
                    UPDATE copies SET id = n + 1000, key = n, subject = 's' || n, kind = 'k' || n, owner = 'o' || n,
                        cause = 'c' || n, district = 'd' || n;
                    ALTER TABLE copies DROP COLUMN n;
                    INSERT INTO alerts SELECT * FROM copies;
                    DROP TABLE copies;
                    """, arguments: [first, end])
        }
    }

    private static func expectSame(_ memory: Store, _ file: Store) throws {
        for question in questions {
            let query = try query(question)
            let found = try memory.alerts(query, at: .start, limit: 200).lines.map(\.row)
            #expect(try found == file.alerts(query, at: .start, limit: 200).lines.map(\.row), "\(question)")
            let count = try #require(try memory.quickCount(query), "\(question): the columns have given up")
            #expect(try count == file.count(query, limit: 100_000), "\(question)")
        }
    }

    @Test("Filters find from memory what they find from the file, whatever was numbered first and last")
    func filters() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("first"))
        try ManyKindsTests.multiply(disk.store, from: 1, to: 70_000)
        while try disk.store.readColumns(for: nil) {}
        let file = try disk.again()
        defer { file.close() }
        try ManyKindsTests.expectSame(disk.store, file)
        #expect(try disk.store.quickCount(ManyKindsTests.query("kind = k65536")) == 1)
        #expect(try disk.store.quickCount(ManyKindsTests.query("kind ~ k")) == 69_999)
    }

    @Test("Columns in which the numbers just fit follow what makes them too many")
    func follows() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("first"))
        try ManyKindsTests.multiply(disk.store, from: 1, to: 65_520)
        while try disk.store.readColumns(for: nil) {}
        #expect(try disk.store.quickCount(ManyKindsTests.query("kind ~ late")) == 0)
        for number in 0..<40 {
            try disk.ingest(make.raised("late-\(number)", .low, "\"kind\":\"late-\(number)\""))
        }
        #expect(try disk.store.quickCount(ManyKindsTests.query("kind ~ late")) == 40)
        let file = try disk.again()
        defer { file.close() }
        try ManyKindsTests.expectSame(disk.store, file)
    }

    @Test("Alarms of two kinds are two groups, also where their numbers differ by 65,536")
    func groups() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("first", .high, "\"lat\":45.4,\"lon\":11.8"))
        try ManyKindsTests.multiply(disk.store, from: 1, to: 70_000)
        // None explains another, and all are in one place.
        try disk.store.writer.write { try $0.execute(sql: "UPDATE alerts SET cause = NULL, district = NULL") }
        while try disk.store.readColumns(for: nil) {}
        var query = AlertQuery(realm: .actual).at(ManyKindsTests.now)
        query.grouping = AlertGrouping()
        #expect(try disk.store.count(query, limit: 100_000) == 70_000)
    }

    @Test("The number of a text takes four bytes only where two do not do")
    func widens() {
        var column = CodeColumn()
        for place in 0..<3 {
            column.grow()
            column.set(place, UInt32(65_533 + place))
        }
        #expect(!column.isWide)
        #expect(column.equal(65_536) == Bits(3, all: false))
        column.grow()
        #expect(column[3] == 0)
        column.set(3, 65_536)
        #expect(column.isWide)
        #expect((0..<4).map { column[$0] } == [65_533, 65_534, 65_535, 65_536])
        // What was cut to two bytes would be the number of no text.
        #expect(column.equal(0).size == 0)
        #expect(column.equal(65_536).size == 1)
        column.set(3, 5)
        #expect(column[3] == 5)
        var table = Array(repeating: false, count: 65_537)
        table[65_535] = true
        #expect(column.bits(table).size == 1)
    }
}
