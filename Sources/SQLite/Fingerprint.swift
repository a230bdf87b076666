/// 64-bit FNV-1a (Fowler, Noll, Vo) over texts, with a separator between them. It finds candidates; whoever looks one
/// up compares the texts themselves as well.
package func fingerprint(_ parts: String...) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
        var part = part
        part.withUTF8 { bytes in
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        hash = (hash ^ 0x1F) &* 0x100_0000_01B3
    }
    return Int64(bitPattern: hash)
}
