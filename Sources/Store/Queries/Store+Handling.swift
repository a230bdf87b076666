public import ControlRoom

/// What waits for a second person or was escalated, and what everybody has in hand.
extension Store {
    /// Counted up to a thousand.
    public func handling(_ realm: Realm) throws -> Handling {
        try read { reader in
            let policy = try Meta(statements: reader.statements).policy
            let people = try Store.people(reader)
            let suppressions = try Store.running(reader).filter { $0.realm == realm }
            guard let id = try reader.realm(realm) else { return Handling(policy: policy, people: people) }
            let requests = try reader.statements(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM alerts INDEXED BY alerts_requested WHERE realm = ? AND requested = 1 LIMIT 1000)
                """)
            requests.bind(1, id)
            let escalated = try reader.statements(
                """
                SELECT json_extract(acts, '$.escalated.to'), count(*) FROM (
                    SELECT acts FROM alerts INDEXED BY alerts_escalated
                    WHERE realm = ? AND escalation > 0 AND need < \(Alert.firstAttendedNeed) LIMIT 1000)
                GROUP BY 1
                """)
            escalated.bind(1, id)
            return Handling(
                requests: try requests.first { $0.int(0) } ?? 0,
                escalated: Dictionary(
                    try escalated.all { ($0.text(0), $0.int(1)) }, uniquingKeysWith: { first, _ in first }),
                policy: policy, people: people, suppressions: suppressions)
        }
    }

    /// Pseudonyms of whoever may acknowledge, in alphabetical order: by the members that a hub's log names, or the
    /// roles of an embedded feed. Revoked ones are not among them.
    public func people() throws -> [String] { try look(Store.people) }

    /// Whoever may acknowledge, by the log of a hub, or otherwise as an embedded feed knows them.
    private static func people(_ reader: StoreReader) throws -> [String] {
        guard reader.isMirror else {
            return Identity.embedded(tenant: "").filter { $0.role.may(.acknowledge) }.map(\.actor)
        }
        let members = try reader.statements(
            "SELECT DISTINCT actor, role FROM identities WHERE revoked IS NULL ORDER BY actor")
        // Who was given another role has two certificates for a while.
        let able = try members.all { ($0.text(0), Role(rawValue: $0.text(1))) }
            .filter { $0.1?.may(.acknowledge) ?? false }.map(\.0)
        return Set(able).sorted()
    }

    /// What everybody has in hand, whoever has most first; those too who have nothing.
    public func team(_ realm: Realm, now: Timestamp) throws -> [TeamLoad] {
        try read { reader in
            var loads = Dictionary(
                uniqueKeysWithValues: try Store.people(reader).map { person in
                    (person, TeamLoad(person: person, open: 0, waiting: 0, oldestWaiting: nil, acts: 0))
                })
            if let id = try reader.realm(realm) {
                for load in try Store.owned(reader, id) { loads[load.person] = load }
            }
            let acts = try reader.statements(
                "SELECT count(*) FROM (SELECT recorded FROM events WHERE actor = ?1 ORDER BY sequence DESC LIMIT 5000) WHERE recorded >= ?2"
            )
            for person in loads.keys {
                acts.bind(1, person)
                acts.bind(2, now.adding(seconds: -3_600).milliseconds)
                loads[person]?.acts = try acts.first { $0.int(0) } ?? 0
            }
            return loads.values.sorted { ($0.open, $1.person) > ($1.open, $0.person) }
        }
    }

    private static func owned(_ reader: StoreReader, _ realm: Int64) throws -> [TeamLoad] {
        let select = try reader.statements(
            """
            SELECT owner, count(*), sum(need < \(Alert.firstAttendedNeed)),
                min(CASE WHEN need < \(Alert.firstAttendedNeed) THEN coalesce(wanted, raised) END)
            FROM alerts WHERE realm = ? AND need < \(Alert.firstNormalNeed) AND owner IS NOT NULL GROUP BY owner
            """)
        select.bind(1, realm)
        return try select.all { row in
            TeamLoad(
                person: row.text(0), open: row.int(1), waiting: row.int(2),
                oldestWaiting: row.optionalInteger(3).map(Timestamp.init(milliseconds:)), acts: 0)
        }
    }
}
