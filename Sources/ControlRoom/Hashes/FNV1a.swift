/// FNV-1a of 64 bits (Fowler, Noll, Vo): a checksum without a key. Anybody can make inputs that fall together: it tells
/// damage, gives names that must be the same everywhere, and reads what older versions have written; nothing is decided by it
/// where somebody may have chosen the input.
public struct FNV1a: Sendable {
    public private(set) var value: UInt64

    /// - Parameter start: another than the standard's makes another function.
    public init(start: UInt64 = 0xCBF2_9CE4_8422_2325) { value = start }

    @inline(__always)
    public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

    /// The hash of bytes.
    public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = FNV1a()
        for byte in bytes { hash.add(byte) }
        return hash.value
    }

    /// The hash of texts, each with the byte 0x1F behind it: the checksum of the name of a row.
    public static func of(_ texts: String...) -> Int64 {
        var hash = FNV1a()
        for text in texts {
            var text = text
            text.withUTF8 { for byte in $0 { hash.add(byte) } }
            hash.add(0x1F)
        }
        return Int64(bitPattern: hash.value)
    }
}
