import ArgumentParser
import Foundation
import Standards

/// What a hub takes in: one event a request beside Alertmanager, batches, and a replicated log.
struct HubPosts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Durable posts to a hub, beside Alertmanager, which keeps them in memory.")

    @Option(help: "Seconds of each run.") var seconds = 8
    @Option(help: "Runs of both, one after the other, of which the middle counts.") var runs = 3

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        try contest(workshop)
        try batches(workshop)
        try replicated(workshop)
    }

    private func contest(_ workshop: Workshop) throws {
        var (own, other): ([Wrk], [Wrk]) = ([], [])
        for _ in 0..<runs {
            own.append(try load(try workshop.hub(), workshop, "/v1/events", CloudEventHTTP.structured, Bodies.event))
            other.append(
                try load(try workshop.alertmanager(), workshop, "/api/v2/alerts", "application/json", Bodies.alert))
        }
        let (hub, peer) = (Middle(own), Middle(other))
        Report.line("posts, impetus-hub on disk", "64 connections", hub.text)
        Report.line("posts, Alertmanager in memory", "64 connections", peer.text)
        Report.line(
            "posts, ratio of rates", "", String(format: "%.2f", hub.rate / peer.rate), goal: "1.00 or more",
            met: hub.rate >= peer.rate)
        Report.line(
            "posts, ratio of p99", "", String(format: "%.2f", hub.p99 / peer.p99), goal: "1.00 or less",
            met: hub.p99 <= peer.p99)
    }

    private func batches(_ workshop: Workshop) throws {
        let wrk = try load(try workshop.hub(), workshop, "/v1/events", CloudEventHTTP.batch, Bodies.batch)
        let rate = wrk.rate * 500
        Report.line(
            "sensor events, on disk", "batches of 500", "\(Int(rate)) events/s", goal: "60,000/s", met: rate >= 60_000)
    }

    private func replicated(_ workshop: Workshop) throws {
        let (servers, address) = try workshop.natsCluster()
        defer { servers.forEach { $0.end() } }
        try replicated(
            address, workshop, "posts", CloudEventHTTP.structured, Bodies.event, Bodies.oneEvent, times: 1, atOnce: 64)
        try replicated(
            address, workshop, "sensor events", CloudEventHTTP.batch, Bodies.batch, Bodies.oneObservation, times: 500,
            atOnce: 1_000)
    }

    /// Beside publishing the same bytes, by nobody who looks at them.
    private func replicated(
        _ address: String, _ workshop: Workshop, _ what: String, _ type: String, _ body: String, _ one: String,
        times: Int, atOnce: Int
    ) throws {
        let raw = try RawPublishing(address, body: Array(one.utf8), atOnce: atOnce, seconds: seconds)
        let wrk = try load(try workshop.hub(nats: address), workshop, "/v1/events", type, body)
        let rate = wrk.rate * Double(times)
        Report.line(
            "\(what), JetStream, 3 replicas", "64 connections",
            String(format: "%.0f/s p99 %.1f ms", rate, wrk.p99))
        Report.line("raw publishing, 3 replicas", "\(atOnce) at once", String(format: "%.0f/s", raw.rate))
        Report.line(
            "\(what), share of raw publishing", "", String(format: "%.2f", rate / raw.rate), goal: "0.33 or more",
            met: rate >= raw.rate / 3)
    }

    private func load(_ service: Service, _ workshop: Workshop, _ path: String, _ type: String, _ body: String) throws
        -> Wrk
    {
        defer { service.end() }
        return try Wrk(workshop, port: service.port, path: path, type: type, body: body, seconds: seconds)
    }
}

/// The middle of several runs, of each figure by itself.
private struct Middle {
    let rate: Double
    let p99: Double

    init(_ runs: [Wrk]) {
        rate = runs.map(\.rate).sorted()[runs.count / 2]
        p99 = runs.map(\.p99).sorted()[runs.count / 2]
    }

    var text: String { String(format: "%.0f/s p99 %.1f ms", rate, p99) }
}
