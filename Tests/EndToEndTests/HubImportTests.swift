import Foundation
import Testing

/// What is imported at a desk whose hub decides.
@Suite("Imports through a hub", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubImportTests {
    @Test("districts that wait for the hub are said not to be on the map, and get there as it is said")
    func waiting() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("boss", "admin")
        let city = #"""
            {"specversion":"1.0","id":"1","source":"urn:site:city","type":"eu.impetus.city.defined.v1","subject":"city/bergen",
             "data":{"id":"bergen","title":"Bergen","timezone":"Europe/Oslo","tenant":"police","district_set":"old"}}
            """#
        let defined = try desk.hubbed("import", desk.file("city.json", city))
        #expect(defined.code == 0, "\(defined)")
        host.kill()
        let ring = "[[10,59],[11,59],[11,60],[10,60],[10,59]]"
        let feature = #"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[\#(ring)]}}"#
        let file = try desk.file("bergen.geojson", #"{"type":"FeatureCollection","features":[\#(feature)]}"#)
        // The command waits a minute for the hub, which is longer than a command of a test may take.
        let away = try desk.start("import", file)
        defer { Programs.end(away) }
        let told = { Programs.text(of: desk.folder + "/started.log") }
        try until("the import to give up", seconds: 120) { told().contains("events are kept and wait") }
        #expect(told().contains("the districts of bergen (1) are not on the map yet"), "\(told())")
        try host.start()
        _ = try desk.synced()
        let again = try desk.hubbed("import", file)
        #expect(again.code == 0 && again.complaints.contains("the map shows these districts now"), "\(again)")
        try until("the districts on the map") {
            _ = try desk.synced()
            return try desk.objects(desk.hubbed("districts", "--json").output)
                .contains { $0["set"] as? String == "bergen" && $0["on_map"] as? Bool == true }
        }
    }
}
