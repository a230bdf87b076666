public import Cells
public import Settings

/// Reads a theme; the format is described in `Themes/README.md`.
public enum ThemeFile {
    static let keys = ["name", "title", "palette", "styles"]

    public static func parse(_ text: String, file: String) -> Loaded<Theme> {
        do {
            var reading = try Reading(text, file: file)
            let theme = theme(&reading)
            return Loaded(value: theme, warnings: reading.warnings)
        } catch {
            return Loaded(value: nil, warnings: [error])
        }
    }

    private static func theme(_ reading: inout Reading) -> Theme? {
        reading.refuseOthers(than: keys, in: reading.root)
        let heading = Heading(&reading)
        let palette = Palette(&reading)
        guard let section = reading.section("styles", in: reading.root) else {
            reading.warn(["styles"], "a theme needs a table [styles]")
            return nil
        }
        return Theme(name: heading.name, styles: styles(in: section, palette, &reading))
    }

    /// The styles by role. One that has an error is left out, and so looks like plain text.
    static func styles(in section: Section, _ palette: Palette, _ reading: inout Reading) -> [Role: Style] {
        let roles = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.name, $0) })
        var styles: [Role: Style] = [:]
        for key in section.keys {
            guard let role = roles[key] else {
                reading.warn(section.path(key), "unknown role \(PlainText.quoted(key))")
                continue
            }
            guard let table = reading.section(key, in: section) else { continue }
            styles[role] = StyleReader.style(in: table, palette, &reading)
        }
        return styles
    }
}
