import ControlRoom
import Store
import TestSupport
import Testing

@Suite("A full disk", .enabled(if: TinyDisk.isPossible, "to mount a small disk needs root"))
struct DiskFullTests {
    private func batch(_ make: inout EventMaker) throws -> [AdmittedEvent] {
        let filler = String(repeating: "x", count: 900)
        return try (0..<20).map { try AdmittedEvent(make.raised("s\($0)", .high, "\"filler\":\"\(filler)\"")) }
    }

    /// Ingests until no more is taken; returns what was accepted, and the batch that was not.
    private func fill(_ store: Store, _ make: inout EventMaker) throws -> (accepted: [Event], refused: [AdmittedEvent])
    {
        var accepted: [Event] = []
        for _ in 0..<10_000 {
            let batch = try batch(&make)
            do {
                _ = try store.ingest(batch, now: EventMaker.noon)
                accepted += batch.map(\.event)
            } catch {
                #expect(error as? StoreError == .full(path: store.path))
                return (accepted, batch)
            }
        }
        Issue.record("the disk never was full")
        return (accepted, [])
    }

    @Test("nothing that was accepted is lost, and it goes on when there is space again")
    func full() throws {
        let disk = try TinyDisk(kibibytes: 2_048)
        try disk.fill("ballast", bytes: 600_000)
        let store = try Store(path: disk.path + "/s") { "log" }
        var make = EventMaker()
        let (accepted, refused) = try fill(store, &make)
        #expect(!accepted.isEmpty)
        #expect(throws: StoreError.full(path: store.path)) { try store.ingest(refused, now: EventMaker.noon) }
        #expect(try store.read(after: 0, limit: 100_000).map(\.id) == accepted.map(\.id))
        #expect(try store.alert(subject: "s3", realm: .actual)?.alert.occurrence == accepted.count / 20)
        // Who starts now can at least look.
        let other = try Store(path: store.path) { "other" }
        #expect(try other.lastSequence() == Int64(accepted.count))
        other.close()
        try disk.remove("ballast")
        #expect(try store.ingest(refused, now: EventMaker.noon).allSatisfy(\.isAccepted))
        #expect(try store.ingest(refused, now: EventMaker.noon).allSatisfy { $0 == .duplicate })
        store.close()
        let again = try Store(path: disk.path + "/s") { "log" }
        let ids = try again.read(after: 0, limit: 100_000).map(\.id)
        #expect(ids == (accepted + refused.map(\.event)).map(\.id))
        #expect(try again.integrityProblems().isEmpty)
        #expect(try again.alert(subject: "s3", realm: .actual)?.alert.occurrence == ids.count / 20)
    }

    @Test("an act is either in the outbox or refused to its author")
    func outbox() throws {
        let disk = try TinyDisk(kibibytes: 1_536)
        let store = try Store(path: disk.path + "/s") { "log" }
        var kept: [String] = []
        for number in 0..<100_000 {
            do {
                try store.enqueue([("a\(number)", nil, Array(repeating: 65, count: 2_000))], now: EventMaker.noon)
                kept.append("a\(number)")
            } catch {
                #expect(error as? StoreError == .full(path: store.path))
                break
            }
        }
        #expect(!kept.isEmpty)
        #expect(try store.waitingCount() == kept.count && store.settlement(of: "a\(kept.count)") == nil)
    }

    @Test("a rebuild that finds no space is taken up again when there is some")
    func rebuild() throws {
        let disk = try TinyDisk(kibibytes: 8_192)
        let store = try Store(path: disk.path + "/s") { "log" }
        var make = EventMaker()
        for _ in 0..<25 { _ = try store.ingest(try batch(&make), now: EventMaker.noon) }
        store.close()
        let ballast = try disk.fillUp(leaving: 300_000)
        Recovery.markDamaged(store.path)
        #expect(throws: StoreError.full(path: store.path)) {
            try Recovery.open(path: store.path, now: EventMaker.noon) { "new" }
        }
        try disk.remove(ballast)
        let (again, report) = try Recovery.open(path: store.path, now: EventMaker.noon) { "new" }
        #expect(report?.events == 500 && report?.gaps == 0)
        #expect(try again.lastSequence() == 500)
    }
}
