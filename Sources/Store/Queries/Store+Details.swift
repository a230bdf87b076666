public import ControlRoom

extension Store {
    /// All that is known of one alert; nil where it is gone.
    public func detail(row: Int64) throws -> AlertDetail? {
        try read { reader in
            guard let kept = try reader.kept(row: row) else { return nil }
            var detail = try reader.detail(of: kept)
            try reader.explain(&detail, kept)
            detail.timeline += try reader.pending.acts(on: kept.alert.subject, realm: kept.realm).map { act in
                var entry = try reader.entry(act.event)
                entry.isWaiting = true
                return entry
            }
            detail.offers = try reader.offers(for: kept.alert)
            detail.runs = try reader.runs(realm: kept.realm, alert: kept.alert.subject)
            return detail
        }
    }

    /// The row of an alert; nil where it is gone.
    func kept(row: Int64) throws -> AlertRows.Kept? { try read { try $0.kept(row: row) } }

    func explain(_ detail: inout AlertDetail, _ kept: AlertRows.Kept) throws {
        try read { try $0.explain(&detail, kept) }
    }

    /// What the log says of an alert that stands in another store.
    func detail(of kept: AlertRows.Kept) throws -> AlertDetail { try read { try $0.detail(of: kept) } }

    /// Checklist runs of a realm, the newest first.
    public func runs(_ realm: Realm, limit: Int = 200) throws -> [RunLine] {
        try read { reader in
            guard let id = try reader.realm(realm) else { return [] }
            return try reader.runs(realm: id, alert: nil, limit: limit)
        }
    }

    /// A checklist run as its events make it.
    public func run(_ id: String) throws -> ChecklistRun? {
        try read { reader in
            try ChecklistProjection(statements: reader.statements, events: reader.events, pending: reader.pending).fold(
                id
            ).run
        }
    }

    /// The newest version of each playbook.
    public func playbooks() throws -> [Playbook] {
        try read { try $0.newestPlaybooks() }
    }

    /// The last things that happened in a realm, the newest first; at most `depth` events are looked through for them.
    public func recentLog(
        _ realm: Realm, limit: Int, depth: Int = 20_000, through: Int64 = .max
    ) throws -> [LogLine] {
        try read { reader in
            // The status of a message is in its data, so that the index tells the exercises apart and the fact the rest.
            let exercise = try realm.exercise.flatMap { try reader.names.existing($0) }
            let condition = exercise == nil ? "exercise IS NULL" : "exercise = ?1"
            let select = try reader.statements(
                """
                SELECT \(EventRows.columns), refused FROM events WHERE \(condition) AND sequence <= ?3
                ORDER BY sequence DESC LIMIT ?2
                """)
            if let exercise { select.bind(1, exercise) }
            select.bind(2, depth)
            select.bind(3, through)
            var lines: [LogLine] = []
            try select.each { row in
                guard lines.count < limit else { return false }
                let event = try reader.events.read(row)
                guard event.realm == realm else { return true }
                var line = LogLine(event, refused: row.optionalText(14))
                if event.sharedBy != nil, event.type == .alertRaised {
                    line.title = try reader.title(ofCopy: event, realm: realm)
                }
                lines.append(line)
                return true
            }
            try reader.name(&lines, realm: realm)
            return lines
        }
    }
}

extension StoreReader {
    /// Puts to each line the headline of its alert, or the title of its checklist.
    fileprivate func name(_ lines: inout [LogLine], realm: Realm) throws {
        guard let id = try self.realm(realm) else { return }
        var known: [String: String] = [:]
        let run = try statements("SELECT title FROM runs WHERE id = ?")
        for index in lines.indices where lines[index].title == nil {
            let subject = lines[index].subject
            if known[subject] == nil {
                run.bind(1, subject)
                known[subject] =
                    subject.hasPrefix("run/")
                    ? try run.first { $0.text(0) }
                    : try alertRows.find(realm: id, subject: subject)?.alert.headline
            }
            lines[index].title = known[subject]
        }
    }

    /// A copy goes by what its alarm is called now: of one that was withdrawn only the key is told.
    fileprivate func title(ofCopy event: Event, realm: Realm) throws -> String {
        let subject = event.subject ?? ""
        guard let id = try self.realm(realm) else { return subject }
        return try alertRows.find(named: subject, of: event.speaker, realm: id)?.alert.headline ?? subject
    }

    fileprivate func kept(row: Int64) throws -> AlertRows.Kept? {
        let select = try statements("SELECT \(AlertRows.columns) FROM alerts WHERE id = ?")
        select.bind(1, row)
        return try select.first { AlertRows.read($0) }
    }

    fileprivate func detail(of kept: AlertRows.Kept) throws -> AlertDetail {
        var detail = AlertDetail(line: AlertLine(kept))
        let isWithdrawn = try describe(&detail, raisedBy: kept.raisedBy)
        try tell(&detail, from: kept.lastEvent, limit: 40)
        // Why its source said that it was over is told no more either.
        if isWithdrawn {
            for index in detail.timeline.indices where detail.timeline[index].type == .alertCleared {
                detail.timeline[index].note = nil
            }
        }
        return detail
    }

    /// What only the event says: read when the detail is asked for, never with a list.
    ///
    /// - Returns: whether what it said was withdrawn.
    @discardableResult
    func describe(_ detail: inout AlertDetail, raisedBy: Int64) throws -> Bool {
        let select = try statements("SELECT \(EventRows.columns) FROM events WHERE sequence = ?")
        select.bind(1, raisedBy)
        guard let event = try select.first({ try events.read($0) }) else { return false }
        let data = event.data.bytes
        if let fact = try? JSONReader.read(data, { try AlertRaised(reading: &$0) }) {
            detail.description = fact.description
            detail.radiusMetres = fact.radiusMetres
            detail.area = fact.area
        }
        let more = AlertExtras.read(data)
        detail.hasPersonal = more.hasPersonal
        detail.evidenceCount = more.evidenceCount
        // A copy says under which agreement it is here, and what for.
        detail.extras = ["agreement", "purpose"].compactMap { name in
            event.extensions[name].map { AlertDetail.Extra(name: name, value: $0) }
        }
        detail.extras += more.extras
        return event.type == .alertWithdrawn
    }

    /// Its cause, and what it is the cause of.
    fileprivate func explain(_ detail: inout AlertDetail, _ kept: AlertRows.Kept) throws {
        detail.causes = Array(try causes(of: kept.alert.subject, realm: kept.realm).dropFirst())
        if let cause = detail.causes.first {
            detail.cause = try alertRows.find(realm: kept.realm, subject: cause)?.alert.headline
        }
        let count = try statements(
            """
            SELECT count(*) FROM alerts INDEXED BY alerts_cause
            WHERE realm = ? AND cause = ? AND need < \(Alert.firstNormalNeed)
            """)
        count.bind(1, kept.realm)
        count.bind(2, kept.alert.subject)
        detail.explains = try count.first { $0.int(0) } ?? 0
    }

    /// Walks back from an alert's last event: what came, the oldest first, and why there is no more of it.
    private func tell(_ detail: inout AlertDetail, from last: Int64, limit: Int) throws {
        let meta = Meta(statements: statements)
        let (gap, base) = (try meta.backFill, try meta.base.sequence)
        var entries: [AlertDetail.Entry] = []
        var next: Int64? = last
        while let sequence = next, entries.count < limit {
            let select = try statements("SELECT \(EventRows.columns), refused FROM events WHERE sequence = ?")
            select.bind(1, sequence)
            let found = try select.first { row in
                (try events.read(row), row.optionalInteger(13), row.optionalText(14) != nil)
            }
            guard let (event, previous, isRefused) = found else {
                guard let gap, sequence > gap.after.sequence, sequence <= gap.floor.sequence else {
                    detail.isPastRetention = sequence <= base
                    break
                }
                detail.isOlderComing = true
                next = try statements.unfilled(sequence)
                continue
            }
            var made = try entry(event)
            made.isRefused = isRefused
            entries.append(made)
            next = previous.flatMap { $0 < sequence ? $0 : nil }
        }
        detail.timeline = entries.reversed()
    }

    fileprivate func entry(_ event: Event) throws -> AlertDetail.Entry {
        var note: String?
        var severity: Severity?
        var code: SuppressionReason.Code?
        switch try? Fact(of: event) {
        case .alertRaised(let fact): severity = fact.severity
        case .alertAcknowledged(let fact): note = fact.note
        case .alertAssessed(let fact), .alertClosed(let fact):
            note = [fact.verdict?.rawValue, fact.disposition.rawValue, fact.note].compactMap { $0 }
                .joined(separator: " · ")
        case .alertNoted(let text): note = text
        case .alertShelved(let fact): (code, note) = (fact.reason?.code, fact.reason?.note)
        case .alertCleared(let reason): note = reason
        case .alertRemovedFromService(let fact): (code, note) = (fact.reason?.code, fact.reason?.note)
        case .alertSuppressed(let fact): (code, note) = (fact.reason?.code, fact.reason?.note)
        case .approvalRequested(let fact): (code, note) = (fact.reason.code, fact.reason.note)
        case .approvalGranted(let fact), .approvalRefused(let fact): note = fact.note
        case .alertAssigned(let fact): note = fact.to.map { "→ " + $0 }
        case .alertLinked(let fact): note = fact.cause.map { "← " + $0 }
        case .alertEscalated(let fact): note = "→ " + fact.to
        default: break
        }
        var entry = AlertDetail.Entry(
            at: event.recorded ?? event.happened, type: event.type, by: event.actor, note: note, severity: severity,
            reason: code)
        entry.done = event.doneApart
        return entry
    }

    func offers(for alert: Alert) throws -> [PlaybookOffer] {
        let fitting = try newestPlaybooks().filter { $0.fits(tool: alert.tool.code, kind: alert.kind) > 0 }
        let sorted = fitting.sorted {
            $0.fits(tool: alert.tool.code, kind: alert.kind) > $1.fits(tool: alert.tool.code, kind: alert.kind)
        }
        return sorted.map {
            PlaybookOffer(id: $0.id, version: $0.version, title: $0.title, steps: $0.steps.count)
        }
    }

    func runs(realm: Int64, alert: String?, limit: Int = 20) throws -> [RunLine] {
        let filter = alert == nil ? "" : "AND alert = ?3"
        let select = try statements(
            """
            SELECT id, title, alert, started_by, started, settled, steps FROM runs
            WHERE realm = ?1 \(filter) ORDER BY started DESC, id LIMIT ?2
            """)
        select.bind(1, realm)
        select.bind(2, limit)
        if let alert { select.bind(3, alert) }
        return try select.all { row in
            RunLine(
                id: row.text(0), title: row.text(1), alert: row.text(2),
                started: Alert.Act(by: row.text(3), at: Timestamp(milliseconds: row.integer(4))),
                settled: row.int(5), steps: row.int(6))
        }
    }
}

extension Store {
    /// The realm in which a checklist run was started.
    public func realm(ofRun id: String) throws -> Realm? {
        try read { reader in
            let select = try reader.statements("SELECT realm FROM runs WHERE id = ?")
            select.bind(1, id)
            guard let realm = try select.first({ $0.integer(0) }) else { return nil }
            return Realm(name: try reader.names.text(realm))
        }
    }
}

extension LogLine {
    init(_ event: Event, refused: String?) {
        self.init(
            sequence: event.sequence ?? 0, at: event.recorded ?? event.happened, type: event.type,
            subject: event.subject ?? "", by: event.actor ?? event.source.replacing("urn:impetus:", with: ""))
        isRefused = refused != nil
        done = event.doneApart
        switch try? Fact(of: event) {
        case .alertRaised(let fact):
            title = fact.headline
            by = event.actor ?? ""
        case .alertAssessed(let fact), .alertClosed(let fact): detail = .verdict(fact.verdict, fact.disposition)
        case .alertAcknowledged(let fact): detail = fact.note.map(LogDetail.note)
        case .checklistStepSet(let fact): detail = .step(fact.step, fact.state)
        case .alertNoted(let text): detail = .note(text)
        default: break
        }
    }
}

extension Event {
    /// When a person did it, by their clock, where the log had it more than 5 s before or after.
    fileprivate var doneApart: Timestamp? {
        guard let actor, let recorded else { return nil }
        return Alert.Act(by: actor, at: recorded, done: happened).done
    }

    /// The realm in which it took effect.
    var realm: Realm { ((try? Fact(of: self)) ?? .unknown).realm(of: self) }
}
