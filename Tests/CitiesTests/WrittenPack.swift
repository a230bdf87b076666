import Cities
import Foundation

/// A small pack in a directory of its own, to be broken.
final class WrittenPack {
    let path = NSTemporaryDirectory() + "cities-" + UUID().uuidString

    private static let files = [
        "city.toml": "id = \"here\"\ntitle = \"Here\"\n",
        "districts.geojson": """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {"id": "all", "name": "All"}, "geometry":
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}
        ]}
        """,
        "streets.json": "{\"nodes\": [],\n \"edges\": []}",
        "sites.toml": "[[site]]\nid = \"square\"\nname = \"Square\"\nlat = 0.5\nlon = 0.6\ndistrict = \"all\"\n",
        "assets.toml": "[[asset]]\nid = \"a\"\nname = \"A\"\n\n[[asset]]\nid = \"b\"\nname = \"B\"\n",
        "playbooks/one.toml": "id = \"one\"\n[[step]]\nid = 1\n[[step]]\nid = 2\nafter = [1]\n",
        "exercises/one.toml": "id = \"one\"\nduration = \"01:00\"\n[[inject]]\nat = \"00:01\"\nsubject = \"x/y\"\n"
            + "data = { tool = \"FD\", kind = \"weapon\", severity = \"high\", headline = \"X\", stale_s = 5 }\n",
    ]

    init() throws {
        for (name, text) in WrittenPack.files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ data: Data) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        let directory = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func load() throws -> CityPack { try CityPack.load(path, environment: Told.environment) }

    /// What loading it says, without the directory; nothing if it says nothing.
    func complaint() throws -> String? {
        do {
            _ = try load()
            return nil
        } catch let error as CityPackError {
            return error.description.replacingOccurrences(of: path + "/", with: "")
        }
    }
}
