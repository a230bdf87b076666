import Foundation
internal import Settings

/// The directories in which a pack is looked up by its name, the first one first.
struct PackPlaces {
    let directories: [String]

    init(directories: [String]) { self.directories = directories }

    /// The resources beside the executable, then the user's data directory, then the system's.
    init(_ environment: [String: String]) {
        let shipped = ShippedResources.directory(of: "Cities").map { ["\($0)/Packs"] } ?? []
        let user = XDG.dataHome(environment).map { [$0] } ?? []
        let data = user + XDG.dataDirectories(environment)
        directories = shipped + data.map { "\($0)/impetus/cities" }
    }

    /// The folder of a pack: a path is taken as it is, a name is looked up.
    func folder(of name: String) throws(CityPackError) -> String {
        if isPack(name) { return name }
        if name.contains("/") { throw CityPackError(file: name, line: nil, reason: missing(name), isMissing: true) }
        // A name must not lead out of the directories.
        let known = PlainText.isFileName(name) ? directories.map { "\($0)/\(name)" }.first(where: isPack) : nil
        guard let known else { throw CityPackError(file: name, line: nil, reason: unknown, isMissing: true) }
        return known
    }

    /// The packs that can be named, each once, in alphabetical order.
    var names: [String] {
        let found = directories.flatMap { directory in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return names.filter { PlainText.isFileName($0) && isPack("\(directory)/\($0)") }
        }
        return Set(found).sorted()
    }

    private func isPack(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/city.toml")
    }

    private func missing(_ folder: String) -> String {
        FileManager.default.fileExists(atPath: folder)
            ? "there is no city.toml in it" : "there is no such folder"
    }

    private var unknown: String {
        let names = names
        if !names.isEmpty { return "no city pack of this name; there are \(names.joined(separator: ", "))" }
        return "no city packs are installed; looked in \(directories.joined(separator: ", "))"
    }
}
