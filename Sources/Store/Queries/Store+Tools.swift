public import ControlRoom
import GRDB

/// The tools of the site, and what they last said.
extension Store {
    /// The register of the site, and what came of tools that are not in it.
    ///
    /// - Throws: `StoreError`.
    public func toolRegister() throws -> ToolRegister { try read { try $0.toolRegister() } }

    /// The tools of the site whose log a store in a file has folded, registered or heard of, without opening it as one.
    ///
    /// - Returns: nil where nobody can tell: there is no such file, or an older version wrote it, or more tools came than it names.
    public static func knownTools(path: String) -> [Tool]? {
        var configuration = Configuration()
        configuration.readonly = true
        guard let connection = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        defer { try? connection.close() }
        let numbers = try? connection.read { try Int.fetchAll($0, sql: "SELECT tool FROM known_tools") }
        guard let numbers, !numbers.contains(Tool.other.rawValue) else { return nil }
        return numbers.compactMap(Tool.init(rawValue:))
    }

    /// What each tool last said in a realm; of tools that can be named.
    ///
    /// - Throws: `StoreError`.
    public func toolReports(_ realm: Realm) throws -> [ToolReport] {
        try read { reader in
            guard let id = try reader.realm(realm) else { return [] }
            let select = try reader.statements("SELECT tool, state, message, heard FROM tools WHERE realm = ?")
            select.bind(1, id)
            return try select.all { row in
                ToolReport(
                    tool: Tool(rawValue: row.int(0)) ?? .other, state: ToolReport.State(rawValue: row.text(1)) ?? .ok,
                    message: row.text(2), heard: Timestamp(milliseconds: row.integer(3)))
            }
        }
    }
}

extension StoreReader {
    func toolRegister() throws -> ToolRegister {
        let rows = try statements("SELECT tool, name, silent_after FROM known_tools").all { row in
            (Tool(rawValue: row.int(0)) ?? .other, row.optionalText(1), row.optionalInteger(2))
        }
        let registered = rows.compactMap { tool, name, seconds in
            name.map {
                ToolRegister.Entry(
                    tool: tool, name: $0,
                    silentAfterSeconds: seconds.map { Int(clamping: $0) } ?? ToolReport.silentAfterSeconds)
            }
        }
        let unregistered = rows.filter { $0.1 == nil }.map { $0.0 }
        return ToolRegister(
            registered: registered, seen: unregistered.filter { $0 != .other },
            hasMore: unregistered.contains(.other))
    }
}
