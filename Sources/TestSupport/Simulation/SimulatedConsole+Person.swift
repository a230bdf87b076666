import ControlRoom
import Store

/// What the person at a console does with an alert, as it stands on their screen.
extension SimulatedConsole {
    func act(_ chance: inout SeededChance, now: Timestamp) throws {
        let page = try store.alerts(AlertQuery(realm: .actual, filter: AlertFilter(show: .all)), at: .start, limit: 40)
        let alerts = page.lines.map(\.alert)
        guard let alert = alerts.randomElement(using: &chance) else { return }
        /// Who sits there sees what has to be done, mostly.
        func one(_ isMeant: (Alert) -> Bool) -> Alert {
            guard chance.unit() < 0.6 else { return alert }
            return alerts.filter(isMeant).randomElement(using: &chance) ?? alert
        }
        switch Int(chance.unit() * 19) {
        case 0...3: try acknowledge(alert, now)
        case 4: try judge(.alertAssessed, alert, now)
        case 5: try judge(.alertClosed, alert, now)
        case 6, 7: try shelve(alert, &chance, now)
        case 8: try record(.alertTaken, alert.subject, Array("{}".utf8), now: now)
        case 9...11: try withSecondPerson(one { isAnothers($0.request) }, &chance, now)
        case 12, 13: try moveOutOfService(one { $0.removal != nil }, &chance, now)
        case 14, 15: try bringBack(one { $0.shelving != nil || $0.latched }, now)
        case 16: try record(.alertNoted, alert.subject, Array("{\"note\":\"seen\"}".utf8), now: now)
        default: try undo(now)
        }
    }

    private func seen(_ alert: Alert) -> Seen {
        Seen(occurrence: alert.occurrence, severity: alert.latchedSeverity)
    }

    private func acknowledge(_ alert: Alert, _ now: Timestamp) throws {
        let fact = AlertAcknowledged(occurrence: alert.occurrence, severity: alert.latchedSeverity, note: nil)
        try record(.alertAcknowledged, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    private func judge(_ type: EventType, _ alert: Alert, _ now: Timestamp) throws {
        let fact = AlertAssessed(
            occurrence: alert.occurrence, severity: alert.latchedSeverity, verdict: .confirmed, disposition: .some,
            note: nil)
        try record(type, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    private func shelve(_ alert: Alert, _ chance: inout SeededChance, _ now: Timestamp) throws {
        let fact = AlertShelved(
            until: now.adding(seconds: 1 + chance.unit() * 20), once: chance.unit() < 0.25, reason: nil,
            seen: seen(alert))
        try record(.alertShelved, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    /// Asks for what nobody does alone, or decides what somebody else asks for.
    private func withSecondPerson(_ alert: Alert, _ chance: inout SeededChance, _ now: Timestamp) throws {
        // Some try what they may not: to decide at all, or what they asked for themselves.
        guard let request = alert.request, isAnothers(request) || chance.unit() < 0.2,
            identity.role.may(.approve) || chance.unit() < 0.1
        else { return try ask(alert, &chance, now) }
        let fact = ApprovalDecided(
            wish: request.wish, author: request.act.by, request: request.event, note: nil)
        let type = chance.unit() < 0.7 ? EventType.approvalGranted : .approvalRefused
        try record(type, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    private func isAnothers(_ request: Alert.Request?) -> Bool { request.map { $0.act.by != identity.actor } ?? false }

    private func ask(_ alert: Alert, _ chance: inout SeededChance, _ now: Timestamp) throws {
        let until = now.adding(seconds: 36_000)
        let fact = ApprovalRequested(
            wish: chance.unit() < 0.5 ? .removeFromService : .shelve(until: until, isOnce: false),
            severity: alert.latchedSeverity, occurrence: alert.occurrence, reason: "works")
        try record(.approvalRequested, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    private func moveOutOfService(_ alert: Alert, _ chance: inout SeededChance, _ now: Timestamp) throws {
        guard identity.role.may(.removeFromService) || chance.unit() < 0.2 else { return try ask(alert, &chance, now) }
        guard alert.removal == nil else {
            return try record(.alertReturnedToService, alert.subject, Array("{}".utf8), now: now)
        }
        let fact = AlertRemoved(reason: SuppressionReason(.maintenance), seen: seen(alert))
        try record(.alertRemovedFromService, alert.subject, JSONWriter.bytes(fact.write), now: now)
    }

    /// Ends a shelf, or resets what was latched.
    private func bringBack(_ alert: Alert, _ now: Timestamp) throws {
        guard alert.shelving == nil else {
            return try record(.alertUnshelved, alert.subject, Array("{}".utf8), now: now)
        }
        let seen = seen(alert)
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("occurrence", seen.occurrence)
                writer.member("severity", seen.severity.name)
            }
        }
        try record(.alertReset, alert.subject, data, now: now)
    }

    private func undo(_ now: Timestamp) throws {
        guard let last = try store.undoable(by: identity.actor, realm: .actual, limit: 1).first,
            let subject = last.subject, let alert = try store.alert(subject: subject, realm: .actual)?.alert
        else { return }
        let fact = ActUndone(act: last.id, type: last.type, seen: seen(alert))
        try record(.actUndone, subject, JSONWriter.bytes(fact.write), now: now)
    }
}
