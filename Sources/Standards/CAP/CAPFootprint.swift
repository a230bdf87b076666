internal import ControlRoom

/// Where a message holds, over all its infos: each shape once, for infos in other languages repeat them.
struct CAPFootprint {
    /// More points than this are thinned out; a text map shows no more.
    static let maximumPoints = 5_000

    private(set) var rings: [[Coordinate]] = []
    private var circles: [CAPCircle] = []

    init(_ infos: [CAPInfo]) {
        if infos.count == 1, let info = infos.first {
            for area in info.areas {
                for polygon in area.polygons { rings.append(polygon.ring) }
                circles += area.circles
            }
        } else {
            addOnce(infos)
        }
        if circles.count + rings.count > 1 { turnCirclesIntoRings() }
        thinOut()
    }

    private mutating func addOnce(_ infos: [CAPInfo]) {
        var seen: Set<String> = []
        for area in infos.lazy.flatMap(\.areas) {
            for polygon in area.polygons where seen.insert(polygon.text).inserted { rings.append(polygon.ring) }
            for circle in area.circles where seen.insert(circle.text).inserted { circles.append(circle) }
        }
    }

    /// The circle, where it is the only shape.
    var circle: CAPCircle? { rings.isEmpty ? circles.first : nil }

    /// The middle of the largest shape.
    var place: Coordinate? {
        if let circle { return circle.centre }
        guard !rings.isEmpty, let centre = MultiPolygon(polygons: rings.map { [$0] }).centroid else { return nil }
        return centre.wrapped
    }

    // MARK: - Bounds

    private mutating func turnCirclesIntoRings() {
        for circle in circles.prefix(CAPFootprint.maximumPoints / 37) {
            let metres = min(circle.radiusKilometres * 1000, 10_000_000)
            let ring = MultiPolygon.circle(around: circle.centre, radiusMetres: metres).polygons.first?.first
            rings.append((ring ?? []).map(\.wrapped))
        }
        circles = []
    }

    private mutating func thinOut() {
        let total = rings.reduce(0) { $0 + $1.count }
        guard total > CAPFootprint.maximumPoints else { return }
        let step = (total + CAPFootprint.maximumPoints - 1) / CAPFootprint.maximumPoints * 2
        var left = CAPFootprint.maximumPoints
        rings = rings.compactMap { ring in
            let thin = CAPFootprint.everyNth(ring, step)
            left -= thin.count
            return left >= 0 ? thin : nil
        }
    }

    /// Every nth point, and still a ring.
    private static func everyNth(_ ring: [Coordinate], _ step: Int) -> [Coordinate] {
        let step = max(1, min(step, (ring.count - 1) / 3))
        var thin = stride(from: 0, to: ring.count - 1, by: step).map { ring[$0] }
        if let last = ring.last { thin.append(last) }
        return thin
    }

    /// GeoJSON (RFC 7946, 3.1.7) with the longitudes as they came.
    func write(to writer: inout JSONWriter) {
        MultiPolygon.write(rings.map { [$0] }, to: &writer) { $0 }
    }
}
