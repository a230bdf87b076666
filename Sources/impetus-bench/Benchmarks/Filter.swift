import ArgumentParser
import ControlRoom
import Foundation
import Store

/// Filters over a large store into which events arrive, beside lnav's own filter and search on as many lines.
struct Filters: MaterialBenchmark {
    static let configuration = CommandConfiguration(
        commandName: "filter", abstract: "The first screen and the count of filters while events arrive, beside lnav.")

    @Option(help: "Alerts in the store.") var alerts = 1_000_000
    @Option(help: "Of them, those that have not ended.") var active = 50_000
    @Option(help: "Events a second meanwhile.") var rate = 1_000
    @Option(help: "Measurements of each filter.") var samples = 15

    private struct Case {
        var name: String
        var text: String
        var goal: Double
    }

    private static let cases = [
        Case(name: "fields", text: "severity >= high and tool = FD and in district Centro", goal: 50),
        Case(name: "age", text: "age < 100d and severity = critical", goal: 50),
        Case(name: "place", text: "within 300m of 45.4060,11.8766", goal: 50),
        Case(name: "state", text: "state = waiting and confidence > 90%", goal: 50),
        Case(name: "full text", text: "weapon \"site 123\"", goal: 100),
        Case(name: "words of many", text: "crowd above", goal: 100),
        Case(name: "substring", text: "headline ~ \"te 123, number 12\"", goal: 200),
    ]

    func run(_ materials: Materials) throws {
        let path = try materials.store(alerts, active: active)
        let store = try Store(path: path, makeLogID: { "bench" })
        while try store.backgroundStep(limit: 10_000) {}
        try read(store, nil, "columns read")
        try read(store, .test(.contains(.headline, "x")), "headlines read")
        let feeder = Feeder(store: store, rate: rate)
        feeder.start()
        for show in [AlertFilter.Show.open, .all] { for one in Filters.cases { try measure(one, show, store) } }
        try measureMany(path)
        feeder.stop()
        store.close()
        try measurePeer(materials)
    }

    private func read(_ store: Store, _ filter: Filter?, _ name: String) throws {
        let start = Clock.seconds()
        while try store.readColumns(for: filter) {}
        Report.line(name, "\(alerts) alerts", String(format: "%.0f ms", (Clock.seconds() - start) * 1_000))
    }

    /// All that a filter finds is marked and acknowledged, in a console that runs the feed; a key meanwhile waits for no act.
    private func measureMany(_ path: String) throws {
        let screen = try Screen([try Programs.impetus(), "--store", path, "--no-exercise", "--no-bell"])
        _ = screen.wait(for: "number", from: 0, limit: 30)
        screen.drain(seconds: 2)
        screen.type("/acknowledged = no\r")
        screen.drain(seconds: 3)
        let mark = screen.mark
        screen.type("*")
        _ = screen.wait(for: "marked", from: mark, limit: 5)
        screen.drain(seconds: 1)
        screen.type("a")
        screen.drain(seconds: 0.5)
        let before = screen.mark
        let start = Clock.seconds()
        screen.type("y")
        var frames: [Double] = []
        var done: Double?
        while done == nil, Clock.seconds() - start < 10 {
            let here = screen.mark
            let pressed = Clock.seconds()
            screen.type(":")
            if let seen = screen.wait(for: "Command", from: here, limit: 2) { frames.append(seen - pressed) }
            screen.type("\u{1B}")
            done = screen.wait(for: "10,000 alerts", from: before, limit: 0.05)
        }
        screen.end()
        let keys = Spread(frames)
        let seconds = (done ?? .infinity) - start
        Report.line(
            "acknowledge all that is marked", "10000 alerts", String(format: "%.0f ms", seconds * 1_000),
            goal: "1000 ms",
            met: seconds <= 1)
        Report.line("key to frame meanwhile", "10000 acts", keys.text, goal: "p99 8 ms", met: keys.p99 <= 8)
    }

    private static let orders =
        AlertOrder.named + [
            .columns([SortColumn(.severity), SortColumn(.district), SortColumn(.age, isReversed: true)])
        ]

    private func measure(_ one: Case, _ show: AlertFilter.Show, _ store: Store) throws {
        let districts = try store.districts(set: nil).map { FilterVocabulary.Name(id: $0.id, name: $0.name) }
        var (screens, counts) = ([Double](), [Double]())
        var found = 0
        for sample in 0..<samples {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            var filter = AlertFilter(show: show)
            try filter.read(one.text, FilterVocabulary(districts: districts, now: now, zone: .utc))
            let order = Filters.orders[sample % Filters.orders.count]
            let query = AlertQuery(realm: .actual, order: order, filter: filter)
            let start = Clock.seconds()
            _ = try store.alerts(query.at(now), at: .start, limit: 160)
            let middle = Clock.seconds()
            found = try store.count(query.at(now), limit: .max)
            screens.append(middle - start)
            counts.append(Clock.seconds() - middle)
        }
        let (screen, count) = (Spread(screens), Spread(counts))
        Report.line(
            "filter \(one.name), \(show.rawValue)", "\(found) found", "first screen " + screen.text,
            goal: "p99 \(Int(one.goal)) ms", met: screen.p99 <= one.goal)
        Report.line(
            "filter \(one.name), \(show.rawValue)", "\(found) found", "exact count " + count.text, goal: "p99 1000 ms",
            met: count.p99 <= 1_000)
    }

    /// lnav filters all lines in: the time until a screen stands still again.
    private func measurePeer(_ materials: Materials) throws {
        let screen = try Screen(["lnav", "-q", try materials.log(alerts)])
        _ = screen.wait(for: "number", from: 0, limit: 30)
        screen.drain(seconds: 3)
        for (name, command) in [("filter", ":filter-in site 123, number 12"), ("search", "/site 123, number 12")] {
            let start = Clock.seconds()
            screen.type(command + "\r")
            var last = start
            while let seen = screen.burst(), seen - last < 3 { last = seen }
            Report.line("lnav, \(name)", "\(alerts) lines", String(format: "%.0f ms", (last - start) * 1_000))
        }
        screen.end()
    }
}
