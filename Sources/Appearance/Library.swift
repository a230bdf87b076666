public import Cells
public import Console
public import Settings

/// The themes and layouts that can be chosen. Looked up in the directory of the command line, then the user's
/// (`XDG_CONFIG_HOME/impetus`), the system's (`XDG_DATA_DIRS`) and at last among the shipped ones.
public struct Library: Sendable {
    private let themes: SearchPath
    private let layouts: SearchPath

    public init(environment: [String: String], themesDirectory: String?, layoutsDirectory: String?) {
        themes = SearchPath(kind: "themes", explicit: themesDirectory, environment: environment)
        layouts = SearchPath(kind: "layouts", explicit: layoutsDirectory, environment: environment)
    }

    /// All that are found, in alphabetical order; the one that is built in is always among them.
    public func themeNames() -> [String] {
        themes.names().union([Library.builtInTheme.name]).sorted()
    }

    /// All that are found, in alphabetical order; the one that is built in is always among them.
    public func layoutNames() -> [String] {
        layouts.names().union([Library.builtInLayout.name]).sorted()
    }

    /// Reads its file. Without a value, the warnings say why; names are letters, digits, - and _.
    public func theme(named name: String) -> Loaded<Theme> {
        let builtIn = name == Library.builtInTheme.name ? Library.builtInTheme : nil
        return find(name, in: themes, orElse: builtIn, parse: ThemeFile.parse)
    }

    /// Reads its file. Without a value, the warnings say why; names are letters, digits, - and _.
    public func layout(named name: String) -> Loaded<Layout> {
        let builtIn = name == Library.builtInLayout.name ? Library.builtInLayout : nil
        return find(name, in: layouts, orElse: builtIn, parse: LayoutFile.parse)
    }

    private func find<Value>(
        _ name: String, in place: SearchPath, orElse builtIn: Value?, parse: (String, String) -> Loaded<Value>
    ) -> Loaded<Value> {
        guard PlainText.isFileName(name) else {
            let warning = Warning(file: name, line: 0, reason: "a name is made of letters, digits, - and _")
            return Loaded(value: nil, warnings: [warning])
        }
        guard let file = place.file(named: name) else {
            let missing = Warning(
                file: "\(name).toml", line: 0,
                reason: "not found among the \(place.kind); there are \(place.names().sorted().joined(separator: ", "))"
            )
            return Loaded(value: builtIn, warnings: place.warnings + (builtIn == nil ? [missing] : []))
        }
        do {
            return parse(try BoundedFile.read(file), file).preceded(by: place.warnings)
        } catch {
            return Loaded(value: nil, warnings: place.warnings + [error])
        }
    }
}
