import CoreMetrics
import Synchronization

/// One label with one set of dimensions: a number, a sum with its count, or a histogram.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    enum Kind: String { case counter, gauge, summary, histogram }

    let name: String
    let labels: [(String, String)]
    let kind: Kind
    private let values: Mutex<Values>

    private struct Values {
        var value = 0.0
        var count = 0
        /// How many fell into each bucket, and beyond the last; not yet summed up.
        var buckets: [Int] = []
    }

    /// Upper bounds in seconds. A commit to a disk takes one to ten milliseconds, what is posted is gathered for twenty; a view
    /// may lag five seconds, and a console gives up on its hub after some more. Between these the steps are two to two and a
    /// half times, so that a quantile is known to about half of itself.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    init(name: String, labels: [(String, String)], kind: Kind) {
        self.name = name
        self.labels = labels
        self.kind = kind
        var values = Values()
        if kind == .histogram { values.buckets = Array(repeating: 0, count: Series.bounds.count + 1) }
        self.values = Mutex(values)
    }

    // MARK: - Written

    var text: String {
        let values = values.withLock { $0 }
        guard kind == .summary || kind == .histogram else { return line("", [], Series.number(values.value)) }
        let totals = line("_sum", [], Series.number(values.value)) + line("_count", [], "\(values.count)")
        guard kind == .histogram else { return totals }
        var (text, sum) = ("", 0)
        for (count, bound) in zip(values.buckets, Series.bounds.map(Series.number) + ["+Inf"]) {
            // Each bucket holds what the ones before it hold.
            sum += count
            text += line("_bucket", [("le", bound)], "\(sum)")
        }
        assert(sum == values.count)
        return text + totals
    }

    private func line(_ suffix: String, _ more: [(String, String)], _ value: String) -> String {
        let inside = (labels + more).map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        return name + suffix + (inside.isEmpty ? "" : "{\(inside)}") + " \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    // MARK: - Counted

    private func add(_ amount: Double) {
        values.withLock { values in
            values.value += amount
            values.count += 1
        }
    }

    private func observe(_ amount: Double) {
        let bucket = Series.bounds.firstIndex { amount <= $0 } ?? Series.bounds.count
        values.withLock { values in
            values.value += amount
            values.count += 1
            values.buckets[bucket] += 1
        }
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }

    func reset() {
        values.withLock { values in
            values = Values(buckets: values.buckets.map { _ in 0 })
        }
    }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { values.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { if kind == .summary { add(value) } else { set(value) } }
    /// In seconds, as Prometheus has it. A clock that was set back in between counts as no time.
    func recordNanoseconds(_ duration: Int64) { observe(max(0, Double(duration) / 1e9)) }
}
