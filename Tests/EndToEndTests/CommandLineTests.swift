import Foundation
import GRDB
import Testing

/// The command line, which scripts rely on.
@Suite("The command line", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct CommandLineTests {
    // MARK: - Import

    @Test("A file is imported once, however often it is given, and the summary is the last line")
    func idempotent() throws {
        let desk = try Desk()
        let cap = try desk.file("one.cap", capAlert(id: "one", headline: "Flood"))
        #expect(try desk.impetus("import", cap).output == "imported 1, duplicate 0, rejected 0\n")
        let again = try desk.impetus("import", cap, cap)
        #expect(again.output == "imported 0, duplicate 2, rejected 0\n" && again.code == 0)
        let summary = try desk.objects(desk.impetus("import", cap, "--json").output)
        #expect(summary.count == 1)
        #expect(summary[0] as? [String: Int] == ["imported": 0, "duplicate": 1, "rejected": 0])
    }

    @Test("What cannot be taken is named with file and line; the rest of the call goes on")
    func rejections() throws {
        let desk = try Desk()
        let good = try desk.file("good.cap", capAlert(id: "good", headline: "Flood"))
        let bad = try desk.file(
            "bad.cap", "<?xml version=\"1.0\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n<open>")
        let outcome = try desk.impetus("import", bad, good)
        #expect(outcome.code == 65 && outcome.output == "imported 1, duplicate 0, rejected 1\n")
        #expect(outcome.complaints.hasPrefix(bad + ":"))
        #expect(outcome.complaints.dropFirst(bad.count + 1).first?.isNumber == true)
    }

    @Test("What cannot be read ends with 66: a folder, a socket, nothing at all")
    func unreadable() throws {
        let desk = try Desk()
        let socket = desk.folder + "/socket"
        #expect(makeSocket(socket))
        for path in [desk.folder, socket, desk.folder + "/missing.cap"] {
            let outcome = try desk.impetus("import", path)
            #expect(outcome.code == 66 && outcome.output == "imported 0, duplicate 0, rejected 1\n", "\(path)")
            #expect(outcome.complaints.hasPrefix(path + ": "))
        }
        let good = try desk.file("good.cap", capAlert(id: "good", headline: "Flood"))
        let mixed = try desk.impetus("import", desk.folder + "/missing.cap", good)
        #expect(mixed.code == 66 && mixed.output == "imported 1, duplicate 0, rejected 1\n")
    }

    private func makeSocket(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    @Test("A wrong call ends with 64")
    func usage() throws {
        let desk = try Desk()
        for arguments in [["import"], ["assess", "x", "maybe"], ["nonsense"], ["import", "--format", "docx", "x"]] {
            let path = try #require(Product.path)
            let outcome = try Programs.run(path, arguments, environment: desk.environment, folder: desk.folder)
            #expect(outcome.code == 64 && outcome.output.isEmpty, "\(arguments)")
        }
    }

    // MARK: - Lists

    @Test("alerts --json: one object a line, with the members that others read")
    func json() throws {
        let desk = try Desk()
        try desk.raise(
            "camera-1/weapon", "critical", "Weapon \"seen\"\n\u{1B}[2J",
            more: ["confidence": 0.96, "lat": 45.4, "lon": 11.87, "district": "centro"])
        try desk.impetus("import", desk.file("test.cap", capAlert(id: "drill", headline: "Drill", status: "Test")))
        let outcome = try desk.impetus("alerts", "--json")
        #expect(!outcome.output.contains("\u{1B}"))
        let alerts = try desk.objects(outcome.output)
        #expect(alerts.count == 2)
        let alert = try desk.alert("camera-1/weapon")
        for name in [
            "id", "subject", "occurrence", "state", "severity", "active", "acknowledged", "tool", "kind", "headline",
            "district", "at", "since", "status", "confidence", "lat", "lon", "times_annunciated",
        ] {
            #expect(alert[name] != nil, "\(name)")
        }
        #expect(alert["severity"] as? String == "critical" && alert["state"] as? String == "unacknowledged")
        #expect(alert["status"] as? String == "actual" && alert["district"] as? String == "Centro")
        let drill = try #require(alerts.first { $0["id"] as? String == "drill" })
        #expect(drill["status"] as? String == "test" && drill["district"] is NSNull)
        let plain = try desk.impetus("alerts")
        #expect(plain.lines.count == 2 && !plain.output.contains("\u{1B}"))
    }

    @Test("alerts takes a filter: what it finds, how many, how it was read, and where it cannot be")
    func filters() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen at the gate")
        try desk.raise("camera-2/weapon", "low", "Gas smell", more: ["confidence": 0.4])
        func found(_ arguments: String...) throws -> [String] {
            let outcome = try desk.impetusWith(["alerts", "--json"] + arguments)
            return try desk.objects(outcome.output).compactMap { $0["subject"] as? String }
        }
        #expect(try found("severity >= high") == ["camera-1/weapon"])
        #expect(try found("headline ~ GAS or \"weapon seen\"").count == 2)
        #expect(try desk.impetus("alerts", "--count", "confidence < 50%").output == "1\n")
        let explained = try desk.impetus("alerts", "--explain", "severity=critical gate").output
        #expect(explained == "1\tseverity = critical\n1\tgate\n1\tseverity = critical and gate\n")
        let wrong = try desk.impetus("alerts", "gate and sverity = high")
        #expect(wrong.code == 64 && wrong.output.isEmpty)
        #expect(wrong.complaints.hasSuffix("  gate and sverity = high\n           ^^^^^^^\n"))
        let views = desk.folder + "/config/impetus/views.toml"
        #expect(try desk.impetus("alerts", "--view", "Mine").complaints.contains("none is saved"))
        try FileManager.default.createDirectory(
            atPath: desk.folder + "/config/impetus", withIntermediateDirectories: true)
        try Data("[\"Mine\"]\nfilter = \"severity = low\"\nshow = \"all\"\n".utf8).write(
            to: URL(fileURLWithPath: views))
        #expect(try found("--view", "Mine") == ["camera-2/weapon"])
        #expect(try found("--view", "Mine", "gate").isEmpty)
    }

    @Test(
        "the figures of the alarm system, what each answered only for whoever may know it; shifts and groups of the site"
    )
    func metrics() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon 1")
        try desk.raise("camera-2/weapon", "high", "Weapon 2")
        #expect(try desk.impetus("ack", "camera-1/weapon").code == 0)
        // A command that runs the feed for a while says so to the consoles.
        let word = try String(contentsOfFile: desk.store + ".lease", encoding: .utf8)
        #expect(word.contains(#""state":"live""#))
        let mine = try desk.impetus("metrics").output
        #expect(mine.contains("annunciated") && mine.contains("<= 1 (2)") && mine.contains("answers of op1"))
        #expect(!mine.contains("acknowledged low"))
        #expect(try desk.impetus("metrics", "--as", "resp1").output.contains("op1") == false)
        let all = try desk.impetus("metrics", "--as", "sup1").output
        #expect(all.contains("acknowledged low") && all.contains("answers of op1"))
        let json = try desk.impetus("metrics", "--json", "--as", "sup1").output
        #expect(json.contains("\"annunciated\":2") && json.contains("\"high\":1"))
        #expect(!json.contains("op1") && !json.contains("acknowledged_s"))
        let file = desk.folder + "/policy.json"
        try #"{"shifts":[7,19],"groups":[{"tool":"FD","radius_m":50,"window_s":60}]}"#.write(
            toFile: file, atomically: true, encoding: .utf8)
        #expect(try desk.impetus("policy", "--set", file, "--as", "sup1").code == 0)
        let policy = try desk.impetus("policy").output
        #expect(policy.contains("\"shifts\":[7,19]") && policy.contains("\"radius_m\":50"))
        for (text, complaint) in [
            (#"{"groups":[{"tool":"X X"}]}"#, "no tool is called X X"), (#"{"shifts":[14,6]}"#, "shifts are hours"),
            (#"{"shift":[6]}"#, "a policy has no shift:"),
            (#"{"escalations":[{"severity":"high","tol":"FD","steps":[]}]}"#, "an escalation has no tol:"),
            (#"{"escalations":[{"severity":"high","steps":[{"after":60,"to":"op1"}]}]}"#, "a step has no after:"),
        ] {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let wrong = try desk.impetus("policy", "--set", file, "--as", "sup1")
            #expect(wrong.code == 65 && wrong.complaints.contains(complaint), "\(wrong)")
        }
        #expect(try desk.impetus("policy").output == policy)
    }

    @Test("alerts as they stood at a time, and what is no time that can be looked at")
    func past() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon 1")
        Thread.sleep(forTimeInterval: 0.05)
        let then = Date()
        Thread.sleep(forTimeInterval: 0.05)
        try desk.raise("camera-2/weapon", "low", "Weapon 2")
        #expect(try desk.impetus("ack", "camera-1/weapon").code == 0)
        let time = then.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let found = try desk.impetus("alerts", "--at", time, "--json")
        #expect(found.output.contains("Weapon 1") && !found.output.contains("Weapon 2"))
        #expect(found.output.contains("\"unacknowledged\""))
        #expect(try desk.impetus("alerts", "--at", "0s", "--count").output == "2\n")
        #expect(try desk.impetus("alerts", "--at", "soon").code == 64)
        #expect(try desk.impetus("alerts", "--at", "0s", "--follow").code == 64)
        #expect(try desk.impetus("alerts", "--at", "2099-01-01").code == 65)
    }

    @Test("alarms are linked to what explains them, and listed in groups")
    func causes() throws {
        let desk = try Desk()
        try desk.raise("scada-3/power", "high", "Power cut")
        for number in 1...3 {
            try desk.raise("camera-\(number)/dead", "low", "Camera \(number) dead", more: ["kind": "camera-\(number)"])
        }
        #expect(try desk.impetus("link", "camera-1/dead").code == 64)
        #expect(try desk.impetus("link", "camera-1/dead", "--cause", "scada-4/power").code == 65)
        #expect(try desk.impetus("link", "scada-3/power", "--cause", "scada-3/power").complaints.contains("itself"))
        let linked = try desk.impetus("link", "--where", "camera", "--cause", "scada-3/power", "--yes")
        #expect(linked.code == 0, "\(linked.complaints)")
        let found = try desk.impetus("alerts", "cause = scada-3/power", "--json").output
        #expect(found.split(separator: "\n").count == 3 && found.contains("\"linked_by\":\"op1\""))
        let grouped = try desk.impetus("alerts", "--grouped").output.split(separator: "\n")
        #expect(grouped.count == 1 && grouped.first?.contains("4× (4 unack) Power cut") == true, "\(grouped)")
        let circle = try desk.impetus("link", "scada-3/power", "--cause", "camera-1/dead")
        #expect(circle.code == 65 && circle.complaints.contains("explains camera-1/dead itself"))
        #expect(try desk.impetus("link", "camera-3/dead", "--none").code == 0)
        #expect(try desk.impetus("alerts", "--grouped", "--count").output == "2\n")
        let json = try desk.impetus("alerts", "power", "--grouped", "--json").output
        #expect(json.contains("Power cut") && !json.contains("\"group\""))
        let all = try desk.impetus("alerts", "--grouped", "--json").output
        #expect(all.contains("\"group\":{\"count\":3,\"unacknowledged\":3,\"worst\":\"high\""))
        #expect(all.contains("\"members\":[\"scada-3/power\",\"camera-1/dead\",\"camera-2/dead\"]"))
        #expect(try desk.impetus("alerts", "--grouped", "--follow").code == 64)
    }

    @Test(
        "a long shelf is asked for and approved, an alarm taken out of service, given to somebody, and the policy set")
    func handling() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon 1")
        try desk.raise("camera-2/weapon", "low", "Weapon 2")
        let long = try desk.impetus("shelve", "camera-1/weapon", "--for", "3d", "--reason", "maintenance")
        #expect(long.code == 65 && long.complaints.contains("second person"))
        let asked = try desk.impetus(
            "shelve", "camera-1/weapon", "--for", "3d", "--reason", "maintenance", "--note", "works", "--ask")
        #expect(asked.code == 0)
        let words = try desk.impetus("shelve", "camera-1/weapon", "--for", "15m", "--reason", "works")
        #expect(words.code == 64 && words.complaints.contains("known-fault"))
        #expect(try desk.impetus("shelve", "camera-1/weapon", "--for", "15m").code == 64)
        #expect(try desk.impetus("approve", "camera-1/weapon").code == 77)
        #expect(try desk.impetus("approve", "camera-2/weapon", "--as", "sup1").code == 65)
        #expect(try desk.impetus("approve", "--where", "requested = yes", "--yes", "--as", "sup1").code == 0)
        #expect(try desk.impetus("alerts", "--count", "state = shelved").output == "1\n")
        #expect(try desk.impetus("service", "out", "camera-2/weapon", "--as", "sup1").code == 64)
        #expect(
            try desk.impetus("service", "out", "camera-2/weapon", "--reason", "known-fault", "--as", "sup1").code == 0)
        #expect(try desk.impetus("alerts", "--json", "state = out-of-service").output.contains("\"known-fault\""))
        #expect(try desk.impetus("alerts", "--count", "reason = known-fault").output == "1\n")
        #expect(try desk.impetus("service", "back", "camera-2/weapon", "--as", "sup1").code == 0)
        #expect(try desk.impetus("assign", "camera-2/weapon", "--to", "opp1", "--as", "sup1").code == 64)
        #expect(try desk.impetus("assign", "camera-2/weapon", "--to", "resp1", "--as", "sup1").code == 0)
        #expect(try desk.impetus("team", "--as", "sup1").output.contains("resp1"))
        #expect(try desk.impetus("team", "--as", "op1").output.contains("resp1") == false)
        let file = desk.folder + "/policy.json"
        try #"{"shelf_s":60}"#.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try desk.impetus("policy", "--set", file).code == 77)
        #expect(try desk.impetus("policy", "--set", file, "--as", "sup1").code == 0)
        #expect(try desk.impetus("policy").output.hasPrefix(#"{"shelf_s":60,"reminders":{"critical":1800"#))
        #expect(try desk.impetus("shelve", "camera-2/weapon", "--for", "15m", "--reason", "test").code == 65)
    }

    @Test("what is suppressed by design is asked for with a filter and a reason, listed, and ended")
    func suppress() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon 1")
        #expect(try desk.impetus("suppress", "--where", "severity = low", "--as", "sup1").code == 64)
        #expect(
            try desk.impetus("suppress", "--where", "raised > 14:00", "--reason", "other", "--as", "sup1").code == 64)
        #expect(try desk.impetus("suppress", "--where", " ", "--reason", "other", "--as", "sup1").code == 64)
        let exercise = try desk.impetus(
            "suppress", "--where", "severity = low", "--reason", "other", "--exercise", "--as", "sup1")
        #expect(exercise.code == 65 && exercise.complaints.contains("no exercise"))
        #expect(try desk.impetus("suppress", "--where", "severity = low", "--reason", "other").code == 77)
        #expect(
            try desk.impetus(
                "suppress", "--where", "severity = low", "--reason", "known-fault", "--note", "power cut", "--as",
                "sup1"
            ).code == 0
        )
        let listed = try desk.impetus("suppress").output
        #expect(listed.contains("severity = low") && listed.contains("known-fault") && !listed.contains("power cut"))
        let id = listed.split { " \t".contains($0) }.first.map(String.init) ?? ""
        #expect(try desk.impetus("suppress", "--end", "nothing", "--as", "sup1").code == 65)
        #expect(try desk.impetus("suppress", "--end", id, "--as", "sup1").code == 0)
        #expect(try desk.impetus("suppress").output.isEmpty)
    }

    @Test("ack --where acknowledges all that a filter finds once it was asked for, and one undo takes it back")
    func ackWhere() throws {
        let desk = try Desk()
        for number in 1...3 {
            try desk.raise("camera-\(number)/weapon", number == 3 ? "low" : "high", "Weapon \(number)")
        }
        #expect(try desk.impetus("ack").code == 64 && desk.impetus("ack", "x", "--where", "y").code == 64)
        let asked = try desk.impetus("ack", "--where", "severity >= high")
        #expect(asked.code == 64 && asked.complaints.contains("2 alerts are found; --yes does it"))
        let done = try desk.impetus("ack", "--where", "severity >= high", "--yes", "--note", "storm")
        #expect(done.code == 0 && done.output == "acknowledge 2 alerts: recorded\n")
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes").output == "2\n")
        #expect(
            try desk.impetus("ack", "--where", "severity >= high", "--yes").output
                == "nothing is found on which it would have an effect\n")
        #expect(try desk.impetus("undo").output == "undo the acknowledgement of 2 alerts: recorded\n")
        #expect(try desk.impetus("alerts", "--count", "acknowledged = yes").output == "0\n")
    }

    @Test("export writes CSV, JSON lines and CAP that is read again, and no file in the place of another")
    func export() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "=cmd(), \"quoted\"\nline", more: ["lat": 45.4, "lon": 11.88])
        try desk.raise("camera-2/weapon", "low", "Gas smell")
        let csv = try desk.impetus("export", "--format", "csv", "severity = critical").output
        #expect(csv.split(separator: "\r\n").count == 2 && csv.contains("\"'=cmd(), \"\"quoted\"\""))
        #expect(try desk.objects(desk.impetus("export", "--format", "jsonl").output).count == 2)
        let file = desk.folder + "/out.cap"
        #expect(try desk.impetus("export", "--output", file).complaints.contains("2 alerts"))
        #expect(try desk.impetus("export", "--output", file).code == 73)
        #expect(try desk.impetus("export").code == 64)
        let other = try Desk()
        #expect(try other.impetus("import", file).output == "imported 2, duplicate 0, rejected 0\n")
        let read = try other.objects(other.impetus("alerts", "--json", "severity = critical").output)
        #expect(read.count == 1 && abs((read.first?["lat"] as? Double ?? 0) - 45.4) < 0.000_02)
    }

    @Test("The other lists speak JSON, too")
    func lists() throws {
        let desk = try Desk()
        for (command, members) in [
            ("assets", ["id", "name", "risk", "reasons", "kind"]), ("districts", ["id", "name", "set", "on_map"]),
            ("checklists", ["record", "id", "version", "title", "steps"]),
        ] {
            let objects = try desk.objects(desk.impetus(command, "--json").output)
            #expect(!objects.isEmpty)
            for object in objects { for member in members { #expect(object[member] != nil, "\(command): \(member)") } }
            #expect(try desk.impetus(command).lines.count == objects.count)
        }
    }

    @Test("alerts --follow prints what comes, while it comes")
    func follow() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Before")
        let file = desk.folder + "/follow.out"
        let process = try Programs.start(
            try #require(Product.path), ["alerts", "--follow", "--json"], environment: desk.environment, output: file,
            complaints: "/dev/null")
        defer { Programs.end(process) }
        func printed() -> String { Programs.text(of: file) }
        try until("what was there") { printed().contains("Before") }
        try desk.raise("camera-2/weapon", "high", "Meanwhile")
        try until("what came") { printed().contains("Meanwhile") }
        try desk.impetus("ack", "camera-2/weapon")
        try until("what changed") { printed().contains("\"acknowledged_by\":\"op1\"") }
        #expect(try desk.objects(printed()).count == 3)
    }

    @Test("alerts --follow prints an alert that another message ended")
    func followEnded() throws {
        let desk = try Desk()
        try desk.impetus("import", desk.file("a.cap", capAlert(id: "first", headline: "High water")))
        let file = desk.folder + "/follow.out"
        let process = try Programs.start(
            try #require(Product.path), ["alerts", "--follow", "--json"], environment: desk.environment, output: file,
            complaints: "/dev/null")
        defer { Programs.end(process) }
        try until("what was there") { Programs.text(of: file).contains("High water") }
        let cancel = capAlert(id: "second", headline: "All clear").replacing(
            "<msgType>Alert</msgType><scope>Public</scope>",
            with: "<msgType>Cancel</msgType><scope>Public</scope>"
                + "<references>test@example.org,first,2026-01-01T00:00:00+00:00</references>")
        #expect(try desk.impetus("import", desk.file("b.cap", cancel)).code == 0)
        try until("the end of the first") {
            try desk.objects(Programs.text(of: file)).last { $0["id"] as? String == "first" }?["active"] as? Bool
                == false
        }
    }

    @Test("An act is settled while an import waits for what it is to read, and what came by then is kept")
    func importFromPipe() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "high", "Weapon seen")
        let pipe = desk.folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        // Opened both ways, so that neither end waits for the other.
        let end = open(pipe, O_RDWR)
        let process = try Programs.start(
            try #require(Product.path), ["import", "-", "--format", "cloudevents"], environment: desk.environment,
            input: pipe, output: "/dev/null", complaints: "/dev/null")
        defer { Programs.end(process) }
        let event = try String(contentsOfFile: desk.folder + "/event-1.json", encoding: .utf8)
            .replacing("\"e1\"", with: "\"e2\"").replacing("camera-1", with: "camera-2")
        let bytes = Array(("[" + event + ",").utf8)
        #expect(write(end, bytes, bytes.count) == bytes.count)
        try until("the import has the lease") {
            try desk.objects(desk.impetus("status", "--json").output).first?["feed_process"] as? Int == Int(process)
        }
        let ack = try desk.impetus("ack", "camera-1/weapon")
        #expect(ack.code == 0, "\(ack)")
        close(end)
    }

    @Test("A store that was named and is not there is not made by looking at it")
    func mistypedStore() throws {
        let desk = try Desk()
        let path = desk.folder + "/typo.sqlite"
        for call in [["status"], ["alerts"], ["ack", "a"], ["checklists", "--json"]] {
            let outcome = try Programs.run(
                try #require(Product.path), call + ["--store", path], environment: desk.environment, folder: desk.folder
            )
            #expect(outcome.code == 66 && outcome.complaints.contains("no such store"), "\(call)")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A wrong word in a call is answered in one line")
    func oneLine() throws {
        let desk = try Desk()
        let unknown = try desk.impetus("frobnicate")
        #expect(unknown.code == 64 && unknown.complaints.contains("no command \"frobnicate\""), "\(unknown)")
        for call in [
            ["assess", "a", "perhaps"], ["step", "r", "1", "finished"], ["close", "a", "--disposition", "odd"],
        ] {
            let outcome = try Programs.run(
                try #require(Product.path), call, environment: desk.environment, folder: desk.folder)
            let lines = outcome.complaints.split(separator: "\n")
            #expect(outcome.code != 0 && lines.count == 1, "\(outcome)")
        }
    }

    @Test("doctor names a key that was taken from a command that has no other")
    func takenKey() throws {
        let desk = try Desk()
        let folder = desk.folder + "/config/impetus"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("[alerts]\nclose = [\"a\"]\nfrobnicate = [\"x\"]\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/keys.toml"))
        let told = try desk.impetus("doctor")
        let text = told.output + told.complaints
        #expect(["acknowledge", "keys.toml:2", "frobnicate"].allSatisfy(text.contains), "\(told)")
    }

    @Test("Events are kept in the order of the file, however busy the store is")
    func importOrder() throws {
        let desk = try Desk()
        var text = ""
        for number in 0..<100_000 {
            // Each alarm ends three thousand events after it was raised.
            let (type, subject) =
                number % 2 == 0 || number < 3_000
                ? ("raised", number) : ("cleared", number - 3_000 + (number - 3_000) % 2)
            let data =
                type == "raised"
                ? #"{"tool":"FD","kind":"weapon","severity":"low","headline":"h"}"# : #"{"reason":"over"}"#
            text +=
                #"{"specversion":"1.0","id":"e\#(number)","source":"urn:test","type":"eu.impetus.alert.\#(type).v1","#
                + #""subject":"s\#(subject)","time":"2026-11-23T08:00:00Z","data":\#(data)}"# + ","
        }
        let file = try desk.file("many.json", "[" + text.dropLast() + "]")
        #expect(try desk.impetus("import", file).output.hasSuffix("imported 100000, duplicate 0, rejected 0\n"))
        let log = try Programs.run(
            "/usr/bin/python3",
            [
                "-c",
                "import sqlite3,sys; r=[int(i[1:]) for (i,) in sqlite3.connect(sys.argv[1]).execute("
                    + "\"SELECT id FROM events WHERE id LIKE 'e%' AND id NOT LIKE 'e%/%' AND length(id) < 7 "
                    + "ORDER BY sequence\")]; print(r == sorted(r), len(r))", desk.store,
            ], environment: desk.environment, folder: desk.folder)
        #expect(log.output.hasPrefix("True"), "\(log)")
    }

    // MARK: - Acts

    @Test("An alert's whole life from scripts: ack, assess, start, step, close, undo")
    func acts() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let early = try desk.impetus("close", "camera-1/weapon")
        #expect(early.code == 65 && early.complaints.contains("it is not acknowledged"))
        #expect(try desk.impetus("ack", "camera-1/weapon", "--note", "seen").code == 0)
        let second = try desk.impetus("ack", "camera-1/weapon", "--as", "sup1", "--json")
        #expect(second.code == 65)
        let told = try desk.objects(second.output)[0]
        #expect(told["result"] as? String == "refused" && told["reason"] as? String == "op1 was first")
        #expect(try desk.impetus("assess", "camera-1/weapon", "confirmed", "--disposition", "some").code == 0)
        let started = try desk.impetus("start", "armed-person", "camera-1/weapon", "--json")
        let run = try #require(try desk.objects(started.output)[0]["id"] as? String)
        #expect(run.hasPrefix("run/armed-person/"))
        let twice = try desk.impetus("start", "armed-person", "camera-1/weapon")
        #expect(
            twice.code == 65 && twice.complaints.contains("already running") && twice.complaints.contains("--again"))
        let early3 = try desk.impetus("step", run, "3")
        #expect(early3.code == 65 && early3.complaints.contains("step 3 waits for 1"), "\(early3)")
        #expect(try desk.impetus("step", run, "1").code == 0)
        #expect(try desk.impetus("step", run, "1").complaints.contains("already done, by op1"))
        #expect(try desk.impetus("step", run, "2", "blocked", "--note", "no patrol").code == 0)
        let kept = try desk.objects(desk.impetus("checklists", "--json").output).first { $0["id"] as? String == run }
        let steps = try #require(kept?["steps"] as? [[String: Any]])
        #expect(steps[0]["state"] as? String == "done" && steps[1]["state"] as? String == "blocked")
        #expect(try desk.impetus("close", "camera-1/weapon", "--disposition", "false_positive").code == 0)
        var alert = try desk.alert("camera-1/weapon")
        #expect(alert["state"] as? String == "normal" && alert["verdict"] as? String == "confirmed")
        #expect(alert["disposition"] as? String == "false_positive" && alert["acknowledged_by"] as? String == "op1")
        #expect(try desk.impetus("undo").output.contains("undo the closing of camera-1/weapon: recorded"))
        alert = try desk.alert("camera-1/weapon")
        #expect(alert["state"] as? String == "acknowledged")
    }

    @Test("both authors of two verdicts are told of the other's by the next command by which they act, once")
    func verdicts() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let first = try desk.impetus("assess", "camera-1/weapon", "confirmed")
        #expect(first.code == 0 && !first.complaints.contains("your verdict"))
        let second = try desk.impetus("assess", "camera-1/weapon", "rejected", "--as", "sup1")
        #expect(second.code == 0 && second.complaints.contains("another: confirmed, by op1"), "\(second)")
        let told = try desk.impetus("ack", "camera-1/weapon")
        #expect(told.code == 0 && told.complaints.contains("your verdict (confirmed)"), "\(told)")
        #expect(told.complaints.contains("another: rejected, by sup1"))
        #expect(try !desk.impetus("close", "camera-1/weapon").complaints.contains("your verdict"))
    }

    @Test("undo names what the close saw: after the alarm came anew, which nobody has looked at, it is refused")
    func undoSeen() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        for verb in ["ack", "close"] { #expect(try desk.impetus(verb, "camera-1/weapon").code == 0) }
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let undone = try desk.impetus("undo")
        #expect(undone.code == 65 && undone.complaints.contains("it does not say which alarm"), "\(undone)")
    }

    @Test(
        "undo is of the last act alone: where that cannot be undone nothing is, and an earlier one is when it is named")
    func undoLast() throws {
        let desk = try Desk()
        try desk.raise("a", "high", "Seen")
        #expect(try desk.impetus("undo").complaints.contains("nothing of op1's can be undone"))
        let acked = try desk.objects(desk.impetus("ack", "a", "--json").output)[0]["id"] as? String
        #expect(try desk.impetus("shelve", "a", "--for", "1h", "--reason", "test").code == 0)
        #expect(try desk.impetus("unshelve", "a").code == 0)
        let count = try desk.impetus("status", "--json").output
        let undone = try desk.impetus("undo")
        #expect(undone.code == 65 && undone.complaints.contains("your last act, the unshelving of a at "), "\(undone)")
        #expect(undone.complaints.contains("takes back the shelving of a at "))
        let told = try desk.impetus("undo", "--json")
        #expect(told.code == 65 && told.output.contains("\"result\":\"refused\""))
        // Nothing was written.
        #expect(
            try desk.objects(count)[0]["events"] as? Int == desk.objects(desk.impetus("status", "--json").output)[0][
                "events"] as? Int)
        #expect(try desk.impetus("undo", "nobody").code == 65)
        let named = try desk.impetus("undo", try #require(acked))
        #expect(named.code == 0 && named.output == "undo the acknowledgement of a: recorded\n", "\(named)")
        #expect(try desk.alert("a")["acknowledged"] as? Bool == false)
        // What was refused was no act.
        #expect(try desk.impetus("ack", "a").code == 0 && desk.impetus("ack", "a").code == 65)
        #expect(try desk.impetus("undo").output == "undo the acknowledgement of a: recorded\n")
        // What was taken back is no act any more either, and what was done in the city none in an exercise.
        let again = try desk.impetus("undo")
        #expect(again.code == 65 && again.complaints.contains("your last act, the unshelving of a at "), "\(again)")
        let played = try desk.impetus("undo", "--exercise")
        #expect(played.code == 65 && !played.complaints.contains("the unshelving of a"), "\(played)")
    }

    @Test("what is refused says how it can be had, who there is, and which of several it was")
    func ways() throws {
        let desk = try Desk()
        try desk.raise("a", "high", "Seen")
        #expect(try desk.impetus("ack", "a").code == 0)
        #expect(try desk.impetus("ack", "a").complaints.contains("acknowledge a: you have already acknowledged it"))
        let long = try desk.impetus("shelve", "a", "--for", "2d", "--reason", "test")
        #expect(long.code == 65 && long.complaints.contains("; --ask asks a supervisor"), "\(long)")
        let out = try desk.impetus("service", "out", "a", "--reason", "test")
        #expect(out.code == 77 && out.complaints.contains("; --ask asks a supervisor"), "\(out)")
        #expect(
            try !desk.impetus("service", "out", "a", "--reason", "test", "--as", "resp1").complaints.contains("--ask"))
        let bob = try desk.impetus("ack", "a", "--as", "bob")
        #expect(bob.code == 77 && bob.complaints.contains("bob is not known here; without a hub there are op1, sup1"))
        let several = try desk.objects(desk.impetus("ack", "a", "nosuch", "--json").output)
        #expect(several.map { $0["alert"] as? String } == ["a", "nosuch"])
        #expect(several.last?["result"] as? String == "rejected" && several.last?["id"] == nil)
        let status = try desk.impetus("status").output
        #expect(status.contains("refused    a at 20") && status.contains(": op1 was first"))
        let order = try desk.impetus("--as", "sup1", "alerts")
        #expect(order.code == 64 && order.complaints.contains("options stand behind the command"), "\(order)")
        #expect(try desk.impetus("alerts", "--count", "--as", "sup1").output == "1\n")
        #expect(try desk.impetus("alerts", "--as", "bob").code == 77)
    }

    @Test("doctor looks at the file of views")
    func viewsFile() throws {
        let desk = try Desk()
        #expect(try desk.impetus("doctor").output.contains("OK\tviews: none saved"))
        let folder = desk.folder + "/config/impetus"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("[night]\nfilter = \"x\"\nshow = \"nothing\"\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/views.toml"))
        let found = try desk.impetus("doctor").output
        #expect(found.contains("WARN\tviews: ") && found.contains("\"nothing\" is none of"), "\(found)")
    }

    @Test("Who is not known or has no right is refused in words")
    func rights() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let stranger = try desk.impetus("ack", "camera-1/weapon", "--as", "nobody")
        #expect(stranger.code == 77 && stranger.complaints.contains("nobody is not known here"))
        let responder = try desk.impetus("assess", "camera-1/weapon", "rejected", "--as", "resp1")
        #expect(responder.code == 77 && responder.complaints.contains("the role responder may not assess"))
        #expect(try desk.impetus("ack", "nothing").complaints.contains("no alert is called \"nothing\""))
        #expect(try desk.impetus("undo", "--as", "sup1").complaints.contains("nothing of sup1's can be undone"))
    }

    // MARK: - The store

    @Test("status and doctor tell the state, in words and in JSON")
    func status() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        let status = try desk.objects(desk.impetus("status", "--json").output)[0]
        for name in ["store", "bytes", "city", "log", "events", "outbox", "unacknowledged", "open", "total"] {
            #expect(status[name] != nil, "\(name)")
        }
        #expect(status["unacknowledged"] as? Int == 1 && status["outbox"] as? Int == 0)
        #expect(try desk.impetus("status").output.contains("1 unacknowledged, 1 open, 1 in all"))
        let doctor = try desk.impetus("doctor")
        #expect(doctor.code == 0 && doctor.output.contains("OK\tstore: ") && !doctor.output.contains("\u{FFFD}"))
        let findings = try desk.objects(desk.impetus("doctor", "--json").output)
        #expect(findings.allSatisfy { $0["level"] != nil && $0["check"] != nil && $0["result"] != nil })
        let dumb = try desk.impetus("doctor", with: ["TERM": "dumb"])
        #expect(dumb.code == 1 && dumb.output.contains("BAD\tterminal"))
    }

    @Test(
        "What another source says of an alarm changes nothing, its own alarm stands beside it, and status tells of it")
    func otherSource() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        try desk.raise("camera-2/weapon", "high", "Second weapon")
        let other = "urn:other"
        try desk.raise("camera-1/weapon", "info", "Nothing here", source: other)
        try desk.raise("door-1/open", "info", "Door", more: ["replaces": ["camera-2/weapon"]], source: other)
        try desk.raise("camera-1/weapon", "info", "", more: ["reason": "over"], source: other, type: "alert.cleared")
        let alerts = try desk.objects(desk.impetus("alerts", "--json").output)
        let states = Dictionary(
            alerts.map { ($0["headline"] as? String ?? "", $0["state"] as? String ?? "") }, uniquingKeysWith: { $1 })
        #expect(
            states == [
                "Weapon seen": "unacknowledged", "Second weapon": "unacknowledged",
                "Nothing here": "rtn_unacknowledged", "Door": "unacknowledged",
            ])
        #expect(alerts.first { $0["headline"] as? String == "Weapon seen" }?["severity"] as? String == "critical")
        let made = alerts.first { $0["headline"] as? String == "Nothing here" }
        #expect(
            (made?["subject"] as? String)?.hasPrefix("camera-1/weapon~") == true && made?["source"] as? String == other)
        let status = try desk.impetus("status", "--json").output
        let faults = try desk.objects(status).first?["source_faults"] as? [[String: Any]]
        #expect(faults?.first?["source"] as? String == other && faults?.first?["count"] as? Int == 1)
        #expect(try desk.impetus("status").output.contains("urn:other cleared, replaced or cancelled alarms"))
        // Nobody posts an alarm under a key that is made for another.
        let taken = try desk.raise("camera-1/weapon~0123abcd", "low", "Taken")
        #expect(taken.code == 65 && taken.complaints.contains("made by the feed"))
    }

    @Test("A store of a newer version is left alone and said")
    func newerSchema() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "critical", "Weapon seen")
        try DatabaseQueue(path: desk.store).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        }
        let before = FileManager.default.contents(atPath: desk.store)
        let outcome = try desk.impetus("alerts")
        #expect(outcome.code == 70 && outcome.complaints.contains("written by a newer version of impetus"))
        #expect(FileManager.default.contents(atPath: desk.store) == before)
    }

    @Test("A damaged store is set aside, rebuilt and said; what can be read is kept")
    func damaged() throws {
        let desk = try Desk()
        for number in 0..<40 { try desk.raise("camera-\(number)/weapon", "low", "Weapon \(number)") }
        #expect(try desk.objects(desk.impetus("alerts", "--json").output).count == 40)
        // The pages of the alert list, which is a fold of the log and can be made anew.
        let queue = try DatabaseQueue(path: desk.store)
        let page = try queue.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'alerts'")
        }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        var bytes = try #require(FileManager.default.contents(atPath: desk.store))
        let start = (try #require(page) - 1) * 4_096
        bytes.replaceSubrange(start..<start + 4_096, with: [UInt8](repeating: 0xFF, count: 4_096))
        try bytes.write(to: URL(fileURLWithPath: desk.store))
        #expect(try desk.impetus("doctor").code == 1)
        let outcome = try desk.impetus("alerts", "--json")
        #expect(outcome.code == 0 && outcome.complaints.contains("was damaged; it was set aside as"))
        #expect(outcome.complaints.contains("rebuilt from"))
        #expect(try desk.objects(outcome.output).count == 40)
        let aside = try FileManager.default.contentsOfDirectory(atPath: desk.folder + "/data/impetus").filter {
            $0.contains(".damaged-")
        }
        #expect(!aside.isEmpty)
    }

    @Test("Of a damaged store that was trimmed it is said how many alarms outlived their events")
    func outlived() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon seen")
        let queue = try DatabaseQueue(path: desk.store)
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO meta (key, value) SELECT 'base', max(sequence) || ' h 0' FROM events;
                    DELETE FROM events WHERE subject = 'camera-1/weapon';
                    """)
        }
        try queue.close()
        try Data().write(to: URL(fileURLWithPath: desk.store + ".damaged"))
        let outcome = try desk.impetus("alerts", "--json")
        #expect(outcome.complaints.contains("acknowledged or reset, taken over as they were: 1"), "\(outcome)")
        #expect(try desk.objects(outcome.output).count == 1)
    }

    @Test("A file that is no store at all is refused and left as it is")
    func noStore() throws {
        let desk = try Desk()
        let file = try desk.file("notes.sqlite", String(repeating: "these are my notes\n", count: 500))
        for call in [["status"], ["alerts"], ["import", file]] {
            let outcome = try Programs.run(
                try #require(Product.path), call + ["--store", file], environment: desk.environment, folder: desk.folder
            )
            #expect(outcome.code == 65 && outcome.complaints.contains("no store of impetus"), "\(outcome)")
        }
        #expect(Programs.text(of: file).hasPrefix("these are my notes\n"))
        #expect(try !FileManager.default.contentsOfDirectory(atPath: desk.folder).contains { $0.contains(".damaged") })
    }

    @Test("A folder is no store and ends with 65, a city that does not exist with 66")
    func places() throws {
        let desk = try Desk()
        #expect(try desk.impetus("status", "--store", desk.folder).code == 65)
        let city = try desk.impetus("status", "--city", "atlantis")
        #expect(city.code == 66 && city.complaints.contains("there are oslo, padova"))
        #expect(try desk.impetus("status", "--city", "oslo").output.contains("Oslo"))
    }
}
