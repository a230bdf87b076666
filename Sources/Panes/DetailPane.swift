import Cells
import Console

/// All about one alert, wrapped.
enum DetailPane {
    static func paint(_ scene: DetailScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
        let inner = area.inset(left: 1, top: 1)
        // One line more than fits tells whether there is more.
        let lines = wrap(scene, inner, canvas.widths)
        var title = scene.title
        if lines.count > inner.height, title.right.isEmpty { title.right = "more ▾" }
        let body = TitleLine.paint(title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        guard !lines.isEmpty else { return EmptyLines.paint([], into: &canvas, area: body, theme: theme) }
        for (offset, line) in lines.prefix(inner.height).enumerated() {
            canvas.put(line, x: inner.x, y: inner.y + offset, limit: inner.width) { theme.style($0) }
        }
    }

    private static func wrap(_ scene: DetailScene, _ area: Rect, _ widths: GlyphWidths) -> [[Span]] {
        var wrapped: [[Span]] = []
        let first = max(0, min(scene.scroll, scene.lines.count - 1))
        for line in scene.lines.dropFirst(first) where wrapped.count <= area.height {
            let limit = area.height + 1 - wrapped.count
            wrapped += Wrapping.wrap(line, width: area.width, hanging: 2, limit: limit, widths: widths)
        }
        return wrapped
    }
}
