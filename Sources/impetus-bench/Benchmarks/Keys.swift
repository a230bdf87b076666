import ArgumentParser
import Foundation

/// The two programs under the same keys.
struct Contest {
    let impetus: String
    let materials: Materials
    let samples: Int
    let runs: Int

    static let keys: [(name: String, keys: [String])] = [
        ("j", ["j"]), ("PgDn", ["\u{1B}[6~"]), ("G and g", ["G", "g"]),
    ]

    /// One program on one amount: key to frame for each kind of key, start and memory.
    struct Result {
        var keys: [String: Spread] = [:]
        var start = Double.infinity
        var memory = 0.0
    }

    func impetus(_ count: Int) throws -> Result {
        try measure([impetus, "--store", try materials.store(count), "--no-exercise", "--no-bell"], lines: count)
    }

    func lnav(_ count: Int) throws -> Result { try measure(["lnav", "-q", try materials.log(count)], lines: count) }

    private func measure(_ command: [String], lines: Int) throws -> Result {
        var starts: [Double] = []
        var memories: [Double] = []
        var spreads: [String: [Spread]] = [:]
        for _ in 0..<runs {
            let screen = try Screen(command)
            starts.append((screen.wait(for: "number", from: 0, limit: 30) ?? .infinity) - screen.started)
            screen.drain(seconds: 3)
            for (name, keys) in Contest.keys {
                screen.type("g")
                screen.drain(seconds: 0.5)
                spreads[name, default: []].append(Spread(times(screen, keys, lines: lines)))
            }
            memories.append(screen.peakMegabytes)
            screen.end()
        }
        var result = Result()
        for (name, all) in spreads { result.keys[name] = all.sorted { $0.p50 < $1.p50 }[all.count / 2] }
        result.start = starts.sorted()[starts.count / 2] * 1000
        result.memory = memories.max() ?? 0
        return result
    }

    /// In a list of so many lines nobody comes to the end, where a key has nothing to show.
    private func times(_ screen: Screen, _ keys: [String], lines: Int) -> [Double] {
        var times: [Double] = []
        let far = max(1, lines / 60)
        for index in 0..<samples {
            if index > 0, index % far == 0 {
                screen.type("g")
                screen.drain(seconds: 0.2)
            }
            let start = Clock.seconds()
            screen.type(keys[index % keys.count])
            if let last = screen.burst() { times.append(last - start) }
        }
        return times
    }
}

struct Keys: MaterialBenchmark {
    static let configuration = CommandConfiguration(abstract: "Key to frame, start and memory, beside lnav.")

    @Option(help: "Presses of each key.") var samples = 300
    @Option(help: "Runs, of which the middle one counts.") var runs = 1
    @Option(help: "Alerts in the large store.") var alerts = 1_000_000
    @Flag(help: "2,000 presses of each key and five runs.") var full = false

    func run(_ materials: Materials) throws {
        let contest = Contest(
            impetus: try Programs.impetus(), materials: materials, samples: full ? 2_000 : samples,
            runs: full ? 5 : runs)
        let small = try contest.impetus(1_000)
        let large = try contest.impetus(alerts)
        let peer = try contest.lnav(alerts)
        for (name, _) in Contest.keys {
            guard let own = large.keys[name], let other = peer.keys[name], let little = small.keys[name] else {
                continue
            }
            Report.line("key \(name), impetus", "1,000 alerts", little.text)
            Report.line("key \(name), impetus", "\(alerts) alerts", own.text)
            Report.line("key \(name), lnav", "\(alerts) lines", other.text)
            Report.line(
                "key \(name), ratio to lnav", "",
                String(format: "p50 %.2f p99 %.2f", own.p50 / other.p50, own.p99 / other.p99), goal: "1.00",
                met: own.p50 <= other.p50 && own.p99 <= other.p99)
        }
        Report.line(
            "start to first full paint", "\(alerts) alerts",
            String(format: "%.0f ms, lnav %.0f ms", large.start, peer.start),
            goal: "1.00, is " + String(format: "%.2f", large.start / peer.start), met: large.start <= peer.start)
        Report.line(
            "peak memory", "\(alerts) alerts", String(format: "%.0f MiB, lnav %.0f MiB", large.memory, peer.memory),
            goal: "1.00, is " + String(format: "%.2f", large.memory / peer.memory), met: large.memory <= peer.memory)
    }
}

enum Programs {
    /// The console beside this program.
    static func impetus() throws -> String { try beside("impetus") }

    static func beside(_ name: String) throws -> String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = own.deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Screen.Failure(description: "\(path) is not built; swift build -c release --product \(name)")
        }
        return path
    }
}
