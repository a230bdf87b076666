import ControlRoom
import Foundation
import SQLiteLog
import Store
import Sync
import Tenancy
import Testing
import Trust

@testable import Feed
@testable import HubCore
@testable import TestSupport

/// Law 2: whoever folds the same log ends the same, whatever they started from.
@Suite("One log folds to one state, by whatever way it came")
struct WaysInTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// `IMPETUS_SEED` replays one; there are a third as many as `IMPETUS_SEEDS`: a thousand in CI.
    private static var seeds: [UInt64] {
        if let one = environment["IMPETUS_SEED"].flatMap({ UInt64($0) }) { return [one] }
        let count = environment["IMPETUS_SEEDS"].flatMap { UInt64($0) } ?? 1_000
        return Array(0..<max(1, count / 3))
    }

    private static let parts = (0..<20).map { part in seeds.filter { Int($0) % 20 == part } }.filter { !$0.isEmpty }

    @Test(
        "stream, restart, snapshot, back-fill, bundle, the hub's own view, folded anew: every table is the same",
        arguments: parts)
    func same(_ seeds: [UInt64]) throws {
        let cast = try #require(Cast.shared)
        for seed in seeds {
            let files = try Cast.Files(seed: seed)
            defer { files.remove() }
            let ways = try Ways(SignedHistory(seed: seed, cast: cast, file: files.folder + "/log"), files, seed: seed)
            let first = try ways.stream()
            for (name, way) in ways.others {
                let difference = try StoreDump.difference(first, way())
                #expect(difference.isEmpty, "seed \(seed), by \(name): \(difference.joined(separator: "\n"))")
            }
        }
    }

    @Test("the histories have events of every known type")
    func types() throws {
        let cast = try #require(Cast.shared)
        var seen: Set<EventType> = []
        for seed in UInt64(0)..<40 {
            let files = try Cast.Files(seed: seed)
            defer { files.remove() }
            let history = try SignedHistory(seed: seed, cast: cast, file: files.folder + "/log")
            for entry in try history.log.read(after: 0, limit: 10_000) {
                seen.insert(CentralBench.wire.admitted(entry).event.type)
            }
        }
        #expect(Set(EventType.known).subtracting(seen) == [])
    }

    @Test("a fold that believes what nobody signed ends otherwise: the comparison would see it")
    func planted() throws {
        let cast = try #require(Cast.shared)
        let found = try (UInt64(0)..<20).contains { seed in
            let files = try Cast.Files(seed: seed)
            defer { files.remove() }
            let ways = try Ways(SignedHistory(seed: seed, cast: cast, file: files.folder + "/log"), files, seed: seed)
            return try !StoreDump.difference(ways.stream(), ways.credulous()).isEmpty
        }
        #expect(found)
    }
}

/// The ways in which a store can come to have folded a log. Each gives the path of a store that has folded all of it.
private struct Ways {
    private let history: SignedHistory
    private let files: Cast.Files
    private let seed: UInt64

    init(_ history: SignedHistory, _ files: Cast.Files, seed: UInt64) {
        self.history = history
        self.files = files
        self.seed = seed
    }

    var others: [(name: String, way: () throws -> String)] {
        let always = [
            ("restarts", restarts), ("the hub's view", hub), ("a snapshot", { try snapshot(floor: false) }),
            ("a snapshot with its last events alone", { try snapshot(floor: true) }),
            ("folding a hub's view anew", hubAnew),
        ]
        // What was trimmed is in no console's store to be folded or handed on: it takes a hub's snapshot.
        return history.isTrimmed ? always : always + [("folding anew", anew), ("a bundle", bundle)]
    }

    /// All at once.
    func stream() throws -> String {
        let store = try files.store("stream")
        try follow(store, upTo: .max, history.authority.certificate)
        return try end(store)
    }

    /// Nobody is asked for a signature.
    func credulous() throws -> String {
        let store = try files.store("credulous")
        try follow(store, upTo: .max, nil)
        return try end(store)
    }

    private func restarts() throws -> String {
        var chance = SeededChance(seed: seed)
        var store = try files.store("restarts")
        let last = try history.log.lastSequence()
        var place: Int64 = 0
        while place < last {
            place += 1 + Int64(chance.next() % 17)
            try follow(store, upTo: place, history.authority.certificate)
            while try store.settle(at: history.now) {}
            store.close()
            store = try files.store("restarts")
        }
        return try end(store)
    }

    private func hub() throws -> String {
        let view = try files.store("view")
        try fold(view)
        return try end(view)
    }

    private func fold(_ view: Store) throws {
        let feed = TenantFeed(
            tenant: SignedHistory.tenant, log: history.log, view: view, authority: history.authority.certificate,
            key: history.hub, hub: "hub-0", wire: CentralBench.wire, isOld: false, wake: {})
        // A refused step would be tried again for ever.
        for _ in 0..<1_000 {
            let isMore = try feed.step(register: Register(), now: history.now, limit: 7)
            guard isMore else { break }
        }
        #expect(feed.refoldFailure == nil)
    }

    private func snapshot(floor: Bool) throws -> String {
        let name = "snapshot-\(floor)"
        let half = try files.store(name + "-from")
        let middle = try history.log.lastSequence() / 2
        try follow(half, upTo: middle, history.authority.certificate)
        let copy = files.folder + "/" + name
        let cursor = try #require(try half.cursor())
        let base = floor ? try place(middle / 2) : nil
        try half.copy(to: copy, floor: base)
        half.close()
        let store = try Store(path: copy, mirror: Cast.mirror) { "log" }
        #expect(try store.cursor() == cursor)
        if let gap = try store.backFill() {
            let entries = try history.log.read(after: gap.after.sequence, limit: 10_000)
            #expect(try store.fill(read: entries.map { CentralBench.wire.admitted($0) }, in: gap) == nil)
        }
        try follow(store, upTo: .max, history.authority.certificate)
        return try end(store)
    }

    /// As far as a hub has signed for it by file, and the rest from the log.
    private func bundle() throws -> String {
        let from = try files.store("bundle-from")
        try follow(from, upTo: .max, history.authority.certificate)
        let maker = try #require(Cast.shared?.people.first)
        let file = files.folder + "/bundle"
        _ = try LogBundle.export(
            from, after: 0, to: file,
            by: LogBundle.Maker(key: maker.key, certificate: maker.certificate, now: history.now)
        ) { _, _ in }
        from.close()
        let store = try files.store("bundled")
        let opened = try LogBundle.Opened(
            file, tenant: SignedHistory.tenant, authority: history.authority.certificate, now: history.now)
        _ = try LogBundle.take(opened, into: store, now: history.now)
        try follow(store, upTo: .max, history.authority.certificate)
        return try end(store)
    }

    private func place(_ sequence: Int64) throws -> LogBase {
        var chain = LogChain(logID: "log")
        var recorded = EventMaker.noon
        for entry in try history.log.read(after: 0, limit: Int(sequence)) {
            chain.add(CentralBench.wire.admitted(entry))
            recorded = entry.recorded
        }
        return LogBase(sequence: chain.sequence, head: chain.head, recorded: recorded)
    }

    /// As an older version left it, which folded otherwise.
    private func anew() throws -> String {
        let path = try credulous()
        try age(path)
        let store = try Store(path: path, mirror: Cast.mirror) { "log" }
        let work = RefoldWork(store, authority: history.authority.certificate)
        while work.step(now: history.now, limit: 23) {}
        #expect(try work.failure == nil && store.isFolded())
        return try end(store)
    }

    private func hubAnew() throws -> String {
        let store = try files.store("view-anew")
        try follow(store, upTo: .max, nil)
        let path = try end(store)
        try age(path)
        let view = try Store(path: path, mirror: Cast.mirror) { "log" }
        try fold(view)
        #expect(try view.isFolded())
        return try end(view)
    }

    private func age(_ path: String) throws {
        try OldFold.mark(path)
    }

    private func follow(_ store: Store, upTo end: Int64, _ authority: AuthorityCertificate?) throws {
        let cursor = try store.cursor() ?? .start(of: "log")
        let limit = Int(clamping: end - cursor.sequence)
        guard limit > 0 else { return }
        var reader = try LogReader(authority: authority, view: store, from: cursor)
        let entries = try history.log.read(after: cursor.sequence, limit: min(limit, 10_000))
        let read = try reader.take(entries, CentralBench.wire)
        _ = try store.ingest(
            mirrored: read.events,
            to: Store.Cursor(logID: "log", sequence: reader.chain.sequence, head: reader.chain.head))
    }

    private func end(_ store: Store) throws -> String {
        while try store.settle(at: history.now.adding(seconds: 60)) {}
        while try store.backgroundStep() {}
        store.close()
        return store.path
    }
}
