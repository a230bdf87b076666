import Cells
import Console

/// What stands in a pane that has nothing to show: never nothing.
enum EmptyLines {
    static func paint(_ lines: [String], into canvas: inout Canvas, area: Rect, theme: Theme) {
        let wanted = lines.isEmpty ? ["nothing here"] : lines
        let inner = area.width > 4 ? area.inset(left: 1, right: 1) : area
        let wrapped = wanted.flatMap {
            Wrapping.wrap($0, width: inner.width, limit: inner.height, widths: canvas.widths)
        }
        var y = inner.y + max(0, (inner.height - wrapped.count) / 3)
        for line in wrapped where y < inner.maxY {
            let left = max(0, (inner.width - canvas.widths.measure(line)) / 2)
            canvas.putFit(line, x: inner.x + left, y: y, limit: inner.width - left, theme[.dim])
            y += 1
        }
    }
}
