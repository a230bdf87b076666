import CoreMetrics
import Testing

@testable import Hub

@Suite("Metrics as Prometheus reads them")
struct PrometheusTests {
    @Test("a timer is a histogram: buckets that hold those before them, a sum in seconds, and a count")
    func histogram() {
        let metrics = PrometheusMetrics()
        let timer = metrics.makeTimer(label: "hub.append_seconds", dimensions: [("tenant", "police")])
        for milliseconds in [0, 1, 2, 2_000, 60_000] as [Int64] { timer.recordNanoseconds(milliseconds * 1_000_000) }
        let lines = metrics.text().split(separator: "\n").map(String.init)
        #expect(lines.first == "# TYPE hub_append_seconds histogram")
        for line in [
            #"hub_append_seconds_bucket{tenant="police",le="0.001"} 2"#,
            #"hub_append_seconds_bucket{tenant="police",le="0.0025"} 3"#,
            #"hub_append_seconds_bucket{tenant="police",le="1"} 3"#,
            #"hub_append_seconds_bucket{tenant="police",le="2.5"} 4"#,
            #"hub_append_seconds_bucket{tenant="police",le="30"} 4"#,
            #"hub_append_seconds_bucket{tenant="police",le="+Inf"} 5"#,
            #"hub_append_seconds_sum{tenant="police"} 62.003"#, #"hub_append_seconds_count{tenant="police"} 5"#,
        ] { #expect(lines.contains(line), "\(line) is not in \(lines)") }
        #expect(lines.count == 1 + Series.bounds.count + 1 + 2)
    }

    @Test("buckets rise, and what took no time or less is in the first")
    func bounds() {
        #expect(zip(Series.bounds, Series.bounds.dropFirst()).allSatisfy { $0 < $1 })
        let metrics = PrometheusMetrics()
        metrics.makeTimer(label: "t", dimensions: []).recordNanoseconds(-5)
        #expect(metrics.text().contains("t_bucket{le=\"0.001\"} 1\n") && metrics.text().contains("t_sum 0\n"))
    }

    @Test("counters and gauges stay numbers, and labels are escaped")
    func numbers() {
        let metrics = PrometheusMetrics()
        metrics.makeCounter(label: "c", dimensions: [("why", "a\"b\\")]).increment(by: 3)
        metrics.makeMeter(label: "g", dimensions: []).set(1.5)
        #expect(metrics.text() == "# TYPE c counter\nc{why=\"a\\\"b\\\\\"} 3\n# TYPE g gauge\ng 1.5\n")
    }
}
