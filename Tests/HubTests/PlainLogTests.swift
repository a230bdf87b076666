import ControlRoom
import Logging
import Nats
import Settings
import Synchronization
import Testing

@testable import Hub

@Suite("A log on servers that anybody may reach")
struct PlainLogTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func day(_ number: Double) -> Timestamp { now.adding(seconds: number * 86_400) }

    private func read(_ text: String) -> (HubConfiguration?, [String]) {
        let loaded = HubConfiguration.read(text, file: "hub.toml")
        return (loaded.value, loaded.warnings.map { "\($0)" })
    }

    private func nats(_ keys: String) throws -> HubConfiguration.Nats {
        let (value, warnings) = read("[nats]\n" + keys)
        #expect(warnings.isEmpty, "\(keys): \(warnings)")
        return try #require(value?.nats)
    }

    private func lacks(_ log: String, _ keys: String) throws -> [PlainLog.Lack] {
        PlainLog(try #require(NatsAddress.all(in: log)), try nats(keys))?.lacks ?? []
    }

    @Test("beyond loopback TLS and credentials are needed; on loopback nothing is")
    func lacks() throws {
        let password = "user = \"hub\"\npassword_file = \"/p\""
        for (keys, lacking) in [
            ("", [PlainLog.Lack.encryption, .credentials]), ("tls = true", [.credentials]),
            ("ca = \"/ca\"", [.credentials]),
            ("server_name = \"n\"", [.credentials]), (password, [.encryption]),
            ("plain = true", [.encryption, .credentials]),
            ("nkey_seed_file = \"/s\"", [.encryption]), ("credentials_file = \"/c\"", [.encryption]),
            ("ca = \"/ca\"\n" + password, []), ("tls = true\nnkey_seed_file = \"/s\"", []),
            ("ca = \"/ca\"\ncertificate = \"/c\"\nkey = \"/k\"", []), ("tls = false", [.encryption, .credentials]),
        ] {
            for log in [
                "nats://a:4222", "nats://127.0.0.1,nats://10.0.0.1:4222", "nats://[fe80::1]:4222", "nats://0.0.0.0",
            ] {
                #expect(try lacks(log, keys) == lacking, "\(log) \(keys)")
            }
            for log in ["nats://127.0.0.1:4222", "nats://[::1]:4222,localhost:1", "nats://localhost"] {
                #expect(try lacks(log, keys).isEmpty, "\(log) \(keys)")
            }
        }
        #expect(try lacks("nats://u:p@a:4222", "") == [.encryption])
        #expect(try lacks("nats://u:p@a:4222,nats://b:4222", "tls = true") == [.credentials])
    }

    @Test(
        "a folder that ran plain before goes on for 30 days from its first start; a new one, and one that did not, never"
    )
    func grace() {
        let first = PlainLog.Memory(text: nil).started(isPlain: true, now: day(0))
        #expect(first == .plainSince(day(0)))
        #expect(PlainLog.Memory(text: first.text) == first)
        for (number, verdict) in [
            (0.0, PlainLog.Verdict.until(day(30))), (29.99, .until(day(30))), (30, .refused(since: day(0))),
            (400, .refused(since: day(0))),
        ] {
            let memory = first.started(isPlain: true, now: day(number))
            #expect(PlainLog.verdict(memory, isMeant: false, now: day(number)) == verdict)
            #expect(PlainLog.verdict(memory, isMeant: true, now: day(number)) == .meant)
        }
        // What was mended meanwhile begins no other 30 days.
        #expect(first.started(isPlain: false, now: day(3)).started(isPlain: true, now: day(20)) == first)
        for never in [PlainLog.Memory.neverPlain, PlainLog.Memory(text: nil).started(isPlain: false, now: now)] {
            #expect(never.started(isPlain: true, now: now) == .neverPlain)
            #expect(PlainLog.verdict(never, isMeant: false, now: now) == .refused(since: nil))
            #expect(PlainLog.Memory(text: never.text) == .neverPlain)
        }
        #expect(PlainLog.verdict(.nothing, isMeant: false, now: now) == .until(day(30)))
    }

    @Test("a clock that was wrong, and a file that says no time, make nothing longer")
    func wrongClock() {
        let ahead = PlainLog.Memory.plainSince(day(5_000))
        #expect(ahead.started(isPlain: true, now: now) == .plainSince(now))
        #expect(PlainLog.verdict(ahead, isMeant: false, now: now) == .until(day(30)))
        for text in ["", "\n", "soon", "never"] { #expect(PlainLog.Memory(text: text) == .neverPlain) }
    }

    @Test("what is said names the servers, what they lack, until when, and the way out; no password")
    func words() throws {
        let addresses = try #require(NatsAddress.all(in: "nats://u:geheim@a:4222,b"))
        let log = try #require(PlainLog(addresses, .init()))
        for verdict in [PlainLog.Verdict.meant, .until(day(30)), .refused(since: day(0)), .refused(since: nil)] {
            let words = log.words(verdict)
            #expect(words.contains("nats://a:4222,nats://b has no TLS and credentials") && !words.contains("geheim"))
            #expect(words.contains("[nats] plain = true") && words.contains("user") == (verdict != .meant))
        }
        #expect(log.words(.until(day(30))).contains(day(30).rfc3339))
        #expect(log.words(.refused(since: now)).contains(now.rfc3339))
    }

    @Test("addresses are read as they are written, and shown without a password")
    func addresses() {
        for (text, host, url, login) in [
            ("nats://a:4222", "a", "nats://a:4222", nil), ("b", "b", "nats://b", nil),
            ("nats://[::1]:4222", "::1", "nats://[::1]:4222", nil),
            ("nats://u:p@x@h:1", "h", "nats://h:1", "u:p@x"), ("token@h", "h", "nats://h", "token"),
        ] as [(String, String, String, String?)] {
            let address = NatsAddress(text)
            #expect(address?.host == host && address?.url == url && address?.login == login, "\(text)")
        }
        for text in [
            "", "nats://", "nats://:4222", "tls://a", "a:b", "a:0", "a:99999", "a:+1", "[::1", "[]:1", "a b", "u@",
        ] {
            #expect(NatsAddress(text) == nil, "\(text)")
        }
        #expect(NatsAddress.all(in: "nats://a,tls://b") == nil && NatsAddress.all(in: "") == nil)
        #expect(NatsAddress.shown("nats://u:p@a:1,x@b,nats://c") == "nats://***@a:1,***@b,nats://c")
    }

    @Test("settings that contradict themselves are named with their line, in the file and in what was put together")
    func faults() throws {
        for (text, line) in [
            ("[nats]\ntls = 1", ":2:"), ("[nats]\nplain = \"yes\"", ":2:"), ("[nats]\nca = \"\"", ":2:"),
            ("[nats]\npassword = \"x\"", ":2:"), ("[nats]\nuser = \"hub\"", ":1:"), ("[nats]\nkey = \"/k\"", ":1:"),
            ("[nats]\npassword_file = \"/p\"", ":1:"), ("[nats]\ntls = false\nca = \"/ca\"", ":1:"),
            ("[nats]\nnkey_seed_file = \"/a\"\ncredentials_file = \"/b\"", ":1:"), ("nats = 1", ":1:"),
        ] {
            let (_, warnings) = read(text)
            #expect(warnings.contains { $0.contains("hub.toml" + line) }, "\(text): \(warnings)")
        }
        let known = try nats("ca = \"/ca\"\nuser = \"hub\"\npassword_file = \"/p\"")
        #expect(try nats("tls = false").completed(by: known).fault != nil)
        #expect(try nats("plain = true").completed(by: known).fault == nil)
    }

    @Test("what is said goes before what is remembered, key by key, and credentials of another kind take their place")
    func completed() throws {
        let known = try nats("ca = \"/ca\"\nuser = \"hub\"\npassword_file = \"/p\"\ncertificate = \"/c\"\nkey = \"/k\"")
        let all = try nats("plain = true\nnkey_seed_file = \"/s\"").completed(by: known)
        #expect(all.user == nil && all.passwordFile == nil && all.seedFile == "/s" && all.isPlainMeant == true)
        #expect(all.authorities == "/ca" && all.certificate == "/c" && all.key == "/k")
        #expect(HubConfiguration.Nats().completed(by: known) == known)
        #expect(try nats("ca = \"/other\"").completed(by: known).authorities == "/other")
    }

    @Test("what is remembered is read as it was written, whatever a file's name holds")
    func toml() throws {
        var settings = HubConfiguration.Nats()
        (settings.tls, settings.isPlainMeant) = (true, false)
        settings.authorities = "/a \"b\" \\ c\n\u{1}\u{7F} é.pem"
        (settings.user, settings.passwordFile, settings.serverName) = ("hub", "/p", "n")
        let (value, warnings) = read("log = \"nats://a\"\nreplicas = 3\n" + settings.toml)
        #expect(value?.nats == settings && value?.replicas == 3 && warnings.isEmpty, "\(warnings)")
        #expect(HubConfiguration.Nats().toml.isEmpty)
    }

    // MARK: - While the hub runs

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])

        var logger: Logger {
            Logger(label: "test") { _ in
                RecordingHandler { event in self.all.withLock { $0.append("\(event.level): \(event.message)") } }
            }
        }
    }

    @Test("it is said at the start and once a day, with the days that are left")
    func daily() throws {
        let lines = Lines()
        let address = try #require(NatsAddress("nats://a"))
        let log = try #require(PlainLog([address], .init()))
        let notice = PlainLogNotice(log, .until(day(30)))
        let warning = PlainLogWarning(notice, logger: lines.logger)
        #expect(
            [0, 0.5, 0.99, 1, 1.5, 2].map { warning.look(now: day($0)) } == [true, false, false, true, false, true])
        #expect(lines.all.withLock { $0 } == [String](repeating: "warning: " + notice.words, count: 3))
        #expect([0.5, 29.5, 30.5].map { notice.daysLeft(at: day($0)) } == [29, 0, -1])
        #expect(PlainLogNotice(log, .meant).daysLeft(at: now) == nil)
        // When its time is over it is said at once, and what it is.
        #expect([29.5, 30, 30.5].map { warning.look(now: day($0)) } == [true, true, false])
        let over = try #require(notice.trouble(at: day(30)))
        #expect(over == log.words(.refused(since: day(0))) && notice.trouble(at: day(29.99)) == nil)
        #expect(lines.all.withLock { $0.last } == "error: " + over)
        #expect(PlainLogNotice(log, .meant).trouble(at: day(400)) == nil)
        let none = PlainLogWarning(nil, logger: lines.logger)
        #expect(!none.look(now: now) && lines.all.withLock { $0.count } == 5)
    }
}
