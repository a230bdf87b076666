import ControlRoom
import Feed
import HubCore
import Settings
import Testing

@testable import Hub

/// The settings file of a hub's host, with mistakes in it.
@Suite("Settings of a hub's host that are almost right")
struct HubConfigurationNoiseTests {
    private static let rounds = 3_000

    private static let sample = """
        [limits]
        machine_events_per_second = 50
        machine_burst = 10000
        memory_bytes = 100000000
        [metrics]
        listen = "127.0.0.1:9108"
        [syslog]
        tenant = "police"
        listen = "10.0.0.1:6514"
        security = "plain"
        silence_seconds = 60
        [escalation]
        command = ["/bin/page", "--now"]
        after = "90s"
        test = "05:30"
        """

    /// One of the lines left out, doubled, moved or with its value changed.
    private static func vary(_ chance: inout SeededChance) -> String {
        var lines = sample.split(separator: "\n").map(String.init)
        for _ in 0..<(1 + chance.next() % 3) {
            let place = Int(chance.next() % UInt64(lines.count))
            switch chance.next() % 5 {
            case 0 where lines.count > 1: lines.remove(at: place)
            case 1: lines.insert(lines[place], at: Int(chance.next() % UInt64(lines.count)))
            case 2: lines.swapAt(place, Int(chance.next() % UInt64(lines.count)))
            case 3:
                lines[place] = lines[place].prefix { $0 != "=" } + "= " + (values.randomElement(using: &chance) ?? "")
            default:
                var letters = Array(lines[place])
                letters.insert(
                    marks.randomElement(using: &chance) ?? " ", at: Int(chance.next() % UInt64(letters.count)))
                lines[place] = String(letters)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static let values = [
        "-1", "0", "9999", "10000", "1e99", "9223372036854775807", "99999999999999999999", "nan", "true", "\"\"", "[]",
        "\"50\"", "{ a = 1 }", "2026-01-01", "'''", "\"127.0.0.1:99999\"", "\"\\u0000\"",
    ]
    private static let marks = Array("\"'[]{}=#.-\\ \t\u{0}é9")

    @Test("are read within their bounds, or each mistake is told with its file and line")
    func noise() {
        var chance = SeededChance(seed: 15)
        var told = 0
        for _ in 0..<HubConfigurationNoiseTests.rounds {
            let text = HubConfigurationNoiseTests.vary(&chance)
            let loaded = HubConfiguration.read(text, file: "hub.toml")
            let warnings = loaded.warnings.map { "\($0)" }
            #expect(warnings.allSatisfy { $0.contains("hub.toml") }, "\(text)\n\(warnings)")
            if !warnings.isEmpty { told += 1 }
            guard let value = loaded.value else {
                #expect(!warnings.isEmpty, "nothing is said of:\n\(text)")
                continue
            }
            let rates = value.limits.rates
            #expect(rates.eventsPerSecond >= 0 && rates.burst >= RateLimits.leastBurst, "\(text)")
            #expect((1...60).contains(rates.wait(for: 1)) && (1...60).contains(rates.wait(for: .max / 2)), "\(text)")
        }
        #expect(told > HubConfigurationNoiseTests.rounds / 4)
    }
}
