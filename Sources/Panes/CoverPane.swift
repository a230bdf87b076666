import Cells
import Console

/// Covers the whole screen: a locked console, a terminal that is too small.
enum CoverPane {
    static func paint(_ scene: CoverScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        canvas.fill(area, theme[.text])
        let lines = scene.lines.flatMap {
            Wrapping.wrap([$0], width: area.width, limit: area.height, widths: canvas.widths)
        }
        var y = area.y + max(0, (area.height - lines.count) / 2)
        for line in lines where y < area.maxY {
            let left = max(0, (area.width - canvas.measure(line)) / 2)
            canvas.put(line, x: area.x + left, y: y, limit: area.width - left) { theme.style($0) }
            y += 1
        }
    }
}
