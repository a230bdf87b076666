import ControlRoom

/// The rules of the site that run, and those that ran.
struct SuppressionProjection {
    let statements: Statements

    /// A rule of the name of one that was there before changes nothing.
    func start(
        _ fact: SuppressionStarted, id: String, realm: Int64, by actor: String, at time: Timestamp
    ) throws -> Outcome {
        let insert = try statements(
            "INSERT OR IGNORE INTO suppressions (id, realm, actor, started, data) VALUES (?, ?, ?, ?, ?) RETURNING 1")
        insert.bind(1, id)
        insert.bind(2, realm)
        insert.bind(3, actor)
        insert.bind(4, time.milliseconds)
        insert.bind(5, JSONWriter.bytes(fact.write))
        return try insert.first { _ in true } == nil ? .refused(.alreadySuppressed) : .applied
    }

    func end(_ id: String, at time: Timestamp) throws -> Outcome {
        let update = try statements("UPDATE suppressions SET ended = ? WHERE id = ? AND ended IS NULL RETURNING 1")
        update.bind(1, time.milliseconds)
        update.bind(2, id)
        return try update.first { _ in true } == nil ? .unchanged(.notSuppressed) : .applied
    }
}
