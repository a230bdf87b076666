import Cells
import Console

/// The lines of a map as characters, kept as long as neither they nor the size of the pane change.
struct MapRaster {
    /// From the bottom to the top.
    enum Layer: Int { case street, outline, selected }

    let version: Int
    let width: Int
    let height: Int
    private let cells: [(scalar: UInt32, layer: Layer)?]

    init(_ lines: MapScene.Lines, width: Int, height: Int, braille: Bool) {
        version = lines.version
        self.width = width
        self.height = height
        let layers = MapRaster.draw(lines, width, height)
        cells = (0..<width * height).map { index in
            MapRaster.top(of: layers, index % width, index / width, braille: braille)
        }
    }

    func isOf(_ lines: MapScene.Lines, width: Int, height: Int) -> Bool {
        version == lines.version && self.width == width && self.height == height
    }

    func cell(_ x: Int, _ y: Int) -> (scalar: UInt32, layer: Layer)? {
        x < width && y < height ? cells[y * width + x] : nil
    }

    // MARK: - Drawing

    /// Streets, outlines and the selected outline, in the order of `Layer`.
    private static func draw(_ lines: MapScene.Lines, _ width: Int, _ height: Int) -> [Braille] {
        let blank = Braille(width: width, height: height)
        var streets = blank
        for street in lines.streets { draw(street.x0, street.y0, street.x1, street.y1, into: &streets) }
        var outlines = blank
        for outline in lines.outlines { draw(outline, into: &outlines) }
        var selected = blank
        for outline in lines.selected { draw(outline, into: &selected) }
        return [streets, outlines, selected]
    }

    private static func draw(_ points: [(x: Double, y: Double)], into braille: inout Braille) {
        for (a, b) in zip(points, points.dropFirst()) { draw(a.x, a.y, b.x, b.y, into: &braille) }
    }

    /// What is absurdly far away would overflow while it is clipped.
    private static func draw(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, into braille: inout Braille) {
        guard max(abs(x0), abs(y0), abs(x1), abs(y1)) < 1e9 else { return }
        braille.line(x0, y0, x1, y1)
    }

    /// The dots of all layers in one character, which looks like the topmost of them. In ASCII only that one counts.
    private static func top(
        of layers: [Braille], _ x: Int, _ y: Int, braille: Bool
    ) -> (scalar: UInt32, layer: Layer)? {
        let top = layers.indices.last { layers[$0].pattern(x, y) != 0 }
        guard let top, let layer = Layer(rawValue: top) else { return nil }
        guard braille else { return layers[top].scalar(x, y, ascii: true).map { ($0, layer) } }
        let dots = layers.reduce(UInt8(0)) { $0 | $1.pattern(x, y) }
        return (0x2800 + UInt32(dots), layer)
    }
}
