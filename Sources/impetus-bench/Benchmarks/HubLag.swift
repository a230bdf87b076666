import ArgumentParser
import ControlRoom
import Foundation
import Standards
import Synchronization

/// How far a hub's view is behind its log while alerts pour in, and after a burst.
struct HubLag: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many seconds a hub's view is behind its log under a steady load, and after a burst.")

    @Option(help: "Events a second of the steady load.") var rate = 5_000
    @Option(help: "Seconds of the steady load.") var seconds = 20
    @Option(help: "Events of the burst, as fast as the hub takes them.") var burst = 200_000

    private static let batch = 500
    /// What a view may be behind under the steady load.
    private static let most = 5.0
    private static let patience = 120.0

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let hub = try workshop.hub()
        defer { hub.end() }
        var maker = AlertMaker(
            seed: 1, startingAt: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
        try steady(hub, &maker)
        try pour(hub, &maker)
    }

    private func steady(_ hub: Service, _ maker: inout AlertMaker) throws {
        let (connection, watch) = (try Connection(port: hub.port), LagWatch(port: hub.port))
        let begun = Clock.seconds()
        var sent = 0
        while sent < rate * seconds {
            let due = Int((Clock.seconds() - begun) * Double(rate))
            guard sent < due else {
                Thread.sleep(forTimeInterval: 0.005)
                continue
            }
            try post(connection, &maker, min(HubLag.batch, rate * seconds - sent))
            sent += HubLag.batch
        }
        let took = Clock.seconds() - begun
        let lags = try watch.end()
        Report.line(
            "view behind the log, steady", "\(Int(Double(sent) / took)) events/s",
            String(format: "at most %.1f s", lags.max() ?? 0), goal: "5 s up to 5,000/s",
            met: (lags.max() ?? 0) <= HubLag.most)
    }

    private func pour(_ hub: Service, _ maker: inout AlertMaker) throws {
        let (connection, watch) = (try Connection(port: hub.port), LagWatch(port: hub.port))
        let begun = Clock.seconds()
        for _ in 0..<burst / HubLag.batch { try post(connection, &maker, HubLag.batch) }
        let took = Clock.seconds() - begun
        while Clock.seconds() - begun < took + HubLag.patience, try LagWatch.lag(connection) > 1 {
            Thread.sleep(forTimeInterval: 0.1)
        }
        let after = Clock.seconds() - begun - took
        let lags = try watch.end()
        Report.line(
            "view behind the log, burst", "\(Int(Double(burst) / took)) events/s",
            String(format: "at most %.1f s", lags.max() ?? 0))
        Report.line(
            "less than 1 s behind again", "after the burst",
            after < HubLag.patience ? String(format: "%.1f s", after) : "not within \(Int(HubLag.patience)) s")
    }

    private func post(_ connection: Connection, _ maker: inout AlertMaker, _ count: Int) throws {
        try connection.post((0..<count).map { _ in maker.next() })
    }
}

/// Asks a hub again and again how far its view is behind.
private final class LagWatch: Sendable {
    private let state = Mutex<(lags: [Double], isOver: Bool, failure: (any Error)?)>(([], false, nil))
    private let done = DispatchSemaphore(value: 0)

    init(port: Int) {
        Thread.detachNewThread { [self] in
            do {
                let connection = try Connection(port: port)
                while !state.withLock({ $0.isOver }) {
                    let lag = try LagWatch.lag(connection)
                    state.withLock { $0.lags.append(lag) }
                    Thread.sleep(forTimeInterval: 0.2)
                }
            } catch {
                state.withLock { $0.failure = error }
            }
            done.signal()
        }
    }

    func end() throws -> [Double] {
        state.withLock { $0.isOver = true }
        done.wait()
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.lags
        }
    }

    static func lag(_ connection: Connection) throws -> Double {
        let lines = try connection.get("/metrics").split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("impetus_hub_view_lag_seconds{") }),
            let value = line.split(separator: " ").last.flatMap({ Double($0) })
        else { throw Screen.Failure(description: "the hub does not say how far its view is behind") }
        return value
    }
}
