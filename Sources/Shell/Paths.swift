import Foundation

/// Where files live, after the XDG base directories.
public struct Paths: Sendable {
    let environment: [String: String]

    public static let live = Paths(environment: ProcessInfo.processInfo.environment)

    /// `impetus` in `XDG_DATA_HOME`, or in `.local/share` of the home directory (`/tmp` where there is none). It need not
    /// be there.
    public var dataDirectory: String { directory("XDG_DATA_HOME", ".local/share") }
    /// `impetus` in `XDG_CONFIG_HOME`, or in `.config` of the home directory. It need not be there.
    public var configDirectory: String { directory("XDG_CONFIG_HOME", ".config") }

    public var keymapFile: String { configDirectory + "/keys.toml" }
    public var soundFile: String { configDirectory + "/sound.toml" }
    public var viewsFile: String { configDirectory + "/views.toml" }

    /// The store of a city, when none is named.
    public func store(city: String) -> String {
        let name = city.split(separator: "/").last.map(String.init) ?? "city"
        return dataDirectory + "/" + name + ".sqlite"
    }

    private func directory(_ variable: String, _ fallback: String) -> String {
        if let value = environment[variable], value.hasPrefix("/") { return value + "/impetus" }
        return (environment["HOME"] ?? "/tmp") + "/" + fallback + "/impetus"
    }
}
