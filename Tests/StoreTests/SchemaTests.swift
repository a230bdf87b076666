import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("The schema")
struct SchemaTests {
    /// What each migration adds, as a fingerprint of the SQL that SQLite keeps of it. A migration that has shipped never
    /// changes: where one of these fails, take the change back and write a new migration.
    static let frozen = [
        ("1 log", "-7f1a0d562f16cacc"),
        ("2 alerts", "-26ee73b65bc6fab2"),
        ("3 city", "-5cca52c84420d7bc"),
        ("4 assets", "-1a8a1990575a8efb"),
        ("5 checklists", "13c2a2399baea5d5"),
        ("6 search", "-72be177249fa12c5"),
        ("7 shelves", "68180ecdaf096b7a"),
        ("8 exercise log", "-5876ba713ee3b9d4"),
        ("9 hashes", "-2434c5499a91bb9e"),
        ("10 effects", "-3e3fa61bb229109a"),
        ("11 mirror", "7a13758abefcd422"),
        ("12 told", "-83d335d2cc46f67"),
        ("13 open places", "-60e2205c6776a733"),
        ("14 over", "21a14c144843f212"),
        ("15 back-fill", "286fd08f18d2730b"),
        ("16 shelving", "-509c2db379fe2472"),
        ("17 alert changes", "-5ae21893cc727e0e"),
        ("18 handling", "-67ccc1e7da325f75"),
        ("19 metrics", "-fd90b50b1be2d23"),
        ("20 causes", "3707b6b844446eb9"),
        ("21 sources", "-20f684f50ddd7a84"),
        ("22 junk", "5d67c25fbf0b6bf"),
        ("23 run folds", "760ebc8f689ad241"),
        ("24 trimmed contents", "-3139cba5d96cc0e0"),
        ("25 kinds of junk", "-b9426858ca9cff7"),
        ("26 sharing", "-46f3b40794a37ab1"),
        ("27 authors' times", "-509c2db379fe2472"),
        ("28 speakers of what is shared", "7c45498f997a2d08"),
        ("29 known tools", "-7e5146e4c05315bf"),
        ("30 first occurrences", "4239421b0bf39f34"),
        ("31 acts with an end", "-753ffc56718870c4"),
    ]

    /// Without the tables that SQLite's own modules make below theirs.
    private static let ours = """
        SELECT name || ' ' || coalesce(sql, '') FROM sqlite_master
        WHERE name NOT LIKE 'grdb%' AND name NOT LIKE 'alert_text_%' AND name NOT LIKE 'places_%' ORDER BY name
        """

    @Test("migrations are frozen")
    func migrations() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.file("s"))
        #expect(Migrations.migrator.migrations == SchemaTests.frozen.map(\.0))
        var known: Set<String> = []
        for (name, expected) in SchemaTests.frozen {
            try Migrations.migrator.migrate(queue, upTo: name)
            let all = try queue.read {
                try String.fetchAll($0, sql: SchemaTests.ours)
            }
            let added = all.filter { !known.contains($0) }
            #expect(
                String(FNV1a.of(added.joined(separator: "\n")) as Int64, radix: 16) == expected, "migration \(name)")
            known.formUnion(all)
        }
    }

    @Test("every unfinished step of a migration is finished at the next start")
    func upgrade() throws {
        for (name, _) in SchemaTests.frozen {
            let folder = try TemporaryFolder()
            let queue = try DatabaseQueue(path: folder.file("s"))
            try Migrations.migrator.migrate(queue, upTo: name)
            try queue.close()
            let store = try Store(path: folder.file("s")) { "log" }
            var make = EventMaker()
            #expect(try store.ingest([AdmittedEvent(make.raised("a"))], now: EventMaker.noon).count == 1)
        }
    }

    @Test("many processes may open a new store at the same instant", arguments: 0..<12)
    func together(_ round: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        let logs = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let store = try Store(path: path) { "log\(number)" }
                    defer { store.close() }
                    return try store.logID
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(logs.count == 1)
    }

    @Test("a store of a newer version is refused, and left as it is")
    func newer() throws {
        let disk = try TemporaryStore()
        try disk.store.writer.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        }
        disk.store.close()
        #expect(throws: StoreError.newerSchema(path: disk.path)) { try disk.again() }
        #expect(throws: StoreError.newerSchema(path: disk.path)) {
            try Recovery.open(path: disk.path, now: EventMaker.noon) { "log" }
        }
        #expect(!disk.folder.names.contains { $0.contains("damaged") })
    }

    @Test("a file that is none of ours is told apart from one that may not be read")
    func errors() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError.notPermitted(path: folder.file("no/such"))) {
            try Store(path: folder.file("no/such")) { "l" }
        }
        for code in [
            ResultCode.SQLITE_FULL, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_BUSY, .SQLITE_READONLY, .SQLITE_IOERR,
            .SQLITE_ERROR,
        ] {
            #expect(StoreError.from(DatabaseError(resultCode: code), path: "p") is StoreError)
        }
        #expect(StoreError.from(DatabaseError(resultCode: .SQLITE_FULL), path: "p") as? StoreError == .full(path: "p"))
    }
}
