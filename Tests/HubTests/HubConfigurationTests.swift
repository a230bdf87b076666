import ControlRoom
import HubCore
import Settings
import Testing

@testable import Hub

@Suite("The settings of a hub's host")
struct HubConfigurationTests {
    private func read(_ text: String) -> (HubConfiguration?, [String]) {
        let loaded = HubConfiguration.read(text, file: "hub.toml")
        return (loaded.value, loaded.warnings.map { "\($0)" })
    }

    @Test("syslog is TLS, plain on loopback alone unless the address says so")
    func syslog() {
        for (settings, security) in [
            ("listen = \"0.0.0.0:6514\"", HubConfiguration.Syslog.Security.tls), ("listen = \"[::1]:514\"", .plain),
            ("listen = \"127.8.0.1:514\"", .plain), ("listen = \"127.example.org:514\"", .tls),
            ("listen = \"10.0.0.1:514\"\nsecurity = \"plain\"", .plain),
            ("listen = \"127.0.0.1:6514\"\nsecurity = \"tls\"", .tls),
        ] {
            let (value, warnings) = read("[syslog]\ntenant = \"police\"\n" + settings)
            #expect(value?.syslog?.security == security && warnings.isEmpty, "\(settings)")
        }
    }

    @Test("what is wrong is named with its line")
    func wrong() {
        for (text, line) in [
            ("[syslog]\ntenant = \"a\"\nlisten = \"0.0.0.0:1\"\nsecurity = \"none\"", ":4:"),
            ("[syslog]\ntenant = \"a\"\nlisten = \"0.0.0.0:1\"\nkey = \"x\"", ":1:"),
            ("[syslog]\ntenant = \"a\"\nlisten = \"0.0.0.0:1\"\nsilence_seconds = -1", ":4:"),
            ("[metrics]\nlisten = \"9108\"", ":1:"), ("[metrics]\nlisten = \"a:1\"\nopen = 1", ":3:"),
            ("[limits]\nmemory_bytes = 5", ":2:"), ("[escalation]\ncommand = [\"page\"]", ":2:"),
            ("[escalation]\ncommand = [\"/bin/page\"]\nafter = \"5\"", ":3:"),
            ("[escalation]\ncommand = [\"/bin/page\"]\nafter = \"25h\"", ":3:"),
            ("[escalation]\ncommand = [\"/bin/page\"]\ntest = \"5:30\"", ":3:"),
            ("[escalation]\ncommand = [\"/bin/page\"]\ntest = \"24:00\"", ":3:"),
            ("[escalation]\ncommand = [\"/bin/page\"]\nshell = true", ":3:"),
        ] {
            let (_, warnings) = read(text)
            #expect(warnings.contains { $0.contains("hub.toml" + line) }, "\(text): \(warnings)")
        }
    }

    @Test("the rate of machines is settable, or off, and no burst is smaller than what a sensor keeps")
    func rates() {
        #expect(HubConfiguration().limits.rates == RateLimits(eventsPerSecond: 2_000, burst: 20_000))
        let (value, warnings) = read("[limits]\nmachine_events_per_second = 50\nmachine_burst = 10000")
        #expect(value?.limits.rates == RateLimits(eventsPerSecond: 50, burst: 10_000) && warnings.isEmpty)
        let (off, _) = read("[limits]\nmachine_events_per_second = 0")
        #expect(off?.limits.rates.eventsPerSecond == 0)
        let (_, small) = read("[limits]\nmachine_burst = 9999")
        #expect(small.contains { $0.contains("hub.toml:2:") })
        let (together, none) = read("[limits]\ntenant_events_per_second = 0\ntenant_burst = 50000")
        #expect(
            together?.limits.rates == RateLimits(tenantEventsPerSecond: 0, tenantBurst: 50_000) && none.isEmpty)
        #expect(!RateLimits.off.isOn && HubConfiguration.Limits().rates.tenantEventsPerSecond == 20_000)
    }

    @Test("metrics and the memory are settable")
    func set() {
        let (value, warnings) = read("[metrics]\nlisten = \"127.0.0.1:9108\"\n[limits]\nmemory_bytes = 100000000")
        #expect(value?.metrics == .init(host: "127.0.0.1", port: 9_108) && warnings.isEmpty)
        #expect(value?.limits.memoryBytes == 100_000_000)
    }

    @Test("escalation has a command, five minutes where nothing is said, and a test where it is")
    func escalation() {
        let (plain, none) = read("[escalation]\ncommand = [\"/bin/page\", \"--now\"]")
        #expect(none.isEmpty && plain?.escalation?.command == ["/bin/page", "--now"])
        #expect(plain?.escalation?.afterSeconds == 300 && plain?.escalation?.test == nil)
        let (value, warnings) = read("[escalation]\ncommand = [\"/bin/page\"]\nafter = \"90s\"\ntest = \"05:30\"")
        #expect(warnings.isEmpty && value?.escalation?.afterSeconds == 90 && value?.escalation?.test?.minute == 330)
        #expect(read("name = \"hub\"").0?.escalation == nil)
    }

    @Test("all that is wrong with escalation is said at once")
    func allAtOnce() {
        let (value, warnings) = read("[escalation]\ncommand = [\"page\"]\nafter = \"soon\"\ntest = \"noon\"")
        #expect(value?.escalation == nil && warnings.count == 3, "\(warnings)")
        for line in 2...4 { #expect(warnings.contains { $0.contains("hub.toml:\(line):") }, "\(warnings)") }
        #expect(!read("[escalation]\ncommand = [\"/bin/page\"]\nafter = \"0s\"").1.isEmpty)
    }

    @Test("the day of a daily time begins with it")
    func daily() throws {
        let time = try #require(DailyTime("12:00"))
        let noon = Timestamp(milliseconds: 1_795_435_200_000)
        #expect(time.day(at: noon) == time.day(at: noon.adding(seconds: -1)) + 1)
        #expect(time.day(at: noon.adding(seconds: 86_399)) == time.day(at: noon))
    }
}
