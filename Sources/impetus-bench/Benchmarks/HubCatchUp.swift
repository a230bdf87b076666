import ArgumentParser
import ControlRoom
import Foundation
import Standards
import Store

/// A new console's store, from a hub's first event to its last.
struct HubCatchUp: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A new console replays a hub's log.")

    @Option(help: "Alerts in the log.") var events = 1_000_000

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let hub = try workshop.hub()
        defer { hub.end() }
        try fill(hub)
        // The hub's own view comes behind its log.
        hub.rest()
        let start = Clock.seconds()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Programs.impetus())
        process.arguments = [
            "sync", "--once", "--hub", "http://127.0.0.1:\(hub.port)", "--store", workshop.path + "/console.sqlite",
            "--timeout", "600",
        ]
        process.standardOutput = FileHandle.nullDevice
        let words = Pipe()
        process.standardError = words
        try process.run()
        var said = Data()
        while said.range(of: Data(" live\n".utf8)) == nil {
            let more = words.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said.append(more)
        }
        let seconds = Clock.seconds() - start
        // Read to the end, or what it still says would end it.
        _ = try words.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        let whole = Clock.seconds() - start
        guard process.terminationStatus == 0 else { throw Screen.Failure(description: "the console did not catch up") }
        let counted = try Store(path: workshop.path + "/console.sqlite", makeLogID: { "bench" })
        let total = try counted.totals(.actual, now: Timestamp(milliseconds: 0), midnight: Timestamp(milliseconds: 0))
        counted.close()
        guard total.total == events else { throw Screen.Failure(description: "\(total.total) of \(events) arrived") }
        let rate = Double(events) / seconds
        Report.line(
            "catching up with a hub", "\(events) events", String(format: "%.0f events/s", rate), goal: "50,000/s",
            met: rate >= 50_000)
        try RawInserts(events, in: workshop, seed: 3).report("catching up", rate)
        Report.line(
            "full text behind it", "\(events) events", String(format: "%.1f s more", whole - seconds))
    }

    private func fill(_ hub: Service) throws {
        var maker = AlertMaker(seed: 3)
        let connection = try Connection(port: hub.port)
        var left = events
        while left > 0 {
            let size = min(left, 1_000)
            try connection.post((0..<size).map { _ in maker.next() })
            left -= size
        }
    }
}
