/// Whether bytes are UTF-8 (RFC 3629): the parts of a JSON text that no one decodes must be, too.
enum UTF8Check {
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index = afterASCII(bytes, index)
            } else {
                guard let length = sequence(bytes, index) else { return false }
                index += length
            }
        }
        return true
    }

    /// Eight at a time while all are ASCII.
    private static func afterASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= bytes.count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        { index += 8 }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }

    /// The length of the sequence at a place; nil where it is cut, overlong, a surrogate or beyond U+10FFFF.
    private static func sequence(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        let shape: (length: Int, second: ClosedRange<UInt8>)
        switch bytes[index] {
        case 0xC2...0xDF: shape = (2, 0x80...0xBF)
        case 0xE0: shape = (3, 0xA0...0xBF)
        case 0xED: shape = (3, 0x80...0x9F)
        case 0xE1...0xEF: shape = (3, 0x80...0xBF)
        case 0xF0: shape = (4, 0x90...0xBF)
        case 0xF1...0xF3: shape = (4, 0x80...0xBF)
        case 0xF4: shape = (4, 0x80...0x8F)
        default: return nil
        }
        guard index + shape.length <= bytes.count, shape.second.contains(bytes[index + 1]) else { return nil }
        for place in 2..<max(2, shape.length) where !(0x80...0xBF).contains(bytes[index + place]) { return nil }
        return shape.length
    }
}
