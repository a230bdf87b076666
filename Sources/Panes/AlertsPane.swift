import Cells
import Console
import ControlRoom

/// The alert list: what needs a person now is the only thing that stands out.
enum AlertsPane {
    static func paint(_ scene: AlertsScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
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
            if row.isMarked { canvas.put("*", x: body.x, y: inner.row(offset).y, limit: 1, theme[.key]) }
            paint(row, columns, into: &canvas, inner.row(offset), theme)
        }
        if let cursor = scene.cursor, shown.indices.contains(cursor) {
            canvas.select(body.row(cursor - first), focused: focused, theme)
        }
    }

    // MARK: - Columns

    /// Severity, state and headline are never left away.
    private static func columns(
        _ names: [AlertColumn], of rows: ArraySlice<AlertsScene.Row>, _ width: Int, _ widths: GlyphWidths
    ) -> Columns<AlertColumn> {
        func longest(_ text: KeyPath<AlertsScene.Row, String>) -> Int {
            rows.reduce(0) { max($0, widths.measure($1[keyPath: text])) }
        }
        let (states, districts) = (longest(\.state), longest(\.district))
        // What no row has takes no room from the headlines.
        let empty: [AlertColumn: Bool] = [
            .district: districts == 0, .confidence: longest(\.confidence) == 0, .occurrence: longest(\.occurrence) == 0,
        ]
        let wishes = names.filter { empty[$0] != true }.map { name -> Columns<AlertColumn>.Wish in
            switch name {
            case .severity: .fixed(name, Glyphs.severityWidth(unicode: widths.unicode) + 5)
            case .age, .tool, .confidence: .fixed(name, 4)
            case .state: .between(name, min(11, max(5, states)), 12, longest: states)
            case .district: .between(name, min(8, max(6, districts)), 14, longest: districts)
            case .headline: .flexible(name, atLeast: 20, better: min(36, max(20, longest(\.headline))))
            case .occurrence: .fixed(name, 3)
            }
        }
        return Columns(wishes, width: width, dropping: [.confidence, .occurrence, .district, .tool, .age])
    }

    // MARK: - A row

    private static func paint(
        _ row: AlertsScene.Row, _ columns: Columns<AlertColumn>, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        for slot in columns.slots {
            paint(slot.name, of: row, into: &canvas, x: area.x + slot.x, y: area.y, slot.width, theme)
        }
    }

    private static func paint(
        _ column: AlertColumn, of row: AlertsScene.Row, into canvas: inout Canvas, x: Int, y: Int, _ width: Int,
        _ theme: Theme
    ) {
        let plain = theme[row.quiet ? .dim : .text]
        switch column {
        case .severity: paintSeverity(row, into: &canvas, x: x, y: y, width, theme)
        case .age: canvas.putFitRight(row.age, x: x, y: y, limit: width, plain)
        case .state: canvas.putFit(row.state, x: x, y: y, limit: width, theme[stateRole(row)])
        case .district: canvas.putFit(row.district, x: x, y: y, limit: width, plain)
        case .tool: canvas.putFit(row.tool, x: x, y: y, limit: width, plain)
        case .headline: canvas.putFit(row.headline, x: x, y: y, limit: width, plain)
        case .confidence: canvas.putFitRight(row.confidence, x: x, y: y, limit: width, plain)
        case .occurrence: canvas.putFitRight(occurrence(row), x: x, y: y, limit: width, plain)
        }
    }

    private static func paintSeverity(
        _ row: AlertsScene.Row, into canvas: inout Canvas, x: Int, y: Int, _ width: Int, _ theme: Theme
    ) {
        let style = theme[row.quiet ? .dim : Theme.role(of: row.severity)]
        let unicode = canvas.widths.unicode
        let glyph = Glyphs.severityWidth(unicode: unicode) + 1
        canvas.put(Glyphs.severity(row.severity, unicode: unicode), x: x, y: y, limit: width, style)
        canvas.putFit(row.severityWord, x: x + glyph, y: y, limit: width - glyph, style)
    }

    private static func stateRole(_ row: AlertsScene.Row) -> Role {
        if row.needsAcknowledgement { return .unacknowledged }
        return row.quiet ? .suppressed : .acknowledged
    }

    private static func occurrence(_ row: AlertsScene.Row) -> String {
        switch row.occurrence.utf8.count {
        case 0: ""
        case 1...2: "x" + row.occurrence
        default: "99+"
        }
    }
}
