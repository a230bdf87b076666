public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps numbers in memory and writes them in Prometheus' text format 0.0.4.
public final class PrometheusMetrics: MetricsFactory, Sendable {
    private let series = Mutex<[String: Series]>([:])

    public init() {}

    /// One label with one set of dimensions.
    private func find(_ label: String, _ dimensions: [(String, String)], _ kind: Series.Kind) -> Series {
        let name = PrometheusMetrics.name(label)
        let labels = dimensions.map { (PrometheusMetrics.name($0.0), PrometheusMetrics.escaped($0.1)) }
        let key = name + "{" + labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",") + "}"
        return series.withLock { series in
            if let known = series[key] { return known }
            let made = Series(name: name, labels: labels, kind: kind)
            series[key] = made
            return made
        }
    }

    private static func name(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// All series, each kind of them under its type.
    public func text() -> String {
        let all = series.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        var (text, last) = ("", "")
        for series in all {
            if series.name != last { text += "# TYPE \(series.name) \(series.kind.rawValue)\n" }
            last = series.name
            text += series.text
        }
        return text
    }

    // MARK: - MetricsFactory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions, .counter)
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        find(label, dimensions, .counter)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions, .gauge)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        find(label, dimensions, aggregate ? .summary : .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions, .summary)
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}

private final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    enum Kind: String { case counter, gauge, summary }

    let name: String
    let labels: [(String, String)]
    let kind: Kind
    private let values = Mutex((value: 0.0, count: 0))

    init(name: String, labels: [(String, String)], kind: Kind) {
        self.name = name
        self.labels = labels
        self.kind = kind
    }

    var text: String {
        let (value, count) = values.withLock { $0 }
        let inside = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        let suffix = inside.isEmpty ? "" : "{\(inside)}"
        guard kind == .summary else { return "\(name)\(suffix) \(number(value))\n" }
        return "\(name)_sum\(suffix) \(number(value))\n\(name)_count\(suffix) \(count)\n"
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private func add(_ amount: Double) {
        values.withLock { $0 = ($0.value + amount, $0.count + 1) }
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { values.withLock { $0 = (0, 0) } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { values.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { if kind == .summary { add(value) } else { set(value) } }
    /// In seconds, as Prometheus has it.
    func recordNanoseconds(_ duration: Int64) { add(Double(duration) / 1e9) }
}
