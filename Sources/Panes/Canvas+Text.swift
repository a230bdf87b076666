import Cells
import Console

extension Canvas {
    /// Writes a text, cut with an ellipsis where it does not fit, and returns the columns it took.
    @discardableResult
    mutating func putFit(_ text: String, x: Int, y: Int, limit: Int, _ style: Style) -> Int {
        guard limit > 0 else { return 0 }
        // No character takes more cells than it has bytes.
        let shown = text.utf8.count <= limit ? text : widths.fit(text, limit)
        return put(shown, x: x, y: y, limit: limit, style)
    }

    /// The same at the right end of `limit` columns.
    mutating func putFitRight(_ text: String, x: Int, y: Int, limit: Int, _ style: Style) {
        guard limit > 0 else { return }
        putRight(text.utf8.count <= limit ? text : widths.fit(text, limit), x: x, y: y, limit: limit, style)
    }

    /// Spans one after the other.
    @discardableResult
    mutating func put(_ spans: [Span], x: Int, y: Int, limit: Int, _ style: (Tone) -> Style) -> Int {
        var used = 0
        for span in spans where used < limit {
            used += putFit(span.text, x: x + used, y: y, limit: limit - used, style(span.tone))
        }
        return used
    }

    /// Lays the background and attributes of the row under the cursor over what stands there; its colours stay.
    mutating func select(_ row: Rect, focused: Bool, _ theme: Theme) {
        let selection = theme[focused ? .selection : .selectionUnfocused]
        restyle(row) { $0.on(selection.background).with(selection.attributes) }
    }

    func measure(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + widths.measure($1.text) } }
}

extension Rect {
    init(_ area: Area) { self.init(x: area.x, y: area.y, width: area.width, height: area.height) }

    /// The line `offset` rows below the top.
    func row(_ offset: Int) -> Rect {
        Rect(x: x, y: y + offset, width: width, height: offset < height ? 1 : 0)
    }
}

/// First item shown, so that the one under the cursor is in sight.
func firstShown(count: Int, cursor: Int?, height: Int) -> Int {
    guard let cursor, count > height, cursor >= height else { return 0 }
    return max(0, min(cursor, count - 1) - height + 1)
}
