import ControlRoom
import Foundation
import Nats
import TestSupport
import Testing

@testable import JetStreamLog

/// Real servers that want TLS and credentials.
@Suite(
    "Who reaches the servers of a log, and whom the hub believes", .serialized,
    .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct NatsAccessTests {
    private let certificates: NatsCertificates
    private let hubs: Hubs
    private let password = NatsAccess.Credentials.password(user: "hub", password: NatsCertificates.passwordText)

    init() throws { (certificates, hubs) = (try NatsCertificates(), try Hubs()) }

    private func secured(_ hosts: [String] = ["127.0.0.1", "localhost"], daysOld: Double = 0) throws -> NatsServers {
        let files = try certificates.make("server", hosts: hosts, daysOld: daysOld)
        return try NatsServers(1, settings: certificates.section(files) + NatsCertificates.password)
    }

    private func log(_ servers: NatsServers, _ access: NatsAccess) throws -> JetStreamLog {
        try hubs.open(servers, access: access)
    }

    private var believed: NatsAccess.TLS { NatsAccess.TLS(authorities: certificates.authorityFile) }

    /// What is said where a connection is refused; nil where it is made.
    private func refusal(_ servers: NatsServers, _ access: NatsAccess) throws -> String? {
        do {
            _ = try NatsConnection(urls: servers.urls, name: "test", access: access)
            return nil
        } catch let refused as NatsRefused {
            return refused.description
        }
    }

    @Test("over TLS and with a password a log holds to what every log holds to")
    func contract() throws {
        let servers = try secured()
        try EventLogContract.check(try log(servers, NatsAccess(tls: believed, credentials: password)))
        withExtendedLifetime(servers) {}
    }

    @Test("a cluster with TLS for clients and among its servers takes the log through the death of each of them")
    func cluster() throws {
        let files = try certificates.make("server", hosts: ["127.0.0.1"])
        let servers = try NatsServers(
            3, settings: certificates.section(files) + NatsCertificates.password,
            routeSettings: certificates.routes(files))
        let access = NatsAccess(tls: believed, credentials: password)
        var opened: JetStreamLog?
        #expect(
            eventually(within: 40) {
                opened = try? hubs.open(servers, replicas: 3, access: access)
                return opened != nil
            })
        let log = try #require(opened)
        for victim in 0..<3 {
            servers.kill(victim)
            let entry = EventLogContract.entry("e\(victim)")
            #expect(eventually(within: 40) { (try? log.append([entry], now: EventMaker.noon)) != nil })
            try servers.start(victim)
            #expect(servers.ready(victim))
        }
        #expect(eventually(within: 30) { (try? log.read(after: 0, limit: 10).count) == 3 })
    }

    @Test("a server that is not believed, and a hub that is not let in, are told with the setting that changes it")
    func refused() throws {
        let servers = try secured()
        let stranger = NatsAccess.TLS(authorities: certificates.strangerFile)
        let wrong = NatsAccess.Credentials.password(user: "hub", password: "wrong-4712")
        for (access, words) in [
            (NatsAccess(tls: stranger, credentials: password), "[nats] ca"),
            (NatsAccess(tls: .init(), credentials: password), "[nats] ca"),
            // A server that wants TLS is believed no more because nothing was said of it.
            (NatsAccess(credentials: password), "[nats] ca"),
            (NatsAccess(tls: believed, credentials: wrong), "[nats] user and password_file"),
            (NatsAccess(tls: believed), "[nats] user and password_file, nkey_seed_file or credentials_file"),
            (NatsAccess(tls: .init(authorities: "/nowhere.pem")), "[nats] ca = \"/nowhere.pem\""),
        ] {
            let said = try refusal(servers, access)
            #expect(said?.contains(words) ?? false, "\(access): \(said ?? "connected")")
            for secret in [NatsCertificates.passwordText, "wrong-4712"] {
                #expect(said?.contains(secret) == false && !"\(access)".contains(secret))
            }
        }
        #expect(try refusal(servers, NatsAccess(tls: believed, credentials: password)) == nil)
    }

    @Test("a certificate for another name is refused, and accepted by the name that is set")
    func names() throws {
        let servers = try secured(["nats.example"])
        let said = try refusal(servers, NatsAccess(tls: believed, credentials: password))
        #expect(said?.contains("[nats] server_name") ?? false, "\(said ?? "connected")")
        let other = NatsAccess.TLS(authorities: certificates.authorityFile, serverName: "other.example")
        #expect(
            try refusal(servers, NatsAccess(tls: other, credentials: password))?.contains("[nats] server_name") ?? false
        )
        let named = NatsAccess.TLS(authorities: certificates.authorityFile, serverName: "nats.example")
        #expect(try refusal(servers, NatsAccess(tls: named, credentials: password)) == nil)
    }

    @Test("a certificate that has ended is told as that")
    func ended() throws {
        let servers = try secured(daysOld: 900)
        let said = try refusal(servers, NatsAccess(tls: believed, credentials: password))
        #expect(said?.contains("is over") ?? false, "\(said ?? "connected")")
        let ended = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) - 75 * 86_400_000)
        #expect(said?.contains(" to \(ended.rfc3339.prefix(7))") ?? false, "\(said ?? "connected")")
    }

    @Test("a server without TLS is refused by a hub that asks for it")
    func plainServer() throws {
        let servers = try NatsServers(1)
        let said = try refusal(servers, NatsAccess(tls: believed))
        #expect(said?.contains("speaks no TLS") ?? false, "\(said ?? "connected")")
    }

    @Test("servers that know clients by their certificates let in who shows one, and nobody else")
    func clientCertificate() throws {
        let files = try certificates.make("server", hosts: ["127.0.0.1"])
        let servers = try NatsServers(1, settings: certificates.section(files, verify: true))
        let said = try refusal(servers, NatsAccess(tls: believed))
        #expect(said?.contains("[nats] certificate and key") ?? false, "\(said ?? "connected")")
        let mine = try certificates.make("hub", hosts: ["hub.example"])
        var tls = believed
        (tls.certificate, tls.key) = (mine.certificate, mine.key)
        try EventLogContract.check(try log(servers, NatsAccess(tls: tls)))
        tls.key = files.key
        #expect(try refusal(servers, NatsAccess(tls: tls))?.contains("[nats] certificate") ?? false)
    }

    @Test("an NKey lets the hub in; without it, and with a file that holds none, it stays out")
    func nkey() throws {
        let servers = try NatsServers(1, settings: NatsUsers.nkey)
        let file = try certificates.secret(NatsUsers.seed + "\n", "hub.nk")
        try EventLogContract.check(
            try log(servers, NatsAccess(credentials: .nkey(user: NatsUsers.publicKey, seedFile: file))))
        #expect(try refusal(servers, NatsAccess())?.contains("nkey_seed_file") ?? false)
        let empty = try certificates.secret("nothing\n", "empty.nk")
        let said = try refusal(servers, NatsAccess(credentials: .nkey(user: NatsUsers.publicKey, seedFile: empty)))
        #expect(said?.contains(empty) ?? false, "\(said ?? "connected")")
    }

    @Test("a file of a user's JWT lets the hub in; without it, it stays out")
    func credentialsFile() throws {
        let servers = try NatsServers(1, settings: NatsUsers.operatorMode)
        let file = try certificates.secret(NatsUsers.credentials, "hub.creds")
        try EventLogContract.check(try log(servers, NatsAccess(credentials: .file(file))))
        #expect(try refusal(servers, NatsAccess())?.contains("credentials_file") ?? false)
        let empty = try certificates.secret("nothing\n", "empty.creds")
        #expect(try refusal(servers, NatsAccess(credentials: .file(empty)))?.contains(empty) ?? false)
    }

    @Test(
        "a hub that the servers let in no more says so, does not say that they are gone, and is back when they let it in"
    )
    func changed() throws {
        let servers = try NatsServers(1, settings: NatsCertificates.password)
        let log = try log(servers, NatsAccess(credentials: password))
        _ = try log.append([EventLogContract.entry("e1")], now: EventMaker.noon)
        let entry = EventLogContract.entry("e2")
        servers.kill(0)
        servers.settings = "authorization { user: hub, password: \"another\" }\n"
        try servers.start(0)
        #expect(
            eventually(within: 30) {
                do {
                    _ = try log.append([entry], now: EventMaker.noon)
                    return false
                } catch {
                    return "\(error)".contains("do not let the user hub in")
                        && "\(error)".contains("[nats] user and password_file") && "\(error)".contains("tried again")
                }
            })
        servers.kill(0)
        servers.settings = NatsCertificates.password
        try servers.start(0)
        #expect(eventually(within: 30) { (try? log.append([entry], now: EventMaker.noon)) != nil })
    }

    @Test("servers that others name are not gone to where that was not asked for")
    func discovered() throws {
        let servers = try NatsServers(3)
        func connect(_ follows: Bool) throws -> NatsConnection {
            try NatsConnection(
                urls: Array(servers.urls.prefix(1)), name: "test", access: NatsAccess(followsDiscovered: follows))
        }
        let (following, staying) = (try connect(true), try connect(false))
        servers.kill(0)
        #expect(eventually { !staying.isConnected })
        #expect(eventually(within: 20) { following.isConnected })
        #expect(!staying.isConnected && staying.trouble?.contains("no server") ?? false)
    }
}

@Suite("Files of secrets")
struct SecretFileTests {
    private let certificates: NatsCertificates

    init() throws { certificates = try NatsCertificates() }

    @Test("others can neither read nor write them, or they are refused with the way out")
    func modes() throws {
        for mode in [0o600, 0o400, 0o700] {
            let file = try certificates.secret("secret\n", "a\(mode)", mode: mode)
            #expect(try SecretFile.text(of: file, setting: "password_file") == "secret\n")
        }
        for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o660] {
            let file = try certificates.secret("secret\n", "b\(mode)", mode: mode)
            let refused = #expect(throws: NatsRefused.self) {
                try SecretFile.text(of: file, setting: "password_file")
            }
            let words = refused?.description ?? ""
            #expect(words.contains("[nats] password_file") && words.contains("chmod 600 \(file)"), "\(words)")
            #expect(!words.contains("secret"))
        }
    }

    @Test("what systemd keeps to the service itself counts as closed, and nothing beside it")
    func given() throws {
        let file = try certificates.secret("secret", "c", mode: 0o440)
        let folder = String(file.dropLast(2))
        #expect(try SecretFile.text(of: file, setting: "key", given: folder) == "secret")
        for other in [folder + "/x", "", String(folder.dropLast())] {
            #expect(throws: NatsRefused.self) { try SecretFile.text(of: file, setting: "key", given: other) }
        }
        #expect(throws: NatsRefused.self) {
            try SecretFile.text(of: folder + "/x/../c", setting: "key", given: folder + "/x")
        }
    }

    @Test("what is missing, no file, too large or no text is named")
    func others() throws {
        let large = try certificates.secret(String(repeating: "a", count: 70_000), "large")
        let folder = String(large.dropLast(6))
        for (file, words) in [(folder + "/none", "No such file"), (folder, "no file"), (large, "64 KiB")] {
            let refused = #expect(throws: NatsRefused.self) { try SecretFile.text(of: file, setting: "key") }
            #expect(refused?.description.contains("[nats] key: ") ?? false)
            #expect(refused?.description.contains(words) ?? false, "\(file): \(refused?.description ?? "")")
        }
    }
}
