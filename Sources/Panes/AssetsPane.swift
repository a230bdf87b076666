import Cells
import Console
import ControlRoom

/// The risk list, the heaviest first.
enum AssetsPane {
    /// A column of the list, and the mark of what is to be fixed now.
    private enum Name: Equatable {
        case column(AssetColumn)
        case flag
    }

    static func paint(_ scene: AssetsScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
        let body = TitleLine.paint(scene.title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        guard !scene.rows.isEmpty else {
            return EmptyLines.paint(scene.empty, into: &canvas, area: body, theme: theme)
        }
        let inner = body.inset(left: 1)
        let first = firstShown(count: scene.rows.count, cursor: scene.cursor, height: body.height)
        let shown = scene.rows[first..<min(scene.rows.count, first + body.height)]
        let columns = columns(scene.columns, of: shown, inner.width, canvas.widths)
        for (offset, row) in shown.enumerated() {
            for slot in columns.slots {
                let cells = Rect(x: inner.x + slot.x, y: inner.y + offset, width: slot.width, height: 1)
                paint(slot.name, of: row, into: &canvas, cells, theme)
            }
        }
        if let cursor = scene.cursor, shown.indices.contains(cursor) {
            canvas.select(body.row(cursor - first), focused: focused, theme)
        }
    }

    private static func columns(
        _ names: [AssetColumn], of rows: ArraySlice<AssetsScene.Row>, _ width: Int, _ widths: GlyphWidths
    ) -> Columns<Name> {
        func longest(_ text: KeyPath<AssetsScene.Row, String>) -> Int {
            rows.reduce(0) { max($0, widths.measure($1[keyPath: text])) }
        }
        var wishes = names.map { column -> Columns<Name>.Wish in
            let name = Name.column(column)
            return switch column {
            case .bar: .fixed(name, 5)
            case .risk: .fixed(name, 3)
            case .name: .between(name, min(20, max(12, longest(\.name))), 24, longest: longest(\.name))
            case .reason: .flexible(name, atLeast: 16)
            case .owner: .between(name, 8, 14, longest: longest(\.owner))
            case .kind: .between(name, 6, 12, longest: longest(\.kind))
            }
        }
        let afterRisk = names.firstIndex(of: .risk).map { $0 + 1 } ?? 0
        wishes.insert(.fixed(.flag, 1), at: afterRisk)
        return Columns(wishes, width: width, dropping: [.column(.kind), .column(.owner), .column(.bar)])
    }

    private static func paint(
        _ name: Name, of row: AssetsScene.Row, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        let strong = theme[row.fixNow ? .high : .text]
        func put(_ text: String, _ style: Style) {
            canvas.putFit(text, x: area.x, y: area.y, limit: area.width, style)
        }
        switch name {
        case .flag: put(row.fixNow ? "!" : "", strong)
        case .column(.bar): put(bar(row.risk, canvas.widths.unicode), row.fixNow ? strong : theme[.bar])
        case .column(.risk): canvas.putFitRight(String(row.risk), x: area.x, y: area.y, limit: area.width, strong)
        case .column(.name): put(row.name, strong)
        case .column(.reason): put(row.reason, theme[.text])
        case .column(.owner): put(row.owner, theme[.dim])
        case .column(.kind): put(row.kind, theme[.dim])
        }
    }

    /// Five cells in eighths.
    static func bar(_ risk: Int, _ unicode: Bool) -> String {
        let eighths = (max(0, min(100, risk)) * 40 + 50) / 100
        let full = String(repeating: unicode ? "█" : "#", count: eighths / 8)
        return full + (unicode ? Glyphs.eighths : Glyphs.plainEighths)[eighths % 8]
    }
}
