import ControlRoom
import Testing

@Suite("Geometry")
struct GeometryTests {
    private func ring(_ points: [(Double, Double)]) -> [Coordinate] {
        (points + points.prefix(1)).map { Coordinate(latitude: $0.1, longitude: $0.0) }
    }

    private func point(_ longitude: Double, _ latitude: Double) -> Coordinate {
        Coordinate(latitude: latitude, longitude: longitude)
    }

    private func isNear(_ a: Coordinate?, _ b: Coordinate, _ tolerance: Double = 1e-9) -> Bool {
        a.map { abs($0.latitude - b.latitude) < tolerance && abs($0.longitude - b.longitude) < tolerance } ?? false
    }

    @Test("a hole is outside, an island in it is inside again")
    func holes() {
        let lake = MultiPolygon(polygons: [
            [ring([(0, 0), (10, 0), (10, 10), (0, 10)]), ring([(2, 2), (8, 2), (8, 8), (2, 8)])],
            [ring([(4, 4), (6, 4), (6, 6), (4, 6)])],
        ])
        #expect(lake.contains(point(1, 5)) && lake.contains(point(5, 5)))
        #expect(!lake.contains(point(3, 5)) && !lake.contains(point(11, 5)) && !lake.contains(point(-1, 5)))
    }

    @Test("a corner that two triangles share counts once")
    func sharedEdges() {
        let left = MultiPolygon(polygons: [[ring([(0, 0), (1, 0), (1, 1), (0, 1)])]])
        let right = MultiPolygon(polygons: [[ring([(1, 0), (2, 0), (2, 1), (1, 1)])]])
        for latitude in [0.0, 0.25, 0.5] {
            #expect([left, right].count { $0.contains(point(1, latitude)) } == 1)
        }
    }

    @Test(
        "across the antimeridian",
        arguments: [[(179.0, 0.0), (-179, 0), (-179, 2), (179, 2)], [(-179, 0), (179, 0), (179, 2), (-179, 2)]])
    func antimeridian(_ corners: [(Double, Double)]) throws {
        let shape = MultiPolygon(polygons: [[ring(corners)]])
        #expect(shape.contains(point(179.5, 1)) && shape.contains(point(-179.5, 1)) && shape.contains(point(180, 1)))
        #expect(!shape.contains(point(0, 1)) && !shape.contains(point(178, 1)))
        let box = try #require(shape.box)
        #expect(abs(box.east - box.west - 2) < 1e-9)
        #expect(box.contains(point(-179.5, 1)) && box.contains(point(179.5, 1)) && !box.contains(point(0, 1)))
        let centre = try #require(shape.centroid?.wrapped)
        #expect(abs(abs(centre.longitude) - 180) < 1e-9 && abs(centre.latitude - 1) < 1e-9 && centre.isValid)
    }

    @Test("a box answers the same wherever it is cut")
    func boxes() {
        let pacific = GeoBox(south: -10, west: 170, north: 10, east: 200)
        #expect(
            pacific.contains(point(-165, 0)) && pacific.contains(point(175, 0)) && !pacific.contains(point(-155, 0)))
        #expect(pacific.intersects(GeoBox(south: 0, west: -170, north: 1, east: -169)))
        #expect(!pacific.intersects(GeoBox(south: 0, west: -150, north: 1, east: -149)))
        #expect(!pacific.intersects(GeoBox(south: 20, west: 170, north: 21, east: 171)))
        #expect(isNear(pacific.centre, point(-175, 0)))
        #expect(GeoBox([Coordinate]()) == nil)
    }

    @Test("the centroid of a shape that is none of its corners' mean")
    func centroid() {
        let shape = MultiPolygon(polygons: [[ring([(0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (0, 3)])]])
        // Two rectangles: 4 by 1 around (2, 0.5) and 1 by 2 around (0.5, 2).
        #expect(isNear(shape.centroid, point((4 * 2 + 2 * 0.5) / 6, (4 * 0.5 + 2 * 2) / 6)))
        #expect(isNear(MultiPolygon(polygons: [[ring([(1, 2), (3, 2), (1, 2)])]]).centroid, point(1, 2)))
        #expect(MultiPolygon(polygons: []).centroid == nil && MultiPolygon(polygons: [[]]).centroid == nil)
    }

    @Test("the centroid of a figure of eight stays in its box")
    func figureOfEight() throws {
        for shift in [0, 1e-15, 1e-13, 1e-12, 1e-11, 1e-9] {
            let shape = MultiPolygon(polygons: [[ring([(-179, -89), (179, 89 + shift), (179, -89), (-179, 89)])]])
            let flat = MultiPolygon(polygons: [[ring([(0, 0), (100, 80), (100, 0), (0, 80 + shift)])]])
            for shape in [shape, flat] {
                let centre = try #require(shape.centroid)
                #expect(abs(centre.latitude) <= 90 && abs(centre.longitude) <= 540)
            }
        }
    }

    static let distances: [(Coordinate, Coordinate, Double)] = [
        (Coordinate(latitude: 0, longitude: 0), Coordinate(latitude: 0, longitude: 1), 111_195.08),
        (Coordinate(latitude: 90, longitude: 0), Coordinate(latitude: -90, longitude: 77), 20_015_114.35),
        (Coordinate(latitude: 0, longitude: 179.5), Coordinate(latitude: 0, longitude: -179.5), 111_195.08),
        (Coordinate(latitude: 45, longitude: 11), Coordinate(latitude: 45, longitude: 11), 0),
    ]

    @Test("distances, in metres", arguments: distances)
    func distance(_ a: Coordinate, _ b: Coordinate, _ metres: Double) {
        #expect(abs(a.distance(to: b) - metres) < 1 && abs(b.distance(to: a) - metres) < 1)
    }

    @Test("the eight points of the compass")
    func compass() {
        let here = point(0, 0)
        let around = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]
        #expect(around.map { here.compassPoint(to: point(Double($0.0), Double($0.1))) } == Array(0...7))
        #expect(point(179.9, 0).compassPoint(to: point(-179.9, 0)) == 2)
    }

    @Test("a circle has its radius, and one from a hostile message ends", arguments: [0, 500, 20_000.0])
    func circle(_ radius: Double) {
        let centre = point(11.87, 45.4)
        let ring = MultiPolygon.circle(around: centre, radiusMetres: radius).polygons.first?.first ?? []
        #expect(ring.count == 37 && ring.first == ring.last)
        #expect(ring.allSatisfy { abs(centre.distance(to: $0) - radius) <= radius * 0.01 })
    }

    @Test("a radius larger than the Earth ends", arguments: [1e9, 1e300, -5])
    func hugeCircle(_ radius: Double) {
        let shape = MultiPolygon.circle(around: point(170, 89.9), radiusMetres: radius)
        #expect(shape.pointCount == 37)
    }

    static let refused = [
        #"{"type":"Point","coordinates":[1,2]}"#, #"{"type":"Polygon","coordinates":[]}"#, #"{"type":"Polygon"}"#,
        #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}"#, #"{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
        #"{"type":"Polygon","coordinates":[[[0,0],[181,0],[1,1],[0,0]]]}"#,
        #"{"type":"Polygon","coordinates":[[[0,0],[1],[1,1],[0,0]]]}"#,
        #"{"type":"MultiPolygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
    ]

    @Test("outlines that are none are refused", arguments: refused)
    func refuses(_ json: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(Array(json.utf8)) { try MultiPolygon(reading: &$0) } }
    }

    @Test("an outline that is written is read again, holes and the antimeridian included")
    func roundTrip() throws {
        let shape = MultiPolygon(polygons: [
            [ring([(179, 0), (-179, 0), (-179, 2), (179, 2)]), ring([(179.5, 0.5), (-179.5, 0.5), (-179.5, 1.5)])],
            [ring([(10.25, -1), (11, -1), (11, 0.125)])],
        ])
        let bytes = JSONWriter.bytes { shape.write(to: &$0) }
        #expect(try JSONReader.read(bytes) { try MultiPolygon(reading: &$0) } == shape)
    }
}
