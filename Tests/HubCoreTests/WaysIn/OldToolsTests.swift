import ControlRoom
import Feed
import GRDB
import HubCore
import Store
import TestSupport
import Testing

/// A store that the version left which knew nine tools and called all others one.
@Suite("Stores from before tools were known by their codes")
struct OldToolsTests {
    private static let now = EventMaker.noon.adding(seconds: 60)

    private func age(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.write { db in
            try db.execute(
                sql: """
                    DROP TABLE known_tools;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '%known tools';
                    DELETE FROM meta WHERE key = 'fold';
                    UPDATE alerts SET tool = 9 WHERE tool > 9; UPDATE alert_counts SET tool = 9 WHERE tool > 9;
                    UPDATE alarm_periods SET tool = 9 WHERE tool > 9; DELETE FROM tools WHERE tool > 9;
                    """)
        }
    }

    private func count(_ text: String, _ store: Store) throws -> Int {
        let vocabulary = FilterVocabulary(tools: try store.toolRegister(), now: OldToolsTests.now, zone: .utc)
        var filter = AlertFilter(show: .all)
        try filter.read(text, vocabulary)
        return try store.count(AlertQuery(realm: .actual, filter: filter).at(OldToolsTests.now), limit: 100)
    }

    @Test("show what they called ? until they are folded anew, and then the code that their log has")
    func migrated() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a", tool: Tool(code: "NOISE")), make.raised("b", tool: .fd)])
        disk.store.close()
        try age(disk.path)
        let store = try disk.again()
        defer { store.close() }
        #expect(try store.alert(subject: "a", realm: .actual)?.alert.tool.code == "?")
        #expect(try count("tool = other", store) == 1 && count("tool = FD", store) == 1)
        #expect(try !store.isFolded())
        let work = RefoldWork(store, authority: nil)
        while work.step(now: OldToolsTests.now, limit: 100) {}
        #expect(try work.failure == nil && store.isFolded())
        #expect(try store.alert(subject: "a", realm: .actual)?.alert.tool.code == "NOISE")
        #expect(try count("tool = NOISE", store) == 1 && count("tool = other", store) == 1)
        #expect(try store.toolRegister().seen.map(\.code) == ["NOISE"])
        let totals = try store.totals(.actual, now: OldToolsTests.now, midnight: EventMaker.noon)
        #expect(totals.part(of: Tool(code: "NOISE")).open == 1 && totals.part(of: .other).open == 0)
    }
}
