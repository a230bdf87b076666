/// A reading of a hybrid logical clock: physical milliseconds and a counter that orders what happens within one.
///
/// Kulkarni, Demirbas et al., "Logical Physical Clocks" (2014). Written as 13 digits, a point and 4 hexadecimal
/// digits, so that the text sorts as the time does.
public struct HybridTime: Hashable, Comparable, Sendable {
    /// Since 1970, UTC.
    public let milliseconds: Int64
    public let counter: UInt16

    public init(milliseconds: Int64, counter: UInt16) {
        self.milliseconds = milliseconds
        self.counter = counter
    }

    public static func < (a: HybridTime, b: HybridTime) -> Bool {
        (a.milliseconds, a.counter) < (b.milliseconds, b.counter)
    }

    /// Nil for any other text than `text` gives: 13 digits, a point, four hexadecimal digits in lower case.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 13, parts[1].utf8.count == 4,
            let milliseconds = Int64(parts[0]), milliseconds >= 0, let counter = UInt16(parts[1], radix: 16)
        else { return nil }
        self.init(milliseconds: milliseconds, counter: counter)
        // One reading has one text: `+12`, or digits in upper case, would sort elsewhere.
        guard self.text == text else { return nil }
    }

    public var text: String {
        let hex = String(counter, radix: 16)
        return Timestamp.padded(milliseconds, 13) + "." + String(repeating: "0", count: 4 - hex.count) + hex
    }

    /// The next reading after this one when the wall clock shows `now`: never earlier, never equal.
    public func next(now: Timestamp) -> HybridTime {
        if now.milliseconds > milliseconds { return HybridTime(milliseconds: now.milliseconds, counter: 0) }
        if counter == .max { return HybridTime(milliseconds: milliseconds + 1, counter: 0) }
        return HybridTime(milliseconds: milliseconds, counter: counter + 1)
    }

    /// The reading after having seen another's, unless that lies more than `limit` ms ahead of the wall clock.
    public func merging(_ other: HybridTime, now: Timestamp, limit: Int64 = 60_000) -> HybridTime {
        let trusted = other.milliseconds - now.milliseconds <= limit
        return (trusted ? max(self, other) : self).next(now: now)
    }
}
