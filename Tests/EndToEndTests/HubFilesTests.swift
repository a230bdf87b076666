import Foundation
import TestSupport
import Testing

/// The administrator's commands on files: what they copy, bring back, check, and how they end.
@Suite("A hub's files", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubFilesTests {
    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".segment") }
    }

    /// A hub that serves, with its first alarm in an archive in its folder.
    private func archived() throws -> HubHost {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        try host.post(HubHost.alert("a"), as: camera)
        try host.settled()
        let moved = try host.hub("archive", host.folder + "/archives", "--days", "0")
        #expect(moved.code == 0 && moved.output.contains(" are in "), "\(moved)")
        try host.post(HubHost.alert("b"), as: camera)
        try host.settled()
        return host
    }

    @Test("a backup has the archives, restore brings them and says what to do with them, and the hub has all again")
    func backup() throws {
        let host = try archived()
        let copy = host.desk.folder + "/copy"
        let outcome = try host.hub("backup", copy)
        #expect(outcome.code == 0 && names(copy + "/archives") == names(host.folder + "/archives"), "\(outcome)")
        #expect(names(copy + "/archives").count == 1)
        let bare = try host.hub("backup", copy + "-bare", "--without-archives")
        #expect(bare.code == 0 && bare.complaints.contains("are archived, and were not copied"), "\(bare)")
        #expect(bare.complaints.contains("not copied: \(host.folder)/archives/police-"))
        #expect(!FileManager.default.fileExists(atPath: copy + "-bare/archives"))
        host.kill()
        try FileManager.default.moveItem(atPath: host.folder, toPath: host.folder + "-lost")
        let restored = try host.hub("restore", copy)
        #expect(
            restored.code == 0 && restored.complaints.contains("impetus-hub unarchive \(host.folder)/archives"),
            "\(restored)")
        #expect(try host.hub("check").code == 0)
        #expect(try host.hub("unarchive", host.folder + "/archives").code == 0)
        try host.start()
        #expect(try host.person("op8").synced().count == 2)
    }

    @Test("an archive that is altered, or missing, is named by check, and by a backup, which copies all else")
    func missing() throws {
        let host = try archived()
        #expect(try host.hub("check").code == 0)
        let name = try #require(names(host.folder + "/archives").first)
        let file = host.folder + "/archives/" + name
        try HubHost.sql(file, "UPDATE entries SET body = x'00' WHERE sequence = 2")
        let altered = try host.hub("check")
        #expect(altered.code == 78 && altered.complaints.contains("police: \(file) is altered"), "\(altered)")
        try FileManager.default.moveItem(atPath: host.folder + "/archives", toPath: host.desk.folder + "/elsewhere")
        let gone = try host.hub("check")
        #expect(
            gone.code == 78 && gone.complaints.contains("police: no archive here goes on behind entry 0"), "\(gone)")
        let copy = host.desk.folder + "/copy"
        let backup = try host.hub("backup", copy)
        #expect(backup.code == 65 && backup.complaints.contains("no archive here goes on"), "\(backup)")
        #expect(FileManager.default.fileExists(atPath: copy + "/tenants/police.log.sqlite"))
        host.kill()
        try FileManager.default.moveItem(atPath: host.folder, toPath: host.folder + "-lost")
        let restored = try host.hub("restore", copy)
        #expect(restored.code == 0 && restored.complaints.contains("needed before you serve"), "\(restored)")
    }

    @Test("what is no backup is said to be none, and nothing is left of it")
    func noBackup() throws {
        let host = try HubHost(["police"])
        let place = host.desk.folder + "/restored"
        func folder(_ name: String, _ files: [String: String]) throws -> String {
            let folder = host.desk.folder + "/" + name
            try FileManager.default.createDirectory(
                atPath: folder + "/tenants", withIntermediateDirectories: true)
            for (file, text) in files { try text.write(toFile: folder + "/" + file, atomically: true, encoding: .utf8) }
            return folder
        }
        let keys = try ["authority.pem", "hub.pem", "hub.key", "log.key"].reduce(into: [String: String]()) {
            $0[$1] = try String(contentsOfFile: host.folder + "/" + $1, encoding: .utf8)
        }
        let noise = String(repeating: "these are my notes\n", count: 500)
        for (what, code) in [
            (try host.desk.file("notes.txt", noise), 65), (try folder("empty", [:]), 65),
            (try folder("half", ["authority.pem": keys["authority.pem"] ?? ""]), 65),
            (try folder("noise", keys.merging(["system.sqlite": noise]) { $1 }), 65),
            (try folder("pem", keys.merging(["authority.pem": noise, "system.sqlite": noise]) { $1 }), 65),
            (host.desk.folder + "/nowhere", 66),
        ] {
            let outcome = try host.program(["restore", what, "--data", place])
            #expect(outcome.code == Int32(code) && !outcome.complaints.contains("Domain="), "\(what): \(outcome)")
            let left = try FileManager.default.contentsOfDirectory(atPath: host.desk.folder)
            #expect(!left.contains { $0.hasPrefix("restored") }, "\(what): \(left)")
        }
    }

    @Test("how a command ends says what it was: a passphrase, a city, a setting, a command that is not there")
    func codes() throws {
        let host = try HubHost(["police"])
        let data = ["--data", host.folder]
        let wrong = try host.program(["tenant", "add", "x"] + data, with: ["IMPETUS_HUB_PASSPHRASE": "another one"])
        #expect(wrong.code == 77 && wrong.complaints.contains("passphrase is wrong"), "\(wrong)")
        let serve = ["serve", "--listen", "127.0.0.1:0"] + data
        #expect(try host.program(serve, with: ["IMPETUS_HUB_PASSPHRASE": "another one"]).code == 77)
        let none = try host.program(["tenant", "add", "x"] + data, with: [:])
        #expect(none.code == 78 && none.complaints.contains("IMPETUS_HUB_PASSPHRASE_FILE"), "\(none)")
        let file = try host.program(
            ["tenant", "add", "x"] + data, with: ["IMPETUS_HUB_PASSPHRASE_FILE": host.desk.folder + "/nowhere"])
        #expect(file.code == 66, "\(file)")
        let city = try host.hub("tenant", "add", "x", "--city", "nowhere")
        #expect(city.code == 66 && city.complaints.contains("no city pack of this name"), "\(city)")
        for words in [["help", "frobnicate"], ["help", "agreement", "nosuch"], ["help", "check", "more"]] {
            let outcome = try host.program(words)
            #expect(outcome.code == 64 && outcome.complaints.contains("there is no command"), "\(outcome)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try host.program(["help", "agreement", "add"]).output.contains("shares alerts"))
        #expect(try host.program(["help"]).code == 0)
        let console = try host.desk.impetus("help", "frobnicate")
        #expect(console.code == 64 && console.complaints.contains("impetus frobnicate"), "\(console)")
        #expect(try host.desk.impetus("help", "ack").output.contains("USAGE"))
    }

    @Test("check finds what the hub will not: programs, tenants and keys, all at once")
    func check() throws {
        let host = try HubHost(["police"])
        try host.start()
        _ = try (host.machine("cam"), host.machine("gone"))
        #expect(try host.hub("revoke", "gone", "--tenant", "police").code == 0)
        host.kill()
        let file = try host.desk.file("page", "#!/bin/sh\n")
        for (program, why) in [
            (host.desk.folder + "/nowhere", "cannot be found"), (file, "may not be run"),
            (host.desk.folder, "no program"),
        ] {
            let settings = try host.desk.file(
                "hub.toml",
                """
                [escalation]
                command = ["\(program)", "now"]
                [syslog]
                listen = "127.0.0.1:6514"
                tenant = "nobody"
                """)
            let outcome = try host.hub("check", "--config", settings)
            #expect(outcome.code == 78 && outcome.complaints.contains("\(program) "), "\(outcome)")
            #expect(outcome.complaints.contains(why) && outcome.complaints.contains("[syslog] names the tenant nobody"))
        }
        #expect(try host.hub("check").output.contains("1 tenants, 1 members"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: host.folder + "/hub.key")
        let open = try host.hub("check")
        #expect(open.code == 0 && open.complaints.contains("hub.key was open to others (mode 0644)"), "\(open)")
        #expect(try !host.hub("check").complaints.contains("hub.key"))
    }
}
