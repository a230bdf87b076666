import Cells
import Console
import ControlRoom

/// A checklist being worked: marks, titles, notes, and the text of the step under the cursor.
enum ChecklistPane {
    static func paint(_ scene: ChecklistScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool) {
        let body = TitleLine.paint(scene.title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        guard !scene.rows.isEmpty else {
            return EmptyLines.paint(scene.empty, into: &canvas, area: body, theme: theme)
        }
        if scene.card {
            ChecklistCard.paint(scene, into: &canvas, area: body, theme: theme)
        } else {
            paintList(scene, into: &canvas, body, theme, focused)
        }
    }

    private static func paintList(
        _ scene: ChecklistScene, into canvas: inout Canvas, _ body: Rect, _ theme: Theme, _ focused: Bool
    ) {
        let cursor = scene.cursor.flatMap { scene.rows.indices.contains($0) ? $0 : nil }
        let indent = numberColumns(scene, canvas.widths) + 4
        let text = cursor.map { wrapped(scene.rows[$0], scene.rows.count, body, indent, canvas.widths) } ?? []
        let first = firstShown(
            count: scene.rows.count + text.count, cursor: cursor.map { $0 + text.count }, height: body.height)
        var y = body.y
        // The step under the cursor stays in sight even where its text would push it out.
        for index in min(first, cursor ?? first)..<scene.rows.count where y < body.maxY {
            let line = Rect(x: body.x, y: y, width: body.width, height: 1)
            paint(scene.rows[index], indent - 4, into: &canvas, line, theme)
            y += 1
            guard index == cursor else { continue }
            canvas.select(line, focused: focused, theme)
            for part in text where y < body.maxY {
                canvas.putFit(part, x: body.x + indent, y: y, limit: body.width - indent, theme[.text])
                y += 1
            }
        }
    }

    /// The text of the step under the cursor: all that the rows leave free, or a third of the pane.
    private static func wrapped(
        _ row: ChecklistScene.Row, _ count: Int, _ body: Rect, _ indent: Int, _ widths: GlyphWidths
    ) -> [String] {
        guard !row.text.isEmpty else { return [] }
        let room = max(body.height - count, body.height / 3)
        return Wrapping.wrap(row.text, width: body.width - indent - 1, limit: room, widths: widths)
    }

    private static func numberColumns(_ scene: ChecklistScene, _ widths: GlyphWidths) -> Int {
        min(4, scene.rows.reduce(1) { max($0, widths.measure($1.number)) })
    }

    // MARK: - A row

    private static func paint(
        _ row: ChecklistScene.Row, _ number: Int, into canvas: inout Canvas, _ line: Rect, _ theme: Theme
    ) {
        let style = theme[role(row)]
        let inner = line.inset(left: 1)
        canvas.put(Glyphs.step(row.state, isNext: row.isNext), x: inner.x, y: line.y, limit: inner.width, style)
        canvas.putFitRight(row.number, x: inner.x + 2, y: line.y, limit: min(number, inner.width - 2), style)
        let rest = inner.inset(left: number + 3)
        let title = min(canvas.widths.measure(row.title), max(12, rest.width / 2))
        let note = noteColumns(row, rest.width - title - 2, canvas.widths)
        let limit = rest.width - (note > 0 ? note + 2 : 0)
        canvas.putFit(row.title, x: rest.x, y: line.y, limit: limit, style)
        let noteStyle = theme.style(row.note.tone, plain: row.state == .open ? .text : .dim)
        canvas.putFitRight(row.note.text, x: rest.maxX - note, y: line.y, limit: note, noteStyle)
    }

    /// Of what is still to be done a note may be cut; of what is settled it is whole or not there.
    private static func noteColumns(_ row: ChecklistScene.Row, _ room: Int, _ widths: GlyphWidths) -> Int {
        let wanted = widths.measure(row.note.text)
        let least = row.state.isSettled ? wanted : min(wanted, 6)
        return room >= least ? min(wanted, room) : 0
    }

    static func role(_ row: ChecklistScene.Row) -> Role {
        switch row.state {
        case .done, .notApplicable: .done
        case .blocked: .blocked
        case .open: row.isNext ? .current : .text
        }
    }
}
