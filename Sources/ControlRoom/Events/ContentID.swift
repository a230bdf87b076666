/// A name made from content, so that the same content is the same event whoever sends it, however often.
public enum ContentID {
    /// 32 hexadecimal digits: two runs of 64-bit FNV-1a from different starts. It tells contents apart; it does not
    /// protect against somebody who looks for a collision, which is what signatures are for.
    public static func of(_ bytes: some Sequence<UInt8>) -> String {
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x6C62_272E_07BB_0142
        for byte in bytes {
            first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
            second = (second ^ UInt64(byte &+ 0x5D)) &* 0x100_0000_01B3
        }
        return hex(first) + hex(second)
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
