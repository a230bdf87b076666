import Cells
import Console
import ControlRoom

/// Finds places for markers and labels: markers always get one, labels where one is free.
struct MapPlaces {
    struct Placed<Item> {
        var item: Item
        var x: Int
        var y: Int
        var width: Int
    }

    private let width: Int
    private let height: Int
    private var taken: [Bool]
    /// So many columns are free nowhere any more.
    private var hopeless = Int.max

    init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        taken = Array(repeating: false, count: self.width * self.height)
    }

    // MARK: - Markers

    static func text(_ marker: MapScene.Marker, _ unicode: Bool) -> String {
        Glyphs.marker(marker.severity, unicode: unicode) + (marker.count > 999 ? "999+" : String(max(1, marker.count)))
    }

    /// The gravest get their own places first; none leaves the pane, and none is hidden while a cell is free.
    mutating func markers(_ markers: [MapScene.Marker], _ widths: GlyphWidths) -> [Placed<MapScene.Marker>] {
        let ordered = markers.enumerated().sorted { a, b in
            let (first, second) = (rank(a.element), rank(b.element))
            return first == second ? a.offset < b.offset : first > second
        }
        return ordered.compactMap { _, marker in place(marker, widths) }
    }

    private func rank(_ marker: MapScene.Marker) -> Int {
        (marker.selected ? 100 : 0) + (Severity.allCases.count - marker.severity.rawValue) * 2
            + (marker.unacknowledged ? 1 : 0)
    }

    private mutating func place(_ marker: MapScene.Marker, _ widths: GlyphWidths) -> Placed<MapScene.Marker>? {
        let columns = min(width, widths.measure(MapPlaces.text(marker, widths.unicode)))
        guard columns > 0, height > 0 else { return nil }
        let x = max(0, min(marker.column, width - columns))
        let y = max(0, min(marker.row, height - 1))
        guard columns < hopeless else { return nil }
        guard let spot = nearest(x, y, columns) else {
            hopeless = columns
            return nil
        }
        take(spot.x, spot.y, columns)
        return Placed(item: marker, x: spot.x, y: spot.y, width: columns)
    }

    /// The nearest free place, looked for in growing rings; a row is twice as far as a column.
    private func nearest(_ x: Int, _ y: Int, _ columns: Int) -> (x: Int, y: Int)? {
        for ring in 0...width + height * 2 {
            let reach = min(ring / 2, height)
            for dy in -reach...reach {
                let dx = ring - abs(dy) * 2
                if isFree(x + dx, y + dy, columns) { return (x + dx, y + dy) }
                if isFree(x - dx, y + dy, columns) { return (x - dx, y + dy) }
            }
        }
        return nil
    }

    // MARK: - Labels

    /// By priority; a label that finds no place is left away.
    mutating func labels(_ labels: [MapScene.Label], _ widths: GlyphWidths) -> [Placed<MapScene.Label>] {
        let ordered = labels.enumerated().sorted { a, b in
            a.element.priority == b.element.priority
                ? a.offset < b.offset : a.element.priority > b.element.priority
        }
        return ordered.compactMap { _, label in place(label, widths) }
    }

    private mutating func place(_ label: MapScene.Label, _ widths: GlyphWidths) -> Placed<MapScene.Label>? {
        let columns = widths.measure(label.text)
        let isInside = label.column >= 0 && label.column < width && label.row >= 0 && label.row < height
        guard isInside, columns > 0, columns <= width else { return nil }
        let left = max(0, min(label.column - columns / 2, width - columns))
        for shift in MapPlaces.shifts {
            let (x, y) = (left + shift.x, label.row + shift.y)
            // A blank on both sides keeps two names apart.
            guard isFree(x, y, columns), isClear(x - 1, y), isClear(x + columns, y) else { continue }
            take(x, y, columns)
            return Placed(item: label, x: x, y: y, width: columns)
        }
        return nil
    }

    /// In the centre, a row up or down, then to the sides.
    private static let shifts: [(x: Int, y: Int)] = [0, 2, -2, 4, -4, 6, -6].flatMap { x in
        [0, -1, 1].map { y in (x, y) }
    }

    // MARK: - Cells

    private func isFree(_ x: Int, _ y: Int, _ columns: Int) -> Bool {
        guard x >= 0, y >= 0, y < height, x + columns <= width else { return false }
        let start = y * width + x
        return !taken[start..<start + columns].contains(true)
    }

    /// Free, or beyond the edge.
    private func isClear(_ x: Int, _ y: Int) -> Bool { x < 0 || x >= width || !taken[y * width + x] }

    private mutating func take(_ x: Int, _ y: Int, _ columns: Int) {
        for column in x..<x + columns { taken[y * width + column] = true }
    }
}
