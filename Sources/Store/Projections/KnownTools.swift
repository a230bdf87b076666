import ControlRoom

/// The tools that are told apart in counts and figures: those that are registered, and the first that came without being so. Whoever sends
/// a new code with every alarm makes no more rows than that: the others are counted together, as `Tool.other`.
///
/// A tool gets its row where the log first names it, so that one log makes one table. When `ToolRegister.mostSeen` that nobody has registered are
/// known and another comes, `Tool.other` enters the table; from then on a tool gets a row only by being registered, and what was
/// counted of it under `Tool.other` is moved to it: else it would later be taken out where it was never counted.
final class KnownTools {
    private let statements: Statements
    private var known: [Tool: Bool]?
    /// Of `known`, those that nobody has registered.
    private var seen = 0

    init(_ statements: Statements) { self.statements = statements }

    /// Something came from it.
    func notice(_ tool: Tool) throws {
        guard try counted(tool) != tool, try !isFull else { return }
        let insert = try statements("INSERT INTO known_tools (tool) VALUES (?)")
        insert.bind(1, (seen < ToolRegister.mostSeen ? tool : .other).rawValue)
        try insert.run()
        forget()
    }

    /// As what it is counted.
    func counted(_ tool: Tool) throws -> Tool {
        if tool.isShipped { return tool }
        return try all()[tool] == nil ? .other : tool
    }

    private var isFull: Bool { get throws { try all()[.other] != nil } }

    func forget() { known = nil }

    /// Whether each of them is registered.
    private func all() throws -> [Tool: Bool] {
        if let known { return known }
        let rows = try statements("SELECT tool, name IS NOT NULL FROM known_tools").all { ($0.int(0), $0.bool(1)) }
        let loaded = Dictionary(rows.map { (Tool(rawValue: $0) ?? .other, $1) }) { $1 }
        known = loaded
        seen = loaded.count { !$0.value && $0.key != .other }
        return loaded
    }

    // MARK: - The register

    /// What is counted of it together with others must have been written before.
    func register(_ fact: ToolRegistered, _ tool: Tool) throws -> Outcome {
        let known = try self.all()
        let isNew = !tool.isShipped && !(known[tool] ?? false)
        let registered = known.count { $0.value && !$0.key.isShipped }
        guard !isNew || registered < ToolRegister.mostRegistered else {
            return .refused(.tooManyTools(ToolRegister.mostRegistered))
        }
        if try isFull, try counted(tool) != tool { try countAlone(tool) }
        let upsert = try statements(
            """
            INSERT INTO known_tools (tool, name, silent_after) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET name = excluded.name, silent_after = excluded.silent_after
            """)
        upsert.bind(1, tool.rawValue)
        upsert.bind(2, fact.name)
        upsert.bind(3, fact.silentAfterSeconds)
        try upsert.run()
        forget()
        return .applied
    }

    /// Its alerts keep their code. One of which there is no alert leaves no trace, or the table would grow with each that came and went; a
    /// shipped one is again as it is shipped.
    func remove(_ tool: Tool) throws -> Outcome {
        guard try all()[tool] ?? false else { return .unchanged(.unknownSubject) }
        let count = try statements("SELECT 1 FROM alert_counts WHERE tool = ? AND total > 0 LIMIT 1")
        count.bind(1, tool.rawValue)
        let isCounted = try count.first { _ in true } ?? false
        let change = try statements(
            isCounted && !tool.isShipped
                ? "UPDATE known_tools SET name = NULL, silent_after = NULL WHERE tool = ?"
                : "DELETE FROM known_tools WHERE tool = ?")
        change.bind(1, tool.rawValue)
        try change.run()
        forget()
        return .applied
    }

    /// A pass over all alerts, once, and only where it was first named when too many had come already: what was counted together with others is from
    /// now on counted by itself. Figures of past ten minutes stay as they are.
    private func countAlone(_ tool: Tool) throws {
        for (place, sign) in [(Tool.other, "-"), (tool, "")] {
            let move = try statements(
                """
                INSERT INTO alert_counts (realm, district, tool, severity, unacknowledged, open, suppressed, total)
                SELECT realm, coalesce(district, ''), \(place.rawValue), latched_severity,
                    \(sign)sum(need < \(Alert.firstAttendedNeed)), \(sign)sum(need < \(Alert.firstNormalNeed)),
                    \(sign)sum(need >= \(Alert.firstSuppressedNeed) AND need < \(Alert.firstNormalNeed)), \(sign)count(*)
                FROM alerts WHERE tool = \(tool.rawValue) GROUP BY realm, coalesce(district, ''), latched_severity
                ON CONFLICT DO UPDATE SET unacknowledged = unacknowledged + excluded.unacknowledged,
                    open = open + excluded.open, suppressed = suppressed + excluded.suppressed,
                    total = total + excluded.total
                """)
            try move.run()
        }
    }
}
