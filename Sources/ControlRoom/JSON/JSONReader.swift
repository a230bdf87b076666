/// Why a JSON text was refused, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Byte offset from the start of the text.
    public let offset: Int
    public let reason: String

    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "\(reason) (byte \(offset))" }

    /// The line of the offset, counted from 1.
    public func line(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var line = 1
        for byte in bytes.prefix(max(0, offset)) where byte == 0x0A { line += 1 }
        return line
    }
}

/// A pull reader over JSON text (RFC 8259).
///
/// It builds no tree: the caller takes the members it knows and skips the rest, and can ask for the exact bytes of a
/// value, which an event keeps as they came. Nesting is bounded, so that hostile text cannot exhaust the stack.
///
/// - Throws: `JSONError` with the offset in the text, from all that throws here; so does every `init(reading:)` that
///   takes one. What closures throw goes through.
public struct JSONReader {
    public let bytes: UnsafeBufferPointer<UInt8>
    /// Bytes from the start of the text.
    public private(set) var position: Int
    private var depth = 0

    /// Deeper text is refused.
    public static let maximumDepth = 64

    public init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Runs `body` with a reader over `array`.
    public static func read<Result>(
        _ array: [UInt8], _ body: (inout JSONReader) throws -> Result
    ) throws -> Result {
        try array.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            return try body(&reader)
        }
    }

    /// An error at the place that is read now.
    public func failure(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

    // MARK: - Structure

    /// What kind of value comes next; nil at the end of the text.
    public enum Kind: Sendable { case object, array, string, number, bool, null }

    /// Looks at the first byte alone, and consumes white space.
    public mutating func peek() throws -> Kind? {
        skipWhitespace()
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw failure("unexpected \(describe(bytes[position]))")
        }
    }

    /// Reads an object; `member` must consume each value, or skip it.
    public mutating func object(_ member: (String, inout JSONReader) throws -> Void) throws {
        try open(UInt8(ascii: "{"), "an object")
        if close(UInt8(ascii: "}")) { return }
        repeat {
            skipWhitespace()
            let key = try string()
            skipWhitespace()
            try expect(UInt8(ascii: ":"), "':' after a name")
            try member(key, &self)
        } while try more(UInt8(ascii: "}"))
    }

    /// Reads an array; `element` must consume each value, or skip it.
    public mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
        try open(UInt8(ascii: "["), "an array")
        if close(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while try more(UInt8(ascii: "]"))
    }

    /// Fails unless only white space is left.
    public mutating func end() throws {
        skipWhitespace()
        if position < bytes.count { throw failure("text after the end of the value") }
    }

    public mutating func skipWhitespace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    // MARK: - Values

    /// A string with its escapes resolved (RFC 8259, 7).
    public mutating func string() throws -> String {
        skipWhitespace()
        try expect(UInt8(ascii: "\""), "a string")
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
                guard let text = String(validating: slice, as: UTF8.self) else {
                    throw JSONError(offset: start, reason: "the text is not UTF-8")
                }
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure("a control character inside a string") }
            position += 1
        }
        throw failure("the text ends inside a string")
    }

    /// A number; one that is no finite `Double`, such as 1e400, is refused.
    public mutating func double() throws -> Double {
        let range = try numberRange()
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        guard let value = Double(String(decoding: slice, as: UTF8.self)), value.isFinite else {
            throw JSONError(offset: range.lowerBound, reason: "a number that cannot be held")
        }
        return value
    }

    /// A whole number, exactly: one beyond 2^53 does not go through a `Double`.
    public mutating func integer() throws -> Int {
        let range = try numberRange()
        let literal = String(decoding: bytes[range], as: UTF8.self)
        guard let whole = Int(literal) ?? Double(literal).flatMap(Int.init(exactly:)) else {
            throw JSONError(offset: range.lowerBound, reason: "a whole number was expected")
        }
        return whole
    }

    /// `true` or `false`, and nothing that counts as it.
    public mutating func bool() throws -> Bool {
        skipWhitespace()
        if literal("true") { return true }
        if literal("false") { return false }
        throw failure("true or false was expected")
    }

    /// True and consumed if the next value is null.
    public mutating func null() -> Bool {
        skipWhitespace()
        return literal("null")
    }

    /// A string, or nil for null.
    public mutating func optionalString() throws -> String? { null() ? nil : try string() }

    /// An array of strings, in order, and of nothing else.
    public mutating func strings() throws -> [String] {
        var all: [String] = []
        try array { reader in all.append(try reader.string()) }
        return all
    }

    /// Passes over the next value and returns where its exact bytes stand.
    @discardableResult
    public mutating func skip() throws -> Range<Int> {
        skipWhitespace()
        let start = position
        switch try peek() {
        case .object: try object { _, reader in try reader.skip() }
        case .array: try array { reader in try reader.skip() }
        case .string: try skipString()
        case .number: _ = try numberRange()
        case .bool: _ = try bool()
        case .null:
            if !null() { throw failure("null was expected") }
        case nil: throw failure("the text ends where a value was expected")
        }
        return start..<position
    }

    /// The exact bytes of the next value.
    public mutating func raw() throws -> [UInt8] { Array(bytes[try skip()]) }

    // MARK: - Tokens

    private mutating func open(_ byte: UInt8, _ what: String) throws {
        skipWhitespace()
        guard depth < JSONReader.maximumDepth else {
            throw failure("nested more than \(JSONReader.maximumDepth) levels deep")
        }
        try expect(byte, what)
        depth += 1
    }

    private mutating func close(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        depth -= 1
        return true
    }

    private mutating func more(_ closing: UInt8) throws -> Bool {
        if close(closing) { return false }
        guard position < bytes.count else { throw failure("the text ends inside a list") }
        try expect(UInt8(ascii: ","), "',' or '\(Character(Unicode.Scalar(closing)))'")
        return true
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws {
        guard position < bytes.count else { throw failure("the text ends where \(what) was expected") }
        guard bytes[position] == byte else {
            throw failure("\(what) was expected, not \(describe(bytes[position]))")
        }
        position += 1
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    private func describe(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }

    private mutating func skipString() throws {
        try expect(UInt8(ascii: "\""), "a string")
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 { throw failure("a control character inside a string") }
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { try skipEscape() }
        }
        throw failure("the text ends inside a string")
    }

    private mutating func skipEscape() throws {
        guard position < bytes.count else { throw failure("the text ends inside a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "u"): _ = try hexQuad()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        default: throw failure("an unknown escape")
        }
    }

    private mutating func numberRange() throws -> Range<Int> {
        skipWhitespace()
        let start = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = skipDigits()
        let leadingZero = digits > 1 && bytes[position - digits] == UInt8(ascii: "0")
        guard digits > 0, !leadingZero else { throw JSONError(offset: start, reason: "not a number") }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw failure("digits were expected after the point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard skipDigits() > 0 else { throw failure("digits were expected in the exponent") }
        }
        return start..<position
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position - start
    }

    // MARK: - Escapes

    private mutating func escapedString(from start: Int) throws -> String {
        var decoded = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: decoded, as: UTF8.self) else {
                    throw JSONError(offset: start, reason: "the text is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0..<0x20: throw failure("a control character inside a string")
            default: decoded.append(byte)
            }
        }
        throw failure("the text ends inside a string")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws {
        guard position < bytes.count else { throw failure("the text ends inside a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "u"): decoded.append(contentsOf: Array(String(try unicodeEscape()).utf8))
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws -> Character {
        let first = try hexQuad()
        var value = UInt32(first)
        if (0xD800..<0xDC00).contains(first) {
            let afterFirst = position
            guard literal("\\u") else { return "\u{FFFD}" }
            let second = try hexQuad()
            guard (0xDC00..<0xE000).contains(second) else {
                // Half a pair: what follows it is a character of its own.
                position = afterFirst
                return "\u{FFFD}"
            }
            value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        return Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}"
    }

    private mutating func hexQuad() throws -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("the text ends inside an escape") }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt16(digits, radix: 16)
        else { throw failure("an escape that is not hexadecimal") }
        position += 4
        return value
    }
}
