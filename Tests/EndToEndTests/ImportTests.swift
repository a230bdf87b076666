import Foundation
import Testing

/// What becomes of files that are not as their standard has them.
@Suite("Imports of real files", .serialized, .enabled(if: Product.isBuilt, Comment(rawValue: Product.missing)))
struct ImportTests {
    @Test("a warning of CAP 1.1 with an empty polygon is imported, and what could not be read is said")
    func emptyPolygon() throws {
        let desk = try Desk()
        let text = capAlert(id: "flood", headline: "Flood Warning").replacing("cap:1.2", with: "cap:1.1")
            .replacing("</areaDesc>", with: "</areaDesc>\n<polygon/>")
        let file = try desk.file("noaa.cap", text)
        let outcome = try desk.impetus("import", file)
        #expect(outcome.code == 0 && outcome.output == "imported 1, duplicate 0, rejected 0\n", "\(outcome)")
        #expect(outcome.complaints == "\(file):9: note: <polygon> is empty\n")
        let alert = try #require(try desk.objects(desk.impetus("alerts", "--json").output).first)
        #expect(alert["headline"] as? String == "Flood Warning" && alert["severity"] as? String == "critical")
        #expect(try desk.impetus("import", file).output == "imported 0, duplicate 1, rejected 0\n")
    }

    @Test("an alert without an identifier is refused with its line; the next file is taken")
    func noIdentifier() throws {
        let desk = try Desk()
        let text = capAlert(id: "x", headline: "h")
        let bad = try desk.file("bad.cap", text.replacing("<identifier>x</identifier>", with: ""))
        let outcome = try desk.impetus("import", bad, desk.file("good.cap", text))
        #expect(outcome.code == 65 && outcome.output == "imported 1, duplicate 0, rejected 1\n", "\(outcome)")
        #expect(outcome.complaints == "\(bad):2: <alert> has no <identifier> that can be read\n")
    }

    @Test("of a set of districts that is cut off none stays, and the map shows what it did")
    func cutOffDistricts() throws {
        let desk = try Desk()
        try desk.raise("camera-1/weapon", "low", "Weapon seen")
        let before = try desk.impetus("districts", "--json").output
        let ring = "[[10,59],[11,59],[11,60],[10,60],[10,59]]"
        let feature = #"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[\#(ring)]}}"#
        // More than one batch, so that the first would be kept before the end is read.
        let features = Array(repeating: feature, count: 4_500).joined(separator: ",\n")
        let whole = #"{"type":"FeatureCollection","name":"half","features":[\#(features)]}"#
        let cut = try desk.impetus("import", desk.file("cut.geojson", String(whole.dropLast(20))))
        #expect(cut.code == 65 && cut.output == "imported 0, duplicate 0, rejected 1\n", "\(cut)")
        #expect(
            cut.complaints.contains("none of its districts was taken (4499 were read by then)"), "\(cut.complaints)")
        #expect(try desk.impetus("districts", "--json").output == before)
        // One that is larger than an event may be is found when all were read.
        let large = feature.replacing("{}", with: #"{"name":"\#(String(repeating: "x", count: 1_100_000))"}"#)
        let bad = try desk.impetus(
            "import", desk.file("bad.geojson", whole.replacing("[\(feature)", with: "[\(large),\n\(feature)")))
        #expect(bad.code == 65 && bad.output.hasPrefix("imported 0, duplicate 0"), "\(bad.output)")
        #expect(try desk.impetus("districts", "--json").output == before)
        let taken = try desk.impetus("import", desk.file("whole.geojson", whole))
        #expect(taken.output == "imported 4500, duplicate 0, rejected 0\n" && taken.code == 0, "\(taken)")
    }
}
