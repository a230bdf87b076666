import ControlRoom

/// Alerts as the fold of their events. Within one transaction each alert is read once, folded in memory, and written
/// once, with the counts that its change moves.
final class AlertProjection {
    let statements: Statements
    let rows: AlertRows
    let counts: AlertCounts
    private let meter: AlarmMeter
    let city: CityProjection
    let pending: PendingActs
    let ends: EarlyEnds
    let faults: SourceFaults
    /// The site's, and whether acts must name what their authors saw; read when first asked for.
    var knownRules: (policy: AlarmPolicy, isStrict: Bool)?
    /// Whether any alarm stands next to another of the same subject.
    var knownNeighbours: Bool?
    /// Behind which number a new alert counts its occurrences.
    var knownStart: Int?
    /// The first numbers of alerts that some events make, by their places, where they are known: a past is folded without the trims
    /// before it.
    var knownFirsts: [Int64: Int] = [:]
    /// As of when all that ends by time was carried out.
    var knownSettled: Timestamp?
    private var touched: [Int64: Touched] = [:]
    /// The same in the order in which they were touched, so that rows are numbered alike wherever the log is folded.
    private var inOrder: [Touched] = []
    /// An alert that was just sought in vain: the log asks for it and then the fold.
    private var missed: (key: Int64, realm: Int64, subject: String)?
    /// Assets whose open alerts are to be counted again, once a batch, by realm.
    private var troubled: [Int64: Set<ExactText>] = [:]

    /// An alert in work, and what it was before, for the counts. A class, because alerts are large and a batch touches
    /// thousands of them.
    final class Touched {
        let key: Int64
        var kept: AlertRows.Kept
        let before: AlertCounts.Counted?
        let assetBefore: String?
        var dirty: Bool
        /// What the log says, where acts that are not settled lie over it; nil where what is kept is what the log says.
        var base: AlertRows.Kept?
        /// What it adds to the figures under its row, which a new alert does not have yet.
        var nuisances: [AlarmMeter.Nuisance] = []
        /// Another alert whose key has the same hash.
        var next: Touched?

        init(_ kept: AlertRows.Kept, key: Int64, isNew: Bool, dirty: Bool) {
            self.key = key
            self.kept = kept
            before = isNew ? nil : AlertCounts.Counted(kept)
            assetBefore = kept.asset
            self.dirty = dirty
        }

        /// What the log says.
        var truth: AlertRows.Kept { base ?? kept }

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
        meter = AlarmMeter(statements, counts.tools)
        self.city = city
        ends = EarlyEnds(statements)
        faults = SourceFaults(statements)
        rows = AlertRows(statements: statements)
    }

    /// The key of the alert that an event is about. A source speaks for its own alarms alone: under a subject that another has
    /// raised, its alarm has a key next to it.
    func subject(of event: Event, _ fact: Fact, realm: Int64) throws -> String {
        let named = event.subject ?? ""
        return fact.isWordOfSource && !event.isStaleEnd(fact)
            ? try own(named, of: event.speaker, realm: realm, makes: fact.makesAlert) : named
    }

    func own(_ named: String, of source: String, realm: Int64, makes: Bool) throws -> String {
        try AlertKeys(source: source, makes: makes, areThereNeighbours: areThereNeighbours).own(named) { subject in
            try load(realm, subject, rows.key(realm: realm, subject: subject))?.truth.alert
        }
    }

    /// Applies one fact about an alert.
    ///
    /// - Parameter subject: its key, see `subject(of:_:realm:)`.
    func apply(
        _ fact: Fact, of event: Event, subject: String, realm: Int64, sequence: Int64, now: Timestamp
    ) throws -> Outcome {
        let word = try word(of: event, now: now)
        switch fact {
        case .alertRaised(let raised):
            return try raise(raised, subject, event, word, realm: realm, sequence: sequence)
        case .alertCancelled(let cancelled):
            try record(cancelled, subject, event, word, realm: realm, sequence: sequence)
            return .applied
        default:
            let key = try rows.key(realm: realm, subject: subject)
            guard let entry = try load(realm, subject, key) else {
                try noteEarlyClear(fact, of: subject, key, word)
                return .refused(.unknownSubject)
            }
            entry.changeTruth { $0.lastEvent = sequence }
            entry.dirty = true
            guard !fact.isWordOfSource || event.isStaleEnd(fact) || entry.truth.alert.belongs(to: event.speaker) else {
                try noteEarlyClear(fact, of: subject, key, word)
                try faults.note(.foreign, of: event.speaker, realm: realm, at: now)
                return .refused(.notItsSource)
            }
            // What it said is looked up nowhere any more.
            if case .alertWithdrawn = fact { entry.changeTruth { ($0.raisedBy, $0.asset) = (sequence, nil) } }
            let outcome = change(entry, word) { measured(fact, &$0, of: entry, realm: realm, word) }
            if case .actUndone = fact, outcome == .applied { try passOn(entry, realm, word) }
            return outcome
        }
    }

    /// A clear may overtake the raise of its own alarm.
    private func noteEarlyClear(_ fact: Fact, of subject: String, _ key: Int64, _ word: Alert.Word) throws {
        guard case .alertCleared = fact, !word.isFeeds else { return }
        try ends.note(.cleared, of: subject, key, by: "", word)
    }

    /// What the clock says was so when it was said: another hub's may have recorded it.
    private func word(of event: Event, now: Timestamp) throws -> Alert.Word {
        let isClock = event.source == Event.feedSource
        let rules = try rules()
        return Alert.Word(
            id: event.id, source: event.speaker, actor: event.actor, time: event.happened,
            now: isClock ? max(now, event.happened) : now, policy: rules.policy, isStrict: rules.isStrict)
    }

    /// Notes what a change of an alert changes in the figures; only what the log says is counted.
    private func measured(
        _ fact: Fact, _ alert: inout Alert, of entry: Touched, realm: Int64, _ word: Alert.Word
    ) -> Outcome {
        switch fact {
        case .actUndone(let undo):
            let (outcome, recounts) = alert.takeBack(undo, word)
            for recount in recounts { meter.move(from: recount.from, to: recount.to, realm: realm) }
            return outcome
        case .alertAcknowledged, .alertAssessed, .alertClosed:
            let before = AlarmAnswers(of: alert)
            let outcome = Alert.fold(fact, into: &alert, word)
            meter.move(from: before, to: AlarmAnswers(of: alert), realm: realm)
            return outcome
        case .alertCleared:
            let isFleeting = alert.isFleeting(clearedAt: word.now)
            let outcome = Alert.fold(fact, into: &alert, word)
            if isFleeting, outcome == .applied {
                entry.nuisances.append(AlarmMeter.Nuisance(fleetingAt: word.now))
            }
            return outcome
        default: return Alert.fold(fact, into: &alert, word)
        }
    }

    /// An act that is not settled yet lies over its alert, or does so no more.
    func overlay(_ subject: String, realm: Int64, at time: Timestamp) throws {
        guard let entry = try load(realm, subject, rows.key(realm: realm, subject: subject)) else { return }
        entry.dirty = true
        entry.kept.asOf = max(entry.kept.asOf, time)
    }

    /// The last event about an alert so far; nil where there is no such alert.
    func lastEvent(of subject: String, realm: Int64) throws -> Int64? {
        let key = try rows.key(realm: realm, subject: subject)
        guard let entry = try load(realm, subject, key) else { return nil }
        return entry.truth.lastEvent
    }

    func areThereAny() throws -> Bool {
        if !inOrder.isEmpty { return true }
        return try statements("SELECT 1 FROM alerts LIMIT 1").first { _ in true } ?? false
    }

    /// Writes what was touched; called before the transaction ends.
    func flush() throws {
        let settled = try settled()
        for entry in inOrder where entry.dirty {
            let asOf = try time(of: entry, settled)
            try layActsOver(entry)
            entry.kept.due = try entry.kept.alert.due(rules().policy)
            entry.kept.asOf = asOf
            entry.kept.need = entry.kept.alert.need(at: asOf)
            try settle(entry, row: try rows.write(entry.kept, key: entry.key))
        }
        for (realm, assets) in troubled {
            for asset in assets { try city.recountAlerts(of: asset.text, realm: realm) }
        }
        try meter.flush()
        try rows.hashes.pour()
        forgetBatch()
    }

    /// As of when a row is written: what was over by then stays so. Where what touched it has no time, that of the last event.
    private func time(of entry: Touched, _ settled: Timestamp) throws -> Timestamp {
        let known = max(entry.truth.asOf, entry.kept.asOf, settled)
        guard known.milliseconds == 0 else { return known }
        let last = try statements("SELECT recorded FROM events ORDER BY sequence DESC LIMIT 1")
        return try last.first { Timestamp(milliseconds: $0.integer(0)) } ?? known
    }

    func forget() {
        rows.hashes.forget()
        rows.changes.forget()
        meter.forget()
        ends.forget()
        (knownRules, knownNeighbours, knownSettled, knownStart) = (nil, nil, nil, nil)
        forgetBatch()
    }

    private func forgetBatch() {
        missed = nil
        touched.removeAll(keepingCapacity: true)
        inOrder.removeAll(keepingCapacity: true)
        troubled.removeAll(keepingCapacity: true)
    }

    // MARK: - Raising

    func raise(
        _ fact: AlertRaised, _ subject: String, _ event: Event, _ word: Alert.Word, realm: Int64, sequence: Int64
    ) throws -> Outcome {
        let key = try rows.key(realm: realm, subject: subject)
        var isAlarm = true
        if let entry = try load(realm, subject, key) {
            let alert = entry.truth.alert
            guard alert.belongs(to: word.source) || alert.isAdoptable else {
                try faults.note(.foreign, of: word.source, realm: realm, at: word.now)
                return .refused(.notItsSource)
            }
            let outcome = raise(entry, fact, word, sequence, &isAlarm)
            guard outcome == .applied else { return outcome }
            try place(entry, fact)
        } else {
            if subject != event.subject { try noteNeighbour() }
            let entry = try add(Alert(subject: subject, raised: fact, word), key, realm, sequence, word)
            try place(entry, fact)
            try honourEarlierEnds(entry, of: event.subject ?? "", realm, word)
        }
        counts.annunciated(isAlarm: isAlarm, realm: realm, at: word.now)
        if isAlarm { meter.annunciated(fact, tenant: event.sharedBy ?? "", realm: realm, at: word.now) }
        try follow(fact.replaces, lost: fact.lostReferences, of: subject, .replaced, word, realm: realm)
        return .applied
    }

    private func raise(
        _ entry: Touched, _ fact: AlertRaised, _ word: Alert.Word, _ sequence: Int64, _ isAlarm: inout Bool
    ) -> Outcome {
        let outcome = entry.changeTruth { kept in
            let before = AlarmMeter.Before(kept.alert, at: word.now)
            let outcome = kept.alert.raise(fact, word)
            kept.lastEvent = sequence
            guard outcome == .applied else { return outcome }
            kept.raisedBy = sequence
            kept.asOf = word.now
            isAlarm = kept.alert.alarms > before.alarms
            if isAlarm { entry.nuisances.append(AlarmMeter.Nuisance(before, at: word.now)) }
            return outcome
        }
        entry.dirty = true
        return outcome
    }

    func noteNeighbour() throws {
        try Meta(statements: statements).noteNeighbours()
        knownNeighbours = true
    }

    func add(
        _ alert: Alert, _ key: Int64, _ realm: Int64, _ sequence: Int64, _ word: Alert.Word
    ) throws -> Touched {
        var alert = alert
        alert.begin(behind: try knownFirsts[sequence].map { $0 - 1 } ?? start())
        let kept = AlertRows.Kept(
            row: 0, realm: realm, alert: alert, raisedBy: sequence, lastEvent: sequence, asOf: word.now)
        return remember(Touched(kept, key: key, isNew: true, dirty: true))
    }

    @discardableResult
    func remember(_ entry: Touched) -> Touched {
        missed = nil
        entry.next = touched[entry.key]
        touched[entry.key] = entry
        inOrder.append(entry)
        return entry
    }

    /// The district it lies in, and the asset it is about.
    func place(_ entry: Touched, _ fact: AlertRaised) throws {
        try entry.changeTruth { kept in
            kept.alert.district = try city.district(named: kept.alert.district, at: kept.alert.place)
            let isCyber = fact.tool == .ctdr || fact.tool == .cti
            kept.asset = isCyber ? try city.asset(ofSubject: kept.alert.subject, site: fact.site) : nil
        }
    }

    // MARK: - Reading and changing

    func load(_ realm: Int64, _ subject: String, _ key: Int64) throws -> Touched? {
        if let missed, missed.key == key, missed.realm == realm, missed.subject.hasBytes(of: subject) { return nil }
        var next = touched[key]
        while let entry = next {
            if entry.kept.alert.subject.hasBytes(of: subject), entry.kept.realm == realm { return entry }
            next = entry.next
        }
        guard let kept = try rows.find(realm: realm, subject: subject, key: key) else {
            missed = (key, realm, subject)
            return nil
        }
        let entry = remember(Touched(kept, key: key, isNew: false, dirty: false))
        if pending.areKept { entry.base = try rows.base(of: kept.row) }
        return entry
    }

    func change(_ entry: Touched, _ word: Alert.Word, _ body: (inout Alert) -> Outcome) -> Outcome {
        entry.dirty = true
        return entry.changeTruth { kept in
            kept.asOf = word.now
            return body(&kept.alert)
        }
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
            let word = try word(of: act.event, now: act.event.happened)
            _ = Alert.fold(act.fact, into: &entry.kept.alert, word)
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
        counts.move(from: entry.before, to: entry.kept)
        for asset in [entry.assetBefore, entry.kept.asset].compactMap({ $0 }) {
            troubled[entry.kept.realm, default: []].insert(ExactText(asset))
        }
    }
}
