/// A name made from content, so that the same content is the same event whoever sends it, however often.
public enum ContentID {
    /// 32 hexadecimal digits: two runs of 64-bit FNV-1a from different starts. It tells contents apart; it does not
    /// protect against somebody who looks for a collision, which is what signatures are for.
    public static func of(_ bytes: some Sequence<UInt8>) -> String {
        var first = FNV1a()
        var second = FNV1a(start: 0x6C62_272E_07BB_0142)
        for byte in bytes {
            first.add(byte)
            second.add(byte &+ 0x5D)
        }
        return Hex.text(first.value) + Hex.text(second.value)
    }
}
