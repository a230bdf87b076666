extension Alert {
    /// The order of attention at a time as one number; the smallest first: what waits for a person, the worst first, the
    /// newest first within one severity. An index over it serves a list as windows by key. It holds until `turn(after:)`.
    ///
    /// Bits from the top: group (3), severity (3), time as milliseconds counted backwards (44).
    public func need(at now: Timestamp) -> Int64 {
        let backwards = Alert.latestMilliseconds - max(0, min(raised.milliseconds, Alert.latestMilliseconds))
        let need = Int64(needGroup(at: now)) << 47 | Int64(latchedSeverity.rawValue) << 44 | backwards
        assert((0..<Int64(Alert.needGroups) << 47).contains(need), "\(need) is beyond the order of attention")
        return need
    }

    private static let latestMilliseconds: Int64 = (1 << 44) - 1

    /// When an alert with this need was last annunciated.
    public static func raisedMilliseconds(need: Int64) -> Int64 { latestMilliseconds - need & latestMilliseconds }

    private func needGroup(at now: Timestamp) -> Int {
        switch state(at: now) {
        case .unacknowledged, .latchedUnacknowledged: 0
        case .rtnUnacknowledged: 1
        case .acknowledged, .latchedAcknowledged: 2
        case .shelved, .suppressed, .outOfService: 3
        case .normal: 4
        }
    }

    /// When it changes by itself next, because a shelf, a rule, a request or it itself ends by time; nil where never.
    public func turn(after now: Timestamp) -> Timestamp? {
        var next: Timestamp?
        func take(_ end: Timestamp?) {
            guard let end, end > now else { return }
            next = next.map { min($0, end) } ?? end
        }
        take(shelving?.until)
        if active { take(stale) }
        for suppressor in suppressors { take(suppressor.until) }
        if case .shelve(let until, _)? = request?.wish { take(until) }
        return next
    }

    /// How many groups there are.
    public static let needGroups = 5
    /// Keys from here on belong to alerts that are shelved or otherwise suppressed; they are open as well.
    public static let firstSuppressedNeed: Int64 = 3 << 47
    /// Keys below this belong to alerts that are open.
    public static let firstNormalNeed: Int64 = 4 << 47
    /// Keys below this belong to alerts that wait for an acknowledgement and have not ended.
    public static let firstEndedNeed: Int64 = 1 << 47
    /// Keys below this belong to alerts that wait for an acknowledgement.
    public static let firstAttendedNeed: Int64 = 2 << 47
}

extension Severity {
    /// The latched severity of an alert with this need.
    public init?(need: Int64) { self.init(rawValue: Int(need >> 44 & 7)) }
}
