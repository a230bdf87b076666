/// A hash of an event's content as it came: two events of one id with different ones are not the same.
public enum ContentHash {
    public static func of(_ event: Event) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in event.data.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}
