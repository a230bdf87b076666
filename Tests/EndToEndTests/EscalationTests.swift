import Foundation
import TestSupport
import Testing

/// The hub's own way to somebody, with a real program at its end.
@Suite("Escalation of a hub", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct EscalationTests {
    /// A hub that runs a script which keeps what it reads, and fails while a file named `broken` lies beside it.
    private struct Site {
        let host: HubHost
        let camera: String
        let boss: String

        init(_ more: String = "", at given: HubHost? = nil, after: String = "1s") throws {
            host = try given ?? HubHost(["police"])
            let folder = host.desk.folder
            let script = try host.desk.file(
                "page.sh",
                """
                #!/bin/sh
                env > "\(folder)/environment"
                [ -e "\(folder)/broken" ] && { printf 'no line\\nbusy \\033[31m tone\\n' >&2; exit 3; }
                cat >> "\(folder)/told"
                echo >> "\(folder)/told"
                """)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
            let settings = try host.desk.file(
                "hub.toml", "[escalation]\ncommand = [\"\(script)\"]\nafter = \"\(after)\"\n" + more)
            try host.start("--config", settings)
            let hub = host.desk.folder.suffix(8)
            camera = try host.machine("cam-\(hub)".lowercased())
            boss = try host.machine("boss-\(hub)".lowercased(), "admin")
        }

        var told: String { Programs.text(of: host.desk.folder + "/told") }

        func unwatched() throws -> Double? {
            try host.metric("impetus_hub_unwatched{tenant=\"police\"}", as: boss)
        }
    }

    @Test(
        "a critical alarm that no console shows runs the site's command, with nothing personal and no secret; the metric says so"
    )
    func told() throws {
        let site = try Site()
        #expect(try site.host.post(HubHost.alert("camera-1/door", "high"), as: site.camera).code == 202)
        let personal = FieldSamples.raised("camera-2/weapon", at: ISO8601DateFormatter().string(from: Date()))
        let critical = personal.json.replacing("\"severity\":\"low\"", with: "\"severity\":\"critical\"")
        #expect(try site.host.post(critical, as: site.camera).code == 202)
        try until("the command to be run", seconds: 30) { site.told.contains("camera-2/weapon") }
        #expect(site.told.contains("\"tenant\":\"police\"") && site.told.contains("\"test\":false"))
        #expect(!site.told.contains("camera-1/door"), "a high alarm has somebody to wait for")
        for marker in personal.hidden { #expect(!site.told.contains(marker)) }
        let environment = Programs.text(of: site.host.desk.folder + "/environment")
        #expect(environment.contains("PATH=") && !environment.contains("IMPETUS"))
        #expect(try site.unwatched() == 1)
        #expect(try site.host.curl("/readyz", as: nil).code == 200)
        for marker in personal.hidden { #expect(!site.host.journalText.contains(marker)) }
    }

    @Test("an open console is somebody who watches; a mirror and a machine are not")
    func consoles() throws {
        let site = try Site()
        let person = try site.host.machine("op7", "operator")
        let mirror = try site.host.startCurl("/v1/events", as: person, "-H", "Accept: text/event-stream")
        defer { Programs.end(mirror) }
        #expect(try site.host.post(HubHost.alert("a/1", "critical"), as: site.camera).code == 202)
        try until("the command to be run beside a mirror", seconds: 30) { site.told.contains("a/1") }
        let console = try site.host.startCurl(
            "/v1/events", as: person, "-H", "Accept: text/event-stream", "-H", "Impetus-Console: open")
        try until("the console to count", seconds: 30) { try site.unwatched() == 0 }
        #expect(try site.host.post(HubHost.alert("a/2", "critical"), as: site.camera).code == 202)
        try until("the view to have it", seconds: 30) {
            try site.host.curl("/v1/events?after=0&limit=1000", as: person).output.contains("a/2")
        }
        #expect(try site.unwatched() == 0 && !site.told.contains("a/2"))
        Programs.end(console)
        try until("the command to be run when it has gone", seconds: 30) { site.told.contains("a/2") }
    }

    @Test(
        "a console that is stopped is nobody who watches, though its stream stays open; one that runs is, for as long",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func stopped() throws {
        let site = try Site()
        let screen = try Screen(at: try site.host.person("op7"), with: HubHost.secrets)
        #expect(try site.host.post(HubHost.alert("a/1", "critical"), as: site.camera).code == 202)
        try until("the command to be run", seconds: 30) { site.told.contains("a/1") }
        try screen.start("")
        try until("the console to count", seconds: 30) { try site.unwatched() == 0 }
        // Longer than one would count that has not answered.
        Thread.sleep(forTimeInterval: 40)
        #expect(try site.unwatched() == 0)
        let console = try #require(screen.processID)
        kill(console, SIGSTOP)
        defer { kill(console, SIGCONT) }
        #expect(try site.host.post(HubHost.alert("a/2", "critical"), as: site.camera).code == 202)
        try until("the command to be run beside a stopped console", seconds: 90) { site.told.contains("a/2") }
        let followers = try site.host.metric("impetus_hub_followers", as: site.boss)
        #expect(followers == 1)
        // The shell has the terminal back, and gives it to the console again.
        try screen.shell("fg")
        try until("the console to count again", seconds: 60) { try site.unwatched() == 0 }
    }

    @Test(
        "of two hubs on one log the one without a console runs nothing while one is open at the other, and then one of them does",
        .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
    func twoHubs() throws {
        let servers = try NatsServers(1)
        let first = try HubHost(["police"], more: ["--log", servers.urls.joined(separator: ",")])
        let (a, b) = (try Site(at: first, after: "10s"), try Site(at: HubHost(beside: first), after: "10s"))
        let person = try b.host.machine("op7", "operator")
        let console = try b.host.startCurl(
            "/v1/events", as: person, "-H", "Accept: text/event-stream", "-H", "Impetus-Console: open")
        defer { Programs.end(console) }
        try until("the console to count", seconds: 30) { try b.unwatched() == 0 }
        #expect(try a.host.post(HubHost.alert("a/1", "critical"), as: a.camera).code == 202)
        try until("the view to have it", seconds: 30) {
            try b.host.curl("/v1/events?after=0&limit=1000", as: person).output.contains("a/1")
        }
        // More than the alarm has to wait.
        Thread.sleep(forTimeInterval: 15)
        #expect(a.told.isEmpty && b.told.isEmpty)
        #expect(try a.unwatched() == 0)
        Programs.end(console)
        try until("the command to be run", seconds: 90) { a.told.contains("a/1") || b.told.contains("a/1") }
        Thread.sleep(forTimeInterval: 5)
        #expect(a.told.isEmpty != b.told.isEmpty)
    }

    @Test("a command that fails is told and counted, repeated until it does not, and the hub stays ready")
    func failing() throws {
        let site = try Site()
        let broken = try site.host.desk.file("broken", "")
        for number in 1...3 {
            #expect(try site.host.post(HubHost.alert("a/\(number)", "critical"), as: site.camera).code == 202)
        }
        try until("the failure to be told", seconds: 30) {
            site.host.journal.contains {
                $0["message"] == "the escalation command failed"
                    && $0["error"]?.hasPrefix("it ended with 3, and said: busy ") == true
            }
        }
        #expect(!site.host.journal.contains { $0["error"]?.contains("\u{1B}") == true })
        let failed = try site.host.metric("impetus_hub_escalations_total{result=\"failed\"}", as: site.boss)
        #expect(failed ?? 0 >= 1 && site.told.isEmpty)
        #expect(try site.host.curl("/readyz", as: nil).code == 200)
        try FileManager.default.removeItem(atPath: broken)
        try until("the command to be run again", seconds: 90) { !site.told.isEmpty }
        // One run for all that waited.
        let first = site.told.split(separator: "\n").first ?? ""
        #expect((1...3).allSatisfy { first.contains("\"a/\($0)\"") } && first.contains("\"waiting\":3"))
    }

    @Test(
        "each day at its time a test alarm goes the whole way, by the log and the view to the command, and ends there")
    func daily() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC") ?? .current
        let later = Date().addingTimeInterval(90)
        let parts = calendar.dateComponents([.hour, .minute], from: later)
        func padded(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let site = try Site("test = \"\(padded(parts.hour)):\(padded(parts.minute))\"\n")
        try until("the test alarm to reach the command", seconds: 180) { site.told.contains("\"test\":true") }
        #expect(site.told.contains("escalation-test/hub-1"))
        let person = try site.host.machine("op7", "operator")
        try until("the test alarm to end", seconds: 30) {
            let log = try site.host.curl("/v1/events?after=0&limit=1000", as: person).output
            return log.contains("escalation-test") && log.contains("\"status\":\"test\"")
                && log.contains("alert.cleared")
        }
        #expect(site.host.journal.contains { $0["message"] == "the test alarm reached the escalation command" })
    }
}
