/// The sources that a machine is enrolled with: one, or several by `*`, which stands for any characters, or none.
///
/// It is compared with the attribute `source` of an event (CloudEvents 1.0.2, 3.1.1) byte by byte.
public struct SourcePattern: Hashable, Sendable {
    public let text: String

    /// Bytes of UTF-8.
    public static let longest = 200
    /// Patterns of one machine.
    public static let most = 64

    private static let any = UInt8(ascii: "*")

    /// - Parameter text: 1 to 200 bytes without spaces and control characters; nil where it is anything else.
    public init?(_ text: String) {
        guard (1...SourcePattern.longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        self.text = text
    }

    /// Takes at most as many steps as the lengths of both multiplied.
    public func matches(_ source: String) -> Bool {
        let (pattern, name) = (Array(text.utf8), Array(source.utf8))
        var (here, there) = (0, 0)
        // Where the last `*` stands, and up to where it has been stretched.
        var star: (pattern: Int, name: Int)?
        while there < name.count {
            if here < pattern.count, pattern[here] == SourcePattern.any {
                star = (here, there)
                here += 1
            } else if here < pattern.count, pattern[here] == name[there] {
                (here, there) = (here + 1, there + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (here, there) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[here...].allSatisfy { $0 == SourcePattern.any }
    }
}

extension JSONReader {
    /// An array of patterns.
    ///
    /// - Throws: `JSONError` where one is none, or they are more than `SourcePattern.most`.
    mutating func sourcePatterns() throws -> [SourcePattern] {
        let texts = try strings()
        let patterns = texts.compactMap(SourcePattern.init)
        guard patterns.count == texts.count, texts.count <= SourcePattern.most else {
            throw failure(
                "sources are at most \(SourcePattern.most) patterns of 1 to \(SourcePattern.longest) bytes without spaces"
            )
        }
        return patterns
    }
}
