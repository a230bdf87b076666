/// Passes over what may stand before a text: the UTF-8 mark and white space.
struct ImportStart {
    private(set) var line = 1
    private var isFirst = true

    /// What is left of a chunk; nil where it is all white space.
    mutating func skip(_ chunk: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var index = isFirst && chunk.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        isFirst = false
        while index < chunk.count, DecimalScanner.isSpace(chunk[index]) {
            if chunk[index] == 0x0A { line += 1 }
            index += 1
        }
        return index < chunk.count ? UnsafeRawBufferPointer(rebasing: chunk[index...]) : nil
    }
}
