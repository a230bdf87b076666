import ControlRoom
import TestSupport
import Testing

@Suite("The order of attention")
struct NeedTests {
    private func need(_ state: String, _ severity: Severity = .medium, at seconds: Double = 0) -> Int64 {
        var bench = AlarmBench(state: state)
        bench.alert.latchedSeverity = severity
        bench.alert.raised = EventMaker.noon.adding(seconds: seconds)
        return bench.alert.need(at: EventMaker.noon)
    }

    @Test("active and unacknowledged, then returned, then acknowledged, then shelved, then over")
    func groups() {
        let order = ["U", "R", "A", "sU", "N"].map { need($0) }
        #expect(order == order.sorted() && Set(order).count == order.count)
        #expect(need("LU") == need("U") && need("LA") == need("A"))
        // The mildest that waits goes before the worst that somebody has.
        #expect(need("R", .info, at: -1e6) < need("A", .critical))
    }

    @Test("the worst first, and of one severity the newest first")
    func severities() {
        let worstFirst = Severity.allCases.map { need("U", $0) }
        #expect(worstFirst == worstFirst.sorted())
        #expect(need("U", at: 0.001) < need("U") && need("U") < need("U", at: -0.001))
        #expect(need("U", .high, at: -1e9) < need("U", .medium, at: 1e9))
    }

    @Test("times outside the calendar stay in their group", arguments: [Int64.min, -1, 0, 1 << 44, .max])
    func absurdTimes(_ milliseconds: Int64) {
        var bench = AlarmBench(state: "U")
        bench.alert.raised = Timestamp(milliseconds: milliseconds)
        bench.alert.latchedSeverity = .info
        #expect((0..<need("R", .critical)).contains(bench.alert.need(at: EventMaker.noon)))
    }
}
