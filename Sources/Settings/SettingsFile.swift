import TOMLKit

/// A TOML text as JSON, for readers that know JSON alone; what they find wrong gets its line from here.
public struct SettingsFile: Equatable, Sendable {
    public let file: String
    /// One object, without white space between the values, its keys in alphabetical order.
    public let json: [UInt8]
    private let outline: SourceOutline

    /// - Throws: `Warning` with the line of what is no TOML, or is no JSON: dates, times, `inf` and `nan`.
    public init(_ text: String, file: String, bounds: FileBounds = .small) throws(Warning) {
        let checked = try CheckedText(text, file: file, bounds: bounds)
        self.file = file
        outline = checked.outline
        // Without `allowUnicodeStrings` every è would become six characters.
        json = CompactJSON.bytes(of: checked.table.convert(to: .json, options: .allowUnicodeStrings))
    }

    /// The line of a key, or of the nearest table around it. The place in a list is a number: `["asset", "3", "id"]`.
    public func line(of path: [String]) -> Int { outline.line(of: path) }

    /// For those who need no lines afterwards.
    public static func json(
        _ text: String, file: String, bounds: FileBounds = .small
    ) throws(Warning) -> [UInt8] {
        try SettingsFile(text, file: file, bounds: bounds).json
    }
}
