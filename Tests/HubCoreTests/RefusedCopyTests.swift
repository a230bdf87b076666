import ControlRoom
import Feed
import SQLiteLog
import Standards
import Store
import TestSupport
import Testing
import Trust

@testable import HubCore

@Suite("A copy that the receiver's log cannot hold")
struct RefusedCopyTests {
    /// One on servers that take no more than so many bytes at once.
    private final class NarrowLog: EventLog {
        private let log: SQLiteLog
        let largestEntry: Int

        init(_ log: SQLiteLog, largest: Int) { (self.log, largestEntry) = (log, largest) }

        var logID: String { get throws { try log.logID } }

        func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
            try entries.map { entry in
                guard entry.body.count <= largestEntry else { return .refused("too large") }
                return try log.append([entry], now: now).first ?? .refused("nothing")
            }
        }

        func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
            try log.read(after: sequence, limit: limit)
        }
        func entry(at sequence: Int64) throws -> LogEntry? { try log.entry(at: sequence) }
        func lastSequence() throws -> Int64 { try log.lastSequence() }
        func firstSequence() throws -> Int64 { try log.firstSequence() }
        func onAppend(_ body: @escaping @Sendable () -> Void) { log.onAppend(body) }
    }

    private let folder: TemporaryFolder
    private let feed: TenantFeed
    private let forwarding: Forwarding
    private var make = EventMaker()

    init() throws {
        let (folder, key) = (try TemporaryFolder(), SigningKey())
        self.folder = folder
        forwarding = Forwarding(key: key)
        feed = TenantFeed(
            tenant: "fire", log: NarrowLog(try SQLiteLog(path: folder.file("log")) { "log" }, largest: 2_000),
            view: try Store(
                path: folder.file("view"), mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
            ) { "v" }, authority: nil, key: key, hub: "h", wire: CentralBench.wire, isOld: false, wake: {})
    }

    private func agreement(_ id: String = "a1", purpose: String = "rescue") -> Agreement {
        Agreement(
            id: id, from: "police", to: "fire", categories: ["*"], purpose: purpose, removed: [], until: nil)
    }

    private func copy(_ event: Event, under agreements: [Agreement]? = nil) throws -> Event {
        try #require(try forwarding.copy(event, under: agreements ?? [agreement()]) { _ in true })
    }

    private func kept() throws -> [Event] {
        try feed.log.read(after: 0, limit: 100).map { try CentralBench.wire.event($0) }
    }

    @Test("goes by its key and severity there, and is told of; what is beside it is held up by nothing")
    mutating func reduced() throws {
        let long = #""description":"\#(String(repeating: "x", count: 5_000))""#
        let large = make.raised("large", .critical, tool: .fd, headline: "Crowd", long)
        let copies = [try copy(make.raised("a")), try copy(large), try copy(make.raised("b"))]
        try feed.keepCopies(copies, now: EventMaker.noon)
        let log = try kept()
        #expect(Set(log.map(\.subject)) == ["police//a", "police//large", "police//b"])
        let there = try #require(log.first { $0.subject == "police//large" })
        guard case .alertRaised(let raise) = try Fact(of: there) else { return #expect(Bool(false), "no raise") }
        #expect(raise.severity == .critical && raise.tool == .fd && raise.description == nil)
        #expect(there.id == copies[1].id && there.extensions["agreement"] == "a1" && there.signature != nil)
        #expect(feed.takeRefusedCopies() == [RefusedCopy(from: "police", reason: "too large", isReduced: true)])
        // Again, as after a receiver that failed: it stands there.
        try feed.keepCopies(copies, now: EventMaker.noon)
        #expect(try kept().count == 3)
    }

    @Test("has a key that acts and references can name, however long its original's is")
    mutating func longKey() throws {
        let (long, other) = (String(repeating: "k", count: 499) + "1", String(repeating: "k", count: 499) + "2")
        let keys = try [long, other].map { try #require(try copy(make.raised($0)).subject) }
        #expect(keys.allSatisfy { $0.utf8.count <= TextBound.key && $0.hasPrefix("police//kkk") } && keys[0] != keys[1])
        #expect(try copy(make.cleared(long)).subject == keys[0])
        let update = try Fact(of: copy(make.raised("b", .low, "\"replaces\":[\"\(long)\"]")))
        guard case .alertRaised(let raise) = update else { return #expect(Bool(false), "no raise") }
        #expect(raise.replaces == [keys[0]])
        #expect(try copy(make.raised("short")).subject == "police//short")
    }

    @Test("is told of also where nothing of it can be kept")
    mutating func lost() throws {
        let others = (0..<60).map { "\"\($0)\(String(repeating: "k", count: 90))\"" }.joined(separator: ",")
        let replacing = make.raised("large", .high, #""replaces":[\#(others)]"#)
        try feed.keepCopies([copy(replacing)], now: EventMaker.noon)
        #expect(try kept().isEmpty && feed.takeRefusedCopies().map(\.isReduced) == [false])
        #expect(feed.takeRefusedCopies().isEmpty)
    }

    @Test("is none for the agreements that it names, however many they are and whatever their purposes")
    mutating func many() throws {
        let agreements = (0..<200).map {
            agreement(
                "\($0)" + String(repeating: "i", count: 3_000), purpose: "\($0)" + String(repeating: "\"", count: 9_000)
            )
        }
        let (plain, named) = (try copy(make.raised("a")), try copy(make.raised("a"), under: agreements))
        let sizes = [plain, named].map { CloudEventWriter.json($0).count }
        #expect(sizes[1] - sizes[0] < Central.roomForCopies)
        #expect(named.extensions["agreement"]?.hasSuffix(", and 190 more") == true)
        #expect(named.extensions["agreement"]?.utf8.count ?? 0 < 2_100)
    }
}
