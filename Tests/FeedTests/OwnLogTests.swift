import ControlRoom
import GRDB
import Store
import TestSupport
import Testing

@testable import Feed

@Suite("A log of a console's own that is folded anew")
struct OwnLogTests {
    private let folder: TemporaryFolder
    private let path: String
    private var make = EventMaker()
    private static let once = EventType(rawValue: "eu.impetus.once.unknown.v1")

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("console.sqlite")
    }

    private func open() throws -> Store { try Store(path: path) { "own" } }

    /// What a version does that knows the type, and folds otherwise.
    ///
    /// - Parameter isMarked: whether the version before said that it did not know the type.
    private func upgrade(to type: EventType, isMarked: Bool = true) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(sql: "INSERT OR IGNORE INTO names (text) VALUES (?)", arguments: [type.rawValue])
            try db.execute(
                sql: """
                    UPDATE events SET type = (SELECT id FROM names WHERE text = ?)
                    WHERE type = (SELECT id FROM names WHERE text = ?)
                    """, arguments: [type.rawValue, OwnLogTests.once.rawValue])
            if !isMarked { try db.execute(sql: "UPDATE events SET refused = NULL") }
            try db.execute(sql: "UPDATE meta SET value = '1' WHERE key = 'fold'")
        }
        try queue.close()
    }

    private func foldAnew(_ store: Store) throws {
        let folding = try #require(try Refolding.begin(store, authority: nil))
        while try folding.step(now: make.time) {}
        #expect(try store.isFolded())
    }

    private func state(_ store: Store) throws -> AlertState? {
        try store.alert(subject: "a", realm: .actual)?.alert.state(at: make.time)
    }

    @Test(
        "what came before its type was known has no effect, whoever it names",
        arguments: [nil, "op1"], [EventType.alertAcknowledged, .alertClosed, .alertSuppressed])
    mutating func unknown(actor: String?, type: EventType) throws {
        let store = try open()
        var early = make.event(
            OwnLogTests.once, "a", #"{"occurrence":1,"severity":"critical","rule":"r","disposition":"some"}"#)
        early.source = "urn:camera:9"
        early.actor = actor
        for event in [make.raised("a", .critical), early] {
            _ = try store.ingest([try AdmittedEvent(event)], now: event.happened)
        }
        store.close()
        try upgrade(to: type)
        let again = try open()
        defer { again.close() }
        try foldAnew(again)
        #expect(try state(again) == .unacknowledged)
    }

    @Test(
        "nor has what an older version let in without a mark, where nobody may have said it so",
        arguments: [EventType.alertAcknowledged, .alertSuppressed])
    mutating func unmarked(type: EventType) throws {
        let store = try open()
        var early = make.event(OwnLogTests.once, "a", #"{"occurrence":1,"severity":"critical","rule":"r"}"#)
        early.source = "urn:camera:9"
        for event in [make.raised("a", .critical), early] {
            _ = try store.ingest([try AdmittedEvent(event)], now: event.happened)
        }
        store.close()
        try upgrade(to: type, isMarked: false)
        let again = try open()
        defer { again.close() }
        try foldAnew(again)
        #expect(try state(again) == .unacknowledged)
    }

    @Test("what its people did there counts as before")
    mutating func acts() throws {
        let store = try open()
        for event in [make.raised("a", .critical), make.acknowledged("a", .critical)] {
            _ = try store.ingest([try AdmittedEvent(event)], now: event.happened)
        }
        store.close()
        try upgrade(to: .alertClosed)
        let again = try open()
        defer { again.close() }
        try foldAnew(again)
        #expect(try state(again) == .acknowledged)
    }
}
