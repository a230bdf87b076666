import ControlRoom

/// One text of each place, folded, one behind the other: looked through at the speed of memory.
struct TextColumn {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []
    private var lengths: [UInt32] = []
    /// Bytes of texts that others took the place of.
    private var stale = 0

    mutating func set(_ place: Int, _ text: UnsafeBufferPointer<UInt8>) {
        while starts.count <= place {
            starts.append(0)
            lengths.append(0)
        }
        stale += Int(lengths[place])
        starts[place] = bytes.count
        Folding.append(text, to: &bytes)
        lengths[place] = UInt32(clamping: bytes.count - starts[place])
        if stale > 1 << 20, stale > bytes.count / 2 { pack() }
    }

    private mutating func pack() {
        var packed: [UInt8] = []
        packed.reserveCapacity(bytes.count - stale)
        for place in starts.indices {
            let start = packed.count
            packed += bytes[starts[place]..<starts[place] + Int(lengths[place])]
            starts[place] = start
        }
        bytes = packed
        stale = 0
    }

    /// Calls `isMet` with the text of each of so many places.
    func bits(_ count: Int, _ isMet: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bits {
        bytes.withUnsafeBufferPointer { bytes in
            Bits(count) { place in
                guard starts.indices.contains(place) else { return false }
                let end = starts[place] + Int(lengths[place])
                return isMet(UnsafeBufferPointer(rebasing: bytes[starts[place]..<end]))
            }
        }
    }
}
