import Foundation
import GRDB
import Testing

/// Acts on several alerts that one command names.
@Suite("Several ids in one command", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct SeveralIdsTests {
    /// Holds the lease of a store and settles nothing, as a console does that was stopped by SIGSTOP.
    private final class FrozenFeed {
        private let descriptor: Int32

        init(of store: String) throws {
            descriptor = open(store + ".lease", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                throw Trouble("the lease of \(store) is not free")
            }
        }

        deinit { close(descriptor) }
    }

    private func desk(with count: Int) throws -> Desk {
        let desk = try Desk()
        for number in 1...count { try desk.raise("camera-\(number)/weapon", "high", "Weapon \(number)") }
        return desk
    }

    @Test("beside a feed that does not answer, all acts are kept in one transaction, and each is told as waiting")
    func frozen() throws {
        let desk = try desk(with: 3)
        var feed: FrozenFeed? = try FrozenFeed(of: desk.store)
        let asked = try desk.impetus(
            "ack", "camera-1/weapon", "nothing", "camera-2/weapon", "camera-3/weapon", "--json")
        #expect(asked.code == 75 && asked.complaints.contains("no alert is called \"nothing\""))
        #expect(
            try desk.objects(asked.output).map { $0["result"] as? String } == [
                "waiting", "rejected", "waiting", "waiting",
            ])
        let kept = try DatabaseQueue(path: desk.store).read { database in
            try Row.fetchAll(database, sql: "SELECT count(*), count(DISTINCT created) FROM outbox")
        }
        #expect(kept.first?[0] == 3 && kept.first?[1] == 1)
        // The last id that failed decides the code, as before.
        #expect(try desk.impetus("assess", "camera-1/weapon", "nothing", "confirmed").code == 65)
        feed = nil
        #expect(feed == nil)
        #expect(try desk.impetus("assess", "camera-2/weapon", "camera-3/weapon", "confirmed").code == 0)
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes and assessed = yes").output == "3\n")
        // They waited for the log: the author's time first, and when the log had it beside it.
        let alert = try desk.alert("camera-3/weapon")
        let done = try #require(alert["acknowledged_at"] as? String)
        let recorded = try #require(alert["acknowledged_recorded"] as? String)
        #expect(done.prefix(19) < recorded.prefix(19))
    }

    @Test("each id is told by itself, and one that fails leaves the others done")
    func each() throws {
        let desk = try desk(with: 3)
        #expect(try desk.impetus("ack", "camera-2/weapon").code == 0)
        let ids = ["camera-1/weapon", "camera-2/weapon", "camera-3/weapon"]
        let acked = try desk.impetusWith(["ack"] + ids + ["--as", "sup1"])
        #expect(acked.code == 65 && acked.complaints.contains("acknowledge camera-2/weapon: op1 was first"))
        #expect(
            acked.lines == ["acknowledge camera-1/weapon: recorded", "acknowledge camera-3/weapon: recorded"])
        #expect(try desk.impetusWith(["close"] + ids).lines.count == 3)
        #expect(try desk.impetus("alerts", "--count", "closed = yes").output == "3\n")
        // Nothing is named twice in vain: the second is told why it changed nothing.
        let shelved = try desk.impetus("service", "out", ids[0], ids[0], "--reason", "known-fault", "--as", "sup1")
        #expect(shelved.code == 65 && shelved.lines.count == 1)
    }
}
