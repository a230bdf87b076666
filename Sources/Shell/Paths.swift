import Foundation
import Settings

/// Where files live, after the XDG base directories.
public struct Paths: Sendable {
    let environment: [String: String]

    public static let live = Paths(environment: ProcessInfo.processInfo.environment)

    /// Where stores lie. Below `/tmp` for somebody without a home.
    public var dataDirectory: String { (XDG.dataHome(environment) ?? "/tmp/.local/share") + "/impetus" }
    /// Where settings and keys lie. Below `/tmp` for somebody without a home.
    public var configDirectory: String { (XDG.configHome(environment) ?? "/tmp/.config") + "/impetus" }

    public var keymapFile: String { configDirectory + "/keys.toml" }
    public var soundFile: String { configDirectory + "/sound.toml" }
    public var viewsFile: String { configDirectory + "/views.toml" }

    /// The store of a city, when none is named.
    public func store(city: String) -> String {
        let name = city.split(separator: "/").last.map(String.init) ?? "city"
        return dataDirectory + "/" + name + ".sqlite"
    }
}
