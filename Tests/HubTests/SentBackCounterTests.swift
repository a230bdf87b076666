import CoreMetrics
import Metrics
import TestSupport
import Testing

@testable import Hub

@Suite("Events that were sent back, by machine")
struct SentBackCounterTests {
    @Test("have a series for each machine, and beyond the bound one for all others")
    func bounded() throws {
        let metrics = PrometheusMetrics()
        let counter = SentBackCounter(most: 2, metrics)
        for (machine, events) in [("a", 3), ("b", 4), ("c", 5), ("d", 6), ("a", 7)] {
            counter.count(events, tenant: "t", machine: machine, at: EventMaker.noon)
        }
        let text = metrics.text()
        #expect(text.contains("impetus_hub_events_later_total{tenant=\"t\",machine=\"a\"} 10\n"))
        #expect(text.contains("machine=\"b\"} 4\n") && text.contains("machine=\"others\"} 11\n"))
        #expect(!text.contains("machine=\"c\""))
        let all = try #require(counter.takeNews())
        #expect(all.map(\.machine) == ["others", "a", "b"] && all.map(\.events) == [11, 10, 4])
        #expect(counter.takeNews() == nil)
        #expect(try SentBack.read(json: SentBack.json(all)) == all)
    }
}
