import ControlRoom
import SQLite
import SQLiteLog
import TestSupport
import Testing

/// A log as versions have left it that looked up by FNV-1a and compared the data alone.
@Suite("A hub's log of an older version")
struct OlderLogTests {
    private let folder: TemporaryFolder
    private let now = EventMaker.noon

    init() throws {
        folder = try TemporaryFolder()
        let file = try Connection.once(folder.file("log"))
        defer { file.close() }
        try file.execute(
            """
            CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
            INSERT INTO grdb_migrations VALUES ('1 entries');
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
            INSERT INTO meta VALUES ('log', 'log-1');
            CREATE TABLE entries (
                sequence INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, name TEXT NOT NULL,
                content INTEGER NOT NULL, body BLOB NOT NULL
            ) STRICT;
            CREATE TABLE entry_hashes (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;
            """)
        try file.write { statements in
            let insert = try statements("INSERT INTO entries VALUES (?, 0, ?, ?, ?)")
            for number in 1...20 {
                let name = "s\u{1F}e\(number)"
                insert.bind(1, number)
                insert.bind(2, name)
                insert.bind(3, Int64(bitPattern: FNV1a.of(OlderLogTests.data(number))))
                insert.bind(4, EventLogContract.entry("e\(number)").body)
                try insert.run()
            }
            // Half of the names were poured.
            let pour = try statements("INSERT INTO entry_hashes VALUES (?, ?)")
            for number in 1...10 {
                pour.bind(1, FNV1a.of("s\u{1F}e\(number)"))
                pour.bind(2, number)
                try pour.run()
            }
            try statements("INSERT INTO meta VALUES ('poured', '10')").run()
        }
    }

    private static func data(_ number: Int) -> [UInt8] { Array("{\"number\":\(number)}".utf8) }

    private func open() throws -> SQLiteLog { try SQLiteLog(path: folder.file("log")) { "secret" } }

    private func entry(_ number: Int, content: UInt8 = 1, data: [UInt8]? = nil) -> NewEntry {
        var entry = EventLogContract.entry("e\(number)", content: content)
        entry.data = data ?? OlderLogTests.data(number)
        return entry
    }

    @Test("knows what it held, by the data alone, and compares by all what comes new; nothing of it is written anew")
    func known() throws {
        for isFirst in [true, false] {
            let log = try open()
            defer { log.close() }
            #expect(try log.logID == "log-1" && log.lastSequence() == (isFirst ? 20 : 21))
            for number in [1, 7, 10, 11, 20] {
                #expect(
                    try log.append([entry(number), entry(number, content: 2), entry(number, data: [1])], now: now)
                        == [.duplicate, .duplicate, .conflicting], "\(number)")
            }
            #expect(
                try log.append([entry(21), entry(21), entry(21, content: 2)], now: now)
                    == [isFirst ? .accepted(sequence: 21) : .duplicate, .duplicate, .conflicting])
        }
    }

    @Test("what of it is archived is told by the data alone as well, and by all once it was put back")
    func archived() throws {
        let log = try open()
        _ = try log.append([entry(21)], now: now)
        try log.archive(upTo: 15, before: "h0", after: "h1", into: folder.file("a.segment")) { _ in }
        #expect(
            try log.append([entry(3), entry(3, data: [1]), entry(12), entry(12, data: [1])], now: now)
                == [.duplicate, .conflicting, .duplicate, .conflicting])
        try log.putBack(try LogSegment.all(in: folder.path, of: "log-1").segments) { kept in
            entry(Int(kept.sequence))
        }
        #expect(try log.append([entry(3), entry(3, content: 2)], now: now) == [.duplicate, .conflicting])
    }

    @Test("what an older version has archived is known by its name alone")
    func archivedBefore() throws {
        let file = try Connection.once(folder.file("log"))
        try file.execute(
            """
            DELETE FROM entries WHERE sequence <= 5;
            INSERT INTO meta VALUES ('archived', '5');
            INSERT INTO meta VALUES ('archived_head', 'h');
            """)
        file.close()
        let log = try open()
        #expect(try log.append([entry(3), entry(3, data: [1])], now: now) == [.duplicate, .duplicate])
        #expect(try log.append([entry(6, data: [1])], now: now) == [.conflicting])
    }
}
