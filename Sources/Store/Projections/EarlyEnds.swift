import ControlRoom

/// What sources said of the end of alarms that have not come yet: a message that replaces, cancels or clears one may overtake it.
///
/// A source ends its own alone. Clears are forgotten after an hour, references after thirty days, and what is older than a trim
/// with it.
final class EarlyEnds {
    enum Kind: Int { case replaced, cancelled, cleared }

    private let statements: Statements
    private var areThereAny: Bool?

    init(_ statements: Statements) { self.statements = statements }

    func forget() { areThereAny = nil }

    /// - Parameter other: the message that replaces or cancels it.
    func note(_ kind: Kind, of subject: String, _ key: Int64, by other: String, _ word: Alert.Word) throws {
        try forgetOld(at: word.now)
        let insert = try statements(
            """
            INSERT INTO alert_ends (key, subject, source, kind, by, time, recorded) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET kind = excluded.kind, by = excluded.by, time = excluded.time,
                recorded = excluded.recorded
            WHERE excluded.time >= time
            """)
        insert.bind(1, key)
        insert.bind(2, subject)
        insert.bind(3, word.source)
        insert.bind(4, kind.rawValue)
        insert.bind(5, other)
        insert.bind(6, word.counted.milliseconds)
        insert.bind(7, word.now.milliseconds)
        try insert.run()
        areThereAny = true
    }

    private static let daysOfReferences = 30.0

    private func forgetOld(at now: Timestamp) throws {
        let delete = try statements("DELETE FROM alert_ends WHERE kind = ? AND recorded < ?")
        for kind in [Kind.replaced, .cancelled, .cleared] {
            let seconds = kind == .cleared ? Alert.endCountsSeconds : EarlyEnds.daysOfReferences * 86_400
            delete.bind(1, kind.rawValue)
            delete.bind(2, now.adding(seconds: -seconds).milliseconds)
            try delete.run()
        }
    }

    /// What was said of the end of an alarm before it came.
    func find(
        _ subject: String, _ key: Int64, source: String
    ) throws -> (kind: Kind, by: String, end: Alert.SourceEnd)? {
        guard try areThere() else { return nil }
        let select = try statements(
            "SELECT kind, by, time, recorded FROM alert_ends WHERE key = ? AND subject = ? AND source = ?")
        select.bind(1, key)
        select.bind(2, subject)
        select.bind(3, source)
        return try select.first { row in
            let end = Alert.SourceEnd(
                time: Timestamp(milliseconds: row.integer(2)), recorded: Timestamp(milliseconds: row.integer(3)))
            return (Kind(rawValue: row.int(0)) ?? .cleared, row.text(1), end)
        }
    }

    private func areThere() throws -> Bool {
        if let areThereAny { return areThereAny }
        let found = try statements("SELECT 1 FROM alert_ends LIMIT 1").first { _ in true } ?? false
        areThereAny = found
        return found
    }
}
