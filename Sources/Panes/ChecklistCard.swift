import Cells
import Console
import ControlRoom

/// One step, readable at arm's length.
enum ChecklistCard {
    static func paint(_ scene: ChecklistScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        let index = shown(scene)
        let row = scene.rows[index]
        let inner = area.inset(left: 1, right: 1)
        paintHead(row, of: scene.rows.count, into: &canvas, inner, theme)
        let next = nextTitle(scene, after: index)
        let hasNext = next != nil && area.height > 5
        if let next, hasNext {
            canvas.putFit("next: " + next, x: inner.x, y: area.maxY - 1, limit: inner.width, theme[.dim])
        }
        let gap = area.height > 5 ? 2 : 1
        let text = inner.inset(left: inner.width > 20 ? 2 : 0, top: gap, bottom: hasNext ? 2 : 0)
        paintText(row, into: &canvas, text, theme)
    }

    private static func shown(_ scene: ChecklistScene) -> Int {
        if let cursor = scene.cursor, scene.rows.indices.contains(cursor) { return cursor }
        return scene.rows.firstIndex(where: \.isNext) ?? 0
    }

    private static func nextTitle(_ scene: ChecklistScene, after index: Int) -> String? {
        scene.rows[(index + 1)...].first { !$0.state.isSettled }?.title
    }

    private static func paintHead(
        _ row: ChecklistScene.Row, of count: Int, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        let mark = row.state == .open ? "" : Glyphs.step(row.state, isNext: false) + " "
        let text = "\(mark)step \(row.number) of \(count)"
        let note = min(canvas.widths.measure(row.note.text), max(0, area.width - canvas.widths.measure(text) - 2))
        canvas.putFit(text, x: area.x, y: area.y, limit: area.width, theme[ChecklistPane.role(row)])
        let style = theme.style(row.note.tone)
        canvas.putFitRight(row.note.text, x: area.maxX - note, y: area.y, limit: note, style)
    }

    private static func paintText(
        _ row: ChecklistScene.Row, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        guard !area.isEmpty else { return }
        let title = lines(row.title.uppercased(), area, canvas.widths)
        let text = row.text.isEmpty ? [] : lines(row.text, area, canvas.widths)
        let isCut = title.count + text.count > area.height
        for (offset, line) in (title + text).prefix(area.height).enumerated() {
            let style = offset < title.count ? theme[.strong].with(.bold) : theme[.text]
            let shown = isCut && offset == area.height - 1 ? line + " …" : line
            canvas.putFit(shown, x: area.x, y: area.y + offset, limit: area.width, style)
        }
    }

    private static func lines(_ text: String, _ area: Rect, _ widths: GlyphWidths) -> [String] {
        Wrapping.wrap(text, width: area.width, limit: area.height + 1, widths: widths)
    }
}
