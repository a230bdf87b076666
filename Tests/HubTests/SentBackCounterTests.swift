import CoreMetrics
import Metrics
import Testing

@testable import Hub

@Suite("Events that were sent back, by machine")
struct SentBackCounterTests {
    @Test("have a series for each machine, and beyond the bound one for all others")
    func bounded() {
        let metrics = PrometheusMetrics()
        let counter = SentBackCounter(most: 2, metrics)
        for (machine, events) in [("a", 3), ("b", 4), ("c", 5), ("d", 6), ("a", 7)] {
            counter.count(events, tenant: "t", machine: machine)
        }
        let text = metrics.text()
        #expect(text.contains("impetus_hub_events_later_total{tenant=\"t\",machine=\"a\"} 10\n"))
        #expect(text.contains("machine=\"b\"} 4\n") && text.contains("machine=\"others\"} 11\n"))
        #expect(!text.contains("machine=\"c\""))
    }
}
