/// Base64 (RFC 4648, 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    /// Nil where it is not base64; padding is asked for, as the RFC does.
    static func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        let body = bytes.prefix { $0 != UInt8(ascii: "=") }
        let padding = bytes.count - body.count
        guard bytes.count % 4 == 0, padding <= 2, bytes.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") })
        else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(body.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        for (index, byte) in body.enumerated() {
            let value = values[Int(byte)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            if index % 4 != 0 { decoded.append(UInt8(truncatingIfNeeded: bits >> (6 - 2 * (UInt32(index) % 4)))) }
        }
        return decoded
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(3 - group.count) * 8
            for place in 0..<4 {
                let value = Int(bits >> UInt32(18 - 6 * place) & 63)
                text.append(place <= group.count ? alphabet[value] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
