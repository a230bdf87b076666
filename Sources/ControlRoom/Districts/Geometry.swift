#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A place on Earth in WGS84 degrees.
public struct Coordinate: Hashable, Sendable {
    /// Degrees, north positive.
    public var latitude: Double
    /// Degrees, east positive.
    public var longitude: Double

    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    public var isValid: Bool { (-90...90).contains(latitude) && (-180...180).contains(longitude) }

    /// The same place with a longitude from -180 to 180 degrees; one that is there already stays as it is, to the last bit.
    public var wrapped: Coordinate {
        let isThere = (-180...180).contains(longitude)
        return isThere
            ? self : Coordinate(latitude: latitude, longitude: longitude - 360 * (longitude / 360).rounded())
    }

    /// How much shorter a degree of longitude is here than one of latitude; never zero, so that one can divide by it.
    public var longitudeScale: Double { max(0.05, cos(latitude * .pi / 180)) }

    /// Great-circle distance in metres (haversine, mean Earth radius 6,371,008.8 m).
    public func distance(to other: Coordinate) -> Double {
        let radians = Double.pi / 180
        let dLat = (other.latitude - latitude) * radians
        let dLon = (other.longitude - longitude) * radians
        let a =
            sin(dLat / 2) * sin(dLat / 2) + cos(latitude * radians) * cos(other.latitude * radians) * sin(dLon / 2)
            * sin(dLon / 2)
        return 2 * 6_371_008.8 * asin(min(1, a.squareRoot()))
    }

    /// Initial bearing towards another place as one of eight compass points, 0 for north, clockwise.
    public func compassPoint(to other: Coordinate) -> Int {
        let radians = Double.pi / 180
        let dLon = (other.longitude - longitude) * radians
        let y = sin(dLon) * cos(other.latitude * radians)
        let x =
            cos(latitude * radians) * sin(other.latitude * radians) - sin(latitude * radians)
            * cos(other.latitude * radians) * cos(dLon)
        let degrees = (atan2(y, x) / radians + 360).truncatingRemainder(dividingBy: 360)
        return Int((degrees / 45).rounded()) % 8
    }
}

/// A box of latitudes and longitudes. `east` may exceed 180 where the box crosses the antimeridian.
public struct GeoBox: Hashable, Sendable {
    /// Degrees, as in `Coordinate`.
    public var south: Double
    public var west: Double
    public var north: Double
    public var east: Double

    public init(south: Double, west: Double, north: Double, east: Double) {
        self.south = south
        self.west = west
        self.north = north
        self.east = east
    }

    public init(_ point: Coordinate) {
        self.init(south: point.latitude, west: point.longitude, north: point.latitude, east: point.longitude)
    }

    /// The least box around them; nil where there are none. Of places on both sides of the antimeridian it is nearly
    /// the whole Earth.
    public init?(_ points: some Sequence<Coordinate>) {
        var box: GeoBox?
        for point in points { box = box.map { $0.union(GeoBox(point)) } ?? GeoBox(point) }
        guard let box else { return nil }
        self = box
    }

    /// The least box that holds both.
    public func union(_ other: GeoBox) -> GeoBox {
        GeoBox(
            south: min(south, other.south), west: min(west, other.west), north: max(north, other.north),
            east: max(east, other.east))
    }

    /// Whether they have a place in common, edges included, and whichever turn around the Earth their longitudes count
    /// from.
    public func intersects(_ other: GeoBox) -> Bool {
        guard south <= other.north, other.south <= north else { return false }
        return [-360.0, 0, 360].contains { west <= other.east + $0 && other.west + $0 <= east }
    }

    /// Edges included.
    public func contains(_ point: Coordinate) -> Bool {
        guard (south...north).contains(point.latitude) else { return false }
        return [-360.0, 0, 360].contains { (west...east).contains(point.longitude + $0) }
    }

    /// With a longitude of at most 180 degrees.
    public var centre: Coordinate {
        let longitude = (west + east) / 2
        return Coordinate(latitude: (south + north) / 2, longitude: longitude > 180 ? longitude - 360 : longitude)
    }

    /// The box with a margin of a part of its size on every side.
    public func grown(by part: Double) -> GeoBox {
        let dLat = max((north - south) * part, 0.0005)
        let dLon = max((east - west) * part, 0.0005)
        return GeoBox(south: south - dLat, west: west - dLon, north: north + dLat, east: east + dLon)
    }
}

/// Polygons with holes (RFC 7946, 3.1.6 and 3.1.7). Rings are closed; the first of each polygon is its outside.
public struct MultiPolygon: Equatable, Sendable {
    /// A closed line: the last place is the first again (RFC 7946, 3.1.6).
    public typealias Ring = [Coordinate]
    public var polygons: [[Ring]]

    public init(polygons: [[Ring]]) {
        let reference = polygons.first?.first?.first?.longitude
        self.polygons = polygons.map { $0.map { MultiPolygon.unwrapped($0, near: reference) } }
    }

    public var isEmpty: Bool { polygons.allSatisfy { $0.first?.isEmpty ?? true } }

    /// By the outsides alone; nil for one without a polygon.
    public var box: GeoBox? { GeoBox(polygons.lazy.compactMap(\.first).joined()) }

    public var pointCount: Int { polygons.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } } }

    /// Inside an outer ring and in none of its holes (even-odd rule).
    public func contains(_ point: Coordinate) -> Bool {
        [0.0, 360, -360].contains { shift in
            let shifted = Coordinate(latitude: point.latitude, longitude: point.longitude + shift)
            return polygons.contains { rings in
                rings.reduce(false) { inside, ring in inside != MultiPolygon.crosses(ring, shifted) }
            }
        }
    }

    /// Area-weighted centre of the largest outer ring; where its area cancels out, as in a figure of eight, the centre
    /// of its box.
    public var centroid: Coordinate? {
        let rings = polygons.compactMap(\.first)
        guard let ring = rings.max(by: { abs(MultiPolygon.area($0)) < abs(MultiPolygon.area($1)) }) else { return nil }
        let area = MultiPolygon.area(ring)
        guard abs(area) > 1e-12, let origin = ring.first else { return ring.first }
        var x = 0.0
        var y = 0.0
        for (a, b) in zip(ring, ring.dropFirst()) {
            let (ax, ay) = (a.longitude - origin.longitude, a.latitude - origin.latitude)
            let (bx, by) = (b.longitude - origin.longitude, b.latitude - origin.latitude)
            let cross = ax * by - bx * ay
            x += (ax + bx) * cross
            y += (ay + by) * cross
        }
        let centre = Coordinate(
            latitude: origin.latitude + y / (6 * area), longitude: origin.longitude + x / (6 * area))
        return GeoBox(ring).map { $0.contains(centre) ? centre : $0.centre }
    }

    /// A polygon of 36 corners for a circle, as good as a text map can show it.
    public static func circle(around centre: Coordinate, radiusMetres: Double) -> MultiPolygon {
        // No circle is wider than the Earth.
        let dLat = max(0, min(180, radiusMetres / 111_195))
        let dLon = min(180, dLat / max(0.01, cos(centre.latitude * .pi / 180)))
        let ring = (0...36).map { step in
            let angle = Double(step % 36) * .pi / 18
            return Coordinate(
                latitude: max(-90, min(90, centre.latitude + dLat * sin(angle))),
                longitude: centre.longitude + dLon * cos(angle))
        }
        return MultiPolygon(polygons: [[ring]])
    }

    /// Longitudes made continuous where a ring jumps over the antimeridian (RFC 7946, 3.1.9).
    static func unwrapped(_ ring: Ring, near reference: Double?) -> Ring {
        guard var last = reference ?? ring.first?.longitude else { return ring }
        return ring.map { point in
            var longitude = point.longitude
            while longitude - last > 180 { longitude -= 360 }
            while last - longitude > 180 { longitude += 360 }
            last = longitude
            return Coordinate(latitude: point.latitude, longitude: longitude)
        }
    }

    private static func area(_ ring: Ring) -> Double {
        guard let origin = ring.first else { return 0 }
        return zip(ring, ring.dropFirst()).reduce(0) { sum, edge in
            let (a, b) = edge
            return sum + (a.longitude - origin.longitude) * (b.latitude - origin.latitude)
                - (b.longitude - origin.longitude) * (a.latitude - origin.latitude)
        } / 2
    }

    private static func crosses(_ ring: Ring, _ point: Coordinate) -> Bool {
        var inside = false
        for (a, b) in zip(ring, ring.dropFirst()) {
            guard (a.latitude > point.latitude) != (b.latitude > point.latitude) else { continue }
            let t = (point.latitude - a.latitude) / (b.latitude - a.latitude)
            if point.longitude < a.longitude + t * (b.longitude - a.longitude) { inside.toggle() }
        }
        return inside
    }
}
