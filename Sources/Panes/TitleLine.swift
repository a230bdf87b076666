import Cells
import Console

/// The first line of a pane: `─ Alerts · 7 unack · 23 active ───── by need ─`.
enum TitleLine {
    /// Paints it into the first row of `area` and returns what is left for the pane.
    @discardableResult
    static func paint(
        _ scene: TitleScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool
    ) -> Rect {
        guard !area.isEmpty else { return area }
        canvas.horizontalLine(x: area.x, y: area.y, length: area.width, theme[.border])
        let left = paintLeft(scene, into: &canvas, area, theme, focused)
        paintRight(scene.right, after: left, into: &canvas, area, theme)
        return area.inset(top: 1)
    }

    /// Columns taken, the blank at the end included.
    private static func paintLeft(
        _ scene: TitleScene, into canvas: inout Canvas, _ area: Rect, _ theme: Theme, _ focused: Bool
    ) -> Int {
        guard area.width > 4 else { return area.width }
        let style = theme[focused ? .titleFocused : .title]
        var used = 1
        used += canvas.put(" ", x: area.x + used, y: area.y, theme[.title])
        used += canvas.putFit(scene.title, x: area.x + used, y: area.y, limit: area.width - used - 2, style)
        for note in scene.notes where !note.text.isEmpty {
            let room = area.width - used - 5
            guard canvas.widths.measure(note.text) <= room else {
                // What the list is narrowed to is cut, and never left away.
                guard note.tone == .strong, room >= 6 else { break }
                used += canvas.put(" · ", x: area.x + used, y: area.y, theme[.title])
                used += canvas.putFit(
                    note.text, x: area.x + used, y: area.y, limit: room, theme.style(.strong, plain: .title))
                break
            }
            used += canvas.put(" · ", x: area.x + used, y: area.y, theme[.title])
            used += canvas.put(note.text, x: area.x + used, y: area.y, theme.style(note.tone, plain: .title))
        }
        used += canvas.put(" ", x: area.x + used, y: area.y, theme[.title])
        return used
    }

    private static func paintRight(
        _ text: String, after left: Int, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        let columns = canvas.widths.measure(text)
        let start = area.width - columns - 3
        guard columns > 0, start > left else { return }
        var x = area.x + start
        x += canvas.put(" ", x: x, y: area.y, theme[.title])
        x += canvas.put(text, x: x, y: area.y, theme[.title])
        canvas.put(" ", x: x, y: area.y, theme[.title])
    }
}
