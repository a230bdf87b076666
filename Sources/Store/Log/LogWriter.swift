import ControlRoom
import GRDB

/// Appends events and folds them into the projections, in one transaction. Lives on the writer's queue.
final class LogWriter {
    let statements: Statements
    let names: Names
    let events: EventRows
    private let counts: AlertCounts
    private let city: CityProjection
    let alerts: AlertProjection
    private let checklists: ChecklistProjection
    private let tools: ToolProjection
    private let knownTools: KnownTools
    private let exercises: ExerciseProjection
    private let suppressions: SuppressionProjection
    private let identities: IdentityProjection
    let pending: PendingActs
    private let mirror: Store.Mirror?
    /// Whether it follows no other log.
    var isOwnLog: Bool { mirror == nil }
    private var lastSequence: Int64?
    private var dataVersion: Int64?

    init(_ db: Database, mirror: Store.Mirror?) throws {
        self.mirror = mirror
        statements = try Statements(db)
        names = Names(statements)
        pending = PendingActs(statements, names, mirror)
        identities = IdentityProjection(statements: statements)
        events = EventRows(statements: statements, names: names)
        knownTools = KnownTools(statements)
        counts = AlertCounts(statements, knownTools)
        city = CityProjection(statements)
        alerts = AlertProjection(statements, counts: counts, city: city, pending: pending)
        checklists = ChecklistProjection(statements: statements, events: events, pending: pending)
        tools = ToolProjection(statements, knownTools)
        exercises = ExerciseProjection(statements: statements)
        suppressions = SuppressionProjection(statements: statements)
    }

    /// Called before a transaction ends, whatever was done in it.
    func finish() throws { try alerts.rows.changes.flush() }

    /// Must run inside a transaction; after an error `forget` must follow.
    func append(_ admitted: [AdmittedEvent], now: Timestamp) throws -> [Admission] {
        try noticeOthers()
        let admissions = try admitted.map { try append($0, now: now) }
        try flush()
        return admissions
    }

    /// Events of a damaged store, each with the number it had: a trim names places by them.
    func append(salvaged admitted: [AdmittedEvent], now: Timestamp) throws -> [Admission] {
        try append(numbered: admitted) { _ in now }
    }

    /// Events of another log up to a time, each with its number and the time at which it was recorded there.
    ///
    /// - Parameter firsts: the first numbers of the occurrences of alerts, by the events that make them, where the log alone does not say.
    func append(past admitted: [AdmittedEvent], firsts: [Int64: Int] = [:]) throws -> [Admission] {
        alerts.knownFirsts = firsts
        defer { alerts.knownFirsts = [:] }
        return try append(numbered: admitted) { $0.event.recorded ?? $0.event.happened }
    }

    private func append(
        numbered admitted: [AdmittedEvent], _ now: (AdmittedEvent) -> Timestamp
    ) throws -> [Admission] {
        try noticeOthers()
        let admissions = try admitted.map { event in
            lastSequence = event.event.sequence.map { $0 - 1 } ?? lastSequence
            return try append(event, now: now(event))
        }
        try flush()
        return admissions
    }

    /// Alerts as they stood at a time in another store.
    func restore(_ kept: [AlertRows.Kept], asOf time: Timestamp) throws {
        try noticeOthers()
        try alerts.restore(kept, asOf: time)
        try flush()
    }

    /// Alarms that wait to be acknowledged or reset, of a store that was damaged, with the names of their realms.
    ///
    /// - Returns: how many were taken over, because they ask for more than what stands here.
    func salvage(_ found: [(realm: String, kept: AlertRows.Kept)], asOf time: Timestamp) throws -> Int {
        let taken = try found.count { realm, kept in
            var kept = kept
            kept.realm = try names.id(realm)
            return try alerts.salvage(kept, asOf: time)
        }
        try flush()
        return taken
    }

    /// Events that a hub has put in order: each has its sequence, and the time at which the hub recorded it.
    func append(mirrored admitted: [AdmittedEvent]) throws -> [Admission] {
        try noticeOthers()
        let admissions = try admitted.map { one in
            if let junk = one.junk { return try keep(junk, digest: one.digest) }
            return try append(one, now: one.event.recorded ?? one.event.happened)
        }
        try flush()
        return admissions
    }

    private func flush() throws {
        try alerts.flush()
        try counts.flush()
        try tools.flush()
        try events.hashes.pour()
    }

    /// Shows acts that were just put into the outbox, or no longer shows them.
    func overlay(_ acts: [AdmittedEvent]) throws {
        try noticeOthers()
        for act in acts { try uncover(act) }
        try flush()
    }

    /// One portion of what has ended by time; false when there is no more. Must run inside a transaction.
    func settle(at now: Timestamp, limit: Int) throws -> Bool {
        try noticeOthers()
        let more = try alerts.settle(at: now, limit: limit)
        try counts.flush()
        return more
    }

    /// One portion of finding districts anew; false when there is nothing left to do. Must run inside a transaction.
    func relocate(limit: Int) throws -> Bool {
        try noticeOthers()
        let meta = Meta(statements: statements)
        guard let row = try meta[Meta.relocation].flatMap(Int64.init) else { return false }
        if let next = try alerts.relocate(from: row, limit: limit) {
            try meta.set(Meta.relocation, String(next))
        } else {
            try meta.remove(Meta.relocation)
        }
        try counts.flush()
        return true
    }

    /// What was remembered may have been rolled back, or changed by another process.
    func forget() {
        names.forget()
        counts.forget()
        city.forget()
        alerts.forget()
        tools.forget()
        knownTools.forget()
        events.hashes.forget()
        events.forgetKnown()
        pending.forget()
        lastSequence = nil
    }

    /// Another process may have written since: what is remembered of the city, of names and places may be old.
    private func noticeOthers() throws {
        lastSequence = nil
        pending.forget()
        let version = try statements("PRAGMA data_version").first { $0.integer(0) }
        if version != dataVersion { forget() }
        dataVersion = version
    }

    private func append(_ admitted: AdmittedEvent, now: Timestamp) throws -> Admission {
        let admitted = admitted.dated(now)
        let event = admitted.event
        let hash = try events.hash(source: event.source, id: event.id)
        if let (place, known) = try events.find(source: event.source, id: event.id, hash: hash) {
            if place != event.sequence { try keepGhost(of: admitted) }
            return known.isSame(as: event) ? .duplicate : .conflicting
        }
        let sequence = try mirror == nil ? nextSequence() : event.sequence ?? nextSequence()
        // What is not believed is not folded again either.
        let lane = event.isRefolded && admitted.distrust == nil ? 1 : 0
        let own = try mirror == nil ? nil : takeFromOutbox(event)
        let realm = try names.id(admitted.fact.realm(of: event).name)
        let alert = admitted.fact.isAboutAlert ? try alerts.subject(of: event, admitted.fact, realm: realm) : nil
        let previous = try alert.flatMap { try alerts.lastEvent(of: $0, realm: realm) }
        try events.insert(
            event, sequence: sequence, recorded: now, hash: hash, lane: lane, previous: previous)
        let outcome = try project(admitted, alert: alert, realm: realm, sequence: sequence, now: now)
        if let reason = admitted.distrust ?? outcome.reason?.code ?? unprovedType(of: admitted) {
            try events.markRefused(sequence, reason)
        }
        if let own {
            let code = Store.code(.accepted(sequence: sequence, outcome: outcome))
            try Store.mark(own, admitted.distrust.map { (4, $0) } ?? code, self)
            if admitted.distrust != nil, let act = try? AdmittedEvent(event) { try uncover(act) }
        }
        return .accepted(sequence: sequence, outcome: outcome)
    }

    /// A version that knows the type asks who may say it; of what is here already nobody was asked. A hub's log has signatures.
    private func unprovedType(of admitted: AdmittedEvent) -> String? {
        guard isOwnLog, case .unknown = admitted.fact else { return nil }
        return AdmittedEvent.onceUnknown
    }

    /// Everybody forgets at the same place of the log. What another hub has said already says nothing.
    private func trim(_ fact: LogTrimmed, at sequence: Int64) throws {
        let meta = Meta(statements: statements)
        guard fact.through < sequence, try fact.through > meta.base.sequence else { return }
        try alerts.flush()
        let history = EventHistory(of: self)
        try Trimming(statements: statements, rows: alerts.rows, counts: counts, city: city, history: history)
            .forget(fact)
        let base = LogBase(sequence: fact.through, head: fact.head, recorded: fact.recorded)
        try meta.set(Meta.base, base.text)
        if fact.beginsBehind { try alerts.begin(behind: fact.through) }
        events.forgetKnown()
    }

    /// What an act of ours covered is shown again.
    private func uncover(_ act: AdmittedEvent) throws {
        let subject = act.event.subject ?? ""
        if act.event.isRefolded {
            try checklists.overlay(act, names: names)
        } else if act.fact.isAboutAlert {
            let realm = try names.id(act.fact.realm(of: act.event).name)
            try alerts.overlay(subject, realm: realm, at: act.event.happened)
        }
    }

    /// A second event of the same name has no effect, but a place in the chain.
    private func keepGhost(of admitted: AdmittedEvent) throws {
        guard mirror != nil, let sequence = admitted.event.sequence, let digest = admitted.digest else { return }
        let insert = try statements("INSERT OR IGNORE INTO ghosts (sequence, digest) VALUES (?, ?)")
        insert.bind(1, sequence)
        insert.bind(2, digest)
        try insert.run()
    }

    /// A place without an event has no effect either.
    private func keep(_ junk: JunkEntry, digest: [UInt8]?) throws -> Admission {
        guard let digest else { return .rejected(reason: junk.description) }
        let insert = try statements(
            "INSERT OR IGNORE INTO ghosts (sequence, digest, junk_digest, junk_bytes, junk_kind) VALUES (?, ?, ?, ?, ?)"
        )
        insert.bind(1, junk.sequence)
        insert.bind(2, digest)
        insert.bind(3, junk.digest)
        insert.bind(4, junk.bytes)
        insert.bind(5, junk.kind.rawValue)
        try insert.run()
        return .rejected(reason: junk.description)
    }

    /// The echo of an act made here: from now on it lies over nothing. Its place in the outbox, nil where it has none.
    private func takeFromOutbox(_ event: Event) throws -> Int64? {
        guard try pending.areThereAny() else { return nil }
        let select = try statements("SELECT position FROM outbox WHERE id IN (?, ?) AND state IN (0, 6)")
        select.bind(1, event.id)
        select.bind(2, Store.outboxName(of: event))
        guard let position = try select.first({ $0.integer(0) }) else { return nil }
        let update = try statements("UPDATE outbox SET state = 1 WHERE position = ?")
        update.bind(1, position)
        try update.run()
        pending.forget()
        return position
    }

    private func nextSequence() throws -> Int64 {
        let last = try lastSequence ?? statements("SELECT max(sequence) FROM events").first { $0.integer(0) } ?? 0
        lastSequence = last + 1
        return last + 1
    }

    // MARK: - Folding

    /// - Parameter alert: the key of the alert that it is about; nil where it is about none.
    private func project(
        _ admitted: AdmittedEvent, alert: String?, realm: Int64, sequence: Int64, now: Timestamp
    ) throws -> Outcome {
        let event = admitted.event
        if let tool = admitted.fact.raised?.tool { try knownTools.notice(tool) }
        if case .alertRaised(let fact) = admitted.fact { try tools.hear(fact.tool, realm: realm, at: now) }
        if case .actUndone = admitted.fact, event.refersToChecklist {
            return try checklists.take(event, admitted.fact, at: sequence, names: names)
        }
        if let alert {
            return try alerts.apply(
                admitted.fact, of: event, subject: alert, realm: realm, sequence: sequence, now: now)
        }
        switch admitted.fact {
        case .unknown, .observationRecorded, .logCheckpointed: return .applied
        case .logTrimmed(let fact):
            try trim(fact, at: sequence)
            return .applied
        case .alarmPolicySet(let policy):
            try alerts.set(policy)
            return .applied
        case .identityEnrolled(let fact):
            try identities.enrol(fact, at: now)
            return .applied
        case .identityRevoked(let fact):
            try identities.revoke(fact, at: now)
            return .applied
        case .actsBound:
            try alerts.bindActs()
            return .applied
        case .checklistStarted, .checklistStepSet, .checklistNoted:
            return try checklists.take(event, admitted.fact, at: sequence, names: names)
        case .toolReported(let fact):
            try tools.report(fact, tool: Tool(code: event.subject ?? ""), realm: realm, at: now)
            return .applied
        case .toolRegistered, .toolRemoved: return try register(admitted.fact, event.subject ?? "")
        case .suppressionStarted(let fact):
            return try suppressions.start(
                fact, id: event.suppression, realm: realm, by: event.actor ?? event.source, at: now)
        case .suppressionEnded: return try suppressions.end(event.suppression, at: now)
        // What is Actual neither begins nor ends.
        case .exerciseStarted where event.exercise == nil, .exerciseEnded where event.exercise == nil:
            return .refused(.unknownSubject)
        case .exerciseStarted(let fact):
            try exercises.start(fact, realm: realm, name: event.exercise ?? fact.exercise, at: now)
            return .applied
        case .exerciseEnded:
            try exercises.end(realm: realm, at: now)
            return .applied
        default: return try define(admitted.fact, event, sequence)
        }
    }

    /// What came before is counted as its tool was known then.
    private func register(_ fact: Fact, _ code: String) throws -> Outcome {
        guard ToolRegister.mayRegister(code) else { return .refused(.unknownSubject) }
        let tool = Tool(code: code)
        try alerts.flush()
        try counts.flush()
        guard case .toolRegistered(let registered) = fact else { return try knownTools.remove(tool) }
        return try knownTools.register(registered, tool)
    }

    private func define(_ fact: Fact, _ event: Event, _ sequence: Int64) throws -> Outcome {
        let data = event.data.bytes
        switch fact {
        case .cityDefined(let defined):
            try city.define(defined, data: data, sequence: sequence)
            if try alerts.areThereAny() { try Meta(statements: statements).set(Meta.relocation, "0") }
        case .districtDefined(let defined): try city.define(defined, data: data, sequence: sequence)
        case .siteDefined(let defined): try city.define(defined, data: data)
        case .streetsDefined: try city.define(streets: event.subject ?? "streets", data: data)
        case .assetDefined(let defined): try city.define(defined, data: data)
        case .vulnerabilityListed(let listed): try city.list(listed, data: data)
        case .playbookPublished(let published): try checklists.publish(published, data: data)
        default: break
        }
        return .applied
    }
}

extension EventType {
    static let refolded: Set<EventType> = [.checklistStarted, .checklistStepSet, .checklistNoted]
}

extension Event {
    /// Whether it belongs to what is folded again whenever it is read.
    var isRefolded: Bool { EventType.refolded.contains(type) || refersToChecklist }

    /// The rule that it is about.
    fileprivate var suppression: String {
        let subject = subject ?? ""
        return subject.hasPrefix(Suppression.subjectPrefix)
            ? String(subject.dropFirst(Suppression.subjectPrefix.count)) : subject
    }

    /// An undo is about a checklist when its subject is a run.
    var refersToChecklist: Bool { type == .actUndone && (subject?.hasPrefix("run/") ?? false) }
}

extension Fact {
    /// What it says of the alert that it raises; nil where it raises none.
    fileprivate var raised: AlertRaised? {
        switch self {
        case .alertRaised(let fact): fact
        case .alertCancelled(let fact): fact.message
        default: nil
        }
    }

    /// Whether it is folded into an alert.
    var isAboutAlert: Bool {
        switch self {
        case .alertRaised, .alertCleared, .alertCancelled, .alertAcknowledged, .alertAssessed, .alertClosed,
            .alertReset, .alertShelved, .alertUnshelved, .alertNoted, .alertWithdrawn, .alertSuppressed,
            .alertUnsuppressed, .alertRemovedFromService, .alertReturnedToService, .alertTaken, .alertAssigned,
            .alertEscalated, .alertReminded, .alertLinked, .approvalRequested, .approvalGranted, .approvalRefused,
            .actUndone:
            true
        default: false
        }
    }
}
