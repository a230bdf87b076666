import ControlRoom
import Foundation
import Testing

@testable import Cities

@Suite("Looking up packs")
struct PackPlacesTests {
    private func refusal(_ name: String, _ places: PackPlaces) -> String? {
        do {
            _ = try places.folder(of: name)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("shipped packs are found beside the executable")
    func shipped() {
        #expect(PackPlaces(Told.environment).names == CityPack.shipped.sorted())
        #expect(PackPlaces(Told.environment).directories.first?.hasSuffix("impetus_Cities.resources/Packs") == true)
    }

    @Test("then in the user's data directory, then in the system's; relative ones are ignored")
    func order() {
        let environment = ["XDG_DATA_HOME": "/home/x/data", "XDG_DATA_DIRS": "/one:two::/three"]
        let expected = ["/home/x/data", "/one", "/three"].map { $0 + "/impetus/cities" }
        #expect(PackPlaces(environment).directories.dropFirst() == expected[...])
        let home = PackPlaces(["HOME": "/home/x", "XDG_DATA_DIRS": ""]).directories.dropFirst()
        let usual = ["/home/x/.local/share", "/usr/local/share", "/usr/share"].map { $0 + "/impetus/cities" }
        #expect(home == usual[...])
    }

    @Test("a pack in a data directory loads by its name")
    func data() throws {
        let pack = try WrittenPack()
        let share = pack.path + "/share"
        let folder = share + "/impetus/cities/here"
        try pack.write("share/impetus/cities/here/city.toml", "id = \"here\"")
        try FileManager.default.copyItem(
            atPath: pack.path + "/districts.geojson", toPath: folder + "/districts.geojson")
        let loaded = try CityPack.load("here", environment: ["XDG_DATA_DIRS": share])
        #expect(loaded.city.id == "here")
    }

    @Test("without resources the process goes on, and says where it looked")
    func missing() {
        let nowhere = PackPlaces(directories: ["/nonexistent/a", "/nonexistent/b"])
        let said = refusal("padova", nowhere)
        #expect(said == "padova: no city packs are installed; looked in /nonexistent/a, /nonexistent/b")
    }

    @Test("an unknown name lists those that are known")
    func unknown() {
        let said = refusal("gotham", PackPlaces(Told.environment))
        #expect(said == "gotham: no city pack of this name; there are oslo, padova")
        #expect(refusal("/nonexistent/x", PackPlaces([:])) == "/nonexistent/x: there is no such folder")
    }

    @Test("a name cannot lead out of its directory", arguments: ["..", ".", "", "a\0b", "a\\b", "pad ova"])
    func hostile(name: String) throws {
        let pack = try WrittenPack()
        let inner = PackPlaces(directories: [pack.path + "/playbooks"])
        #expect(refusal(name, inner)?.contains("no city pack") == true)
    }
}
