import CNcurses

/// How bytes become characters: UTF-8, or one byte each by the C library's table of the locale.
enum ByteEncoding {
    enum Scan: Equatable { case scalar(Unicode.Scalar, length: Int), incomplete, broken }

    case utf8
    case bytes

    /// The first character of what is not ASCII.
    func scan(_ bytes: ArraySlice<UInt8>) -> Scan {
        switch self {
        case .utf8: ByteEncoding.scanUTF8(bytes)
        case .bytes: ByteEncoding.single(bytes[bytes.startIndex])
        }
    }

    func decode(_ bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .bytes: String(String.UnicodeScalarView(bytes.map(ByteEncoding.scalar)))
        }
    }

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        if byte < 0x80 { return Unicode.Scalar(byte) }
        return UInt32(exactly: cn_scalar_of_byte(byte)).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    }

    private static func single(_ byte: UInt8) -> Scan {
        let scalar = scalar(byte)
        return scalar == "\u{FFFD}" || scalar.value < 0xA0 ? .broken : .scalar(scalar, length: 1)
    }

    private static func scanUTF8(_ bytes: ArraySlice<UInt8>) -> Scan {
        let first = bytes[bytes.startIndex]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4 else { return .broken }
        let tail = bytes.dropFirst().prefix(length - 1)
        guard tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return .broken }
        guard tail.count == length - 1 else { return .incomplete }
        var decoder = UTF8()
        var iterator = bytes.prefix(length).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator), scalar.value > 0x9F else { return .broken }
        return .scalar(scalar, length: length)
    }
}
