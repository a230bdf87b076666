/// Tells of most hashes that were never added that they were not, without a look at a disk (a blocked Bloom filter:
/// Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007). About one in a hundred others is
/// taken for an added one.
package struct HashFilter {
    /// Blocks of eight words, one line of the processor's cache.
    private var words: [UInt64]
    private var count = 0
    private let capacity: Int

    private static let bitsPerHash = 12
    private static let bitsSet = 5

    package init(capacity: Int) {
        let blocks = max(1, capacity * HashFilter.bitsPerHash / 512 + 1)
        words = Array(repeating: 0, count: blocks * 8)
        self.capacity = blocks * 512 / HashFilter.bitsPerHash
    }

    /// Whether as many were added as it was made for; with more it errs more often.
    package var isFull: Bool { count >= capacity }

    /// Adding one twice counts twice. A full filter takes more, and errs more often.
    package mutating func add(_ hash: Int64) {
        var (block, bits) = place(hash)
        for _ in 0..<HashFilter.bitsSet {
            words[block + Int(bits >> 6 & 7)] |= 1 << (bits & 63)
            bits >>= 9
        }
        count += 1
    }

    /// False only for a hash that was never added.
    package func mayContain(_ hash: Int64) -> Bool {
        var (block, bits) = place(hash)
        for _ in 0..<HashFilter.bitsSet {
            if words[block + Int(bits >> 6 & 7)] & 1 << (bits & 63) == 0 { return false }
            bits >>= 9
        }
        return true
    }

    /// The first word of its block, and nine bits for each bit to set. Mixed as in splitmix64 (Steele, Lea, Flood 2014).
    private func place(_ hash: Int64) -> (block: Int, bits: UInt64) {
        var mixed = UInt64(bitPattern: hash)
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        let block = mixed.multipliedFullWidth(by: UInt64(words.count / 8)).high
        return (Int(block) * 8, (mixed &* 0x9E37_79B9_7F4A_7C15) >> 8)
    }
}
