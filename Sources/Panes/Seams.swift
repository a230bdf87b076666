import Cells
import Console

/// Where the lines between panes meet: `┬ ┤ ├ ┼ ┴`.
struct Seams {
    struct Joint {
        var x: Int
        var y: Int
        var text: String
        /// Drawn only where a title line runs, not over its text.
        var overLine = false
    }

    let joints: [Joint]

    init(_ areas: [Area], width: Int) {
        let panes = areas.map { Pane(rect: Rect($0), width: width) }
        joints = panes.flatMap { pane in
            Seams.joints(of: pane, among: panes) + Seams.feet(of: pane, among: panes)
        }
    }

    func paint(into canvas: inout Canvas, theme: Theme) {
        for joint in joints where canvas.bounds.contains(x: joint.x, y: joint.y) {
            if joint.overLine, ![0x2500, 0x2534].contains(canvas[joint.x, joint.y].scalar) { continue }
            canvas.put(joint.text, x: joint.x, y: joint.y, theme[.border])
        }
    }

    private struct Pane {
        let rect: Rect
        /// Column of the line at its right edge; nil at the edge of the screen.
        let seam: Int?

        init(rect: Rect, width: Int) {
            self.rect = rect
            seam = rect.isEmpty || rect.maxX >= width ? nil : rect.maxX - 1
        }
    }

    /// On the seam of a pane: beside its own title line and where those of its right neighbours begin.
    private static func joints(of pane: Pane, among panes: [Pane]) -> [Joint] {
        guard let seam = pane.seam else { return [] }
        let neighbours = panes.filter { $0.rect.x == seam + 1 && !$0.rect.isEmpty }.map(\.rect.y)
        let rows = Set([pane.rect.y] + neighbours.filter { $0 > pane.rect.y && $0 < pane.rect.maxY })
        return rows.map { y in
            let up = panes.contains { $0.seam == seam && $0.rect.contains(x: seam, y: y - 1) }
            let down = panes.contains { $0.seam == seam && $0.rect.contains(x: seam, y: y + 1) }
            let text = glyph(
                up: up, down: down, left: y == pane.rect.y && pane.rect.width > 1, right: neighbours.contains(y))
            return Joint(x: seam, y: y, text: text)
        }
    }

    /// Below a seam, on the title line of the pane that it ends at.
    private static func feet(of pane: Pane, among panes: [Pane]) -> [Joint] {
        guard let seam = pane.seam else { return [] }
        let y = pane.rect.maxY
        let ends = panes.contains { $0.rect.y == y && $0.rect.x < seam && $0.rect.maxX - 1 > seam }
        return ends ? [Joint(x: seam, y: y, text: "┴", overLine: true)] : []
    }

    private static func glyph(up: Bool, down: Bool, left: Bool, right: Bool) -> String {
        switch (up, down, left, right) {
        case (true, true, true, true): "┼"
        case (true, true, true, false): "┤"
        case (true, true, false, true): "├"
        case (false, true, true, true): "┬"
        case (true, false, true, true): "┴"
        case (false, true, true, false): "┐"
        case (true, false, true, false): "┘"
        case (false, true, false, true): "┌"
        case (true, false, false, true): "└"
        case (false, false, _, _): "─"
        default: "│"
        }
    }
}
