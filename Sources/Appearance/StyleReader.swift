import Cells
import Settings

/// One style: `{ fg = "ink", bg = 235, attributes = ["bold"] }`.
enum StyleReader {
    static let attributes: [String: Style.Attributes] = [
        "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse, "italic": .italic,
    ]

    /// Nothing if any part is wrong: half a style (a foreground without its background) may be unreadable.
    static func style(in section: Section, _ palette: Palette, _ reading: inout Reading) -> Style? {
        reading.refuseOthers(than: ["fg", "bg", "attributes"], in: section)
        let foreground = colour("fg", in: section, palette, &reading)
        let background = colour("bg", in: section, palette, &reading)
        let attributes = attributes(in: section, &reading)
        guard let foreground, let background, let attributes else { return nil }
        return Style(foreground: foreground, background: background, attributes: attributes)
    }

    private static func colour(
        _ key: String, in section: Section, _ palette: Palette, _ reading: inout Reading
    ) -> Colour? {
        guard let value = section.value(key) else { return .terminalDefault }
        if let colour = palette.colour(value) { return colour }
        reading.warn(section.path(key), "\(key) is no colour: \(Palette.expected), or a name from [palette]")
        return nil
    }

    private static func attributes(in section: Section, _ reading: inout Reading) -> Style.Attributes? {
        guard section.holds("attributes") else { return [] }
        let names = reading.texts("attributes", in: section) ?? []
        var isWhole = section.count("attributes") == names.count
        var result: Style.Attributes = []
        for (name, path) in names {
            if let attribute = attributes[name] {
                result.insert(attribute)
            } else {
                let known = attributes.keys.sorted().joined(separator: ", ")
                reading.warn(path, "unknown attribute \(PlainText.quoted(name)); known: \(known)")
                isWhole = false
            }
        }
        return isWhole ? result : nil
    }
}
