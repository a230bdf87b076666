import SQLite

/// What is folded in a store, as text: two that folded the same log have the same.
///
/// Left out is what no fold makes: acts on their way, how far a copy is filled, which rows changed, where names are in the index of
/// hashes (both of its parts count as one), which number a name has, counts of nothing, and how SQLite arranges the index of the full text.
public enum StoreDump {
    private static let leftOut: Set<String> = [
        "outbox", "unfilled", "shared", "sharing", "forwarded", "alert_changes", "grdb_migrations", "meta",
        "alert_bases",
    ]
    private static let folded = ["alarm_policy", "acts_bound", "neighbours", "relocation", "base"]

    /// A row that counts nothing may be there or not.
    private static let counted = [
        "alert_counts": "total <> 0", "place_counts": "open <> 0", "alarm_verdicts": "confirmed <> 0 OR rejected <> 0",
    ]

    /// Its lines, sorted, each with the table that it is from.
    ///
    /// - Throws: `StoreError`.
    public static func lines(_ path: String) throws -> [String] {
        let connection = try Connection.reading(path, cacheKiB: 1_000)
        defer { connection.close() }
        return try connection.read { statements in
            let tables = try statements(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            ).all { $0.text(0) }
            var lines = try tables.filter { !isLeftOut($0) }.flatMap { try rows($0, statements) }
            for key in folded {
                let value = try Meta(statements: statements)[key] ?? "-"
                lines.append("meta \(key) \(value)")
            }
            return lines.sorted()
        }
    }

    private static func isLeftOut(_ table: String) -> Bool {
        leftOut.contains(table) || table.hasPrefix("alert_text") && table != "alert_text_content"
    }

    private static func rows(_ table: String, _ statements: Statements) throws -> [String] {
        let columns = try statements("SELECT name FROM pragma_table_info('\(table)')").all { $0.text(0) }
        let named = Set(
            try statements("SELECT \"from\" FROM pragma_foreign_key_list('\(table)') WHERE \"table\" = 'names'").all {
                $0.text(0)
            })
        let quoted = columns.filter { table != "names" || $0 != "id" }.map { column in
            let isName = named.contains(column)
            let value = "\"\(table)\".\"\(column)\""
            return "quote(\(isName ? "(SELECT text FROM names WHERE id = \(value))" : value))"
        }.joined(separator: " || ' ' || ")
        let name = table.hasSuffix("_hashes_fresh") ? String(table.dropLast(6)) : table
        return try statements("SELECT \(quoted) FROM \"\(table)\" WHERE \(counted[table] ?? "1")").all {
            name + " " + $0.text(0)
        }
    }

    /// The first lines of each that the other has not, for a test to show; empty where they are the same.
    public static func difference(_ one: String, _ other: String) throws -> [String] {
        let (ours, theirs) = (try lines(one), try lines(other))
        guard ours != theirs else { return [] }
        let (have, want) = (Set(ours), Set(theirs))
        return ours.filter { !want.contains($0) }.prefix(6).map { "- " + $0 }
            + theirs.filter { !have.contains($0) }.prefix(6).map { "+ " + $0 }
            + (have == want ? ["the same lines, some more often"] : [])
    }
}
