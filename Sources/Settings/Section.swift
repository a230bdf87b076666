import TOMLKit

/// A table of the file and where it stands in it.
public struct Section {
    let table: TOMLTable
    /// Names from the top of the file on; a place in a list is a number, from 0. Empty for the file itself.
    public let path: [String]

    public func path(_ key: String) -> [String] { path + [key] }

    /// The keys in alphabetical order, which is the parser's.
    public var keys: [String] { table.keys }

    public func holds(_ key: String) -> Bool { table[key] != nil }

    /// The value of a key that may be of more than one kind.
    public func value(_ key: String) -> SettingsValue? { table[key].map(SettingsValue.init) }

    /// How many items a list has, of whatever type; nothing if it is no list.
    public func count(_ key: String) -> Int? { table[key]?.array?.count }

    /// The items of a list, each with its path; those that are no tables without a section.
    public func tables(_ key: String) -> [(section: Section?, path: [String])]? {
        table[key]?.array?.enumerated().map { position, item in
            let place = path(key) + [String(position)]
            return (item.table.map { Section(table: $0, path: place) }, place)
        }
    }
}
