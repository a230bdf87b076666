/// A paste that is being gathered. Its bytes end only with the terminal's own mark, wherever reads may cut it.
struct Paste {
    /// More than this is no text that an operator meant to enter; the rest is dropped.
    static let bound = 64 * 1024

    private static let end: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

    private var bytes: [UInt8] = []
    private var matched = 0
    private var afterReturn = false

    /// Takes a byte; true when it was the last of the paste.
    mutating func take(_ byte: UInt8) -> Bool {
        if byte == Paste.end[matched] {
            matched += 1
            return matched == Paste.end.count
        }
        // ESC stands only at the mark's beginning, so that a false start can only begin anew with it.
        for held in Paste.end[..<matched] { keep(held) }
        matched = byte == Paste.end[0] ? 1 : 0
        if matched == 0 { keep(byte) }
        return false
    }

    /// Terminals send a carriage return for a line end, some with a line feed after it.
    private mutating func keep(_ byte: UInt8) {
        let endsPair = byte == 0x0A && afterReturn
        afterReturn = byte == 0x0D
        guard !endsPair, bytes.count < Paste.bound else { return }
        bytes.append(afterReturn ? 0x0A : byte)
    }

    /// The text so far.
    func text(_ encoding: ByteEncoding) -> String {
        encoding.decode(bytes.count < Paste.bound ? bytes[...] : bytes[..<lastBoundary])
    }

    /// Where the text may be cut without leaving half a character.
    private var lastBoundary: Int {
        var index = bytes.count
        while index > bytes.count - 4, index > 0, bytes[index - 1] & 0xC0 == 0x80 { index -= 1 }
        return index > 0 && bytes[index - 1] >= 0xC0 ? index - 1 : bytes.count
    }
}
