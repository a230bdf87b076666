import Foundation
import TestSupport
import Testing

/// A hub under attack from its network, over real sockets.
@Suite("A hub under attack", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubLimitsTests {
    @Test(
        "silent connections from many addresses have few places; members and newcomers are served meanwhile, and it is told"
    )
    func silent() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let crowd = Sockets.Crowd()
        // As many as it takes to fill every place of a hub that does not tell them apart.
        for _ in 0..<5 { try crowd.add(200, to: host.port, from: { "127.0.1.\($0 % 5 + 1)" }) }
        try until("five addresses to be held to sixteen each") { crowd.open() <= 5 * 16 }
        for _ in 0..<2 { try crowd.add(200, to: host.port, from: { "127.0.2.\($0 % 40 + 1)" }) }
        try until("all together to be held to their places") { crowd.open() <= 256 }
        let served = try host.curl(
            "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents+json", "--data-binary",
            HubHost.alert("a"))
        #expect(served.code == 202)
        #expect(try host.curl("/healthz", as: nil, "--interface", "127.0.3.1").code == 200)
        try until("the silent to be cut off", seconds: 30) { crowd.open() == 0 }
        #expect(host.journal.contains { $0["kind"] == "too many connections" })
        // What had no line is told by the next one.
        try until("the count of the others", seconds: 30) {
            host.journal.contains { $0["kind"] == "too many connections" && Int($0["left_out"] ?? "") ?? 0 > 100 }
        }
    }

    @Test("each kind of refusal has its line in the journal, and its count")
    func journal() throws {
        let host = try HubHost()
        try host.start()
        let (camera, reader) = (try host.machine("cam"), try host.machine("boss", "admin"))
        let act = { (id: String, more: String) in
            #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"eu.impetus.alert.acknowledged.v1","subject":"a","#
                + #""actor":"op7"\#(more),"data":{"occurrence":1,"severity":"critical"}}"#
        }
        try host.post(HubHost.alert("a", more: #","tenant":"fire""#), as: camera)
        try host.post(act("x", ""), as: camera)
        try host.post(act("y", #","keyid":"nobody","signature":"AAAA""#), as: camera)
        _ = try host.person("op7")
        try host.post(
            act("z", #","tenant":"police","keyid":"\#(try key(of: "op7", host, reader))","signature":"AAAA""#),
            as: camera)
        #expect(try host.curl("/v1/events?after=0", as: camera).code == 403)
        #expect(try host.post(HubHost.alert("b"), as: nil).code == 401)
        let gone = try host.machine("gone")
        #expect(try host.hub("revoke", "gone", "--tenant", "police").code == 0)
        try until("the revocation") { try host.post(HubHost.alert("c"), as: gone).code == 401 }
        let wanted = [
            "forged signature", "foreign tenant", "unsigned act", "unknown key", "refused role", "no certificate",
            "revoked",
        ]
        try until("a line for each") { Set(wanted).isSubset(of: host.journal.compactMap { $0["kind"] }) }
        let metrics = try host.curl("/metrics", as: reader).output
        for kind in wanted { #expect(metrics.contains("impetus_hub_refusals_total{kind=\"\(kind)\"} ")) }
    }

    /// The id of a member's key, as the log of the tenant has it.
    private func key(of actor: String, _ host: HubHost, _ reader: String) throws -> String {
        var found: String?
        try until("the key of \(actor)") {
            let text = try host.curl("/v1/events?after=0", as: reader).output
            let page = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let facts = (page?["events"] as? [[String: Any]] ?? []).compactMap { $0["data"] as? [String: Any] }
            found = facts.first { $0["actor"] as? String == actor && $0["key_id"] != nil }?["key_id"] as? String
            return found != nil
        }
        return try #require(found)
    }

    @Test("followers who do not read cost a bounded number of bytes each, and others go on")
    func neverRead() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, reader) = (try host.machine("cam"), try host.machine("boss", "admin"))
        let filler = String(repeating: "x", count: 50_000)
        for round in 0..<30 {
            let events = (0..<20).map { number in
                HubHost.alert("a\(number)", id: "r\(round)-\(number)").replacing(
                    "\"headline\"", with: "\"padding\":\"\(filler)\",\"headline\"")
            }
            let batch = try host.desk.file("batch.json", "[" + events.joined(separator: ",") + "]")
            #expect(
                try host.curl(
                    "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json",
                    "--data-binary", "@" + batch
                ).output.contains("\"accepted\":20"))
        }
        let before = try host.residentKibibytes()
        // They begin with the whole log, and take a kilobyte of it a second.
        var followers: [pid_t] = []
        defer { for process in followers { Programs.end(process) } }
        for number in 1...60 {
            followers.append(
                try host.startCurl(
                    "/v1/events", as: reader, "-N", "--limit-rate", "1k", "-H", "Accept: text/event-stream"))
            // Of one address only so many shake hands at a time.
            try until("them to follow") { try host.metric("impetus_hub_followers", as: reader) == Double(number) }
        }
        Thread.sleep(forTimeInterval: 3)
        // What SQLite reads at once, 4 MiB, sixty times and thrice (as read, as written, encrypted) would be 720 MB.
        #expect(try host.residentKibibytes() - before < 300_000)
        #expect(try host.person("op7").synced().count == 20)
        #expect(try host.post(HubHost.alert("after"), as: camera).code == 202)
    }

    @Test(
        "what machines bring beyond their share of the memory gets 503; people's acts are taken, and later theirs are too"
    )
    func memory() throws {
        let host = try HubHost(["police"])
        let settings = try host.desk.file("hub.toml", "[limits]\nmemory_bytes = 33554432\nrequest_seconds = 60\n")
        try host.start("--config", settings)
        let (desk, camera, boss) = (
            try host.person("op7"), try host.machine("cam"), try host.machine("boss", "admin")
        )
        try host.post(HubHost.alert("a"), as: camera)
        #expect(try desk.synced().count == 1)
        let type = "Content-Type: application/cloudevents-batch+json"
        let slowly = try host.desk.file("slowly", String(repeating: " ", count: 7_500_000))
        let sender = try host.startCurl(
            "/v1/events", as: camera, "-H", type, "--limit-rate", "500k", "--data-binary", "@" + slowly)
        defer { Programs.end(sender) }
        // Of 24 MiB as many are left as less than what is brought, thrice.
        try until("the slow one to hold its memory", seconds: 30) {
            try host.metric("impetus_hub_memory_held_bytes", as: boss) ?? 0 > 13_000_000
        }
        let filler = String(repeating: "x", count: 900_000)
        let events = (0..<5).map {
            HubHost.alert("b\($0)", id: "b\($0)").replacing(
                "\"headline\"", with: "\"padding\":\"\(filler)\",\"headline\"")
        }
        let batch = try host.desk.file("batch.json", "[" + events.joined(separator: ",") + "]")
        let refused = try host.curl("/v1/events", as: camera, "-H", type, "--data-binary", "@" + batch)
        #expect(refused.code == 503 && refused.output.contains("no memory left"))
        #expect(try desk.hubbed("ack", "a").code == 0)
        kill(sender, SIGKILL)
        try until("there to be room again", seconds: 20) {
            try host.curl("/v1/events", as: camera, "-H", type, "--data-binary", "@" + batch).code == 202
        }
        try until("all of it to be given back") { try host.metric("impetus_hub_memory_held_bytes", as: boss) == 0 }
    }

    /// Measurements, each with an id of its own, as one batch.
    private static func observations(_ name: String, _ count: Int) -> String {
        let events = (0..<count).map {
            #"{"specversion":"1.0","id":"\#(name)\#($0)","source":"urn:probe","#
                + #""type":"eu.impetus.observation.recorded.v1","data":{"value":1}}"#
        }
        return "[" + events.joined(separator: ",") + "]"
    }

    @Test(
        "a machine beyond its rate gets 429 with what is to come again; what is urgent in the same batch goes in, others do not wait"
    )
    func rate() throws {
        let host = try HubHost(["police"])
        let settings = try host.desk.file(
            "hub.toml", "[limits]\nmachine_events_per_second = 1\nmachine_burst = 10000\n")
        try host.start("--config", settings)
        let (desk, camera, other, boss) = (
            try host.person("op7"), try host.machine("cam"), try host.machine("cam2"), try host.machine("boss", "admin")
        )
        let type = "Content-Type: application/cloudevents-batch+json"
        let full = try host.desk.file("full.json", HubLimitsTests.observations("f", 10_000))
        #expect(try host.curl("/v1/events", as: camera, "-H", type, "--data-binary", "@" + full).code == 202)
        let more = HubLimitsTests.observations("m", 2_000).dropLast() + "," + HubHost.alert("gas/1", "critical") + "]"
        let mixed = try host.desk.file("mixed.json", String(more))
        let answer = try host.curl("/v1/events", as: camera, "-i", "-H", type, "--data-binary", "@" + mixed)
        #expect(answer.code == 429)
        #expect(answer.output.lowercased().contains("retry-after: 60"))
        #expect(answer.output.contains("\"rejected\":[]") && answer.output.contains("\"later\":[\"m"))
        #expect(try desk.synced().compactMap { $0["id"] as? String } == ["gas/1"])
        #expect(try host.post(HubHost.alert("b"), as: other).code == 202)
        #expect(try desk.hubbed("ack", "gas/1").code == 0)
        let later = try host.metric(
            "impetus_hub_events_later_total{tenant=\"police\",machine=\"cam\"}", as: boss)
        // Some tokens may have come meanwhile, one a second.
        #expect((1_900...2_000).contains(try #require(later)))
        #expect(host.journal.contains { $0["kind"] == "beyond the rate" && $0["actor"] == "cam" })
        try until("check to name the machine") {
            try host.hub("check").complaints.contains("police: cam posts beyond its rate")
        }
    }

    @Test(
        "a hub that cannot write is not ready, says so to its consoles and its journal, and comes back by itself",
        .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
    func cannotWrite() throws {
        let disk = try TinyDisk(kibibytes: 24_000)
        let host = try HubHost(["police"], in: disk.path + "/hub")
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        let reader = try host.machine("reader", "analyst")
        try host.post(HubHost.alert("first"), as: camera)
        #expect(try desk.synced().count == 1)
        #expect(try host.curl("/readyz", as: nil).code == 200)
        let ballast = try disk.fillUp(leaving: 200_000)
        let filler = String(repeating: "x", count: 20_000)
        var refused: String?
        for number in 0..<60 where refused == nil {
            let event = HubHost.alert("a\(number)", id: "f\(number)").replacing(
                "\"headline\"", with: "\"padding\":\"\(filler)\",\"headline\"")
            if try host.post(event, as: camera).code == 503 { refused = event }
        }
        let event = try #require(refused)
        try until("the hub not to be ready") {
            let ready = try host.curl("/readyz", as: nil)
            return ready.code == 503 && ready.output.contains("no space is left")
        }
        #expect(host.journal.contains { $0["kind"] == "full disk" })
        // What was taken before is still given out; then the console is told.
        try desk.hubbed("sync", "--once", "--timeout", "5")
        let told = try desk.hubbed("sync", "--once", "--timeout", "3")
        #expect(told.code == 75 && told.complaints.contains("no space is left"), "\(told)")
        // What is there is still read.
        #expect(try host.curl("/v1/events?after=0&limit=3", as: reader).code == 200)
        try disk.remove(ballast)
        // Nobody posts: the hub finds out by itself.
        try until("the hub to be ready again", seconds: 30) { try host.curl("/readyz", as: nil).code == 200 }
        #expect(try host.post(event, as: camera).code == 202)
        try until("the console to follow again", seconds: 20) { try desk.synced().count > 1 }
    }
}

/// Plain sockets of loopback, from any of its addresses.
enum Sockets {
    /// Connections that say nothing. Those that the hub turned away are closed as they come to light: all tests of this process share
    /// what the system lets it open.
    final class Crowd {
        private var sockets: [Int32] = []
        /// The hub is waited for until no more than this are open.
        private static let most = 400

        deinit { for socket in sockets { close(socket) } }

        /// - Parameter source: the address that a connection of a number comes from.
        /// - Throws: where the hub holds on to more than there may be at once.
        func add(_ count: Int, to port: Int, from source: (Int) -> String) throws {
            for number in 0..<count { sockets.append(try Sockets.connect(to: port, from: source(number))) }
            try until("the hub to turn connections away") { open() <= Crowd.most }
        }

        /// How many are open still.
        func open() -> Int {
            let left = Sockets.open(sockets)
            for socket in Set(sockets).subtracting(left) { close(socket) }
            sockets = left
            return left.count
        }
    }

    /// A connection, which the caller closes.
    static func connect(to port: Int, from source: String) throws -> Int32 {
        guard let socket = Loopback.connect(to: port, from: source) else {
            throw Trouble("cannot connect from \(source)")
        }
        return socket
    }

    /// Sends all of it.
    ///
    /// - Throws: where the other side reads no more.
    static func send(_ bytes: some Collection<UInt8>, to socket: Int32) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Trouble("the hub does not read any more") }
            rest = rest.dropFirst(sent)
        }
    }

    /// Those that the other side has not closed.
    static func open(_ sockets: [Int32]) -> [Int32] {
        sockets.filter { socket in
            var byte: UInt8 = 0
            let count = recv(socket, &byte, 1, Int32(MSG_DONTWAIT))
            return count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        }
    }
}
