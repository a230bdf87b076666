public import Console
public import Settings

/// Reads a layout; the format is described in `Layouts/README.md`.
public enum LayoutFile {
    static let keys = ["name", "title", "focus", "minimum", "columns", "root"]

    public static func parse(_ text: String, file: String) -> Loaded<Layout> {
        do {
            var reading = try Reading(text, file: file)
            let layout = layout(&reading)
            return Loaded(value: layout, warnings: reading.warnings)
        } catch {
            return Loaded(value: nil, warnings: [error])
        }
    }

    private static func layout(_ reading: inout Reading) -> Layout? {
        reading.refuseOthers(than: keys, in: reading.root)
        let heading = Heading(&reading)
        guard let root = root(&reading) else { return nil }
        var layout = Layout(name: heading.name, title: heading.title, root: root)
        layout.focus = focus(among: root.panes, &reading) ?? root.panes.first ?? .alerts
        readMinimum(into: &layout, &reading)
        readColumns(into: &layout, &reading)
        return layout
    }

    private static func root(_ reading: inout Reading) -> Layout.Node? {
        guard let section = reading.section("root", in: reading.root) else {
            reading.warn(["root"], "a layout needs a table [root] with a pane or a split")
            return nil
        }
        var tree = TreeReader()
        return tree.node(in: section, depth: 1, &reading)
    }

    private static func focus(among panes: [PaneKind], _ reading: inout Reading) -> PaneKind? {
        guard let name = reading.text("focus", in: reading.root) else { return nil }
        guard let pane = PaneKind(rawValue: name) else {
            reading.warn(["focus"], TreeReader.unknown(pane: name))
            return nil
        }
        if panes.contains(pane) { return pane }
        reading.warn(["focus"], "the pane \(name) is not in this layout")
        return nil
    }

    private static func readMinimum(into layout: inout Layout, _ reading: inout Reading) {
        guard let section = reading.section("minimum", in: reading.root) else { return }
        reading.refuseOthers(than: ["width", "height"], in: section)
        if let width = reading.integer("width", in: section, from: 1...9999) { layout.minimumWidth = width }
        if let height = reading.integer("height", in: section, from: 1...9999) { layout.minimumHeight = height }
    }

    private static func readColumns(into layout: inout Layout, _ reading: inout Reading) {
        guard let section = reading.section("columns", in: reading.root) else { return }
        reading.refuseOthers(than: ["alerts", "assets"], in: section)
        if let alerts: [AlertColumn] = columns("alerts", in: section, &reading) { layout.alertColumns = alerts }
        if let assets: [AssetColumn] = columns("assets", in: section, &reading) { layout.assetColumns = assets }
    }

    /// The columns that are known, each once; nothing if none is left, for a list without columns shows nothing.
    private static func columns<Column>(
        _ key: String, in section: Section, _ reading: inout Reading
    ) -> [Column]? where Column: RawRepresentable<String> & CaseIterable & Equatable {
        guard let names = reading.texts(key, in: section) else { return nil }
        var columns: [Column] = []
        for (name, path) in names {
            guard let column = Column(rawValue: name) else {
                let known = Column.allCases.map(\.rawValue).joined(separator: ", ")
                reading.warn(path, "unknown column \(PlainText.quoted(name)); known: \(known)")
                continue
            }
            if columns.contains(column) {
                reading.warn(path, "the column \(name) stands here twice")
            } else {
                columns.append(column)
            }
        }
        if names.isEmpty { reading.warn(section.path(key), "\(key) has no columns") }
        return columns.isEmpty ? nil : columns
    }
}
