public import ControlRoom

/// What the map looks at.
public struct MapState: Equatable, Sendable {
    public var centre = Coordinate(latitude: 45.4, longitude: 11.9)
    /// Braille dots for one degree of latitude.
    public var dotsPerDegree = 2_000.0
    public var places: [PlaceCount] = [] { didSet { if places != oldValue { placesVersion += 1 } } }
    public private(set) var placesVersion = 0
    /// Id of the selected district.
    public var selected: String?
    public var showsStreets = false
    /// Goes up with each change of what is drawn, so that equal maps are not drawn again.
    public var version = 0
    /// The view shall be fitted to this box when the size of the pane is known.
    public var wantsFit: GeoBox?
    /// The last box it was fitted to; a resize fits it again as long as nobody moved the map.
    public var lastFit: GeoBox?
    public var isUntouched = true
    /// The box that places were asked for.
    public var asked: GeoBox?
    /// Districts as they were loaded, in the order of the set.
    public var outlines: [Outline] = []

    /// A district as the map draws it; two are equal by their id, for a set of districts is replaced as a whole.
    public struct Outline: Equatable, Sendable {
        public var id: String
        public var name: String
        public var shape: MultiPolygon
        public var box: GeoBox
        public var centroid: Coordinate

        public static func == (a: Outline, b: Outline) -> Bool { a.id == b.id }
    }

    public init() {}

    /// Takes the districts of a city and looks at all of them.
    public mutating func fit(_ districts: [District]) {
        outlines = districts.compactMap { district in
            guard let box = district.outline.box, let centroid = district.outline.centroid else { return nil }
            return Outline(id: district.id, name: district.name, shape: district.outline, box: box, centroid: centroid)
        }
        version += 1
        if let box = cityBox { wantsFit = box.grown(by: 0.04) }
    }

    public var cityBox: GeoBox? {
        outlines.dropFirst().reduce(outlines.first?.box) { $0?.union($1.box) }
    }
}

/// From degrees to dots and back: equirectangular around the centre, as true as a text map can be.
public struct MapProjection: Equatable, Sendable {
    public let centre: Coordinate
    public let dotsPerDegree: Double
    /// Size of the pane's inside in cells.
    public let columns: Int
    public let rows: Int
    private let stretch: Double

    public init(_ map: MapState, columns: Int, rows: Int) {
        centre = map.centre
        dotsPerDegree = map.dotsPerDegree
        self.columns = columns
        self.rows = rows
        stretch = map.centre.longitudeScale
    }

    /// From the pane's top left corner, to the right and down; two dots to a cell's width and four to its height. May
    /// lie outside of the pane.
    public func dots(_ place: Coordinate) -> (x: Double, y: Double) {
        var dLon = place.longitude - centre.longitude
        if dLon > 270 { dLon -= 360 }
        if dLon < -270 { dLon += 360 }
        return (
            Double(columns) + dLon * stretch * dotsPerDegree,
            Double(rows) * 2 - (place.latitude - centre.latitude) * dotsPerDegree
        )
    }

    /// Nil for a place that the pane does not show.
    public func cell(_ place: Coordinate) -> (column: Int, row: Int)? {
        let (x, y) = dots(place)
        guard x >= 0, y >= 0, x < Double(columns * 2), y < Double(rows * 4) else { return nil }
        return (Int(x) / 2, Int(y) / 4)
    }

    /// The place in the middle of a cell.
    public func place(column: Int, row: Int) -> Coordinate {
        let x = Double(column) * 2 + 1
        let y = Double(row) * 4 + 2
        return Coordinate(
            latitude: centre.latitude + (Double(rows) * 2 - y) / dotsPerDegree,
            longitude: centre.longitude + (x - Double(columns)) / (stretch * dotsPerDegree))
    }

    /// What the pane shows.
    public var box: GeoBox {
        let topLeft = place(column: 0, row: 0)
        let bottomRight = place(column: max(0, columns - 1), row: max(0, rows - 1))
        return GeoBox(
            south: bottomRight.latitude, west: topLeft.longitude, north: topLeft.latitude, east: bottomRight.longitude)
    }

    /// Columns that a box takes.
    func cells(across box: GeoBox) -> Double { (box.east - box.west) * stretch * dotsPerDegree / 2 }

    /// Metres that one cell is wide.
    public var metresPerCell: Double { 2 / dotsPerDegree * 111_195 }

    /// Centre and scale at which a box fits a pane.
    public static func fitting(_ box: GeoBox, columns: Int, rows: Int) -> (centre: Coordinate, dotsPerDegree: Double) {
        let centre = box.centre
        let stretch = centre.longitudeScale
        let width = max(0.0001, (box.east - box.west) * stretch)
        let height = max(0.0001, box.north - box.south)
        let scale = min(Double(max(1, columns)) * 2 / width, Double(max(1, rows)) * 4 / height)
        return (centre, min(MapProjection.largest, max(MapProjection.smallest, scale)))
    }

    /// Between the whole Earth and single houses.
    ///
    /// In dots to a degree of latitude, as `dotsPerDegree`.
    public static let smallest = 0.2
    public static let largest = 400_000.0
}
