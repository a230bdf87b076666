import Foundation
import GRDB
import Testing

/// A hub that cannot go on in a tenant's log.
@Suite(
    "A log that the hub cannot follow", .serialized,
    .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct FollowTests {
    private func last(_ host: HubHost) throws -> Int {
        let queue = try DatabaseQueue(path: host.log)
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: "SELECT max(sequence) FROM entries") } ?? 0
    }

    /// As somebody does who gets at the file.
    private func put(_ host: HubHost, at sequence: Int) throws {
        let queue = try DatabaseQueue(path: host.log)
        try queue.write {
            try $0.execute(
                sql: "INSERT INTO entries (sequence, recorded, name, content, body) VALUES (?, 0, ?, 0, x'00ff')",
                arguments: [sequence, "junk \(sequence)"])
        }
        try queue.close()
    }

    @Test("is told to whoever posts, asks whether it is ready, or follows; the other tenants are served")
    func stuck() throws {
        let host = try HubHost(["police", "fire"])
        try host.start()
        let (camera, other) = (try host.machine("cam"), try host.machine("cam2", of: "fire"))
        let desk = try host.person("op7")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        #expect(try desk.synced().count == 1)
        // With a hole behind it: what would be folded on is another history.
        let place = try last(host) + 100
        try put(host, at: place)
        // It is ready for the others, and says for whom it is not.
        try until("the hub to name the tenant", seconds: 30) {
            let ready = try host.curl("/readyz", as: nil)
            return ready.code == 200 && ready.output.contains("police: the hub cannot follow")
        }
        let refused = try host.post(HubHost.alert("b"), as: camera)
        #expect(refused.code == 503 && refused.output.contains("cannot follow"))
        let sync = try desk.hubbed("sync", "--once", "--timeout", "3")
        #expect(sync.code == 75 && sync.complaints.contains("cannot follow"), "\(sync)")
        #expect(try host.post(HubHost.alert("c"), as: other).code == 202)

        for missing in try lastBefore(place, host) + 1..<place { try put(host, at: missing) }
        try until("the hub to be ready for all", seconds: 30) {
            let ready = try host.curl("/readyz", as: nil)
            return ready.code == 200 && !ready.output.contains("police")
        }
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 202)
        #expect(try desk.synced().count == 2)
    }

    @Test("is 503 for who asks whether the hub is ready, where it serves nobody else")
    func alone() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        try put(host, at: try last(host) + 100)
        try until("the hub to say that it is not ready", seconds: 30) {
            let ready = try host.curl("/readyz", as: nil)
            return ready.code == 503 && ready.output.contains("police: the hub cannot follow")
        }
    }

    @Test("that is no log any more is to be posted to again, and named; the journal and check say what is to be done")
    func junk() throws {
        let host = try HubHost(["police", "fire"])
        try host.start()
        let (camera, other) = (try host.machine("cam"), try host.machine("cam2", of: "fire"))
        let reader = try host.machine("reader", "analyst")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        try host.stop()
        let (file, kept) = (host.log, host.folder + "/tenants/kept")
        // All of it is in the one file, which is put back as a whole.
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try queue.close()
        try FileManager.default.moveItem(atPath: file, toPath: kept)
        try Data(String(repeating: "no log at all. ", count: 2_000).utf8).write(to: URL(fileURLWithPath: file))

        try host.start()
        let event = HubHost.alert("b")
        let refused = try host.post(event, as: camera)
        #expect(refused.code == 503 && refused.output.contains("post the same again"), "\(refused)")
        let read = try host.curl("/v1/events", as: reader)
        #expect(read.code == 503 && read.output.contains("cannot open"), "\(read)")
        #expect(try host.post(HubHost.alert("c"), as: other).code == 202)
        let ready = try host.curl("/readyz", as: nil)
        #expect(ready.code == 200 && ready.output.contains("police: the hub cannot open"), "\(ready)")
        let told = host.journal.filter { $0["level"] == "error" && $0["tenant"] == "police" }
        #expect(told.count == 1 && told.first?["error"]?.contains("impetus-hub check") == true, "\(told)")
        let check = try host.hub("check")
        #expect(check.code == 74 && check.complaints.contains("police: its log cannot be opened"), "\(check)")

        #expect(rename(kept, file) == 0)
        try until("the hub to serve all", seconds: 30) {
            let ready = try host.curl("/readyz", as: nil)
            return ready.code == 200 && !ready.output.contains("police")
        }
        #expect(try host.post(event, as: camera).code == 202)
    }

    private func lastBefore(_ place: Int, _ host: HubHost) throws -> Int {
        let queue = try DatabaseQueue(path: host.log)
        defer { try? queue.close() }
        return try queue.read {
            try Int.fetchOne($0, sql: "SELECT max(sequence) FROM entries WHERE sequence < ?", arguments: [place])
        } ?? 0
    }
}
