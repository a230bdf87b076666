public import ControlRoom

extension Store {
    /// So many events are looked through at once.
    private static let mostVerdictEvents: Int64 = 10_000

    /// Verdicts behind a place of the log beside which others' stand.
    ///
    /// - Parameter after: a place that was looked at; nil begins at the log's end and finds nothing.
    /// - Returns: what was found, the first first, and up to which place was looked: at most 10,000 events on.
    /// - Throws: `StoreError`.
    public func secondVerdicts(_ realm: Realm, after: Int64?) throws -> (found: [SecondVerdict], through: Int64) {
        try read { reader in
            let end =
                try reader.statements("SELECT coalesce(max(sequence), 0) FROM events").first { $0.integer(0) } ?? 0
            guard let after, after < end else { return ([], end) }
            let through = min(end, after + Store.mostVerdictEvents)
            guard let id = try reader.realm(realm),
                let type = try reader.names.existing(EventType.alertAssessed.rawValue)
            else { return ([], through) }
            let select = try reader.statements(
                """
                SELECT \(EventRows.columns) FROM events
                WHERE sequence > ? AND sequence <= ? AND type = ? AND refused IS NULL ORDER BY sequence
                """)
            select.bind(1, after)
            select.bind(2, through)
            select.bind(3, type)
            let events = try select.all { try reader.events.read($0) }
            return (
                try events.filter { $0.realm == realm }.compactMap { try reader.secondVerdict(of: $0, id) }, through
            )
        }
    }
}

extension StoreReader {
    /// Nil where nobody else has judged, or the verdict does not stand any more.
    fileprivate func secondVerdict(of event: Event, _ realm: Int64) throws -> SecondVerdict? {
        guard let subject = event.subject, let actor = event.actor else { return nil }
        let key = try alertRows.key(realm: realm, subject: subject)
        guard let alert = try alertRows.find(realm: realm, subject: subject, key: key)?.alert else { return nil }
        let verdicts = [alert.assessment].compactMap { $0 } + alert.dissents
        guard let own = verdicts.first(where: { $0.act.by == actor && $0.act.at == event.recorded }) else { return nil }
        let others = verdicts.filter { $0.act.by != actor }
        guard !others.isEmpty else { return nil }
        return SecondVerdict(subject: subject, headline: alert.headline, verdict: own, others: others)
    }
}
