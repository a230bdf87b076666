import ControlRoom
import Standards
import Testing

@Suite("GeoJSON: districts")
struct GeoJSONTests {
    private static let square = "[[10,59],[11,59],[11,60],[10,60],[10,59]]"

    private func districts(_ imported: Imported) throws -> [District] {
        try imported.events.map { event in
            guard case .districtDefined(let district) = try Fact(of: event) else {
                throw ImportFailure(line: 0, reason: "no district")
            }
            #expect(event.subject == "district/\(district.set)/\(district.id)")
            return district
        }
    }

    private func collection(_ features: String, _ rest: String = "") -> String {
        "{\"type\":\"FeatureCollection\"\(rest),\n\"features\":[\n\(features)\n]}"
    }

    private func feature(_ properties: String, _ geometry: String, _ rest: String = "") -> String {
        "{\"type\":\"Feature\"\(rest),\"properties\":\(properties),\"geometry\":\(geometry)}"
    }

    private var polygon: String { "{\"type\":\"Polygon\",\"coordinates\":[\(Self.square)]}" }

    @Test("Oslo", .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
    func oslo() throws {
        let imported = try RealData.imported("districts/oslo.geojson")
        let all = try districts(imported)
        #expect(all.count == 16 && imported.rejections.isEmpty && imported.failure == nil)
        #expect(all.first?.name == "Søndre Nordstrand" && all.first?.id == "sondre-nordstrand")
        #expect(all.allSatisfy { $0.set == "oslo_bydeler" })
        #expect(all.reduce(0) { $0 + $1.outline.pointCount } == 11_256)
        let sentrum = all.first { $0.outline.contains(Coordinate(latitude: 59.9111, longitude: 10.7503)) }
        #expect(sentrum?.name == "Sentrum")
    }

    @Test("Milan", .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
    func milan() throws {
        let imported = try RealData.imported("districts/milan.geojson")
        let all = try districts(imported)
        #expect(all.count == 88 && imported.rejections.isEmpty && imported.failure == nil)
        #expect(all.allSatisfy { $0.set == "milan" })
        #expect(Set(all.map(\.id)).count == 88)
        let again = try RealData.imported("districts/milan.geojson")
        #expect(again.events == imported.events)
    }

    @Test("names, population, ids")
    func properties() throws {
        let features = [
            feature(#"{"label":"L","name":"Ærlig & Åpen","population":1200}"#, polygon),
            feature(#"{"navn":"Ærlig & Åpen","innbyggere":7}"#, polygon), feature("null", polygon),
            feature(#"{"name":" ","title":"T","id":"Q 7"}"#, polygon), feature(#"{"NAME":"N"}"#, polygon, ",\"id\":42"),
        ]
        let text = collection(features.joined(separator: ",\n"), ",\"name\":\"set one\"")
        let all = try districts(try Imported(text: text))
        #expect(all.map(\.name) == ["Ærlig & Åpen", "Ærlig & Åpen", "District 3", "T", "N"])
        #expect(all.map(\.id) == ["aerlig-apen", "aerlig-apen-2", "district-3", "q-7", "42"])
        #expect(all.map(\.population) == [1200, 7, nil, nil, nil])
        #expect(all.first?.set == "set one")
    }

    @Test("a hole is outside; a ring over the antimeridian is whole, and can be read back")
    func shapes() throws {
        let hole = "[[10.4,59.4],[10.6,59.4],[10.6,59.6],[10.4,59.6],[10.4,59.4]]"
        let holed = "{\"type\":\"Polygon\",\"coordinates\":[\(Self.square),\(hole)]}"
        let ring = "[[179,-17],[-179,-17,5],[-179,-16],[179,-16],[179,-17]]"
        let fiji = "{\"coordinates\":[[\(ring)]],\"type\":\"MultiPolygon\"}"
        let both = "{\"type\":\"GeometryCollection\",\"geometries\":[\(polygon),\(fiji)]}"
        let text = collection([feature("{}", holed), feature("{}", fiji), feature("{}", both)].joined(separator: ","))
        let all = try districts(try Imported(text: text))
        #expect(all.count == 3)
        #expect(all[0].outline.contains(Coordinate(latitude: 59.5, longitude: 10.5)) == false)
        #expect(all[0].outline.contains(Coordinate(latitude: 59.5, longitude: 10.2)))
        #expect(all[1].outline.contains(Coordinate(latitude: -16.5, longitude: 180)))
        #expect(all[1].outline.contains(Coordinate(latitude: -16.5, longitude: 0)) == false)
        #expect(all[2].outline.polygons.count == 2)
    }

    @Test("points and lines are no districts, and are rejected with their line; the others are taken")
    func noAreas() throws {
        let features = [
            feature("{}", "{\"type\":\"Point\",\"coordinates\":[10,59]}"), feature("{}", polygon),
            feature("{}", "{\"type\":\"LineString\",\"coordinates\":[[10,59],[11,59]]}"),
        ]
        let imported = try Imported(text: collection(features.joined(separator: ",\n")))
        #expect(imported.events.count == 1 && imported.failure == nil && imported.rejections.map(\.line) == [3, 5])
    }

    @Test("beside a polygon a collection may hold a point for its label; one of points alone is no district")
    func labelled() throws {
        let point = "{\"type\":\"Point\",\"coordinates\":[10.5,59.5]}"
        func group(_ members: String) -> String { "{\"type\":\"GeometryCollection\",\"geometries\":[\(members)]}" }
        let shapes = [
            group("\(polygon),\(point)"), group("\(point),\(polygon)"), group("\(group(point)),\(group(polygon))"),
            group(point), polygon,
        ]
        let text = collection(shapes.map { feature("{}", $0) }.joined(separator: ",\n"))
        let imported = try Imported(text: text)
        #expect(imported.failure == nil && imported.rejections.map(\.line) == [6], "\(imported)")
        #expect(imported.rejections.first?.reason == "a GeometryCollection has no area; a district is a polygon")
        #expect(try districts(imported).map(\.outline.polygons.count) == [1, 1, 1, 1])
    }

    @Test("a polygon of a collection that cannot be read leaves a hole, whatever the words of its fault are")
    func badMember() throws {
        let curve = "{\"type\":\"has no area; a district is a polygon\",\"coordinates\":[]}"
        for bad in [polygon.replacing("[11,60]", with: "[600000,6600000]"), curve] {
            let group = "{\"type\":\"GeometryCollection\",\"geometries\":[\(polygon),\(bad)]}"
            let text = collection([polygon, group].map { feature("{}", $0) }.joined(separator: ",\n"))
            let imported = try Imported(text: text)
            #expect(imported.events.isEmpty && imported.failure != nil, "\(imported)")
        }
    }

    @Test("of a set in which one ring cannot be read no district is taken, and that is said")
    func oneBadRing() throws {
        let bad = polygon.replacing("[11,60]", with: "[600000,6600000]")
        let features = [polygon, polygon, bad, polygon, polygon].map { feature("{}", $0) }.joined(separator: ",\n")
        let imported = try Imported(text: collection(features))
        #expect(imported.events.isEmpty && imported.rejections.map(\.line) == [5])
        let words = "a feature cannot be read as a district; none of its districts was taken (4 were read by then)"
        #expect(imported.failure == ImportFailure(line: 5, reason: words))
    }

    @Test("faults are rejected with their line, and leave nothing of the set")
    func rejected() throws {
        let features = [
            feature("{}", "{\"type\":\"Point\",\"coordinates\":[10,59]}"), feature("{}", polygon),
            feature("{}", "{\"type\":\"LineString\",\"coordinates\":[[10,59],[11,59]]}"),
            feature("{}", "\n{\"type\":\"Polygon\",\"coordinates\":[[[10,59],[11,59],[10,59]]]}"),
            feature("{}", polygon.replacing("[11,60]", with: "[600000,6600000]")), feature("{}", "null"),
            feature("{}", "{\"type\":\"Curve\",\"coordinates\":[]}"), "7", "{\"type\":\"Feature\",}",
        ]
        let imported = try Imported(text: collection(features.joined(separator: ",\n")))
        #expect(imported.events.isEmpty && imported.failure?.line == 7)
        #expect(imported.failure?.reason.hasPrefix("6 features cannot be read as a district; none") == true)
        #expect(imported.rejections.map(\.line) == [3, 5, 7, 8, 9, 10, 11, 12])
        let wanted = [
            "a Point has no area", "a LineString has no area", "a ring of 3",
            "outside the Earth in WGS84 degrees: 600000.0",
            "without a geometry", "\"Curve\" is no kind of geometry", "an object was expected", "a string was expected",
        ]
        for (rejection, part) in zip(imported.rejections, wanted) {
            #expect(rejection.reason.contains(part), "\(rejection)")
        }
    }

    @Test("coordinate reference systems")
    func systems() throws {
        func crs(_ name: String) -> String { #","crs":{"type":"name","properties":{"name":"\#(name)"}}"# }
        for good in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
            #expect(try Imported(text: collection(feature("{}", polygon), crs(good))).events.count == 1)
        }
        let bad = try Imported(text: collection(feature("{}", polygon), crs("urn:ogc:def:crs:EPSG::25832")))
        #expect(bad.events.isEmpty)
        #expect(bad.failure?.reason.contains("the crs is urn:ogc:def:crs:EPSG::25832; only WGS84") == true)
        let after = collection(feature("{}", polygon)).dropLast() + crs("EPSG:25832") + "}"
        #expect(try Imported(text: String(after)).failure?.reason.contains("only WGS84") == true)
    }

    @Test("of a set that is cut off anywhere no district is taken, and that is said")
    func cutOff() throws {
        let whole = collection([polygon, polygon, polygon].map { feature("{}", $0) }.joined(separator: ",\n"))
        #expect(try Imported(text: whole).events.count == 3)
        for length in 1..<whole.utf8.count {
            let cut = try Imported(text: String(whole.prefix(length)))
            #expect(cut.events.isEmpty && cut.failure != nil, "\(length): \(cut)")
        }
        let failure = try Imported(text: String(whole.dropLast(3))).failure
        #expect(failure?.reason.hasSuffix("; none of its districts was taken (3 were read by then)") == true)
    }

    @Test("a set whose reference system turns out wrong behind its features leaves no district")
    func lateSystem() throws {
        let crs = #","crs":{"type":"name","properties":{"name":"EPSG:25832"}}}"#
        let imported = try Imported(text: String(collection(feature("{}", polygon)).dropLast()) + crs)
        #expect(imported.events.isEmpty)
        #expect(imported.failure?.reason.contains("none of its districts was taken") == true)
    }

    @Test("a bare feature, a bare geometry, an empty collection")
    func bare() throws {
        #expect(try districts(try Imported(text: feature("{\"name\":\"X\"}", polygon))).first?.name == "X")
        let geometry = try districts(try Imported(text: polygon))
        #expect(geometry.first?.name == "District 1" && geometry.first?.set == "file")
        let empty = try Imported(text: collection(""))
        #expect(empty.events.isEmpty && empty.failure == nil)
    }
}
