import ControlRoom

/// What each tool last said of itself, and when anything at all was last heard from it.
final class ToolProjection {
    private let statements: Statements
    private let known: KnownTools
    private var heard: [Key: Timestamp] = [:]

    private struct Key: Hashable {
        let realm: Int64
        let tool: Int
    }

    init(_ statements: Statements, _ known: KnownTools) {
        self.statements = statements
        self.known = known
    }

    func report(_ fact: ToolReported, tool: Tool, realm: Int64, at time: Timestamp) throws {
        guard tool != .other, try known.counted(tool) == tool else { return }
        let upsert = try statements(
            """
            INSERT INTO tools (realm, tool, state, message, heard) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET state = excluded.state, message = excluded.message, heard = max(heard, excluded.heard)
            """)
        upsert.bind(1, realm)
        upsert.bind(2, tool.rawValue)
        upsert.bind(3, fact.state.rawValue)
        upsert.bind(4, fact.message)
        upsert.bind(5, time.milliseconds)
        try upsert.run()
    }

    /// An alert is a word from its tool as well; written once a batch.
    func hear(_ tool: Tool, realm: Int64, at time: Timestamp) throws {
        guard tool != .other, tool != .cap, try known.counted(tool) == tool else { return }
        let key = Key(realm: realm, tool: tool.rawValue)
        heard[key] = max(heard[key] ?? time, time)
    }

    func flush() throws {
        for (key, time) in heard {
            let upsert = try statements(
                """
                INSERT INTO tools (realm, tool, state, message, heard) VALUES (?, ?, 'ok', '', ?)
                ON CONFLICT DO UPDATE SET heard = max(heard, excluded.heard)
                """)
            upsert.bind(1, key.realm)
            upsert.bind(2, key.tool)
            upsert.bind(3, time.milliseconds)
            try upsert.run()
        }
        forget()
    }

    func forget() { heard.removeAll() }
}
