/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// After every time that something can say.
    public static let distantFuture = Timestamp(milliseconds: .max)

    /// Seconds beyond any calendar, which a file may hold, count as thirty thousand years.
    public func adding(seconds: Double) -> Timestamp {
        let bounded = seconds.isNaN ? 0 : max(-1e15, min(1e15, seconds * 1000))
        return Timestamp(milliseconds: milliseconds &+ Int64(bounded))
    }

    /// Seconds from an earlier time to this one.
    public func seconds(since other: Timestamp) -> Double {
        Double(milliseconds - other.milliseconds) / 1000
    }

    /// The minute it lies in, counted from 1970.
    public var minute: Int64 { milliseconds >= 0 ? milliseconds / 60_000 : (milliseconds - 59_999) / 60_000 }
}

// MARK: - RFC 3339

extension Timestamp {
    /// Parses an RFC 3339 (or XML Schema) dateTime: `2026-11-23T14:03:12.5+01:00`; `Z`, `z`, `-00:00` are UTC.
    /// A leap second (`:60`) counts as the second after it. Nil where it is none.
    public init?(rfc3339 text: String) {
        var text = text
        let parsed = text.withUTF8 { DateTimeScanner(bytes: $0).scan() }
        guard let parsed else { return nil }
        milliseconds = parsed
    }

    /// `2026-11-23T14:03:12.345Z`; the fraction is left out where it is zero.
    public var rfc3339: String {
        let (day, inDay) = Timestamp.floorDivide(milliseconds, 86_400_000)
        let (year, month, dayOfMonth) = Timestamp.civil(fromDays: day)
        let seconds = inDay / 1000
        let fraction = inDay % 1000
        let date =
            "\(Timestamp.padded(year, 4))-\(Timestamp.padded(Int64(month), 2))-\(Timestamp.padded(Int64(dayOfMonth), 2))"
        let clock =
            "\(Timestamp.padded(seconds / 3600, 2)):\(Timestamp.padded(seconds / 60 % 60, 2)):\(Timestamp.padded(seconds % 60, 2))"
        return date + "T" + clock + (fraction == 0 ? "" : "." + Timestamp.padded(fraction, 3)) + "Z"
    }

    /// With zeros in front, to at least so many characters; a minus sign is one of them.
    public static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
    }

    static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let quotient = value >= 0 ? value / by : (value - by + 1) / by
        return (quotient, value - quotient * by)
    }

    /// Days since 1970 of a date of the proleptic Gregorian calendar (Hinnant, "chrono-compatible date algorithms").
    public static func days(year: Int64, month: Int, day: Int) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = floorDivide(y, 400).0
        let yearOfEra = y - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a day counted from 1970.
    public static func civil(fromDays days: Int64) -> (year: Int64, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, Int(dayOfYear - (153 * shifted + 2) / 5 + 1))
    }
}

/// Reads a dateTime from bytes without allocating; events carry several each.
private struct DateTimeScanner {
    let bytes: UnsafeBufferPointer<UInt8>

    /// From the start of the year 0 to the end of the year 9999.
    private static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    func scan() -> Int64? {
        guard let year = number(0, 4), at(4, "-"), let month = number(5, 2), at(7, "-"), let day = number(8, 2),
            at(10, "T") || at(10, "t") || at(10, " "), let hour = number(11, 2), at(13, ":"),
            let minute = number(14, 2), at(16, ":"), let second = number(17, 2)
        else { return nil }
        guard (1...12).contains(month), day >= 1, day <= length(of: month, year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var position = 19
        let fraction = fractionMilliseconds(&position)
        guard let fraction, let offset = zone(position) else { return nil }
        let days = Timestamp.days(year: Int64(year), month: month, day: day)
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        let milliseconds = seconds * 1000 + fraction - Int64(offset) * 60_000
        // What the zone moves out of the four digits of a year could not be written again.
        return DateTimeScanner.writable.contains(milliseconds) ? milliseconds : nil
    }

    private func at(_ index: Int, _ character: Unicode.Scalar) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: character)
    }

    private func number(_ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for index in start..<start + count {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }

    private func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private func fractionMilliseconds(_ position: inout Int) -> Int64? {
        guard at(position, ".") || at(position, ",") else { return 0 }
        position += 1
        var value: Int64 = 0
        var digits = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if digits < 3 { value = value * 10 + Int64(bytes[position] - 0x30) }
            digits += 1
            position += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(3, digits) { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    private func zone(_ start: Int) -> Int? {
        if (at(start, "Z") || at(start, "z")) && start + 1 == bytes.count { return 0 }
        guard at(start, "+") || at(start, "-"), let hours = number(start + 1, 2), at(start + 3, ":"),
            let minutes = number(start + 4, 2), start + 6 == bytes.count, hours < 24, minutes < 60
        else { return nil }
        return (at(start, "-") ? -1 : 1) * (hours * 60 + minutes)
    }
}
