import ControlRoom

/// Takes the events of what was trimmed out of the file, in portions: nothing is folded from them any more.
///
/// What stays of them: what a detail shows of an alert that goes on or is suppressed, from when it was last raised on; checklists; and
/// what defined the city, and trims, from which a damaged store is rebuilt. The names of all stay as hashes, some twenty bytes an
/// event, and in a log of its own what they said (`TrimmedContents`), as much again: so an event that comes a second time is known as
/// one, however late.
struct Sweep {
    let writer: LogWriter

    private static let staying: Set<EventType> = [
        .cityDefined, .districtDefined, .siteDefined, .streetsDefined, .assetDefined, .vulnerabilityListed,
        .playbookPublished, .exerciseStarted, .exerciseEnded, .identityEnrolled, .identityRevoked,
        .toolRegistered, .toolRemoved, .alarmPolicySet, .actsBound, .suppressionStarted, .suppressionEnded,
        .alertRemovedFromService,
        .alertReturnedToService, .logTrimmed,
    ]

    /// Whether there is anything to do. As long as older events come, they are kept: some are shown of alerts that go on.
    static func isDue(_ statements: Statements) throws -> Bool {
        let meta = Meta(statements: statements)
        return try meta.base.sequence > meta.swept && meta.backFill == nil
    }

    /// One portion of at most `limit` events; false when nothing is left.
    func step(limit: Int) throws -> Bool {
        let meta = Meta(statements: writer.statements)
        let (base, swept) = (try meta.base.sequence, try meta.swept)
        guard try Sweep.isDue(writer.statements) else { return false }
        let select = try writer.statements(
            """
            SELECT \(EventRows.columns) FROM events
            WHERE sequence > ? AND sequence <= ? AND lane = 0 ORDER BY sequence LIMIT ?
            """)
        select.bind(1, swept)
        select.bind(2, base)
        select.bind(3, limit)
        let found = try select.all { (try writer.events.read($0), $0.optionalInteger(13)) }
        for (event, previous) in found { try sweep(event, previous: previous) }
        let isLast = found.count < limit
        try meta.set(Meta.swept, String(isLast ? base : found.last?.0.sequence ?? base))
        if isLast {
            let ghosts = try writer.statements("DELETE FROM ghosts WHERE sequence <= ?")
            ghosts.bind(1, base)
            try ghosts.run()
        }
        return !isLast
    }

    private func sweep(_ event: Event, previous: Int64?) throws {
        guard let sequence = event.sequence, !Sweep.staying.contains(event.type) else { return }
        let raised = try lastRaise(of: event)
        let isShown = raised.map { sequence >= $0 } ?? false
        // From when it was raised last on it is shown; what was before is history.
        if isShown, sequence != raised { return }
        try EventHistory(of: writer).remove(from: isShown ? previous : sequence)
    }

    /// Where the alert was last raised that an event is about; nil where there is none, or where it is over and its row stays
    /// because it waits for somebody (to acknowledge it, or to reset it): what its events say beyond the row has served its time.
    private func lastRaise(of event: Event) throws -> Int64? {
        guard let subject = event.subject, let fact = try? Fact(of: event), fact.isAboutAlert,
            let realm = try writer.names.existing(fact.realm(of: event).name)
        else { return nil }
        let rows = writer.alerts.rows
        let own = try rows.own(subject, of: event.speaker, realm: realm)
        let key = try rows.key(realm: realm, subject: own)
        guard let shown = try rows.find(realm: realm, subject: own, key: key) else { return nil }
        // Acts that are not settled may lie over it: the log decides.
        let kept = try rows.base(of: shown.row) ?? shown
        let goesOn = kept.alert.active || kept.alert.isSuppressed
        let base = try Meta(statements: writer.statements).base.sequence
        return goesOn || kept.lastEvent > base ? kept.raisedBy : nil
    }
}

extension Store {
    /// How many alarms are over and kept beyond what a trim has forgotten, because they wait for somebody.
    ///
    /// The cost of `latched` grows with the alarms that are open.
    public func waitingBeyondRetention() throws -> (unseen: Int, latched: Int) {
        try look { reader in
            let base = try Meta(statements: reader.statements).base.sequence
            guard base > 0 else { return (0, 0) }
            let unseen = "alerts INDEXED BY alerts_over WHERE latched = 0 AND acknowledged = 0"
            let latched = """
                alerts INDEXED BY alerts_need WHERE latched = 1 AND need < \(Alert.firstNormalNeed)
                    AND realm IN (SELECT id FROM names)
                """
            let counts = try [unseen, latched].map { rows in
                let select = try reader.statements(
                    "SELECT count(*) FROM \(rows) AND active = 0 AND suppression = 0 AND last_event <= ?")
                select.bind(1, base)
                return try select.first { $0.int(0) } ?? 0
            }
            return (counts[0], counts[1])
        }
    }
}
