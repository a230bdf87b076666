public import ControlRoom

/// What an agreement covers, and until when.
extension Agreement {
    /// Whether one of its categories is everything, the kind, or the tool.
    public func covers(tool: String, kind: String) -> Bool {
        categories.contains { $0 == "*" || $0 == kind || $0 == tool }
    }

    /// The time itself is no longer in it. That it was ended is not looked at.
    public func isInForce(at now: Timestamp) -> Bool { until.map { $0 > now } ?? true }

    /// Why what it shared is withdrawn when its time is over.
    public var expiry: String { "the agreement \(id) has expired" }
}
