import Cells
import Console

/// Figures in lines; a load is drawn as wide as there is room.
enum MetricsPane {
    static func paint(_ scene: MetricsScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
        let body = TitleLine.paint(scene.title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        guard !scene.rows.isEmpty else { return EmptyLines.paint(scene.empty, into: &canvas, area: body, theme: theme) }
        let inner = body.inset(left: 1)
        for (offset, row) in scene.rows.prefix(body.height).enumerated() {
            paint(row, into: &canvas, x: inner.x, y: inner.y + offset, width: inner.width, theme)
        }
        if let cursor = scene.cursor, (0..<body.height).contains(cursor) {
            canvas.select(body.row(cursor), focused: focused, theme)
        }
    }

    private static func paint(
        _ row: MetricsScene.Row, into canvas: inout Canvas, x: Int, y: Int, width: Int, _ theme: Theme
    ) {
        switch row {
        case .words(let spans): canvas.put(spans, x: x, y: y, limit: width) { theme.style($0) }
        case .load(let spans, let counts):
            let used = canvas.put(spans, x: x, y: y, limit: width) { theme.style($0) }
            let text = ToolStripPane.sparkline(counts, canvas.widths.unicode)
            canvas.put(text, x: x + used, y: y, limit: max(0, width - used), theme[.bar])
        }
    }
}
