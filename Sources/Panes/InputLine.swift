import Cells
import Console

/// A line that is being typed; it scrolls so that its cursor is in sight.
enum InputLine {
    /// Returns where the cursor stands.
    static func paint(
        _ scene: InputScene, into canvas: inout Canvas, area: Rect, prompt: Style, text: Style, wrong: Style
    ) -> (x: Int, y: Int)? {
        guard !area.isEmpty else { return nil }
        // The text is what matters: a prompt gets at most half.
        let promptColumns = canvas.putFit(scene.prompt, x: area.x, y: area.y, limit: area.width / 2, prompt)
        let field = area.inset(left: promptColumns)
        canvas.fill(field.row(0), text)
        let characters = Array(scene.text)
        let cursor = max(0, min(scene.cursor, characters.count))
        let (first, before) = visible(characters[..<cursor], field.width - 1, canvas.widths)
        canvas.put(String(characters[first...]), x: field.x, y: field.y, limit: field.width, text)
        if let range = scene.wrong {
            let start = columns(characters, from: first, to: range.lowerBound, canvas.widths)
            let end = max(start + 1, columns(characters, from: first, to: range.upperBound, canvas.widths))
            let part = Rect(x: field.x + start, y: field.y, width: end - start, height: 1).intersection(field)
            canvas.restyle(part) { _ in wrong }
        }
        return (field.x + before, field.y)
    }

    private static func columns(_ characters: [Character], from first: Int, to end: Int, _ widths: GlyphWidths) -> Int {
        widths.measure(String(characters[first..<max(first, min(end, characters.count))]))
    }

    /// First character shown, and the columns from it to the cursor.
    private static func visible(
        _ before: ArraySlice<Character>, _ room: Int, _ widths: GlyphWidths
    ) -> (first: Int, columns: Int) {
        var columns = 0
        var first = before.endIndex
        while first > before.startIndex {
            let step = widths.measure(String(before[first - 1]))
            guard columns + step <= room else { break }
            columns += step
            first -= 1
        }
        return (first, columns)
    }
}
