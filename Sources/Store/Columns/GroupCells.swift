import ControlRoom

/// The cell of a grid in which an alarm lies, and those that its circle touches. A cell is twice as wide as the circle: it
/// touches two as a rule, and there is little else in them; alarms of different tools and kinds are in different grids.
struct GroupCells {
    let own: Int64
    private let grid: Int64
    /// Nil where the alarm has no place: it is in one cell with all of its district.
    private let coordinate: Coordinate?
    private let metres: Double
    private let rows: ClosedRange<Int64>
    /// The shortest degree of longitude, beside one of latitude, in all of these rows.
    private let scale: Double

    /// Smaller ones would be too many to number.
    private static let leastMetres = 10.0
    private static let metresPerDegree = 111_195.0
    /// For what is a little longer on the ground than in the plane.
    private static let slack = 1.001

    /// - Parameter grid: that of its tool and kind.
    init(
        _ grid: Int64, _ district: Int64, _ coordinate: Coordinate?, metres: Double, _ scales: inout RowScales
    ) {
        self.grid = grid
        self.coordinate = coordinate
        self.metres = metres
        guard let coordinate else {
            (rows, scale) = (0...0, 1)
            own = grid | GroupCells.nowhere | district
            return
        }
        let (height, reach) = (GroupCells.height(metres), GroupCells.reach(metres))
        let south = RowScales.row(coordinate.latitude - reach, height)
        let north = RowScales.row(coordinate.latitude + reach, height)
        rows = south...max(south, north)
        // The alarm's own row is one of them.
        scale = rows.reduce(.infinity) { min($0, scales.scale($1, height)) }
        let row = RowScales.row(coordinate.latitude, height)
        let (own, count) = GroupCells.column(coordinate.longitude, height, scales.scale(row, height))
        self.own = grid | row << 21 | own % count
    }

    /// How far the circle goes, in degrees of latitude.
    private static func reach(_ metres: Double) -> Double { max(leastMetres, metres) * slack / metresPerDegree }

    /// Of a cell, in degrees of latitude.
    private static func height(_ metres: Double) -> Double { 4 * reach(metres) }

    /// - Returns: the cell of its row, counted eastwards from 180°, and how many there are until it is 180° again.
    private static func column(_ longitude: Double, _ height: Double, _ scale: Double) -> (Int64, count: Int64) {
        // So wide that they go round in a whole number.
        let count = max(1, (360 * scale / height).rounded(.down))
        return (Int64(((longitude + 180) / 360 * count).rounded(.down)), Int64(count))
    }

    @inline(__always)
    func eachTouched(_ scales: inout RowScales, _ body: (Int64) -> Void) {
        guard let coordinate else { return body(own) }
        let height = GroupCells.height(metres)
        let reach = GroupCells.reach(metres) / scale
        for row in rows {
            let scale = scales.scale(row, height)
            let (west, count) = GroupCells.column(coordinate.longitude - reach, height, scale)
            let (east, _) = GroupCells.column(coordinate.longitude + reach, height, scale)
            for column in west...max(west, east) { body(grid | row << 21 | (column + count) % count) }
        }
    }

    /// How far it is from a place in one of the cells that it touches; nil where that is outside the circle.
    @inline(__always)
    func metres(to centre: Coordinate) -> Double? {
        guard let coordinate else { return nil }
        // Most are ruled out without any way across the ground.
        let (north, east) = (
            abs(coordinate.latitude - centre.latitude), abs(coordinate.longitude - centre.longitude)
        )
        let reach = max(metres, 1) * GroupCells.slack / GroupCells.metresPerDegree
        if north > reach || east < 1 && east * scale > reach { return nil }
        let distance = coordinate.distance(to: centre)
        return distance <= metres ? distance : nil
    }

    private static let nowhere: Int64 = 0xF_FFFF << 21
}

/// How much shorter a degree of longitude is than one of latitude in the rows of a grid, at the end of a row where it is
/// shortest. The alarms of a city lie in few rows: what was found out is kept.
struct RowScales {
    private var known = Array(repeating: (row: Int64.min, height: 0.0, scale: 0.0), count: 1_024)

    static func row(_ latitude: Double, _ height: Double) -> Int64 {
        Int64(((latitude + 90) / height).rounded(.down))
    }

    mutating func scale(_ row: Int64, _ height: Double) -> Double {
        let slot = Int(truncatingIfNeeded: row & 1_023)
        if known[slot].row == row, known[slot].height == height { return known[slot].scale }
        let (south, north) = (Double(row) * height - 90, Double(row + 1) * height - 90)
        let scale = Coordinate(latitude: max(abs(south), abs(north)), longitude: 0).longitudeScale
        known[slot] = (row, height, scale)
        return scale
    }
}
