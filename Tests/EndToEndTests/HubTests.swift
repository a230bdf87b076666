import Foundation
import GRDB
import TestSupport
import Testing

/// Hub, consoles and sensors as real processes over real TLS.
@Suite("A hub and its consoles", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubTests {
    @Test("an alert reaches its own tenant alone; the plug is pulled, the work goes on, and both settle")
    func story() throws {
        let host = try HubHost()
        try host.start()
        let (police, fire) = (try host.person("op7"), try host.person("chief", of: "fire"))
        let camera = try host.machine("cam12")
        #expect(
            try host.post(HubHost.alert("cam12/weapon", "critical"), as: camera).output
                == #"{"accepted":1,"duplicate":0,"rejected":[]}"#)
        #expect(try police.synced().map { $0["headline"] as? String } == ["Seen at cam12/weapon"])
        #expect(try fire.synced().isEmpty)

        host.kill()
        let ack = try police.hubbed("ack", "cam12/weapon")
        #expect(ack.code == 75 && ack.complaints.contains("kept, and not sent yet: impetus sync, or the console"))
        let missing = try police.hubbed("ack", "nosuch")
        #expect(missing.code == 65 && missing.complaints.contains("impetus sync --once brings it up to date"))
        #expect(try police.objects(police.hubbed("alerts", "--json").output).first?["acknowledged"] as? Bool == true)
        #expect(try police.hubbed("status").output.contains("outbox     1"))
        #expect(try police.hubbed("sync", "--once", "--timeout", "1").code == 75)

        try host.start()
        let settled = try #require(try police.synced().first)
        #expect(settled["acknowledged"] as? Bool == true && settled["acknowledged_by"] as? String == "op7")
        #expect(try police.hubbed("status").output.contains("outbox     0"))
        let second = try host.person("sup1", "supervisor")
        #expect(try second.synced().first?["acknowledged_by"] as? String == "op7")
        #expect(try second.hubbed("ack", "cam12/weapon").code == 65)
    }

    @Test(
        "a shift's acts that waited all come through at once, and are there once; those that lost are told by the next console"
    )
    func manyWaiting() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, other, camera) = (
            try host.person("op7"), try host.person("sup1", "supervisor"), try host.machine("cam")
        )
        for number in 0..<30 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        #expect(try desk.synced().count == 30 && other.synced().count == 30)
        host.kill()
        for number in 0..<30 { #expect(try desk.hubbed("ack", "a\(number)").code == 75) }
        try host.start()
        // Somebody was quicker with one of them.
        #expect(try other.hubbed("ack", "a3").code == 0)
        let settled = try desk.synced()
        #expect(settled.count { $0["acknowledged_by"] as? String == "op7" } == 29)
        #expect(settled.first { $0["subject"] as? String == "a3" }?["acknowledged_by"] as? String == "sup1")
        let status = try desk.hubbed("status").output
        #expect(status.contains("outbox     0") && status.contains("refused    a3"))
    }

    @Test(
        "every console on a store says that the hub is gone, and when nobody knows whether it is",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func severalConsoles() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("op7")
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        let screens = try (0..<3).map { _ in try Screen(at: desk, with: HubHost.secrets) }
        for screen in screens {
            try screen.start("")
            try screen.see("feed live", within: 20)
        }
        host.kill()
        for screen in screens { try screen.see("feed OFFLINE", within: 20) }
        let ack = try desk.hubbed("ack", "a")
        #expect(ack.code == 75 && ack.complaints.contains("kept, and sent when the hub answers"), "\(ack)")
        try host.start()
        for screen in screens { try screen.see("feed live", within: 30) }
        // The one that runs the feed hangs, and holds the lease.
        try screens[0].signal(SIGSTOP)
        for screen in screens[1...] { try screen.see("feed UNKNOWN", within: 20) }
        try screens[0].signal(SIGKILL)
        for screen in screens[1...] { try screen.see("feed live", within: 20) }
    }

    @Test("a copy that nobody keeps in step says how old it is, also to whoever acts by it")
    func oldCopy() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("op7")
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        #expect(try desk.synced().count == 1)
        #expect(try !desk.hubbed("alerts").complaints.contains("as of"))
        let folder = desk.folder + "/data/impetus"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let copy = try #require(names.first { $0.hasPrefix("police@") && $0.hasSuffix(".sqlite") })
        try DatabaseQueue(path: folder + "/" + copy).write { database in
            try database.execute(sql: "UPDATE meta SET value = 'connected 1700000000000 ' WHERE key = 'kept.sync'")
        }
        host.kill()
        let listed = try desk.hubbed("alerts", "--count")
        #expect(listed.output == "1\n" && listed.complaints.contains("as of 2023-11-14 "), "\(listed)")
        #expect(listed.complaints.contains("impetus sync --once brings it up to date"))
        #expect(try desk.hubbed("ack", "a").complaints.contains("as of 2023-11-14 "))
    }

    @Test("what is done to many goes through a hub, once it was away, and one undo takes all of it back")
    func many() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, other, camera) = (
            try host.person("op7"), try host.person("sup1", "supervisor"), try host.machine("cam")
        )
        let events = (0..<400).map { HubHost.alert("a\($0)", id: "m\($0)") }
        let batch = try desk.file("batch.json", "[" + events.joined(separator: ",") + "]")
        let posted = try host.curl(
            "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
            "@" + batch)
        #expect(posted.code == 202)
        #expect(try desk.synced().count == 400)
        host.kill()
        #expect(try desk.hubbed("ack", "--where", "acknowledged = no", "--yes").code == 75)
        try host.start()
        #expect(try desk.synced().count { $0["acknowledged_by"] as? String == "op7" } == 400)
        #expect(try other.synced().count { $0["acknowledged_by"] as? String == "op7" } == 400)
        #expect(try desk.hubbed("undo").code == 0)
        #expect(try other.synced().count { $0["acknowledged"] as? Bool == true } == 0)
    }

    @Test("two hubs do not serve one folder at a time; after one was killed the next does")
    func oneFolder() throws {
        let host = try HubHost(["police"])
        try host.start()
        let second = try host.hub("serve", "--listen", "127.0.0.1:0")
        #expect(second.code == 75 && second.complaints.contains("each hub has a folder of its own"), "\(second)")
        #expect(try host.curl("/readyz", as: nil).code == 200)
        host.kill()
        try host.start()
        try until("the hub to be ready") { try host.curl("/readyz", as: nil).code == 200 }
    }

    @Test("a raise that is no event is refused, and stands on consoles with its severity, however it is posted")
    func unread() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        let odd = ["single", "batch", "binary"].map { HubHost.alert($0, more: ",\"time\":\"yesterday\"") }
        let good = HubHost.alert("good")
        #expect(try host.post(odd[0], as: camera).code == 400)
        let batch = try host.curl(
            "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
            "[\(good),\(odd[1])]")
        #expect(batch.code == 202 && batch.output.contains("cannot be read"))
        let binary = try host.curl(
            "/v1/events", as: camera, "-H", "Content-Type: application/json", "-H", "ce-specversion: 1.0", "-H",
            "ce-id: b", "-H", "ce-source: urn:test", "-H", "ce-type: eu.impetus.alert.raised.v1", "-H",
            "ce-subject: binary", "-H", "ce-time: yesterday", "--data-binary", #"{"tool":"FD","severity":"medium"}"#)
        #expect(binary.code == 400)
        let shown = try desk.synced().filter { $0["kind"] as? String == "raise-refused" }
        #expect(shown.compactMap { $0["severity"] as? String }.sorted() == ["high", "high", "medium"])
        #expect(shown.allSatisfy { $0["acknowledged"] as? Bool == false })
    }

    @Test("hub and console die in the middle, again and again; what went in comes out once")
    func killed() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        var accepted: Set<String> = []
        for round in 0..<50 {
            let events = (0..<40).map { HubHost.alert("a\(round)-\($0)", id: "r\(round)-\($0)") }
            let batch = try desk.file("batch.json", "[" + events.joined(separator: ",") + "]")
            let sender = Thread.detached { [host] in
                try? host.curl(
                    "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
                    "@" + batch)
            }
            Thread.sleep(forTimeInterval: Double(round % 5) * 0.004)
            host.kill()
            if try sender()?.output.contains(#""accepted":40"#) == true {
                for number in 0..<40 { accepted.insert("a\(round)-\(number)") }
            }
            try host.start()
            // What was not confirmed is sent again, as a sensor does.
            let again = try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
                "@" + batch)
            #expect(again.code == 202 && !again.output.contains("\"id\""))
            for number in 0..<40 { accepted.insert("a\(round)-\(number)") }
            let sync = try desk.start("sync")
            Thread.sleep(forTimeInterval: 0.05 + Double(round % 7) * 0.02)
            Programs.end(sync)
        }
        let alerts = try desk.synced()
        #expect(alerts.count == 2_000 && Set(alerts.compactMap { $0["subject"] as? String }) == accepted)
        #expect(alerts.allSatisfy { $0["occurrence"] as? Int == 1 })
        #expect(try desk.hubbed("audit", "verify").code == 0)
    }

    @Test("a hub that was replaced by an empty one is refused, and nothing is wiped")
    func replaced() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        try host.post(HubHost.alert("a"), as: camera)
        #expect(try desk.synced().count == 1)
        host.kill()
        for file in try FileManager.default.contentsOfDirectory(atPath: host.folder + "/tenants") {
            try FileManager.default.removeItem(atPath: host.folder + "/tenants/" + file)
        }
        try host.start()
        let outcome = try desk.hubbed("sync", "--once", "--timeout", "5")
        #expect(outcome.code == 77 && outcome.complaints.contains("another log"))
        #expect(try desk.objects(desk.hubbed("alerts", "--json").output).count == 1)
    }

    @Test("a backup taken under load is restored; a console that has seen more is told, and keeps it")
    func backup() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        for number in 0..<20 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        let load = Thread.detached { [host] in
            for number in 0..<20 { try host.post(HubHost.alert("b\(number)"), as: camera) }
        }
        #expect(try host.hub("backup", host.desk.folder + "/copy").code == 0)
        _ = try load()
        #expect(try desk.synced().count == 40)
        host.kill()
        try FileManager.default.moveItem(atPath: host.folder, toPath: host.folder + "-lost")
        #expect(try host.hub("restore", host.desk.folder + "/copy").code == 0)
        try host.start()
        let fresh = try host.person("op8")
        let restored = try fresh.synced().count
        #expect((20...40).contains(restored))
        if restored < 40 {
            let outcome = try desk.hubbed("sync", "--once", "--timeout", "5")
            #expect(outcome.code == 77 && outcome.complaints.contains("restored"))
        }
        #expect(try desk.objects(desk.hubbed("alerts", "--json").output).count == 40)
    }

    @Test(
        "a disk that is full takes nothing half; with space again all goes on",
        .enabled(if: TinyDisk.isPossible, "a small file system cannot be mounted"))
    func full() throws {
        let disk = try TinyDisk(kibibytes: 24_000)
        let host = try HubHost(["police"], in: disk.path + "/hub")
        try host.start()
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        let reader = try host.machine("op9", "operator")
        try host.post(HubHost.alert("first"), as: camera)
        #expect(try desk.synced().count == 1)
        let ballast = try disk.fillUp(leaving: 300_000)
        var sent: [String] = []
        var refused = 0
        let filler = String(repeating: "x", count: 20_000)
        for number in 0..<60 {
            let event = HubHost.alert("a\(number)", id: "f\(number)").replacing(
                "\"headline\"", with: "\"description\":\"\(filler)\",\"headline\"")
            sent.append(event)
            let code = try host.post(event, as: camera).code
            #expect(code == 202 || code == 503)
            if code == 503 { refused += 1 }
        }
        #expect(refused > 0)
        // It still answers, and who reads is still served.
        #expect(try host.curl("/healthz", as: nil).code == 200)
        #expect(try host.curl("/v1/events?after=0&limit=3", as: reader).code == 200)
        try disk.remove(ballast)
        for event in sent {
            try until("the event to be taken", seconds: 20) {
                try host.post(event, as: camera).output.contains("\"rejected\":[]")
            }
        }
        try until("the console to have all", seconds: 20) { try desk.synced().count == 61 }
        #expect(try desk.hubbed("audit", "verify").code == 0)
        // After the plug was pulled as well.
        host.kill()
        try host.start()
        #expect(try host.person("op8").synced().count == 61)
    }

    @Test("old entries are archived while the hub runs, stay verifiable, and are missed by nobody")
    func archive() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, late, camera) = (try host.person("op7"), try host.person("op8"), try host.machine("cam"))
        let archive = host.desk.folder + "/archive"
        try host.post(HubHost.alert("a0"), as: camera)
        #expect(try late.synced().count == 1)
        for number in 1..<20 { try host.post(HubHost.alert("a\(number)"), as: camera) }
        #expect(try desk.synced().count == 20)
        // Within two seconds a checkpoint covers them all.
        try until("all to be archived") {
            _ = try host.hub("archive", archive, "--days", "0")
            let words = try host.hub("audit").output.split(separator: " ")
            return words.firstIndex(of: "events,").flatMap { Int(words[$0 - 1]) } ?? 99 <= 2
        }
        // It goes on for who follows; posts of what is archived are known.
        try host.post(HubHost.alert("b", id: "later"), as: camera)
        #expect(try desk.synced().count == 21)
        #expect(try host.post(HubHost.alert("b", id: "later"), as: camera).output.contains("\"duplicate\":1"))
        #expect(try host.hub("audit").output.contains("whole"))
        #expect(try host.hub("audit", "--archive", archive).code == 0)
        // Who has seen less than was archived is told what to do; who is new has it all.
        let behind = try late.hubbed("sync", "--once", "--timeout", "5")
        #expect(behind.code == 77 && behind.complaints.contains("archived"))
        #expect(try host.person("op9").synced().count == 21)
        #expect(
            try late.hubbed("sync", "--once", "--store", late.folder + "/new.sqlite", "--as", "op8@police").code == 0)
        // A byte that is changed in the archive is found.
        let forged = host.desk.folder + "/forged"
        try FileManager.default.copyItem(atPath: archive, toPath: forged)
        for file in try FileManager.default.contentsOfDirectory(atPath: forged) {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: forged + "/" + file))
            guard let place = bytes.range(of: Data("Seen at a3".utf8)) else { continue }
            bytes.replaceSubrange(place, with: Data("Seen at x3".utf8))
            try bytes.write(to: URL(fileURLWithPath: forged + "/" + file))
        }
        #expect(try host.hub("audit", "--archive", forged).code == 65)
        #expect(try host.hub("audit", "--archive", host.desk.folder).code == 65)
        // A hub that has lost its view needs it back.
        host.kill()
        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: host.folder + "/tenants/police.view.sqlite" + ending)
        }
        #expect(try host.hub("unarchive", archive).code == 0)
        try host.start()
        try until("the old console to be served again") { try late.synced().count == 21 }
        #expect(try late.hubbed("audit", "verify").code == 0)
    }

    @Test("who begins late has the picture at once and the history behind it, killed again and again on the way")
    func late() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        // Each of them three times: what is read from the log has a history.
        for round in 0..<60 {
            let events = (0..<500).map { HubHost.alert("a\(($0 + round * 500) % 10_000)", id: "e\(round)-\($0)") }
            let batch = try host.desk.file("batch.json", "[" + events.joined(separator: ",") + "]")
            _ = try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
                "@" + batch)
            if round == 20 { Thread.sleep(forTimeInterval: 2.5) }
        }
        Thread.sleep(forTimeInterval: 4)
        let desk = try host.person("op7")
        let first = try desk.hubbed("sync", "--once", "--timeout", "0.1")
        #expect(first.complaints.contains("started from the hub's snapshot"))
        let begun = try desk.objects(desk.hubbed("status", "--json").output).first
        #expect(begun?["total"] as? Int == 10_000)
        #expect(begun?["history_behind"] as? Int ?? 0 > 0, "\(first)")
        for round in 0..<6 {
            let sync = try desk.start("sync")
            Thread.sleep(forTimeInterval: 0.05 + Double(round) * 0.03)
            Programs.end(sync)
        }
        #expect(try desk.synced().count == 10_000)
        #expect(try desk.objects(desk.hubbed("status", "--json").output).first?["history_behind"] as? Int == 0)
        let audit = try desk.hubbed("audit", "verify", "--json").output
        #expect(try desk.objects(audit).first?["events"] as? Int ?? 0 > 30_000, "\(audit)")
        #expect(try desk.hubbed("audit", "verify").code == 0)
    }

    @Test("two tenants share under an agreement, and no longer when it ends")
    func agreement() throws {
        let host = try HubHost()
        try host.start()
        let (fire, camera) = (try host.person("chief", of: "fire"), try host.machine("cam"))
        #expect(
            try host.hub(
                "agreement", "add", "rescue", "--from", "police", "--to", "fire", "--purpose", "rescue", "--category",
                "FD"
            ).code == 0)
        // The command returned when the hub had seen it: what is raised now is shared.
        try host.post(HubHost.alert("a"), as: camera)
        try until("the copy") { try fire.synced().map { $0["subject"] as? String } == ["police//a"] }
        #expect(try host.hub("agreement", "end", "rescue", "--reason", "over").code == 0)
        // Whoever had not seen it still gets to.
        try until("the withdrawal") { try fire.synced().first?["state"] as? String == "rtn_unacknowledged" }
    }

    @Test("an agreement that nobody can have meant is refused with what there is; the list says what was agreed")
    func terms() throws {
        let host = try HubHost()
        try host.start()
        let camera = try host.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        let add = ["agreement", "add", "a1", "--from", "police", "--to", "fire", "--purpose", "rescue"]
        for (wrong, said) in [
            (["--remove", "nosuchfield"], "headline"), (["--category", "NOSUCH"], "CTDR"),
            (["--until", "2020-01-01T00:00:00Z"], "is over"),
        ] {
            let outcome = try host.run(add + wrong)
            #expect(outcome.code == 64 && outcome.complaints.contains(said), "\(outcome)")
        }
        let right = ["--remove", "cap.info.area", "--remove", "lat", "--category", "FD", "--category", "crowd"]
        #expect(try host.run(add + right).code == 0)
        let terms = "a1\tpolice -> fire\tFD,crowd\trescue\t"
        #expect(try host.hub("agreement").output == terms + "in force\twithout cap.info.area,lat\n")
        #expect(try host.hub("agreement", "end", "a1", "--reason", "over").code == 0)
        #expect(try host.hub("agreement").output == terms + "ended: over\twithout cap.info.area,lat\n")
    }

    @Test("an agreement names a hub that has not seen it, holds when it is back, and waits for none that stopped")
    func unseen() throws {
        let host = try HubHost()
        try host.start()
        let (fire, camera) = (try host.person("chief", of: "fire"), try host.machine("cam"))
        _ = try host.machine("old")
        let add = { (id: String) in
            try host.hub("agreement", "add", id, "--from", "police", "--to", "fire", "--purpose", "rescue")
        }
        #expect(try add("one").code == 0)
        host.kill()
        let unseen = try add("two")
        #expect(
            unseen.code == 75 && unseen.complaints.contains(":\(host.port)") && unseen.output.contains("agreed two"))
        let gone = try host.hub("revoke", "old", "--tenant", "police")
        #expect(gone.code == 75 && gone.complaints.contains(":\(host.port)") && gone.output.contains("revoked "))
        try host.start()
        #expect(try host.hub("agreement", "end", "two").code == 0)
        try host.post(HubHost.alert("a"), as: camera)
        try until("the copy") { try fire.synced().map { $0["subject"] as? String } == ["police//a"] }
        try host.stop()
        #expect(try add("three").code == 0)
    }
}

extension Thread {
    /// Runs `body` beside the caller; what is returned waits for it.
    static func detached<Value>(_ body: @escaping @Sendable () throws -> Value) -> () throws -> Value {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var result: Result<Value, any Error>?
        Thread {
            result = Result { try body() }
            done.signal()
        }.start()
        return {
            done.wait()
            guard let result else { throw Trouble("no result") }
            return try result.get()
        }
    }
}

extension Desk {
    /// A command that goes on until it is ended.
    func start(_ arguments: String...) throws -> pid_t {
        guard let path = Product.path else { throw Trouble(Product.missing) }
        return try Programs.start(
            path, arguments, environment: environment.merging(HubHost.secrets) { $1 }, output: "/dev/null",
            complaints: folder + "/started.log")
    }
}
