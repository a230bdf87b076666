/// How long the texts of an event may be, in bytes of UTF-8, wherever they come from: the readers of foreign formats and the fold
/// go by the same bounds. A longer one is cut, and says so by its last character: no alarm is refused for what it says at length.
/// A longer name ends in its hash (`CloudEventReader`). Beyond other bounds an event is refused (`EventForm`): extensions, data as
/// a whole after its texts were cut, names in what is signed, and what is said of why an alarm is kept quiet.
///
/// | bound | for | reason |
/// |---|---|---|
/// | `line` | headline, site, area, reason, unit, message of a tool | it stands in every row of a list, and a list shows 2,000 characters at most, of up to 4 bytes |
/// | `prose` | description, note, instruction | it is read in a pane: some thirty pages of it |
/// | `attribute` | kind, tool, district, identifier of a source | it is looked up by: what is longer is told apart by its hash |
/// | `key` | references to other alerts | an event's id, source and subject have 500 bytes at most, and so have references to them |
///
/// An outline has no bound of its own: it costs what its bytes cost, an event has 1 MiB of them, and the fold keeps its middle.
public enum TextBound {
    public static let line = 8_000
    public static let prose = 64 << 10
    public static let attribute = 480
    public static let key = 500

    /// Ends a text that was cut.
    public static let mark = "…"

    /// The text, or as much of it as fits before the mark, at the end of a whole character.
    ///
    /// - Parameter limit: bytes, the mark among them.
    public static func cut(_ text: String, to limit: Int) -> String {
        var text = text
        return text.withUTF8 { $0.count <= limit ? nil : cut($0, to: limit) } ?? text
    }

    /// - Returns: at most `limit` bytes of them, the mark among them, or all where they are no more than that.
    public static func cut(_ bytes: some RandomAccessCollection<UInt8>, to limit: Int) -> String {
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
    ///
    /// - Parameter limit: bytes.
    public static func name(_ name: String, to limit: Int = attribute) -> String {
        guard name.utf8.count > limit else { return name }
        let hash = ContentID.of(name.utf8)
        return cut(name, to: max(mark.utf8.count, limit - hash.utf8.count)) + hash
    }
}

/// Texts of facts, within their bounds: whoever folds the same log cuts the same.
extension JSONReader {
    mutating func line() throws -> String { TextBound.cut(try string(), to: TextBound.line) }

    mutating func optionalLine() throws -> String? { null() ? nil : try line() }

    mutating func optionalProse() throws -> String? { null() ? nil : TextBound.cut(try string(), to: TextBound.prose) }

    mutating func name() throws -> String { TextBound.name(try string()) }

    mutating func optionalName() throws -> String? { null() ? nil : try name() }
}
