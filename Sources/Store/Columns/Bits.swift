/// A set of places in columns, one bit each.
struct Bits: Equatable {
    private(set) var words: [UInt64]
    let count: Int

    /// All or none of so many.
    init(_ count: Int, all: Bool) {
        self.count = count
        words = Array(repeating: all ? ~0 : 0, count: (count + 63) / 64)
        cutEnd()
    }

    /// Those that pass a test.
    @inline(__always)
    init(_ count: Int, where test: (Int) -> Bool) {
        self.count = count
        let size = (count + 63) / 64
        words = Array(unsafeUninitializedCapacity: size) { buffer, filled in
            for word in 0..<size {
                let start = word * 64
                var bits: UInt64 = 0
                for bit in 0..<min(64, count - start) where test(start + bit) { bits |= 1 << UInt64(bit) }
                buffer.initializeElement(at: word, to: bits)
            }
            filled = size
        }
    }

    private mutating func cutEnd() {
        guard count % 64 != 0, !words.isEmpty else { return }
        words[words.count - 1] &= (1 << UInt64(count % 64)) - 1
    }

    mutating func insert(_ place: Int) {
        guard (0..<count).contains(place) else { return }
        words[place / 64] |= 1 << UInt64(place % 64)
    }

    mutating func formIntersection(_ other: Bits) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func formUnion(_ other: Bits) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// All that were not in it.
    mutating func invert() {
        for index in words.indices { words[index] = ~words[index] }
        cutEnd()
    }

    /// How many are in it.
    var size: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Calls `body` for each place, rising.
    @inline(__always)
    func forEach(_ body: (Int) throws -> Void) rethrows {
        for (index, word) in words.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                try body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
