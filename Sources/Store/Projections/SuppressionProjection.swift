import ControlRoom

/// The rules of the site that run, and those that ran.
struct SuppressionProjection {
    let statements: Statements

    func start(_ fact: SuppressionStarted, id: String, realm: Int64, by actor: String, at time: Timestamp) throws {
        let insert = try statements(
            "INSERT OR IGNORE INTO suppressions (id, realm, actor, started, data) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, id)
        insert.bind(2, realm)
        insert.bind(3, actor)
        insert.bind(4, time.milliseconds)
        insert.bind(5, JSONWriter.bytes(fact.write))
        try insert.run()
    }

    func end(_ id: String, at time: Timestamp) throws -> Outcome {
        let update = try statements("UPDATE suppressions SET ended = ? WHERE id = ? AND ended IS NULL RETURNING 1")
        update.bind(1, time.milliseconds)
        update.bind(2, id)
        return try update.first { _ in true } == nil ? .unchanged(.notSuppressed) : .applied
    }
}
