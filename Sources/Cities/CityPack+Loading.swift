internal import ControlRoom
public import Foundation

extension CityPack {
    /// The packs that come with the console.
    public static let shipped = ["padova", "oslo"]

    /// Loads a pack by its name, or from a folder.
    ///
    /// - Parameters:
    ///   - named: `padova`, `oslo`, a name below `impetus/cities` in an XDG data directory, or the path of a folder
    ///     with a `city.toml`.
    ///   - environment: where `XDG_DATA_HOME`, `XDG_DATA_DIRS` and `HOME` are looked up.
    /// - Throws: `CityPackError` with the file, the line where it is known, and the reason.
    public static func load(
        _ named: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> CityPack {
        try load(PackFolder(path: try PackPlaces(environment).folder(of: named)))
    }

    private static func load(_ folder: PackFolder) throws -> CityPack {
        var city = try folder.city()
        let districts = try folder.districts(of: city.id)
        city.districtSet = districts.set
        var definitions = districts.events
        definitions += try folder.elements("sites.toml", "site", .siteDefined)
        definitions += try folder.streets(of: city.id)
        definitions += try folder.elements("assets.toml", "asset", .assetDefined)
        definitions += try folder.playbooks()
        // The city comes last: it puts its districts on the map once all of them are known.
        definitions.append(
            PackFolder.event(.cityDefined, subject: "city/" + city.id, JSONWriter.bytes(city.write)))
        return CityPack(city: city, definitions: definitions, exercises: try folder.exercises())
    }
}
