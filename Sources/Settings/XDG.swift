/// Where files of the user and of the system lie, after the XDG Base Directory Specification (0.8). A directory that is not absolute
/// is ignored, as it asks.
public enum XDG {
    /// `XDG_CONFIG_HOME`, or `.config` in the home; nil where there is neither.
    public static func configHome(_ environment: [String: String]) -> String? {
        home("XDG_CONFIG_HOME", orBelowHome: ".config", environment)
    }

    /// `XDG_DATA_HOME`, or `.local/share` in the home; nil where there is neither.
    public static func dataHome(_ environment: [String: String]) -> String? {
        home("XDG_DATA_HOME", orBelowHome: ".local/share", environment)
    }

    /// The system's directories, the most important first.
    public static func dataDirectories(_ environment: [String: String]) -> [String] {
        let given = given("XDG_DATA_DIRS", environment) ?? "/usr/local/share:/usr/share"
        return given.split(separator: ":").map(String.init).filter(isValid)
    }

    private static func home(
        _ name: String, orBelowHome folder: String, _ environment: [String: String]
    ) -> String? {
        let path = given(name, environment).flatMap { isValid($0) ? $0 : nil }
        return path ?? given("HOME", environment).map { "\($0)/\(folder)" }.flatMap { isValid($0) ? $0 : nil }
    }

    /// A variable that is set to nothing counts as unset.
    private static func given(_ name: String, _ environment: [String: String]) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func isValid(_ path: String) -> Bool { path.hasPrefix("/") }
}
