import Foundation
import Testing

/// A responder whom no network reaches, and a colleague who carries files.
@Suite("Bundles", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct BundleTests {
    private func acknowledged(_ desk: Desk) throws -> [String] {
        try desk.objects(desk.hubbed("alerts", "--json").output).filter { $0["acknowledged"] as? Bool == true }
            .compactMap { $0["subject"] as? String }.sorted()
    }

    @Test("carry acts to the hub and the log back; both sides agree, and the chain is whole")
    func bothWays() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let (far, courier) = (try host.person("resp7"), try host.person("op7"))
        for number in 0..<3 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        #expect(try far.synced().count == 3)
        // From here on `far` has no network: its hub is only asked again at the end.
        host.kill()
        #expect(try far.hubbed("ack", "a1").code == 75)
        let (out, back) = (host.desk.folder + "/out", host.desk.folder + "/back")
        let export = try far.hubbed("bundle", "export", out, "--acts")
        #expect(export.code == 0 && export.output.contains("1 acts"))
        try host.start()
        for number in 3..<6 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        #expect(try courier.synced().count == 6)
        let taken = try courier.hubbed("bundle", "import", out)
        #expect(taken.code == 0 && taken.output.contains("1 acts go to the hub"), "\(taken)")
        #expect(
            try courier.synced().first { $0["subject"] as? String == "a1" }?["acknowledged_by"] as? String == "resp7")
        // Within two seconds a hub signs what was read.
        try until("a checkpoint") {
            _ = try courier.synced()
            try? FileManager.default.removeItem(atPath: back)
            guard try courier.hubbed("bundle", "export", back, "--reply-to", out).code == 0 else { return false }
            return try far.hubbed("bundle", "import", back).code == 0
                && far.hubbed("status").output.contains("outbox     0")
        }
        #expect(try acknowledged(far) == ["a1"])
        #expect(try far.objects(far.hubbed("alerts", "--json").output).count == 6)
        #expect(try far.hubbed("audit", "verify").code == 0)
        // Again is no harm, and the hub is in step with both.
        #expect(try far.hubbed("bundle", "import", back).code == 0)
        #expect(try far.synced().count == 6)
        #expect(try far.hubbed("audit", "verify").code == 0)
    }

    @Test("a machine that never met the hub's log begins with a bundle")
    func first() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk, fresh) = (try host.machine("cam"), try host.person("op7"), try host.person("op8"))
        try host.post(HubHost.alert("a"), as: camera)
        let file = host.desk.folder + "/all"
        try until("all in a bundle") {
            _ = try desk.synced()
            try? FileManager.default.removeItem(atPath: file)
            _ = try desk.hubbed("bundle", "export", file)
            return try fresh.hubbed("bundle", "import", file).code == 0
                && fresh.objects(fresh.hubbed("alerts", "--json").output).count == 1
        }
        try host.post(HubHost.alert("b"), as: camera)
        #expect(try fresh.synced().count == 2 && fresh.hubbed("audit", "verify").code == 0)
    }

    @Test("what was altered, cut off, or of another hub, is refused, and the store is as it was")
    func hostile() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        for number in 0..<5 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        #expect(try desk.synced().count == 5)
        let file = host.desk.folder + "/good"
        #expect(try desk.hubbed("bundle", "export", file).code == 0)
        let good = try Data(contentsOf: URL(fileURLWithPath: file))
        let fresh = try host.person("op8")
        func attempt(_ bytes: Data, _ words: String) throws {
            let bad = host.desk.folder + "/bad"
            try bytes.write(to: URL(fileURLWithPath: bad))
            let outcome = try fresh.hubbed("bundle", "import", bad)
            #expect(outcome.code == 65 && outcome.complaints.contains(words), "\(outcome)")
            #expect(try fresh.objects(fresh.hubbed("alerts", "--json").output).isEmpty)
        }
        let text = String(decoding: good, as: UTF8.self)
        try attempt(Data(text.replacingOccurrences(of: "Seen at a3", with: "Seen at b3").utf8), "altered")
        try attempt(good.prefix(good.count / 2), "cut off")
        try attempt(Data("{}\n".utf8), "no bundle")
        try attempt(Data(), "no bundle")
        try attempt(Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) }), "no bundle")
        // A whole one of another authority.
        let other = try HubHost(["police"])
        try other.start()
        let stranger = try other.person("op7")
        _ = try stranger.hubbed("sync", "--once")
        let foreign = other.desk.folder + "/foreign"
        #expect(try stranger.hubbed("bundle", "export", foreign).code == 0)
        try attempt(try Data(contentsOf: URL(fileURLWithPath: foreign)), "another authority")
        let there = try desk.hubbed("bundle", "export", file)
        #expect(there.code == 64 && there.complaints.contains("there already"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == good)
    }
}
