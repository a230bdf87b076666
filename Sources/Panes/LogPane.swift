import Cells
import Console

/// What happened last: time, what, about what, by whom; the scene says what stands between them.
enum LogPane {
    static func paint(_ scene: LogScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
        let body = TitleLine.paint(scene.title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        guard !scene.rows.isEmpty else { return EmptyLines.paint([], into: &canvas, area: body, theme: theme) }
        let inner = body.inset(left: 1)
        let first = firstShown(count: scene.rows.count, cursor: scene.cursor, height: body.height)
        let shown = scene.rows[first..<min(scene.rows.count, first + body.height)]
        for (offset, row) in shown.enumerated() {
            canvas.put(row, x: inner.x, y: inner.y + offset, limit: inner.width) { theme.style($0) }
        }
        if let cursor = scene.cursor, shown.indices.contains(cursor) {
            canvas.select(body.row(cursor - first), focused: focused, theme)
        }
    }
}
