import ArgumentParser
import ControlRoom
import Foundation
import Store

/// What a supervisor asks of a large store while events arrive: figures, groups, the flood, and the list as it stood.
struct HandlingBenchmark: MaterialBenchmark {
    static let configuration = CommandConfiguration(
        commandName: "handling", abstract: "Figures, groups and the list as it stood, of a large store.")

    @Option(help: "Alerts in the store.") var alerts = 1_000_000
    @Option(help: "Of them, those that have not ended.") var active = 50_000
    @Option(help: "Events a second meanwhile.") var rate = 1_000
    @Option(help: "Measurements of each.") var samples = 15

    func run(_ materials: Materials) throws {
        let path = try materials.store(alerts, active: active)
        let store = try Store(path: path, makeLogID: { "bench" })
        while try store.backgroundStep(limit: 10_000) {}
        while try store.readColumns(for: nil) {}
        let feeder = Feeder(store: store, rate: rate)
        feeder.start()
        try measure("figures of shift and month", goal: 100) {
            _ = try store.metricsReport(.actual, shift: now.adding(seconds: -8 * 3_600), now: now)
        }
        try measure("flood, first-out and parts", goal: 100) { _ = try store.floodReport(.actual, now: now) }
        for show in [AlertFilter.Show.open, .all] {
            var query = AlertQuery(realm: .actual, filter: AlertFilter(show: show))
            query.grouping = AlertGrouping()
            try measure("groups, first screen, \(show.rawValue)", goal: 200) {
                _ = try store.alerts(query.at(now), at: .start, limit: 160)
            }
        }
        feeder.stop()
        let start = Clock.seconds()
        let past = try PastStore(
            of: store, at: now.adding(seconds: -60), now: now, path: path + "-past-\(UUID().uuidString)")
        Report.line(
            "the list as it stood a minute ago", "\(alerts) alerts", String(format: "%.1f s", Clock.seconds() - start))
        past.store.close()
        store.close()
    }

    private var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    private func measure(_ name: String, goal: Double, _ body: () throws -> Void) throws {
        var seconds: [Double] = []
        for _ in 0..<samples {
            let start = Clock.seconds()
            try body()
            seconds.append(Clock.seconds() - start)
            usleep(20_000)
        }
        let spread = Spread(seconds)
        Report.line(name, "\(alerts) alerts", spread.text, goal: "p99 \(Int(goal)) ms", met: spread.p99 <= goal)
    }
}
