import ControlRoom

/// A time of the day, in UTC.
public struct DailyTime: Equatable, Sendable {
    /// From 0 to 1,439.
    public var minute: Int

    /// - Parameter text: `HH:MM`, from 00:00 to 23:59.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        self.minute = hour * 60 + minute
    }

    /// The day, counted from 1970, whose time has come.
    func day(at now: Timestamp) -> Int64 { (now.minute - Int64(minute)) / 1_440 }
}
