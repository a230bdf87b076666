import ControlRoom
import Foundation
import SQLiteLog
import Standards
import Store
import Testing
import Trust

@testable import Feed
@testable import HubCore
@testable import TestSupport

/// A console that does not have its log whole cannot fold it anew: it begins again with the hub's snapshot.
@Suite("A store of another fold that lacks a part of its log")
struct RenewalOfStoresTests {
    private let files: Cast.Files
    private let history: SignedHistory

    init() throws {
        let cast = try #require(Cast.shared)
        files = try Cast.Files(seed: 7)
        history = try SignedHistory(seed: 7, cast: cast, file: files.folder + "/log")
    }

    private func follow(_ store: Store, upTo end: Int) throws {
        let cursor = try store.cursor() ?? .start(of: "log")
        var reader = try LogReader(authority: history.authority.certificate, view: store, from: cursor)
        let read = try reader.take(try history.log.read(after: cursor.sequence, limit: end), CentralBench.wire)
        _ = try store.ingest(
            mirrored: read.events,
            to: Store.Cursor(logID: "log", sequence: reader.chain.sequence, head: reader.chain.head))
    }

    /// One that began with a snapshot whose older events never came.
    private func partial() throws -> String {
        let whole = try files.store("whole")
        try follow(whole, upTo: 40)
        let base = try #require(try whole.cursor())
        let path = files.folder + "/partial"
        try whole.copy(
            to: path, floor: LogBase(sequence: base.sequence / 2, head: base.head, recorded: EventMaker.noon))
        whole.close()
        return path
    }

    private func snapshot() throws -> (path: String, lines: [String]) {
        let store = try files.store("snapshot")
        try follow(store, upTo: 10_000)
        store.close()
        return (store.path, try StoreDump.lines(store.path))
    }

    @Test("is the hub's snapshot afterwards, with the acts that wait, and what was remembered")
    func replaced() throws {
        let path = try partial()
        var make = EventMaker()
        let act = make.event(.alertNoted, "nowhere", #"{"note":"n"}"#, by: "op0")
        let store = try Store(path: path, mirror: Cast.mirror) { "log" }
        try store.enqueue([(act.id, act.subject, CloudEventWriter.json(act))], now: EventMaker.noon)
        try store.remember("theme", "dark")
        store.close()
        try OldFold.mark(path)
        #expect(try Renewal.isDue(path: path))
        let (file, lines) = try snapshot()
        #expect(try Renewal.replace(path, with: file, mirror: Cast.mirror, now: history.now) == 1)
        #expect(try !Renewal.isDue(path: path) && !FileManager.default.fileExists(atPath: file))
        #expect(try StoreDump.lines(path) == lines)
        let renewed = try Store(path: path, mirror: Cast.mirror) { "log" }
        #expect(try renewed.isFolded() && renewed.waitingCount() == 1 && renewed.recall("theme") == "dark")
        renewed.close()
        files.remove()
    }

    @Test("how far a log is folded anew is told while it goes on, and nothing before and after")
    func progress() throws {
        let old = try files.store("whole")
        try follow(old, upTo: 10_000)
        let last = try old.lastSequence()
        old.close()
        try OldFold.mark(old.path)
        let store = try Store(path: old.path, mirror: Cast.mirror) { "log" }
        #expect(try store.refoldProgress() == nil)
        #expect(try Store.foldNote(path: store.path)?.hasSuffix("until the hub folds them anew") == true)
        let work = RefoldWork(store, authority: history.authority.certificate)
        var places: [Int64] = []
        while work.step(now: history.now, limit: 11) {
            guard let (at, of) = try store.refoldProgress() else { continue }
            places.append(at)
            #expect(of == last && at <= of)
            #expect(try Store.foldNote(path: store.path)?.hasSuffix("folded anew up to entry \(at)") == true)
        }
        #expect(places == places.sorted() && Set(places).count > 3, "\(places)")
        #expect(try store.isFolded() && store.refoldProgress() == nil && Store.foldNote(path: store.path) == nil)
        store.close()
        files.remove()
    }

    @Test("is left as it is while another process has it open, and where the snapshot is of another log")
    func left() throws {
        let path = try partial()
        try OldFold.mark(path)
        let before = try StoreDump.lines(path)
        let open = try Store(path: path, mirror: Cast.mirror) { "log" }
        let (file, _) = try snapshot()
        #expect(throws: StoreError.inUse(path: path)) {
            try Renewal.replace(path, with: file, mirror: Cast.mirror, now: history.now)
        }
        open.close()
        let other = try Store(path: file, mirror: Cast.mirror) { "log" }
        _ = try other.ingest(mirrored: [], to: try #require(try other.cursor()))
        other.close()
        try OldFold.rename(log: "other", in: file)
        #expect(throws: StoreError.otherLog(path: path, known: "log", found: "other")) {
            try Renewal.replace(path, with: file, mirror: Cast.mirror, now: history.now)
        }
        #expect(try StoreDump.lines(path) == before)
        files.remove()
    }

    @Test("one that has its log whole folds it anew itself, and one that this version folded stays")
    func notDue() throws {
        let store = try files.store("fine")
        try follow(store, upTo: 40)
        store.close()
        #expect(try !Renewal.isDue(path: store.path))
        try OldFold.mark(store.path)
        #expect(try !Renewal.isDue(path: store.path))
        #expect(try !Renewal.isDue(path: files.folder + "/nothing"))
        files.remove()
    }
}
