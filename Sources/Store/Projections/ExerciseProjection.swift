import ControlRoom

/// The exercises that were played, each in a realm of its own.
struct ExerciseProjection {
    let statements: Statements

    func start(_ fact: ExerciseStarted, realm: Int64, name: String, at time: Timestamp) throws {
        let insert = try statements(
            "INSERT OR REPLACE INTO exercises (realm, name, title, started, duration) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, realm)
        insert.bind(2, name)
        insert.bind(3, fact.title)
        insert.bind(4, time.milliseconds)
        insert.bind(5, fact.durationSeconds)
        try insert.run()
    }

    func end(realm: Int64, at time: Timestamp) throws {
        let update = try statements("UPDATE exercises SET ended = ? WHERE realm = ? AND ended IS NULL")
        update.bind(1, time.milliseconds)
        update.bind(2, realm)
        try update.run()
    }
}
