/// Where files of the user and of the system lie, after the XDG Base Directory Specification.
public enum XDG {
    /// `XDG_CONFIG_HOME`, or `.config` in the home directory; nil where neither is an absolute path.
    public static func configHome(_ environment: [String: String]) -> String? {
        home("XDG_CONFIG_HOME", orBelowHome: ".config", environment)
    }

    /// `XDG_DATA_HOME`, or `.local/share` in the home directory; nil where neither is an absolute path.
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
        let path = given(name, environment) ?? environment["HOME"].map { "\($0)/\(folder)" }
        return path.flatMap { isValid($0) ? $0 : nil }
    }

    /// A variable that is set to nothing counts as unset.
    private static func given(_ name: String, _ environment: [String: String]) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A relative directory is not valid after the specification.
    private static func isValid(_ path: String) -> Bool { path.hasPrefix("/") }
}
