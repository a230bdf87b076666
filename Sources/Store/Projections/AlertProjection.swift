import ControlRoom

/// Alerts as the fold of their events. Within one transaction each alert is read once, folded in memory, and written
/// once, with the counts that its change moves.
final class AlertProjection {
    private let statements: Statements
    private let rows: AlertRows
    private let counts: AlertCounts
    private let places: PlaceIndex
    private let city: CityProjection
    private var touched: [Int64: [Touched]] = [:]

    /// An alert in work, and what it was before, for the counts.
    private struct Touched {
        var kept: AlertRows.Kept
        let before: Alert?
        var dirty: Bool
    }

    init(_ statements: Statements, counts: AlertCounts, places: PlaceIndex, city: CityProjection) {
        self.statements = statements
        self.counts = counts
        self.places = places
        self.city = city
        rows = AlertRows(statements: statements)
    }

    /// Applies one fact about the alert `subject`.
    func apply(_ fact: Fact, of event: Event, realm: Int64, sequence: Int64, now: Timestamp) throws -> Outcome {
        let subject = event.subject ?? ""
        switch fact {
        case .alertRaised(let raised):
            try raise(raised, subject, event, realm: realm, sequence: sequence, now: now)
            for replaced in raised.replaces {
                try refer(to: replaced, by: subject, cancelled: false, realm: realm, at: event.happened)
            }
            return .applied
        case .alertCancelled(let cancelled):
            try record(cancelled, subject, event, realm: realm, sequence: sequence, now: now)
            return .applied
        default:
            let key = AlertRows.key(realm: realm, subject: subject)
            guard let index = try load(realm, subject, key) else { return .refused(.unknownSubject) }
            touched[key]?[index].kept.lastEvent = sequence
            return change(key, index) { Alert.fold(fact, into: &$0, by: event.actor ?? event.source, at: now) }
        }
    }

    /// The last event about an alert so far; nil where there is no such alert.
    func lastEvent(of subject: String, realm: Int64) throws -> Int64? {
        let key = AlertRows.key(realm: realm, subject: subject)
        return try load(realm, subject, key).flatMap { touched[key]?[$0].kept.lastEvent }
    }

    /// Finds the district of alerts anew after the districts changed; returns the next row to go on from, or nil when
    /// all are done.
    func relocate(from row: Int64, limit: Int) throws -> Int64? {
        let select = try statements(
            "SELECT \(AlertRows.columns) FROM alerts WHERE id >= ? ORDER BY id LIMIT ?")
        select.bind(1, row)
        select.bind(2, limit)
        let batch = try select.all { AlertRows.read($0) }
        for kept in batch {
            var entry = Touched(kept: kept, before: kept.alert, dirty: false)
            let district = try city.relocated(kept.alert.district, at: kept.alert.place)
            guard district != kept.alert.district else { continue }
            entry.kept.alert.district = district
            entry.dirty = true
            touched[AlertRows.key(realm: kept.realm, subject: kept.alert.subject), default: []].append(entry)
        }
        try flush()
        return batch.count < limit ? nil : batch.last.map { $0.row + 1 }
    }

    /// Writes what was touched; called before the transaction ends.
    func flush() throws {
        for (key, entries) in touched {
            for entry in entries where entry.dirty {
                let row = try rows.write(entry.kept, key: key)
                try settle(entry, row: row)
            }
        }
        touched.removeAll(keepingCapacity: true)
    }

    func forget() { touched.removeAll() }

    // MARK: - Raising

    private func raise(
        _ fact: AlertRaised, _ subject: String, _ event: Event, realm: Int64, sequence: Int64, now: Timestamp
    ) throws {
        let key = AlertRows.key(realm: realm, subject: subject)
        let time = event.happened
        if let index = try load(realm, subject, key) {
            _ = change(key, index) { alert in
                alert.raise(fact, at: time, now: now)
                return .applied
            }
            touched[key]?[index].kept.raisedBy = sequence
            touched[key]?[index].kept.lastEvent = sequence
            try place(key, index, fact)
        } else {
            let alert = Alert(subject: subject, raised: fact, at: time, now: now)
            let index = add(alert, key: key, realm: realm, sequence: sequence)
            try place(key, index, fact)
            if fact.tool == .cap { try honourEarlierReferences(key, index, at: now) }
        }
        counts.annunciated(realm: realm, at: now)
    }

    private func add(_ alert: Alert, key: Int64, realm: Int64, sequence: Int64) -> Int {
        let kept = AlertRows.Kept(
            row: 0, realm: realm, alert: alert, raisedBy: sequence, lastEvent: sequence, asset: nil)
        touched[key, default: []].append(Touched(kept: kept, before: nil, dirty: true))
        return (touched[key]?.count ?? 1) - 1
    }

    /// The district it lies in, and the asset it is about.
    private func place(_ key: Int64, _ index: Int, _ fact: AlertRaised) throws {
        guard var entry = touched[key]?[index] else { return }
        if let place = entry.kept.alert.place { try places.add(PlaceKey(place)) }
        let found = try city.district(named: entry.kept.alert.district, at: entry.kept.alert.place)
        entry.kept.alert.district = found
        if fact.tool == .ctdr || fact.tool == .cti {
            entry.kept.asset = try city.asset(ofSubject: entry.kept.alert.subject, site: fact.site)
        }
        touched[key]?[index] = entry
    }

    // MARK: - References of CAP messages

    /// A cancelling message is itself kept as an alert that is not active, so that it can be read.
    private func record(
        _ fact: AlertCancelled, _ subject: String, _ event: Event, realm: Int64, sequence: Int64, now: Timestamp
    ) throws {
        var alert = Alert(subject: subject, raised: fact.message, at: event.happened, now: now)
        alert.active = false
        alert.acknowledged = true
        alert.ended = event.happened
        let key = AlertRows.key(realm: realm, subject: subject)
        if try load(realm, subject, key) == nil {
            let index = add(alert, key: key, realm: realm, sequence: sequence)
            try place(key, index, fact.message)
        }
        for cancelled in fact.cancels {
            try refer(to: cancelled, by: subject, cancelled: true, realm: realm, at: event.happened)
        }
    }

    private func refer(to subject: String, by: String, cancelled: Bool, realm: Int64, at time: Timestamp) throws {
        guard subject != by else { return }
        let key = AlertRows.key(realm: realm, subject: subject)
        let insert = try statements(
            "INSERT OR IGNORE INTO alert_references (key, subject, by, cancelled) VALUES (?, ?, ?, ?)")
        insert.bind(1, key)
        insert.bind(2, subject)
        insert.bind(3, by)
        insert.bind(4, cancelled)
        try insert.run()
        guard let index = try load(realm, subject, key) else { return }
        end(key, index, by: by, cancelled: cancelled, at: time)
    }

    /// The message that replaces or cancels this one may have come before it.
    private func honourEarlierReferences(_ key: Int64, _ index: Int, at time: Timestamp) throws {
        guard let subject = touched[key]?[index].kept.alert.subject else { return }
        let select = try statements("SELECT by, cancelled FROM alert_references WHERE key = ? AND subject = ?")
        select.bind(1, key)
        select.bind(2, subject)
        guard let (by, cancelled) = try select.first({ ($0.text(0), $0.bool(1)) }) else { return }
        end(key, index, by: by, cancelled: cancelled, at: time)
    }

    private func end(_ key: Int64, _ index: Int, by: String, cancelled: Bool, at time: Timestamp) {
        _ = change(key, index) { alert in
            cancelled ? alert.cancel(by: by, at: time) : alert.replace(by: by, at: time)
        }
    }

    // MARK: - Reading and changing

    private func load(_ realm: Int64, _ subject: String, _ key: Int64) throws -> Int? {
        if let index = touched[key]?.firstIndex(where: { $0.kept.alert.subject == subject && $0.kept.realm == realm }) {
            return index
        }
        guard let kept = try rows.find(realm: realm, subject: subject, key: key) else { return nil }
        touched[key, default: []].append(Touched(kept: kept, before: kept.alert, dirty: false))
        return (touched[key]?.count ?? 1) - 1
    }

    private func change(_ key: Int64, _ index: Int, _ body: (inout Alert) -> Outcome) -> Outcome {
        guard var alert = touched[key]?[index].kept.alert else { return .refused(.unknownSubject) }
        let outcome = body(&alert)
        touched[key]?[index].kept.alert = alert
        touched[key]?[index].dirty = true
        return outcome
    }

    private func settle(_ entry: Touched, row: Int64) throws {
        counts.move(from: entry.before, to: entry.kept.alert, realm: entry.kept.realm)
        if let asset = entry.kept.asset {
            try city.recountAlerts(of: asset, realm: entry.kept.realm)
        }
    }
}
