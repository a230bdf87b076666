import Cells
import Console
import ControlRoom

/// The map: outlines in braille, names where they have room, alerts over all.
enum MapPane {
    static func paint(
        _ scene: MapScene, into canvas: inout Canvas, area: Rect, theme: Theme, focused: Bool, raster: MapRaster
    ) {
        var title = scene.title
        title.right = [scene.title.right, scale(scene)].filter { !$0.isEmpty }.joined(separator: "  ")
        let body = TitleLine.paint(title, into: &canvas, area: area, theme: theme, focused: focused)
        guard !body.isEmpty else { return }
        let ground = Ground(scene, body, theme)
        ground.paint(raster, into: &canvas)
        let notes = wrapNotes(scene, body, canvas.widths)
        var places = MapPlaces(width: body.width, height: body.height - notes.count)
        let markers = places.markers(scene.markers, canvas.widths)
        for label in places.labels(scene.labels, canvas.widths) {
            paint(label, into: &canvas, body, theme, ground)
        }
        for marker in markers { paint(marker, into: &canvas, body, theme, ground) }
        paintNotes(notes, into: &canvas, body, theme)
    }

    private static func scale(_ scene: MapScene) -> String {
        guard scene.scale.cells >= 2, scene.scale.cells < 1_000, !scene.scale.text.isEmpty else {
            return scene.scale.text
        }
        return scene.scale.text + " ├" + String(repeating: "─", count: scene.scale.cells - 2) + "┤"
    }

    // MARK: - What lies on the ground

    private static func paint(
        _ placed: MapPlaces.Placed<MapScene.Label>, into canvas: inout Canvas, _ body: Rect, _ theme: Theme,
        _ ground: Ground
    ) {
        let label = placed.item
        var style = theme[label.selected ? .mapSelected : .mapLabel]
        if let role = label.worst.flatMap(Theme.tint) {
            style = theme[role].with(label.selected ? style.attributes : [])
        } else {
            style = style.on(ground.background(placed.x, placed.y, else: style.background))
        }
        canvas.put(label.text, x: body.x + placed.x, y: body.y + placed.y, limit: placed.width, style)
    }

    private static func paint(
        _ placed: MapPlaces.Placed<MapScene.Marker>, into canvas: inout Canvas, _ body: Rect, _ theme: Theme,
        _ ground: Ground
    ) {
        let marker = placed.item
        var style = theme[Theme.role(of: marker.severity)]
        if marker.unacknowledged {
            style = style.with(.reverse)
        } else {
            style = style.on(ground.background(placed.x, placed.y, else: style.background))
        }
        if marker.selected { style = style.with([.bold, .underline]) }
        let text = MapPlaces.text(marker, canvas.widths.unicode)
        canvas.put(text, x: body.x + placed.x, y: body.y + placed.y, limit: placed.width, style)
    }

    // MARK: - Notes

    /// Below the markers at most half of the pane; a map without any may say more.
    private static func wrapNotes(_ scene: MapScene, _ body: Rect, _ widths: GlyphWidths) -> [[Span]] {
        let limit = scene.markers.isEmpty ? body.height : body.height / 2
        let lines = scene.notes.flatMap {
            Wrapping.wrap([$0], width: max(0, body.width - 1), limit: limit, widths: widths)
        }
        return Array(lines.prefix(limit))
    }

    private static func paintNotes(_ notes: [[Span]], into canvas: inout Canvas, _ body: Rect, _ theme: Theme) {
        for (offset, note) in notes.enumerated() {
            let line = body.row(body.height - notes.count + offset)
            canvas.fill(line, theme[.text])
            canvas.put(note, x: line.x + 1, y: line.y, limit: line.width - 1) { theme.style($0) }
        }
    }
}

/// The cells of the map below its names: tinted backgrounds and lines.
struct Ground {
    private let body: Rect
    private let tints: [Severity?]
    private let backgrounds: [Colour?]
    private let empty: Style
    private let layers: [Style]

    init(_ scene: MapScene, _ body: Rect, _ theme: Theme) {
        self.body = body
        // Tints that were made for another size would lie in the wrong places.
        tints = scene.tints.count == body.width * body.height ? scene.tints : []
        backgrounds = Severity.allCases.map { severity in Theme.tint(of: severity).map { theme[$0].background } }
        empty = theme[.text]
        layers = [.mapStreet, .mapOutline, .mapSelected].map { theme[$0] }
    }

    func background(_ x: Int, _ y: Int, else plain: Colour) -> Colour {
        let index = y * body.width + x
        guard index < tints.count, let severity = tints[index] else { return plain }
        return backgrounds[severity.rawValue] ?? plain
    }

    func paint(_ raster: MapRaster, into canvas: inout Canvas) {
        for y in 0..<body.height {
            for x in 0..<body.width {
                let drawn = raster.cell(x, y)
                let style = drawn.map { layers[$0.layer.rawValue] } ?? empty
                let cell = Cell(
                    scalar: drawn?.scalar ?? 0x20, style: style.on(background(x, y, else: style.background)))
                canvas[body.x + x, body.y + y] = cell
            }
        }
    }
}
