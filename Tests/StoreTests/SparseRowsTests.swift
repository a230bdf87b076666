import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

/// Retention leaves an old alarm that nobody has acknowledged, and forgets hundreds of thousands after it.
@Suite("Columns of a store that has forgotten most of its alerts")
struct SparseRowsTests {
    private static let now = EventMaker.noon.adding(seconds: 60)

    private static func query(_ text: String) throws -> AlertQuery {
        AlertQuery(realm: .actual, filter: try .reading(text)).at(now)
    }

    /// The first alarm, and others whose rows lie far behind it.
    private func sparse(_ make: inout EventMaker) throws -> TemporaryStore {
        let disk = try TemporaryStore()
        try disk.ingest(make.raised("old", .low, headline: "Gas smell"))
        try disk.store.writer.write { db in
            try db.execute(
                sql: """
                    CREATE TEMP TABLE copies AS SELECT * FROM alerts;
                    UPDATE copies SET id = 5000000, subject = 'forgotten';
                    INSERT INTO alerts SELECT * FROM copies;
                    DROP TABLE copies;
                    """)
        }
        for number in 0..<30 {
            try disk.ingest(make.raised("s\(number)", Severity.allCases[number % 5], headline: "Gas leak \(number)"))
        }
        try disk.store.writer.write { try $0.execute(sql: "DELETE FROM alerts WHERE id = 5000000") }
        return disk
    }

    private func expectSame(_ memory: Store, _ file: Store) throws {
        for question in [
            "severity >= high", "headline ~ gas", "headline ~ \"leak 1\"", "state = waiting", "tool = UAD",
        ] {
            let query = try SparseRowsTests.query(question)
            let count = try #require(try memory.quickCount(query), "\(question): the columns have given up")
            #expect(try count == file.count(query, limit: 1_000), "\(question)")
            #expect(
                try memory.alerts(query, at: .start, limit: 100).lines.map(\.row)
                    == file.alerts(query, at: .start, limit: 100).lines.map(\.row), "\(question)")
        }
    }

    @Test("answer from memory what the file answers, and follow what is written, without a place for each row that was")
    func follows() throws {
        var make = EventMaker()
        let disk = try sparse(&make)
        let headline = Filter.test(.contains(.headline, ""))
        while try disk.store.readColumns(for: headline, limit: 7) {}
        let file = try disk.again()
        defer { file.close() }
        try expectSame(disk.store, file)
        #expect(try disk.store.quickCount(SparseRowsTests.query("headline ~ gas")) == 31)
        try disk.ingest([
            make.acknowledged("old"), make.cleared("s3"), make.raised("s4", .critical), make.raised("new", .critical),
        ])
        try expectSame(disk.store, file)
        let places = try disk.store.read { try $0.currentColumns()?.count }
        #expect(places == 32)
    }

    @Test("give groups their members")
    func groups() throws {
        var make = EventMaker()
        let disk = try sparse(&make)
        while try disk.store.readColumns(for: nil) {}
        var query = AlertQuery(realm: .actual).at(SparseRowsTests.now)
        query.grouping = AlertGrouping()
        let lines = try disk.store.alerts(query, at: .start, limit: 100).lines
        #expect(lines.map { $0.group?.count } == [31])
        let subjects = try disk.store.subjects(of: lines.first?.group?.rows ?? [])
        #expect(Set(subjects) == Set(["old"] + (0..<30).map { "s\($0)" }))
    }

    @Test("have a place for a row that is there, whichever way places are found")
    func places() {
        var (sparse, dense) = (RowPlaces(first: 5, isSparse: true), RowPlaces(first: 5, isSparse: false))
        #expect([5, 900, 1_000_000].map { sparse.take($0) } == [0, 1, 2])
        #expect([5, 900].map { dense.take($0) } == [0, 895])
        #expect(sparse.place(900) == 1 && sparse.row(2) == 1_000_000 && dense.row(895) == 900)
        // It lies between others, or before them.
        #expect(sparse.take(901) == nil && sparse.take(4) == nil && dense.take(4) == nil)
        #expect(sparse.take(900) == 1)
    }
}
