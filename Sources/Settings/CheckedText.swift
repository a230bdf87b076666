import TOMLKit

/// A text after the parser, with the line of every key. The parser is C++: what it cannot take would end the process,
/// or be read as something else than it says, so nothing reaches it but through here.
struct CheckedText {
    let file: String
    let table: TOMLTable
    let outline: SourceOutline

    init(_ text: String, file: String, bounds: FileBounds) throws(Warning) {
        self.file = file
        outline = try CheckedText.outline(of: text, file: file, bounds)
        table = try CheckedText.parse(text, file: file)
    }

    private static func outline(
        of text: String, file: String, _ bounds: FileBounds
    ) throws(Warning) -> SourceOutline {
        if text.utf8.count > bounds.bytes { throw Warning(file: file, line: 0, reason: bounds.tooLarge) }
        if let line = lineOfNull(in: text) { throw Warning(file: file, line: line, reason: "a null character") }
        return try SourceOutline(text, file: file, bounds: bounds)
    }

    /// C text ends at a null, so what follows it, even one that is written as an escape, would be ignored.
    private static func lineOfNull(in text: String) -> Int? {
        let bytes = Array(text.utf8)
        var line = 1
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A { line += 1 }
            if byte == 0 || byte == UInt8(ascii: "\\") && isNull(bytes[(index + 1)...]) { return line }
        }
        return nil
    }

    private static func isNull(_ escape: ArraySlice<UInt8>) -> Bool {
        escape.starts(with: "u0000".utf8) || escape.starts(with: "U00000000".utf8)
    }

    private static func parse(_ text: String, file: String) throws(Warning) -> TOMLTable {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw Warning(file: file, line: error.source.begin.line, reason: error.description)
        } catch {
            throw Warning(file: file, line: 0, reason: "not TOML: \(error)")
        }
    }
}
