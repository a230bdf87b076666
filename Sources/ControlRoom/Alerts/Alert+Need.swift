extension Alert {
    /// The order of attention as one number; the smallest first: what waits for a person, the worst first, the newest
    /// first within one severity. An index over it serves a list as windows by key.
    ///
    /// Bits from the top: group (3), severity (3), time as milliseconds counted backwards (44).
    public var need: Int64 {
        let backwards = Alert.latestMilliseconds - max(0, min(raised.milliseconds, Alert.latestMilliseconds))
        return Int64(needGroup) << 47 | Int64(latchedSeverity.rawValue) << 44 | backwards
    }

    private static let latestMilliseconds: Int64 = (1 << 44) - 1

    /// When an alert with this need was last annunciated.
    public static func raisedMilliseconds(need: Int64) -> Int64 { latestMilliseconds - need & latestMilliseconds }

    private var needGroup: Int {
        if isSuppressed { return 3 }
        if !acknowledged { return active || latched ? 0 : 1 }
        return active || latched ? 2 : 4
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
