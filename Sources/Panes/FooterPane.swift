import Cells
import Console

/// The last line: keys on the left, what just happened on the right.
enum FooterPane {
    static func paint(_ scene: FooterScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        canvas.fill(area, theme[.status])
        guard !area.isEmpty else { return }
        let inner = area.width > 2 ? area.inset(left: 1, right: 1) : area
        let wanted = hintColumns(scene.hints, canvas.widths)
        let left = paintStatus(scene.status, leaving: wanted, into: &canvas, inner, theme)
        paintHints(scene.hints, into: &canvas, left, theme)
    }

    /// What happened gets half of the line at least.
    private static func room(in area: Rect, leaving wanted: Int) -> Int {
        max(area.width / 2, area.width - wanted - 2)
    }

    /// Paints the status at the right end and returns what is left of it.
    private static func paintStatus(
        _ status: Span?, leaving wanted: Int, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) -> Rect {
        guard let status, !status.text.isEmpty else { return area }
        let room = room(in: area, leaving: wanted)
        let columns = min(canvas.widths.measure(status.text), room)
        let style = theme.style(status.tone, plain: .status)
        canvas.putFitRight(status.text, x: area.maxX - columns, y: area.y, limit: columns, style)
        return area.inset(right: columns + 2)
    }

    /// What does not fit into its part of the line is told whole, over the lines above: a reason that is cut off is none.
    static func paintNotice(_ scene: FooterScene, into canvas: inout Canvas, theme: Theme) {
        let area = canvas.bounds.inset(left: 1, right: 1)
        guard let status = scene.status, status.tone == .error, area.width > 2, area.height > 2
        else { return }
        let room = room(in: area, leaving: hintColumns(scene.hints, canvas.widths))
        guard canvas.widths.measure(status.text) > room else { return }
        let lines = Wrapping.wrap(status.text, width: area.width, limit: min(6, area.height / 2), widths: canvas.widths)
        let style = theme.style(status.tone, plain: .status)
        for (offset, line) in lines.enumerated() {
            let row = canvas.bounds.row(canvas.height - lines.count + offset)
            canvas.fill(row, theme[.status])
            canvas.putFit(line, x: area.x, y: row.y, limit: area.width, style)
        }
    }

    // MARK: - Keys

    private static func columns(_ hint: FooterScene.Hint, _ widths: GlyphWidths) -> Int {
        widths.measure(hint.key) + 1 + widths.measure(hint.title)
    }

    private static func hintColumns(_ hints: [FooterScene.Hint], _ widths: GlyphWidths) -> Int {
        hints.reduce(0) { $0 + columns($1, widths) + 2 }
    }

    /// The last hint leads to all the others, so it is the last to go.
    private static func paintHints(
        _ hints: [FooterScene.Hint], into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        guard let last = hints.last else { return }
        let lastColumns = columns(last, canvas.widths)
        var x = area.x
        for hint in hints.dropLast() {
            guard x + columns(hint, canvas.widths) + 2 + lastColumns <= area.maxX else { break }
            x += paint(hint, into: &canvas, x: x, area, theme) + 2
        }
        _ = paint(last, into: &canvas, x: x, area, theme)
    }

    private static func paint(
        _ hint: FooterScene.Hint, into canvas: inout Canvas, x: Int, _ area: Rect, _ theme: Theme
    ) -> Int {
        var used = canvas.putFit(hint.key, x: x, y: area.y, limit: area.maxX - x, theme[.key])
        used += 1
        used += canvas.putFit(hint.title, x: x + used, y: area.y, limit: area.maxX - x - used, theme[.status])
        return used
    }
}
