import Cities
import ControlRoom
import Foundation
import Testing

@Suite("Packs with an error")
struct BrokenPackTests {
    @Test("the small pack is whole before it is broken")
    func whole() throws {
        let pack = try WrittenPack().load()
        let kinds = pack.definitions.compactMap(\.type.shortName)
        let expected = ["district", "site", "streets", "asset", "asset", "playbook", "city"]
        #expect(kinds.map { $0.prefix { $0 != "." } } == expected.map { $0[...] })
        #expect(pack.exercises.map(\.id) == ["one"])
        #expect(pack.exercises.first?.injects.first?.staleSeconds == 5)
    }

    struct Fault: CustomTestStringConvertible {
        let file: String
        let text: String
        /// `LINE: the start of the reason`
        let said: String
        var testDescription: String { "\(file):\(said)" }
    }

    private static let site = "[[site]]\nid = \"a\"\nname = \"A\"\nlat = 1\nlon = 2\n\n"
    private static let inject =
        "id = \"x\"\nduration = \"01:00\"\n[[inject]]\nat = \"00:01\"\nsubject = \"a\"\n"
        + "type = \"tool.reported\"\ndata = { state = \"ok\" }\n\n[[inject]]\nat = \"00:02\"\n"

    static let toml = [
        Fault(file: "city.toml", text: "id = \"x\"\ntitle = Here\n", said: "2: \"Here\" is no value"),
        Fault(file: "city.toml", text: "title = \"Here\"\n", said: "1: a city without id"),
        Fault(file: "city.toml", text: "title = \"x\"\nid = 2026-11-23", said: "2: \"2026-11-23\" is no number"),
        Fault(file: "sites.toml", text: site + "[[site]\n", said: "7: expected ], saw the end of the line"),
        Fault(file: "sites.toml", text: site + "[[site]]\nname = \"B\"\n", said: "7: id is missing"),
        Fault(file: "sites.toml", text: site + "[[site]]\nid = \"b\"\n", said: "7: a site without id, name or place"),
        Fault(
            file: "sites.toml", text: site + "[[site]]\nid = \"b\"\nlat = \"1\"\n", said: "9: not a number"),
        Fault(file: "sites.toml", text: site + site, said: "7: the id \"a\" stands here twice"),
        Fault(file: "sites.toml", text: "[[sites]]\nid = \"a\"\n", said: "1: unknown key \"sites\"; known: site"),
        Fault(
            file: "assets.toml",
            text: "[[asset]]\nid = \"a\"\nname = \"A\"\n\n[[asset]]\nid = \"b\"\nname = \"B\"\nexposure = \"public\"\n",
            said: "5: an asset's exposure is internet, partner, internal or isolated"),
        Fault(
            file: "assets.toml", text: "\n[[asset]]\nid = \"a\"\nname = \"A\"\ncriticality = 2.5\n",
            said: "5: a whole number was expected"),
        Fault(file: "playbooks/one.toml", text: "id = \"x\"\n", said: "1: a playbook without id or steps"),
        Fault(
            file: "playbooks/one.toml", text: "id = \"x\"\n[[step]]\nid = 1\n[[step]]\nid = \"2\"\n",
            said: "5: not a number"),
        Fault(file: "exercises/one.toml", text: "id = \"x\"\nduration = \"20\"\n", said: "2: \"20\" is not minutes"),
        Fault(file: "exercises/one.toml", text: inject, said: "9: an alert without tool or severity"),
        Fault(
            file: "exercises/one.toml", text: inject + "type = \"tool.reported\"\ndata = { state = \"fine\" }\n",
            said: "12: state is none of the words that are known"),
        Fault(
            file: "exercises/one.toml",
            text: inject + "[inject.data]\ntool = \"FD\"\nseverity = \"low\"\nheadline = \"x\"\nstale_s = \"soon\"\n",
            said: "15: not a number"),
        Fault(
            file: "exercises/one.toml",
            text: inject + "data = { tool = \"FD\", kind = \"x\", severity = \"low\", headline = \"x\" }\n",
            said: "9: an inject without subject"),
    ]

    static let json = [
        Fault(file: "streets.json", text: "{\n \"nodes\": [}\n", said: "2: unexpected '}'"),
        Fault(file: "streets.json", text: "{\"nodes\": [\n {\"lat\": \"x\"}]}", said: "2: not a number"),
        Fault(
            file: "districts.geojson",
            text: "{\"type\": \"FeatureCollection\", \"features\": [\n"
                + "{\"type\": \"Feature\", \"geometry\":\n {\"type\": \"Point\", \"coordinates\": [1, 2]}}]}",
            said: "3: a Point has no area"),
        Fault(
            file: "districts.geojson", text: "{\"type\": \"FeatureCollection\",\n\"features\": [\n",
            said: "3: the text ends inside a list"),
        Fault(file: "districts.geojson", text: "", said: "1: the file is empty"),
    ]

    @Test("each gives the file, the line and the reason", arguments: toml + json)
    func broken(fault: Fault) throws {
        let pack = try WrittenPack()
        try pack.write(fault.file, fault.text)
        let said = try #require(try pack.complaint())
        #expect(said.hasPrefix("\(fault.file):\(fault.said)"), "\(said)")
    }

    @Test("what is no text, or not there, is said without a line")
    func files() throws {
        let pack = try WrittenPack()
        try pack.write("sites.toml", Data([0x5B, 0xFF, 0xFE]))
        #expect(try pack.complaint() == "sites.toml: not UTF-8")
        try pack.write("sites.toml", String(repeating: "#", count: (4 << 20) + 1))
        #expect(try pack.complaint() == "sites.toml: larger than 4 MiB")
        try pack.remove("sites.toml")
        #expect(try pack.complaint() == nil)
        try pack.write("districts.geojson", "{\"type\": \"FeatureCollection\", \"features\": []}")
        #expect(try pack.complaint() == "districts.geojson: no district in it")
        try pack.remove("districts.geojson")
        #expect(try pack.complaint() == pack.path + ": no districts.geojson")
        try pack.remove("city.toml")
        #expect(try pack.complaint() == pack.path + ": there is no city.toml in it")
    }

    @Test("an error cannot steer the terminal")
    func escapes() throws {
        let pack = try WrittenPack()
        try pack.write("sites.toml", "[\"\\u001b[2J\"]")
        let said = try #require(try pack.complaint())
        #expect(!said.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("the outlines may have another name, and their set a name of its own")
    func otherOutlines() throws {
        let pack = try WrittenPack()
        try pack.remove("districts.geojson")
        let polygon = "{\"type\": \"Polygon\", \"coordinates\": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}"
        try pack.write(
            "wards.geojson",
            "{\"type\": \"FeatureCollection\", \"name\": \"wards\", \"features\": ["
                + "{\"type\": \"Feature\", \"properties\": {}, \"geometry\": \(polygon)}]}")
        let loaded = try pack.load()
        let first = try #require(loaded.definitions.first)
        guard case .districtDefined(let district) = try Fact(of: first) else {
            Issue.record("no district: \(first)")
            return
        }
        #expect(loaded.city.districtSet == district.set)
    }

    @Test("a pack as large as a great city's loads")
    func large() throws {
        let pack = try WrittenPack()
        let assets = (0..<6000).map { number in
            "[[asset]]\nid = \"a\(number)\"\nname = \"è \(number)\"\nlat = 0.5\nlon = 1\nconnects = [\"a1\", \"a2\"]\n"
        }
        try pack.write("assets.toml", assets.joined())
        #expect(try pack.load().definitions.filter { $0.type == .assetDefined }.count == 6000)
        try pack.write("assets.toml", assets.joined() + "[[asset]]\nid = 1\nname = \"x\"\n")
        #expect(try pack.complaint() == "assets.toml:36002: a string was expected, not '1'")
    }
}
