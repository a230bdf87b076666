public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps numbers in memory and writes them in Prometheus' text format 0.0.4.
///
/// Timers are histograms in seconds: a site alerts on the part of events that took longer than a bound, which a mean hides.
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
        find(label, dimensions, .histogram)
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
