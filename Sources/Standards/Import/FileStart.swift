/// What the first bytes of a file tell of it.
enum FileStart: Equatable {
    case empty, json, xml
    case unreadable(String)

    /// - Parameter bytes: the start of the file, after a UTF-8 mark and white space.
    init(_ bytes: some Collection<UInt8>) {
        let first = Array(bytes.prefix(4))
        switch (first.first, first.dropFirst().first) {
        case (nil, _): self = .empty
        case (0xFF, 0xFE), (0xFE, 0xFF): self = FileStart.wide(Array(bytes.dropFirst(2).prefix(4)))
        case (0x00, _), (_, 0x00): self = FileStart.wide(first)
        case (0x1F, 0x8B): self = .unreadable("a gzip file; unpack it first")
        case (UInt8(ascii: "P"), UInt8(ascii: "K")): self = .unreadable("a ZIP file; unpack it first")
        case (UInt8(ascii: "<"), _): self = .xml
        case (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): self = .json
        default: self = .unreadable("neither XML nor JSON")
        }
    }

    /// Text of two or four bytes a character: XML may be that, JSON must be UTF-8 (RFC 8259, 8.1).
    private static func wide(_ bytes: [UInt8]) -> FileStart {
        switch bytes.first(where: { $0 != 0 }) {
        case UInt8(ascii: "<"): .xml
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            .unreadable("JSON in UTF-16 or UTF-32; JSON that is exchanged is UTF-8, RFC 8259, 8.1")
        default: .unreadable("bytes that are no text")
        }
    }
}
