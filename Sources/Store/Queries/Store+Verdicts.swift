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
            let end = try reader.lastSequence()
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
            let found = try events.filter { $0.realm == realm }.compactMap { event in
                try event.subject.flatMap { try reader.alertRows.find(realm: id, subject: $0) }
                    .flatMap { SecondVerdict(event, on: $0.alert) }
            }
            return (found, through)
        }
    }
}

extension Store {
    /// So many of a person's last acts are looked through for their verdicts.
    private static let mostOwnActs = 5_000
    /// So many alerts that they judged are looked at, and so many events of each.
    private static let mostJudged = 200
    private static let mostEventsOfOne = 200

    private static func toldKey(_ actor: String) -> String { "verdicts." + actor }

    /// Verdicts of a person and of others on the same alerts that came since the person was last told, the last in time last: what
    /// stands beside theirs, or beside which theirs stands. Of what is Actual.
    ///
    /// The cost grows with the acts of the person, of which the last 5,000 are looked through, and not with the log.
    ///
    /// - Parameters:
    ///   - place: where the looking begins for somebody who was never told anything here.
    ///   - limit: so many, the last.
    /// - Returns: with the end of the log, up to which it was looked, and whether they were never told anything here.
    /// - Throws: `StoreError`.
    public func verdicts(
        beside actor: String, from place: Int64? = nil, limit: Int = 20
    ) throws -> (found: [SecondVerdict], through: Int64, isFirst: Bool) {
        let known = try recall(Store.toldKey(actor)).flatMap(Int64.init)
        return try read { reader in
            let end = try reader.lastSequence()
            guard let told = known ?? place, told < end, let realm = try reader.realm(.actual) else {
                return ([], end, known == nil)
            }
            let found = try reader.judged(by: actor, acts: Store.mostOwnActs, limit: Store.mostJudged)
                .compactMap { try reader.lastVerdict(on: $0, after: told, realm, limit: Store.mostEventsOfOne) }
                .filter { $0.verdict.told(to: actor) != nil }
                .sorted { $0.sequence < $1.sequence }
            return (found.suffix(limit).map(\.verdict), end, known == nil)
        }
    }

    /// Notes that a person knows of all verdicts up to a place of the log: nobody tells them again.
    ///
    /// - Throws: `StoreError`.
    public func noteVerdicts(toldTo actor: String, through place: Int64) throws {
        let known = try recall(Store.toldKey(actor)).flatMap(Int64.init) ?? -1
        if place > known { try remember(Store.toldKey(actor), String(place)) }
    }
}

extension StoreReader {
    /// Alerts that a person has judged, the last first.
    fileprivate func judged(by actor: String, acts: Int, limit: Int) throws -> [String] {
        guard let type = try names.existing(EventType.alertAssessed.rawValue) else { return [] }
        let select = try statements(
            """
            SELECT subject FROM (SELECT sequence, subject, type FROM events WHERE actor = ?1 ORDER BY sequence DESC LIMIT ?3)
            WHERE type = ?2 GROUP BY subject ORDER BY max(sequence) DESC LIMIT ?4
            """)
        select.bind(1, actor)
        select.bind(2, type)
        select.bind(3, acts)
        select.bind(4, limit)
        return try select.all { $0.optionalText(0) }.compactMap { $0 }
    }

    /// The last verdict on an alert behind a place of the log beside which others' stand; nil where there is none.
    fileprivate func lastVerdict(
        on subject: String, after place: Int64, _ realm: Int64, limit: Int
    ) throws -> (sequence: Int64, verdict: SecondVerdict)? {
        guard let kept = try alertRows.find(realm: realm, subject: subject) else { return nil }
        var next: Int64? = kept.lastEvent
        let select = try statements("SELECT \(EventRows.columns), refused FROM events WHERE sequence = ?")
        for _ in 0..<limit {
            guard let sequence = next, sequence > place else { return nil }
            select.bind(1, sequence)
            let found = try select.first { row in
                (event: try events.read(row), previous: row.optionalInteger(13), refused: row.optionalText(14))
            }
            guard let found else { return nil }
            if found.event.type == .alertAssessed, found.refused == nil,
                let verdict = SecondVerdict(found.event, on: kept.alert)
            {
                return (sequence, verdict)
            }
            next = found.previous
        }
        // Where more has come than is walked through, the times decide.
        return try lastVerdict(on: kept.alert, behind: place)
    }

    private func lastVerdict(
        on alert: Alert, behind place: Int64
    ) throws -> (sequence: Int64, verdict: SecondVerdict)? {
        let select = try statements(
            "SELECT recorded FROM events WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1")
        select.bind(1, place)
        let told = try select.first { Timestamp(milliseconds: $0.integer(0)) } ?? Timestamp(milliseconds: 0)
        guard let last = alert.verdicts.max(by: { $0.act.at < $1.act.at }), last.act.at > told else { return nil }
        return SecondVerdict(last, on: alert).map { (place + 1, $0) }
    }
}

extension SecondVerdict {
    /// Nil where nobody else has judged, or the verdict of an act does not stand any more.
    fileprivate init?(_ act: Event, on alert: Alert) {
        let own = alert.verdicts.first { $0.act.by == act.actor && $0.act.at == act.recorded }
        guard let own else { return nil }
        self.init(own, on: alert)
    }

    fileprivate init?(_ own: Alert.Assessment, on alert: Alert) {
        let others = alert.verdicts.filter { $0.act.by != own.act.by }
        guard !others.isEmpty else { return nil }
        self.init(subject: alert.subject, headline: alert.headline, verdict: own, others: others)
    }
}
