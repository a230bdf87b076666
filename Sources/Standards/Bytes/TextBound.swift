internal import ControlRoom

/// Bounds of texts that come from outside, in bytes of UTF-8. A longer one is cut, and says so by its last character.
enum TextBound {
    /// A headline, a name: what stands in a line of a list.
    static let line = 2_000
    /// A description, an instruction: what is read in a pane.
    static let prose = 64 << 10

    /// An attribute of an event: a feed takes 500 bytes of each.
    static let attribute = 480

    static let mark = "…"

    /// The text, or as much of it as fits before the mark, at the end of a whole character.
    static func cut(_ text: String, to limit: Int) -> String {
        var text = text
        return text.withUTF8 { $0.count <= limit ? nil : cut($0, to: limit) } ?? text
    }

    /// - Returns: at most `limit` bytes of them, the mark among them, or all where they are no more than that.
    static func cut(_ bytes: some RandomAccessCollection<UInt8>, to limit: Int) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        var kept = bytes.prefix(max(0, limit - mark.utf8.count))
        // Bytes 10xxxxxx go on with a character (RFC 3629, 3): the cut goes before the one that it would tear.
        let next = bytes[bytes.index(bytes.startIndex, offsetBy: kept.count)]
        if next & 0xC0 == 0x80 {
            while let last = kept.popLast(), last & 0xC0 == 0x80 {}
        }
        return String(decoding: kept, as: UTF8.self) + mark
    }

    /// A name that fits into an attribute; of a longer one the start, and a hash of all of it, so that no two become one.
    static func name(_ name: String, to limit: Int = attribute) -> String {
        guard name.utf8.count > limit else { return name }
        let hash = ContentID.of(name.utf8)
        return cut(name, to: max(mark.utf8.count, limit - hash.utf8.count)) + hash
    }
}
