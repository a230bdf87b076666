import Foundation
import TestSupport
import Testing

/// Syslog into a real hub, over TLS by openssl and in plain text by sockets.
@Suite("Syslog", .serialized, .enabled(if: HubHost.isPossible && OpenSSL.isThere, Comment(rawValue: OpenSSL.missing)))
struct SyslogTests {
    @Test("over TLS come members, and devices with RSA and TLS 1.2 that the settings vouch for; nobody else")
    func tls() throws {
        let host = try HubHost(["police"])
        let ssl = try OpenSSL(host.desk)
        try ssl.authority("devices")
        try ssl.authority("strangers")
        try ssl.certificate("server", of: "devices")
        try ssl.certificate("ids1", of: "devices")
        try ssl.certificate("mallory", of: "strangers")
        let settings = try host.desk.file(
            "hub.toml",
            """
            [syslog]
            listen = "127.0.0.1:0"
            tenant = "police"
            security = "tls"
            certificate = "\(ssl.file("server.pem"))"
            key = "\(ssl.file("server.key"))"
            device_authorities = "\(ssl.file("devices.pem"))"
            """)
        try host.start("--config", settings)
        let (desk, camera) = (try host.person("op7"), try host.machine("cam"))
        let gone = try host.machine("gone")
        #expect(try host.hub("revoke", "gone", "--tenant", "police").code == 0)
        try until("the revocation") { try host.post(HubHost.alert("x"), as: gone).code == 401 }
        let port = try host.syslogPort()
        let own = { (name: String) in ["-cert", ssl.file(name + ".pem"), "-key", ssl.file(name + ".key")] }
        let member = { (files: String) in ["-cert", files + "/certificate.pem", "-key", files + "/key.pem"] }
        var senders: [pid_t] = []
        defer { for sender in senders { Programs.end(sender) } }
        for (who, more) in [
            ("device", own("ids1") + ["-tls1_2"]), ("member", member(camera)), ("none", []),
            ("stranger", own("mallory")), ("revoked", member(gone)),
        ] { senders.append(try ssl.send(Syslog.counted(Syslog.message("ids-" + who)), to: port, more)) }
        // Lines without a count are RFC 6587, and no RFC 5425.
        senders.append(try ssl.send(Syslog.message("ids-lines") + "\n", to: port, own("ids1")))
        try until("the device and the member", seconds: 60) {
            Set(try desk.synced().compactMap { $0["subject"] as? String })
                .isSuperset(of: ["syslog/ids-device/ID47", "syslog/ids-member/ID47"])
        }
        try until("the others to be told", seconds: 60) {
            let whys = host.journal.filter { $0["kind"] == "syslog refused" }.compactMap { $0["why"] }
            // Of those that come at once the journal has the first, and the last with how many were left out.
            return ["not in force", "length in octets"].contains { why in whys.contains { $0.contains(why) } }
        }
        #expect(host.journal.contains { $0["kind"] == "no handshake" })
        // Whose handshake failed is counted as that, and as nothing else.
        let boss = try host.machine("boss", "admin")
        #expect(try host.metric("impetus_hub_refusals_total{kind=\"syslog refused\"}", as: boss) == 2)
        let taken = try desk.synced().compactMap { $0["subject"] as? String }.filter { $0.hasPrefix("syslog/") }
        #expect(taken.count == 2)
    }

    @Test(
        "a known sender that falls silent is an alarm, which ends when it sends again; plain text on loopback needs no setting"
    )
    func silence() throws {
        let host = try HubHost(["police"])
        try host.startWithSyslog("silence_seconds = 1\n")
        let desk = try host.person("op7")
        let socket = try Sockets.connect(to: try host.syslogPort(), from: "127.0.0.1")
        defer { close(socket) }
        let say = { (count: Int) in
            try Sockets.send((0..<count).map { Syslog.message("ids1", "said \($0)") + "\n" }.joined().utf8, to: socket)
        }
        let alarm = {
            try desk.synced().first { ($0["subject"] as? String)?.hasPrefix("syslog-silent/127.0.0.1") == true }
        }
        try say(30)
        // What comes at once says nothing of its pauses.
        Thread.sleep(forTimeInterval: 1.5)
        try say(1)
        try until("the alarm", seconds: 30) { try alarm()?["state"] as? String == "unacknowledged" }
        try say(1)
        try until("its end", seconds: 30) { try alarm()?["state"] as? String == "rtn_unacknowledged" }
    }

    @Test("a first occurrence behind repeats that are put off is taken at once; what is given up of those is counted")
    func urgent() throws {
        let host = try HubHost(["police"])
        try host.startWithSyslog("[limits]\nmachine_events_per_second = 1\nmachine_burst = 10000\n")
        let (desk, boss) = (try host.person("op7"), try host.machine("boss", "admin"))
        let socket = try Sockets.connect(to: try host.syslogPort(), from: "127.0.0.1")
        defer { close(socket) }
        let say = { (sender: String, numbers: Range<Int>) in
            try Sockets.send(numbers.map { Syslog.message(sender, "said \($0)") + "\n" }.joined().utf8, to: socket)
        }
        let accepted = { try host.metric("impetus_hub_events_total{result=\"accepted\"}", as: boss) ?? 0 }
        let refused = {
            try host.metric("impetus_hub_syslog_lines_refused_total{tenant=\"police\"}", as: boss) ?? 0
        }
        try say("ids1", 0..<1)
        try until("the alarm") { try desk.synced().contains { $0["subject"] as? String == "syslog/ids1/ID47" } }
        // Its repeats use up the burst, and 2,000 of them wait, for half an hour at this rate.
        try say("ids1", 1..<12_000)
        try say("ids2", 0..<1)
        try until("the first occurrence of another", seconds: 60) {
            try desk.synced().contains { $0["subject"] as? String == "syslog/ids2/ID47" }
        }
        #expect(try accepted() < 11_900 && refused() == 0)
        // More than may wait of one sender.
        try say("ids1", 12_000..<18_000)
        try say("ids3", 0..<1)
        try until("the first occurrence behind what is given up", seconds: 60) {
            try desk.synced().contains { $0["subject"] as? String == "syslog/ids3/ID47" }
        }
        #expect(try refused() > 1_000 && accepted() < 12_000)
    }

    @Test(
        "what senders have begun counts against syslog's part of the memory; beyond it they are let go, and told of in the journal"
    )
    func memory() throws {
        let host = try HubHost(["police"])
        try host.startWithSyslog("silence_seconds = 0\n[limits]\nmemory_bytes = 33554432\n")
        let (boss, camera) = (try host.machine("boss", "admin"), try host.machine("cam"))
        let port = try host.syslogPort()
        func held() throws -> Double { try host.metric("impetus_hub_memory_held_bytes", as: boss) ?? 0 }
        // A quarter of the memory are 8.4 MB: 135 beginnings, and no more of them.
        let beginning = Array(repeating: UInt8(ascii: "<"), count: 62_000)
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        for number in 0..<160 {
            let socket = try Sockets.connect(to: port, from: "127.0.0.\(1 + number / 60)")
            sockets.append(socket)
            try Sockets.send(beginning, to: socket)
        }
        try until("the beginnings to be held", seconds: 30) { try held() > 8_000_000 }
        #expect(try held() < 8_400_000)
        try until("those beyond the memory to be let go", seconds: 30) {
            host.journal.contains { $0["kind"] == "memory budget used up" && $0["from"]?.hasPrefix("127.0.0.") == true }
        }
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        for socket in sockets { close(socket) }
        sockets = []
        try until("all of it to be given back", seconds: 30) { try held() == 0 }
        let last = try Sockets.connect(to: port, from: "127.0.0.1")
        sockets.append(last)
        try Sockets.send((Syslog.message("ids1") + "\n").utf8, to: last)
        try until("a line to be taken") {
            try host.metric("impetus_hub_events_total{result=\"accepted\"}", as: boss) == 2
        }
    }

    @Test("what a sender beyond its rate has sent waits for the rate, and is taken")
    func rate() throws {
        let host = try HubHost(["police"])
        try host.startWithSyslog("[limits]\nmachine_events_per_second = 500\nmachine_burst = 10000\n")
        let boss = try host.machine("boss", "admin")
        let socket = try Sockets.connect(to: try host.syslogPort(), from: "127.0.0.1")
        defer { close(socket) }
        let say = { (numbers: Range<Int>) in
            try Sockets.send(numbers.map { Syslog.message("ids1", "said \($0)") + "\n" }.joined().utf8, to: socket)
        }
        // The alarm stands before the flood of its repeats comes.
        try say(0..<1)
        try until("the alarm") {
            try host.metric("impetus_hub_events_total{result=\"accepted\"}", as: boss) ?? 0 >= 1
        }
        try say(1..<12_000)
        try until("the flood to be held up", seconds: 30) {
            host.journal.contains { $0["kind"] == "beyond the rate" && $0["actor"] == "127.0.0.1" }
        }
        try until("all of it to be taken", seconds: 60) {
            try host.metric("impetus_hub_events_total{result=\"accepted\"}", as: boss) == 12_000
        }
    }
}

enum Syslog {
    static func message(_ host: String, _ text: String = "intrusion") -> String {
        "<34>1 2026-01-01T00:00:00Z \(host) ids - ID47 - \(text)"
    }

    /// As RFC 5425 frames it.
    static func counted(_ message: String) -> String { "\(message.utf8.count) \(message)" }
}

/// The system's openssl: an authority of devices, and a sender.
final class OpenSSL {
    private static let path = ["/usr/bin/openssl", "/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isThere: Bool { path != nil }
    static let missing = "openssl, or what the hub's tests need, is missing: apt install openssl"

    private let desk: Desk
    private var sent = 0

    init(_ desk: Desk) throws { self.desk = desk }

    func file(_ name: String) -> String { desk.folder + "/" + name }

    private func run(_ words: String...) throws {
        let outcome = try Programs.run(
            OpenSSL.path ?? "", words, environment: desk.environment, folder: desk.folder)
        guard outcome.code == 0 else { throw Trouble("openssl: \(outcome)") }
    }

    /// `NAME.pem` and `NAME.key`, of RSA.
    func authority(_ name: String) throws {
        try run(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", file(name + ".key"), "-out",
            file(name + ".pem"), "-days", "2", "-subj", "/CN=" + name)
    }

    func certificate(_ name: String, of authority: String) throws {
        try run(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", file(name + ".key"), "-out", file(name + ".csr"),
            "-subj", "/CN=" + name)
        try run(
            "x509", "-req", "-in", file(name + ".csr"), "-CA", file(authority + ".pem"), "-CAkey",
            file(authority + ".key"), "-CAcreateserial", "-out", file(name + ".pem"), "-days", "2")
    }

    /// Sends a text over TLS; the caller ends the process.
    func send(_ text: String, to port: Int, _ more: [String]) throws -> pid_t {
        sent += 1
        let input = try desk.file("sent-\(sent)", text)
        return try Programs.start(
            OpenSSL.path ?? "", ["s_client", "-quiet", "-connect", "127.0.0.1:\(port)"] + more,
            environment: desk.environment, input: input, output: "/dev/null", complaints: "/dev/null")
    }
}

extension HubHost {
    /// Takes syslog in plain text on loopback, for the police.
    ///
    /// - Parameter more: settings of syslog, and sections behind them.
    func startWithSyslog(_ more: String) throws {
        let settings = try desk.file(
            "hub.toml", "[syslog]\nlisten = \"127.0.0.1:0\"\ntenant = \"police\"\n" + more)
        try start("--config", settings)
    }

    func syslogPort() throws -> Int {
        var port: Int?
        try until("syslog to be listened for") {
            port = journal.first { $0["message"] == "syslog" }?["port"].flatMap { Int($0) }
            return port != nil
        }
        return try #require(port)
    }
}
