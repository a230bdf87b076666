import ControlRoom

/// Alerts as the fold of their events. Within one transaction each alert is read once, folded in memory, and written
/// once, with the counts that its change moves.
final class AlertProjection {
    private let statements: Statements
    let rows: AlertRows
    private let counts: AlertCounts
    private let meter: AlarmMeter
    private let city: CityProjection
    private let pending: PendingActs
    /// The site's, read when it is first asked for.
    private var knownPolicy: AlarmPolicy?
    private var touched: [Int64: Touched] = [:]
    /// The same in the order in which they were touched, so that rows are numbered alike wherever the log is folded.
    private var inOrder: [Touched] = []
    /// An alert that was just sought in vain: the log asks for it and then the fold.
    private var missed: (key: Int64, realm: Int64, subject: String)?
    /// Assets whose open alerts are to be counted again, once a batch, by realm.
    private var troubled: [Int64: Set<String>] = [:]

    /// An alert in work, and what it was before, for the counts. A class, because alerts are large and a batch touches
    /// thousands of them.
    private final class Touched {
        let key: Int64
        var kept: AlertRows.Kept
        let before: Alert?
        let assetBefore: String?
        var dirty: Bool
        /// What the log says, where acts that are not settled lie over it; nil where what is kept is what the log says.
        var base: AlertRows.Kept?
        /// What it adds to the figures under its row, which a new alert does not have yet.
        var nuisances: [AlarmMeter.Nuisance] = []
        /// Another alert whose key has the same hash.
        var next: Touched?

        init(_ kept: AlertRows.Kept, key: Int64, before: Alert?, dirty: Bool) {
            self.key = key
            self.kept = kept
            self.before = before
            assetBefore = kept.asset
            self.dirty = dirty
        }

        /// Events change what the log says, and never what lies over it.
        func changeTruth<Value>(_ body: (inout AlertRows.Kept) throws -> Value) rethrows -> Value {
            guard var truth = base else { return try body(&kept) }
            defer { base = truth }
            return try body(&truth)
        }
    }

    init(
        _ statements: Statements, counts: AlertCounts, city: CityProjection, pending: PendingActs
    ) {
        self.statements = statements
        self.pending = pending
        self.counts = counts
        meter = AlarmMeter(statements)
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
            guard let entry = try load(realm, subject, key) else { return .refused(.unknownSubject) }
            entry.changeTruth { $0.lastEvent = sequence }
            // What the clock says was so when it was said: another hub's may have recorded it.
            var time = now
            if event.source == Event.feedSource { time = max(now, event.happened) }
            let policy = try policy()
            return change(entry) { alert in
                measured(fact, &alert, of: entry, realm: realm, at: time) {
                    Alert.fold(fact, into: &$0, by: event.actor ?? event.source, at: time, policy)
                }
            }
        }
    }

    /// Notes what a change of an alert changes in the figures; only what the log says is counted.
    private func measured(
        _ fact: Fact, _ alert: inout Alert, of entry: Touched, realm: Int64, at time: Timestamp,
        _ body: (inout Alert) -> Outcome
    ) -> Outcome {
        switch fact {
        case .alertAcknowledged, .alertAssessed, .alertClosed, .actUndone:
            let before = AlarmAnswers(of: alert)
            let outcome = body(&alert)
            meter.move(from: before, to: AlarmAnswers(of: alert), realm: realm)
            return outcome
        case .alertCleared:
            let isFleeting = alert.isFleeting(clearedAt: time)
            let outcome = body(&alert)
            if isFleeting, outcome == .applied {
                entry.nuisances.append(AlarmMeter.Nuisance(fleetingAt: time))
            }
            return outcome
        default: return body(&alert)
        }
    }

    /// An act that is not settled yet lies over its alert, or does so no more.
    func overlay(_ subject: String, realm: Int64) throws {
        try load(realm, subject, AlertRows.key(realm: realm, subject: subject))?.dirty = true
    }

    /// The last event about an alert so far; nil where there is no such alert.
    func lastEvent(of subject: String, realm: Int64) throws -> Int64? {
        let key = AlertRows.key(realm: realm, subject: subject)
        guard let entry = try load(realm, subject, key) else { return nil }
        return (entry.base ?? entry.kept).lastEvent
    }

    func areThereAny() throws -> Bool {
        if !inOrder.isEmpty { return true }
        return try statements("SELECT 1 FROM alerts LIMIT 1").first { _ in true } ?? false
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
            let district = try city.relocated(kept.alert.district, at: kept.alert.place)
            guard district != kept.alert.district else { continue }
            let key = AlertRows.key(realm: kept.realm, subject: kept.alert.subject)
            let entry = remember(Touched(kept, key: key, before: kept.alert, dirty: true))
            entry.base = try rows.base(of: kept.row)
            entry.changeTruth { $0.alert.district = district }
        }
        try flush()
        return batch.count < limit ? nil : batch.last.map { $0.row + 1 }
    }

    /// Takes over alerts of another store, under rows of their own.
    func restore(_ all: [AlertRows.Kept]) {
        for kept in all {
            var kept = kept
            kept.row = 0
            let key = AlertRows.key(realm: kept.realm, subject: kept.alert.subject)
            remember(Touched(kept, key: key, before: nil, dirty: true))
        }
    }

    /// Writes what was touched; called before the transaction ends.
    func flush() throws {
        for entry in inOrder where entry.dirty {
            try layActsOver(entry)
            entry.kept.due = try entry.kept.alert.due(policy())
            try settle(entry, row: try rows.write(entry.kept, key: entry.key))
        }
        for (realm, assets) in troubled {
            for asset in assets { try city.recountAlerts(of: asset, realm: realm) }
        }
        try meter.flush()
        try rows.hashes.pour()
        forgetBatch()
    }

    func forget() {
        rows.hashes.forget()
        rows.changes.forget()
        meter.forget()
        knownPolicy = nil
        forgetBatch()
    }

    private func forgetBatch() {
        missed = nil
        touched.removeAll(keepingCapacity: true)
        inOrder.removeAll(keepingCapacity: true)
        troubled.removeAll(keepingCapacity: true)
    }

    // MARK: - The policy of the site

    private func policy() throws -> AlarmPolicy {
        if let knownPolicy { return knownPolicy }
        let policy = try Meta(statements: statements).policy
        knownPolicy = policy
        return policy
    }

    /// From now on another policy holds; what waits already is measured by it too.
    func set(_ policy: AlarmPolicy) throws {
        try flush()
        try Meta(statements: statements).set(policy)
        knownPolicy = policy
        let select = try statements(
            "SELECT \(AlertRows.columns) FROM alerts WHERE realm = ? AND need < \(Alert.firstSuppressedNeed)")
        let update = try statements("UPDATE alerts SET due = ? WHERE id = ?")
        for realm in try statements("SELECT DISTINCT realm FROM alert_counts").all({ $0.integer(0) }) {
            select.bind(1, realm)
            for kept in try select.all({ AlertRows.read($0) }) {
                let due = kept.alert.due(policy)
                guard due != kept.due else { continue }
                update.bind(1, due?.milliseconds)
                update.bind(2, kept.row)
                try update.run()
            }
        }
    }

    // MARK: - Raising

    private func raise(
        _ fact: AlertRaised, _ subject: String, _ event: Event, realm: Int64, sequence: Int64, now: Timestamp
    ) throws {
        let key = AlertRows.key(realm: realm, subject: subject)
        let time = event.happened
        var isAlarm = true
        if let entry = try load(realm, subject, key) {
            entry.changeTruth { kept in
                let before = AlarmMeter.Before(kept.alert, at: now)
                kept.alert.raise(fact, at: time, now: now)
                kept.raisedBy = sequence
                kept.lastEvent = sequence
                isAlarm = kept.alert.alarms > before.alarms
                if isAlarm { entry.nuisances.append(AlarmMeter.Nuisance(before, at: now)) }
            }
            entry.dirty = true
            try place(entry, fact)
        } else {
            let entry = add(Alert(subject: subject, raised: fact, at: time, now: now), key, realm, sequence)
            try place(entry, fact)
            if fact.tool == .cap { try honourEarlierReferences(entry, key, at: now) }
        }
        counts.annunciated(isAlarm: isAlarm, realm: realm, at: now)
        if isAlarm { meter.annunciated(fact, tenant: event.sharedBy ?? "", realm: realm, at: now) }
    }

    private func add(_ alert: Alert, _ key: Int64, _ realm: Int64, _ sequence: Int64) -> Touched {
        let kept = AlertRows.Kept(
            row: 0, realm: realm, alert: alert, raisedBy: sequence, lastEvent: sequence, asset: nil)
        return remember(Touched(kept, key: key, before: nil, dirty: true))
    }

    @discardableResult
    private func remember(_ entry: Touched) -> Touched {
        missed = nil
        entry.next = touched[entry.key]
        touched[entry.key] = entry
        inOrder.append(entry)
        return entry
    }

    /// The district it lies in, and the asset it is about.
    private func place(_ entry: Touched, _ fact: AlertRaised) throws {
        try entry.changeTruth { kept in
            kept.alert.district = try city.district(named: kept.alert.district, at: kept.alert.place)
            let isCyber = fact.tool == .ctdr || fact.tool == .cti
            kept.asset = isCyber ? try city.asset(ofSubject: kept.alert.subject, site: fact.site) : nil
        }
    }

    // MARK: - References of CAP messages

    /// A cancelling message is itself kept as an alert that is not active, so that it can be read.
    private func record(
        _ fact: AlertCancelled, _ subject: String, _ event: Event, realm: Int64, sequence: Int64, now: Timestamp
    ) throws {
        var alert = Alert(subject: subject, raised: fact.message, at: event.happened, now: now)
        alert.active = false
        alert.acknowledged = true
        alert.entered = nil
        (alert.alarms, alert.alarmed) = (0, nil)
        alert.ended = event.happened
        let key = AlertRows.key(realm: realm, subject: subject)
        if try load(realm, subject, key) == nil {
            try place(add(alert, key, realm, sequence), fact.message)
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
        guard let entry = try load(realm, subject, key) else { return }
        end(entry, by: by, cancelled: cancelled, at: time)
    }

    /// The message that replaces or cancels this one may have come before it.
    private func honourEarlierReferences(_ entry: Touched, _ key: Int64, at time: Timestamp) throws {
        let select = try statements("SELECT by, cancelled FROM alert_references WHERE key = ? AND subject = ?")
        select.bind(1, key)
        select.bind(2, entry.kept.alert.subject)
        guard let (by, cancelled) = try select.first({ ($0.text(0), $0.bool(1)) }) else { return }
        end(entry, by: by, cancelled: cancelled, at: time)
    }

    private func end(_ entry: Touched, by: String, cancelled: Bool, at time: Timestamp) {
        _ = change(entry) { alert in
            cancelled ? alert.cancel(by: by, at: time) : alert.replace(by: by, at: time)
        }
    }

    // MARK: - Reading and changing

    private func load(_ realm: Int64, _ subject: String, _ key: Int64) throws -> Touched? {
        if let missed, missed.key == key, missed.realm == realm, missed.subject == subject { return nil }
        var next = touched[key]
        while let entry = next {
            if entry.kept.alert.subject == subject, entry.kept.realm == realm { return entry }
            next = entry.next
        }
        guard let kept = try rows.find(realm: realm, subject: subject, key: key) else {
            missed = (key, realm, subject)
            return nil
        }
        let entry = remember(Touched(kept, key: key, before: kept.alert, dirty: false))
        if pending.areKept { entry.base = try rows.base(of: kept.row) }
        return entry
    }

    private func change(_ entry: Touched, _ body: (inout Alert) -> Outcome) -> Outcome {
        entry.dirty = true
        return entry.changeTruth { body(&$0.alert) }
    }

    /// What is shown is what the log says, with the acts on top that were made here and are not settled yet.
    private func layActsOver(_ entry: Touched) throws {
        guard pending.areKept else { return }
        let acts = try pending.acts(on: entry.kept.alert.subject, realm: entry.kept.realm)
        guard !acts.isEmpty || entry.base != nil else { return }
        var truth = entry.base ?? entry.kept
        truth.row = entry.kept.row
        entry.kept = truth
        for act in acts {
            let by = act.event.actor ?? act.event.source
            _ = Alert.fold(act.fact, into: &entry.kept.alert, by: by, at: act.event.happened, try policy())
        }
        entry.base = acts.isEmpty ? nil : truth
        // An alert that is new has no row yet; the acts on it are laid over when its row is next touched, or below.
        if entry.kept.row == 0, !acts.isEmpty { entry.kept.row = try rows.write(truth, key: entry.key) }
        if acts.isEmpty {
            try rows.removeBase(entry.kept.row)
        } else {
            try rows.writeBase(truth, row: entry.kept.row, key: entry.key)
        }
    }

    private func settle(_ entry: Touched, row: Int64) throws {
        try meter.write(entry.nuisances, of: row, realm: entry.kept.realm)
        entry.nuisances = []
        counts.move(from: entry.before, to: entry.kept.alert, realm: entry.kept.realm)
        for asset in [entry.assetBefore, entry.kept.asset].compactMap({ $0 }) {
            troubled[entry.kept.realm, default: []].insert(asset)
        }
    }
}
