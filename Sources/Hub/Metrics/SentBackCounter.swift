import ControlRoom
import CoreMetrics
import Metrics
import Synchronization

/// Counts the events that were sent back for later, by tenant and machine: `impetus_hub_events_later_total`.
///
/// Bounded: beyond `most` machines the others of a tenant are counted together, for a series stays as long as the process.
final class SentBackCounter: Sendable {
    private struct State {
        var counted: [String: (sentBack: SentBack, counter: Counter)] = [:]
        var isNews = false
    }

    private let state = Mutex(State())
    private let most: Int
    private let factory: (any MetricsFactory)?

    /// - Parameter factory: nil for that of the process.
    init(most: Int = 1_000, _ factory: (any MetricsFactory)? = nil) {
        self.most = most
        self.factory = factory
    }

    func count(_ events: Int, tenant: String, machine: String, at now: Timestamp) {
        state.withLock { state in
            let isKnown = state.counted[tenant + "/" + machine] != nil
            let name = isKnown || state.counted.count < most ? machine : "others"
            let key = tenant + "/" + name
            var one =
                state.counted[key]
                ?? (SentBack(tenant: tenant, machine: name, events: 0, last: now), counter(tenant, name))
            one.sentBack.events += events
            one.sentBack.last = now
            one.counter.increment(by: events)
            state.counted[key] = one
            state.isNews = true
        }
    }

    private func counter(_ tenant: String, _ machine: String) -> Counter {
        Counter(
            label: "impetus_hub_events_later_total", dimensions: [("tenant", tenant), ("machine", machine)],
            factory: factory ?? MetricsSystem.factory)
    }

    /// All machines, the noisiest first; nil where nothing was counted since this was asked last.
    func takeNews() -> [SentBack]? {
        state.withLock { state in
            guard state.isNews else { return nil }
            state.isNews = false
            return state.counted.values.map(\.sentBack).sorted {
                ($1.events, $0.tenant, $0.machine) < ($0.events, $1.tenant, $1.machine)
            }
        }
    }
}
