import ControlRoom
import Testing

@Suite("Cities, districts, sites and assets")
struct DefinitionsTests {
    private func again<Value>(
        _ write: (inout JSONWriter) -> Void, _ read: (inout JSONReader) throws -> Value
    ) throws -> Value {
        try JSONReader.read(JSONWriter.bytes(write), read)
    }

    @Test("what is written is read again")
    func roundTrips() throws {
        let city = City(id: "c", title: "C \"1\"", timeZone: "Europe/Rome", tenant: "t", districtSet: "s", note: "n")
        #expect(try again(city.write) { try City(reading: &$0) } == city)
        let site = Site(
            id: "s", name: "S", kind: "camera", place: Coordinate(latitude: -90, longitude: 180), district: nil)
        #expect(try again(site.write) { try Site(reading: &$0) } == site)
        let asset = Asset(
            id: "a", name: "A", kind: "camera", vendor: "V", product: "P", version: "1", owner: "o", criticality: 9,
            exposure: .partner, zone: "z", site: "s", district: nil, place: Coordinate(latitude: 1, longitude: 2),
            connects: ["b"])
        #expect(asset.criticality == 5)
        #expect(try again(asset.write) { try Asset(reading: &$0) } == asset)
    }

    @Test("places outside the Earth are refused")
    func outside() {
        let site = #"{"id":"s","name":"S","lat":1e300,"lon":0}"#
        #expect(throws: JSONError.self) { try JSONReader.read(Array(site.utf8)) { try Site(reading: &$0) } }
        let asset = #"{"id":"a","name":"A","lat":0,"lon":-181}"#
        #expect(throws: JSONError.self) { try JSONReader.read(Array(asset.utf8)) { try Asset(reading: &$0) } }
        let streets = #"{"nodes":[{"id":"n","lat":91,"lon":0}]}"#
        #expect(throws: JSONError.self) { try JSONReader.read(Array(streets.utf8)) { try Streets(reading: &$0) } }
    }

    @Test("vendor and product meet whatever their spelling")
    func matchKey() {
        let a = Vulnerability.matchKey(vendor: "Cisco Systems, Inc.", product: "IOS-XE")
        #expect(a == Vulnerability.matchKey(vendor: "CISCO SYSTEMS INC", product: "ios xe"))
        #expect(
            Vulnerability.matchKey(vendor: "ab", product: "c") != Vulnerability.matchKey(vendor: "a", product: "bc"))
    }

    @Test("an edge to nowhere is not drawn")
    func streets() throws {
        let json =
            #"{"nodes":[{"id":"a","lat":0,"lon":0},{"id":"b","lat":0,"lon":1}],"edges":[{"from":"a","to":"b"},{"from":"a","to":"x"}]}"#
        #expect(try JSONReader.read(Array(json.utf8)) { try Streets(reading: &$0) }.lines.count == 1)
    }
}
