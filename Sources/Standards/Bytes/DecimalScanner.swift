/// Decimal numbers in text, without a string for each.
struct DecimalScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// True if anything follows the space.
    mutating func skipSpace() -> Bool {
        while position < bytes.count, DecimalScanner.isSpace(bytes[position]) { position += 1 }
        return position < bytes.count
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    var atSpaceOrEnd: Bool { position >= bytes.count || DecimalScanner.isSpace(bytes[position]) }

    /// `[+-]digits[.digits]`; no exponent, as xs:decimal has it. Fifteen digits are exact in a division of two
    /// doubles; longer ones take the library's way.
    mutating func number() -> Double? {
        let start = position
        let negative = skip(UInt8(ascii: "-"))
        if !negative { _ = skip(UInt8(ascii: "+")) }
        var digits: UInt64 = 0
        let whole = take(&digits)
        let fraction = skip(UInt8(ascii: ".")) ? take(&digits) : 0
        guard whole + fraction > 0 else { return nil }
        guard whole + fraction <= 15 else { return long(start) }
        let value = Double(digits) / DecimalScanner.powers[fraction]
        return negative ? -value : value
    }

    private mutating func take(_ digits: inout UInt64) -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            digits = digits &* 10 &+ UInt64(bytes[position] &- 0x30)
            position += 1
        }
        return position - start
    }

    private func long(_ start: Int) -> Double? {
        guard position - start <= 64 else { return nil }
        return Double(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// What stands at a place, for a message.
    func word(at start: Int) -> String {
        let rest = bytes[start...].prefix { !DecimalScanner.isSpace($0) }
        return String(decoding: rest.prefix(40), as: UTF8.self)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
