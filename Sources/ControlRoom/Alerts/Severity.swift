/// How bad it is. CAP's Extreme, Severe, Moderate, Minor and Unknown, in that order.
public enum Severity: Int, CaseIterable, Comparable, Sendable {
    case critical, high, medium, low, info

    /// `a < b` when `a` is less severe.
    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue > b.rawValue }

    public var name: String {
        switch self {
        case .critical: "critical"
        case .high: "high"
        case .medium: "medium"
        case .low: "low"
        case .info: "info"
        }
    }

    public init?(name: String) {
        switch name {
        case "critical": self = .critical
        case "high": self = .high
        case "medium": self = .medium
        case "low": self = .low
        case "info": self = .info
        default: return nil
        }
    }
}
