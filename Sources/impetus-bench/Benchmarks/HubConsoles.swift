import ArgumentParser
import ControlRoom
import Foundation
import Standards

/// From a key in one console to the changed cells of another, through a hub.
struct HubConsoles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "An acknowledgement in one console, seen in another through a hub.")

    @Option(help: "Measurements.") var samples = 100

    /// What begins a character of three bytes in the alerts' headlines, and nothing else on the screen: the next alert comes
    /// into sight when one is acknowledged.
    private static let fresh: UInt8 = 0xE1
    private static let firstFresh: UInt32 = 0x1401
    /// What is not seen by then counts as this.
    private static let limit = 3.0

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let hub = try workshop.hub()
        defer { hub.end() }
        try fill(hub)
        let one = try console("one", workshop, hub)
        let other = try console("other", workshop, hub)
        let times = Spread(measure(one, other))
        one.end()
        other.end()
        Report.line(
            "key here to cell there", "\(samples) alerts taken", times.text, goal: "p99 50 ms", met: times.p99 < 50)
    }

    private func console(_ name: String, _ workshop: Workshop, _ hub: Service) throws -> Screen {
        let screen = try Screen([
            try Programs.impetus(), "--hub", "http://127.0.0.1:\(hub.port)", "--store",
            "\(workshop.path)/\(name).sqlite", "--no-bell",
        ])
        guard screen.wait(for: "Crowd", from: 0, limit: 30) != nil else {
            throw Screen.Failure(description: "the console shows no alert")
        }
        screen.drain(seconds: 2)
        return screen
    }

    private func measure(_ one: Screen, _ other: Screen) -> [Double] {
        var times: [Double] = []
        for _ in 0..<samples {
            one.type("g")
            one.drain(seconds: 0.15)
            other.drain(seconds: 0.05)
            let mark = other.mark
            let start = Clock.seconds()
            one.type("a")
            let seen = other.wait(for: [HubConsoles.fresh], from: mark, limit: HubConsoles.limit)
            times.append(seen.map { $0 - start } ?? HubConsoles.limit)
        }
        return times
    }

    /// More than will be taken and than a screen shows.
    private func fill(_ hub: Service) throws {
        let connection = try Connection(port: hub.port)
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        for number in 0..<samples + 60 {
            guard let scalar = Unicode.Scalar(HubConsoles.firstFresh + UInt32(number)) else { continue }
            let data =
                "{\"tool\":\"UAD\",\"kind\":\"crowd\",\"severity\":\"medium\",\"headline\":\"Crowd \(scalar) above normal\"}"
            let event = Event(
                id: "\(number)", source: "urn:bench:sensor", type: .alertRaised, subject: "camera\(number)/crowd",
                time: now, data: .json(Array(data.utf8)))
            try connection.post("/v1/events", type: CloudEventHTTP.structured, CloudEventWriter.json(event))
        }
    }
}
