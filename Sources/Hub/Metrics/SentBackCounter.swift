import CoreMetrics
import Metrics
import Synchronization

/// Counts the events that were sent back for later, by tenant and machine: `impetus_hub_events_later_total`.
///
/// Bounded: beyond `most` machines the others are counted together, for a series stays as long as the process.
final class SentBackCounter: Sendable {
    private let counters = Mutex<[String: Counter]>([:])
    private let most: Int
    private let factory: (any MetricsFactory)?

    /// - Parameter factory: nil for that of the process.
    init(most: Int = 1_000, _ factory: (any MetricsFactory)? = nil) {
        self.most = most
        self.factory = factory
    }

    func count(_ events: Int, tenant: String, machine: String) {
        let counter = counters.withLock { counters in
            let key = tenant + "/" + machine
            if let known = counters[key] { return known }
            let name = counters.count < most ? machine : "others"
            let made = Counter(
                label: "impetus_hub_events_later_total", dimensions: [("tenant", tenant), ("machine", name)],
                factory: factory ?? MetricsSystem.factory)
            if counters.count < most { counters[key] = made }
            return made
        }
        counter.increment(by: events)
    }
}
