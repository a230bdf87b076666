import Foundation
import TestSupport
import Testing

/// Hubs whose log is on real servers, with and without TLS and credentials. `0.0.0.0` reaches the servers of this machine, and is no
/// loopback address.
@Suite(
    "The servers of a hub's log", .serialized,
    .enabled(if: HubHost.isPossible && NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct NatsTransportTests {
    private static let beyond = "0.0.0.0"

    private struct Secured {
        let certificates: NatsCertificates
        let servers: NatsServers
        let password: String
        let words: [String]

        init() throws {
            certificates = try NatsCertificates()
            let files = try certificates.make("server", hosts: [NatsTransportTests.beyond, "127.0.0.1"])
            servers = try NatsServers(1, settings: certificates.section(files) + NatsCertificates.password)
            password = try certificates.secret(NatsCertificates.passwordText + "\n", "password")
            words = [
                "--log", "nats://\(NatsTransportTests.beyond):\(servers.ports[0])", "--nats-ca",
                certificates.authorityFile, "--nats-user", "hub", "--nats-password-file", password,
            ]
        }
    }

    /// A hub as an older version left it: its log on plain servers, beyond loopback, and nothing remembered of that.
    private func older(_ servers: NatsServers) throws -> HubHost {
        let host = try HubHost(["police"], more: ["--log", servers.urls[0]])
        try remember(host, servers)
        try FileManager.default.removeItem(atPath: host.folder + "/nats-plain-since")
        return host
    }

    private func remember(_ host: HubHost, _ servers: NatsServers, _ more: String = "") throws {
        let text = "log = \"nats://\(NatsTransportTests.beyond):\(servers.ports[0])\"\nreplicas = 1\n" + more
        try text.write(toFile: host.folder + "/log.toml", atomically: true, encoding: .utf8)
    }

    private func started(_ host: HubHost, daysAgo days: Double) throws {
        let time = ISO8601DateFormatter().string(from: Date().addingTimeInterval(-days * 86_400))
        try (time + "\n").write(toFile: host.folder + "/nats-plain-since", atomically: true, encoding: .utf8)
    }

    private func serve(_ host: HubHost) throws -> Outcome { try host.hub("serve", "--listen", "127.0.0.1:0") }

    @Test("a hub works over TLS with a password; the folder remembers how, and no secret is written or said")
    func secured() throws {
        let secured = try Secured()
        let host = try HubHost(["police"], more: secured.words)
        try host.start()
        let camera = try host.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        let checked = try host.hub("check")
        #expect(checked.code == 0 && checked.complaints.isEmpty, "\(checked)")
        #expect(try host.metric("impetus_hub_nats_plain", as: try host.machine("boss", "admin")) == 0)
        let kept = Programs.text(of: host.folder + "/log.toml")
        #expect(kept.contains("[nats]") && kept.contains(secured.password))
        host.kill()
        // The servers' password is another now: it is told, and neither the old one nor the new is.
        try Data("wrong-4712\n".utf8).write(to: URL(fileURLWithPath: secured.password))
        let refused = try serve(host)
        #expect(refused.code == 78 && refused.complaints.contains("[nats] user and password_file"), "\(refused)")
        chmod(secured.password, 0o644)
        let open = try serve(host)
        #expect(open.code == 78 && open.complaints.contains("chmod 600 \(secured.password)"), "\(open)")
        for text in [kept, host.journalText, refused.complaints, open.complaints] {
            #expect(!text.contains(NatsCertificates.passwordText) && !text.contains("wrong-4712"))
        }
    }

    @Test("a new hub beyond loopback is not made without TLS and credentials, unless that is meant")
    func new() throws {
        let servers = try NatsServers(1)
        let desk = try Desk()
        let path = try #require(Product.hub)
        let log = "nats://\(NatsTransportTests.beyond):\(servers.ports[0])"
        let secret = try desk.file("secret", "x")
        chmod(secret, 0o644)
        func make(_ words: [String]) throws -> Outcome {
            try Programs.run(
                path, ["init", "--data", desk.folder + "/hub"] + words,
                environment: desk.environment.merging(HubHost.secrets) { $1 }, folder: desk.folder)
        }
        for (words, code, said) in [
            (["--log", log], 78, "has no TLS and credentials"),
            (["--log", log, "--nats-tls"], 78, "has no credentials"),
            (["--log", log, "--nats-tls", "--nats-nkey-seed-file", secret], 78, "chmod 600 \(secret)"),
            (["--log", log, "--nats-ca", "/nowhere.pem", "--nats-plain"], 78, "/nowhere.pem"),
            (["--log", log, "--nats-user", "hub", "--nats-plain"], 78, "password_file"),
            (["--log", "nats://hub:geheim@127.0.0.1"], 64, "--nats-password-file"),
            (["--log", "tls://hub:geheim@127.0.0.1"], 64, "nats://HOST:PORT"),
            (["--log", "nats://hub:geheim@a b"], 64, "nats://HOST:PORT"),
        ] {
            let outcome = try make(words)
            #expect(outcome.code == code && outcome.complaints.contains(said), "\(words): \(outcome)")
            #expect(!outcome.complaints.contains("geheim"))
            #expect(!FileManager.default.fileExists(atPath: desk.folder + "/hub"))
        }
        #expect(try make(["--log", log, "--nats-plain"]).code == 0)
    }

    @Test("a hub that ran plain before goes on for 30 days, which it says; then it is refused, unless that is meant")
    func grace() throws {
        let servers = try NatsServers(1)
        let host = try older(servers)
        try host.start()
        let words = "the log on nats://\(NatsTransportTests.beyond):\(servers.ports[0]) has no TLS and credentials"
        try until("a warning in the journal") { host.journalText.contains(words) }
        let boss = try host.machine("boss", "admin")
        #expect(try host.metric("impetus_hub_nats_plain", as: boss) == 1)
        #expect(try host.metric("impetus_hub_nats_plain_days", as: boss) == 29)
        let warned = try host.hub("check")
        #expect(warned.code == 0 && warned.complaints.contains("warning: " + words), "\(warned)")
        host.kill()

        try started(host, daysAgo: 29.5)
        try host.start()
        try until("a warning in the journal") { host.journalText.contains(words) }
        host.kill()

        try started(host, daysAgo: 30.5)
        for refused in [try serve(host), try host.hub("check"), try host.hub("tenant", "add", "fire")] {
            #expect(refused.code == 78 && refused.complaints.contains("[nats] plain = true"), "\(refused)")
        }
        try remember(host, servers, "[nats]\nplain = true\n")
        try host.start()
        try until("a warning in the journal") { host.journalText.contains("says that this is meant") }
        #expect(try host.hub("check").complaints.contains("says that this is meant"))
    }

    @Test("a hub that was made on loopback, and is then led to plain servers elsewhere, has no 30 days")
    func moved() throws {
        let servers = try NatsServers(1)
        let host = try HubHost(["police"], more: ["--log", servers.urls[0]])
        try host.start()
        #expect(!host.journalText.contains("has no TLS"))
        host.kill()
        try remember(host, servers)
        let refused = try serve(host)
        #expect(refused.code == 78 && refused.complaints.contains("has no TLS and credentials"), "\(refused)")
    }

    @Test(
        "check says it in red on a terminal, and plainly where NO_COLOR is set",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func red() throws {
        let servers = try NatsServers(1)
        let host = try older(servers)
        let path = try #require(Product.hub)
        for (variable, isRed) in [("NO_COLOR=", true), ("NO_COLOR=1", false)] {
            let screen = try Screen("160x40", at: host.desk, with: HubHost.secrets)
            try screen.shell("\(variable) \(path) check --data \(host.folder); echo ended:$?")
            try screen.see("warning: the log on", "ended:0", within: 20)
            #expect(screen.styled.contains("\u{1B}[31m") == isRed, "\(variable)")
        }
    }

    @Test(
        "an administrator's console says it, and nobody else's",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func administrator() throws {
        let servers = try NatsServers(1)
        let host = try older(servers)
        try host.start()
        let screen = try Screen("160x40", at: try host.person("adm1", "admin"), with: HubHost.secrets)
        try screen.start("")
        try screen.see("HUB: the log on nats://\(NatsTransportTests.beyond):\(servers.ports[0]) has no TLS", within: 20)
        let other = try Screen("160x40", at: try host.person("op7"), with: HubHost.secrets)
        try other.start("")
        try other.see("feed live", within: 20)
        #expect(!other.text.contains("HUB:"))
    }
}
