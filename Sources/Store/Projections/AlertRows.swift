import ControlRoom

/// Alerts as rows: what a list needs, and nothing that only a detail needs.
final class AlertRows {
    private let statements: Statements
    private let names: NameHashes
    let hashes: HashIndex
    let changes: AlertChanges
    /// Of one event the key of its alert is asked for several times.
    private var lastKey: (realm: Int64, subject: String, key: Int64)?
    private var finding: Prepared?
    private var raising: Prepared?
    private var inserting: Prepared?
    private var updating: Prepared?

    init(statements: Statements) {
        self.statements = statements
        names = NameHashes(statements)
        hashes = HashIndex(statements, name: HashIndex.alerts)
        changes = AlertChanges(statements)
    }

    /// An alert with its place in the store.
    struct Kept {
        var row: Int64
        var realm: Int64
        var alert: Alert
        /// Sequence of the event that last raised it.
        var raisedBy: Int64
        /// Sequence of the last event about it; the timeline is walked back from there.
        var lastEvent: Int64
        /// Asset whose trouble it is.
        var asset: String?
        /// When the feed is to say something of it, by the policy of the site.
        var due: Timestamp?
        /// Its place in the order of attention as it was written, and the counts with it.
        var need: Int64
        /// The time as of which it is written: what ends by time is over by then or not.
        var asOf = Timestamp(milliseconds: 0)

        init(row: Int64, realm: Int64, alert: Alert, raisedBy: Int64, lastEvent: Int64, asOf: Timestamp) {
            self.row = row
            self.realm = realm
            self.alert = alert
            self.raisedBy = raisedBy
            self.lastEvent = lastEvent
            self.asOf = asOf
            need = alert.need(at: asOf)
        }
    }

    static let columns = """
        id, realm, subject, external_id, status, tool, kind, active, acknowledged, suppression, shelved_until, \
        shelved_from, occurrence, annunciated, severity, latched_severity, latching, latched, headline, confidence, \
        place, district, area_name, site, since, raised, stale, ended, acts, replaced_by, asset, raised_by, last_event, \
        wanted, due, entered, entered_before, chattered, fleeted, \
        alarms, alarmed, source, source_end, source_end_recorded, clock, need, first_occurrence
        """
    /// `Alert.timesAnnunciated`.
    static let timesAnnunciated = "occurrence - first_occurrence + 1"
    /// How many they are.
    static let columnCount: Int32 = 47
    /// With what only the fold needs: the acts that can be taken back.
    static let allColumns = columns + ", undoables"

    /// The hash by which an alert is found.
    ///
    /// - Throws: what the file says, on first use.
    func key(realm: Int64, subject: String) throws -> Int64 {
        if let known = lastKey, known.realm == realm, known.subject.hasBytes(of: subject) { return known.key }
        let key = try names.hash.of(String(realm), subject)
        lastKey = (realm, subject, key)
        return key
    }

    func find(realm: Int64, subject: String) throws -> Kept? {
        try find(realm: realm, subject: subject, key: key(realm: realm, subject: subject))
    }

    /// What stands where the alert of a source does that it calls by a name; see `own`.
    func find(named: String, of source: String, realm: Int64) throws -> Kept? {
        try find(realm: realm, subject: own(named, of: source, realm: realm))
    }

    func find(realm: Int64, subject: String, key: Int64) throws -> Kept? {
        let select = try statements(&finding, "SELECT \(AlertRows.allColumns) FROM alerts WHERE id = ?")
        return try hashes.first(key) { row in
            select.bind(1, row)
            let kept = try select.first { row in
                row.text(2).hasBytes(of: subject) && row.integer(1) == realm ? AlertRows.readAll(row) : nil
            }
            return kept ?? nil
        }
    }

    /// The key of the alarm that a source has under a subject: the subject itself, or one next to it. For a person's act, whose
    /// source has raised nothing, the subject.
    func own(_ named: String, of source: String, realm: Int64) throws -> String {
        let keys = AlertKeys(source: source, makes: false) { try Meta(statements: self.statements).hasNeighbours }
        return try keys.own(named) { subject in
            try find(realm: realm, subject: subject)?.alert
        }
    }

    /// Where an alert stands.
    func row(realm: Int64, subject: String) throws -> Int64? {
        let select = try statements("SELECT 1 FROM alerts WHERE id = ? AND realm = ? AND subject = ?")
        return try hashes.first(key(realm: realm, subject: subject)) { row in
            select.bind(1, row)
            select.bind(2, realm)
            select.bind(3, subject)
            return try select.first { _ in row }
        }
    }

    /// The alert of this key that an event raised last, and how often it was annunciated.
    func raised(by event: Int64, key: Int64) throws -> (row: Int64, times: Int)? {
        let select = try statements(
            &raising, "SELECT \(AlertRows.timesAnnunciated) FROM alerts WHERE id = ? AND raised_by = ?")
        return try hashes.first(key) { row in
            select.bind(1, row)
            select.bind(2, event)
            return try select.first { $0.int(0) }.map { (row, $0) }
        }
    }

    /// Inserts a new alert, or writes a known one anew; returns its row.
    func write(_ kept: Kept, key: Int64) throws -> Int64 {
        let isNew = kept.row == 0
        let statement =
            isNew
            ? try statements(&inserting, AlertRows.insertion) : try statements(&updating, AlertRows.update)
        bind(kept, key: key, to: statement)
        if !isNew { statement.bind(AlertRows.writtenCount + 1, kept.row) }
        try statement.run()
        let row = isNew ? statements.lastInsertedRow : kept.row
        changes.note(row)
        guard isNew else { return row }
        try hashes.insert(key, row: row)
        return row
    }

    // MARK: - What the log says, under acts that are not settled

    func base(of row: Int64) throws -> Kept? {
        let select = try statements("SELECT \(AlertRows.allColumns) FROM alert_bases WHERE id = ?")
        select.bind(1, row)
        return try select.first { AlertRows.readAll($0) }
    }

    func writeBase(_ kept: Kept, row: Int64, key: Int64) throws {
        let marks = Array(repeating: "?", count: Int(AlertRows.writtenCount) + 1).joined(separator: ", ")
        let insert = try statements(
            "INSERT OR REPLACE INTO alert_bases (\(AlertRows.written), id) VALUES (\(marks))")
        bind(kept, key: key, to: insert)
        insert.bind(AlertRows.writtenCount + 1, row)
        try insert.run()
    }

    func removeBase(_ row: Int64) throws {
        let delete = try statements("DELETE FROM alert_bases WHERE id = ?")
        delete.bind(1, row)
        try delete.run()
    }

    private static let written = """
        key, realm, subject, external_id, status, tool, kind, active, acknowledged, suppression, shelved_until, \
        shelved_from, occurrence, annunciated, severity, latched_severity, latching, latched, headline, confidence, \
        place, district, area_name, site, since, raised, stale, ended, acts, replaced_by, asset, raised_by, need, last_event, \
        wanted, due, owner, requested, escalation, ruled, designed_until, entered, entered_before, \
        chattered, fleeted, alarms, alarmed, cause, source, source_end, source_end_recorded, clock, turn, undoables, \
        first_occurrence
        """

    private static let writtenCount: Int32 = 55

    private static let insertion =
        "INSERT INTO alerts (\(written)) VALUES ("
        + Array(repeating: "?", count: Int(writtenCount)).joined(separator: ", ") + ")"

    private static let update =
        "UPDATE alerts SET (\(written)) = (" + Array(repeating: "?", count: Int(writtenCount)).joined(separator: ", ")
        + ") WHERE id = ?"

    private func bind(_ kept: Kept, key: Int64, to statement: Prepared) {
        let alert = kept.alert
        statement.bind(1, key)
        statement.bind(2, kept.realm)
        statement.bind(3, alert.subject)
        statement.bind(4, alert.externalID)
        statement.bind(5, MessageStatus.allCases.firstIndex(of: alert.status) ?? 0)
        statement.bind(6, alert.tool.rawValue)
        statement.bind(7, alert.kind)
        statement.bind(8, alert.active)
        statement.bind(9, alert.acknowledged)
        statement.bind(10, Suppressions(of: alert).rawValue)
        statement.bind(11, alert.shelving?.until.milliseconds)
        statement.bind(12, (alert.shelving?.from.rawValue).map(Int64.init))
        statement.bind(13, alert.occurrence)
        statement.bind(14, alert.annunciated)
        statement.bind(15, alert.currentSeverity.rawValue)
        statement.bind(16, alert.latchedSeverity.rawValue)
        statement.bind(17, alert.latching)
        statement.bind(18, alert.latched)
        statement.bind(19, alert.headline)
        statement.bind(20, alert.confidence)
        statement.bind(21, alert.place.map(PlaceKey.init)?.rawValue)
        statement.bind(22, alert.district)
        statement.bind(23, alert.areaName)
        statement.bind(24, alert.site)
        statement.bind(25, alert.since.milliseconds)
        statement.bind(26, alert.raised.milliseconds)
        statement.bind(27, alert.stale?.milliseconds)
        statement.bind(28, alert.ended?.milliseconds)
        statement.bind(29, AlertActs.text(of: alert))
        statement.bind(30, alert.replacedBy)
        statement.bind(31, kept.asset)
        statement.bind(32, kept.raisedBy)
        statement.bind(33, kept.need)
        statement.bind(34, kept.lastEvent)
        statement.bind(35, alert.wanted.milliseconds)
        statement.bind(36, kept.due?.milliseconds)
        statement.bind(37, alert.owner)
        statement.bind(38, alert.request(at: kept.asOf) != nil)
        statement.bind(39, alert.escalation?.level ?? 0)
        statement.bind(40, !alert.suppressors.isEmpty)
        statement.bind(41, alert.designedUntil?.milliseconds)
        statement.bind(42, alert.entered?.milliseconds)
        statement.bind(43, alert.enteredBefore?.milliseconds)
        statement.bind(44, alert.chattered?.milliseconds)
        statement.bind(45, alert.fleeted?.milliseconds)
        statement.bind(46, alert.alarms)
        statement.bind(47, alert.alarmed?.milliseconds)
        statement.bind(48, alert.cause(at: kept.asOf))
        statement.bind(49, alert.source)
        statement.bind(50, alert.sourceEnd?.time.milliseconds)
        statement.bind(51, alert.sourceEnd?.recorded.milliseconds)
        statement.bind(52, alert.clock.map { $0 == .late ? 1 : 2 } ?? 0)
        statement.bind(53, alert.turn(after: kept.asOf)?.milliseconds)
        statement.bind(54, AlertUndoables.text(of: alert))
        statement.bind(55, alert.firstOccurrence)
    }

    /// Reads a row of `allColumns`.
    static func readAll(_ row: borrowing Prepared) -> Kept {
        var kept = read(row)
        if let text = row.optionalText(columnCount) { AlertUndoables.restore(text, to: &kept.alert) }
        return kept
    }

    /// Reads a row of `columns`.
    static func read(_ row: borrowing Prepared) -> Kept {
        var alert = Alert(
            subject: row.text(2), tool: Tool(rawValue: row.int(5)) ?? .other, kind: row.text(6),
            severity: Severity(rawValue: row.int(14)) ?? .info, headline: row.text(18),
            since: Timestamp(milliseconds: row.integer(24)))
        alert.externalID = row.optionalText(3)
        alert.status =
            MessageStatus.allCases.indices.contains(row.int(4)) ? MessageStatus.allCases[row.int(4)] : .actual
        alert.active = row.bool(7)
        alert.acknowledged = row.bool(8)
        alert.shelving = shelving(row)
        alert.occurrence = row.int(12)
        alert.annunciated = row.int(13)
        alert.firstOccurrence = row.int(46)
        alert.latchedSeverity = Severity(rawValue: row.int(15)) ?? .info
        alert.latching = row.bool(16)
        alert.latched = row.bool(17)
        alert.confidence = row.optionalDouble(19)
        alert.place = row.optionalInteger(20).map { PlaceKey(rawValue: $0).coordinate }
        alert.district = row.optionalText(21)
        alert.areaName = row.optionalText(22)
        alert.site = row.optionalText(23)
        alert.raised = Timestamp(milliseconds: row.integer(25))
        alert.stale = row.optionalInteger(26).map(Timestamp.init(milliseconds:))
        alert.ended = row.optionalInteger(27).map(Timestamp.init(milliseconds:))
        if let acts = row.optionalText(28) { AlertActs.restore(acts, to: &alert) }
        alert.replacedBy = row.optionalText(29)
        // Of what an older version has written, only the last annunciation is known.
        alert.wanted = row.optionalInteger(33).map(Timestamp.init(milliseconds:)) ?? alert.raised
        alert.entered = row.optionalInteger(35).map(Timestamp.init(milliseconds:))
        alert.enteredBefore = row.optionalInteger(36).map(Timestamp.init(milliseconds:))
        alert.chattered = row.optionalInteger(37).map(Timestamp.init(milliseconds:))
        alert.fleeted = row.optionalInteger(38).map(Timestamp.init(milliseconds:))
        alert.alarms = row.int(39)
        alert.alarmed = row.optionalInteger(40).map(Timestamp.init(milliseconds:))
        alert.source = row.optionalText(41) ?? ""
        alert.sourceEnd = sourceEnd(row)
        alert.clock = row.int(44) == 0 ? nil : row.int(44) == 1 ? .late : .ahead
        var kept = Kept(
            row: row.integer(0), realm: row.integer(1), alert: alert, raisedBy: row.integer(31),
            lastEvent: row.integer(32), asOf: Timestamp(milliseconds: 0))
        kept.asset = row.optionalText(30)
        kept.due = row.optionalInteger(34).map(Timestamp.init(milliseconds:))
        kept.need = row.integer(45)
        return kept
    }

    private static func sourceEnd(_ row: borrowing Prepared) -> Alert.SourceEnd? {
        guard let time = row.optionalInteger(42), let recorded = row.optionalInteger(43) else { return nil }
        return Alert.SourceEnd(time: Timestamp(milliseconds: time), recorded: Timestamp(milliseconds: recorded))
    }

    /// Who and why stands in what people did.
    private static func shelving(_ row: borrowing Prepared) -> Alert.Shelving? {
        guard let until = row.optionalInteger(10) else { return nil }
        return Alert.Shelving(
            act: Alert.Act(by: "", at: Timestamp(milliseconds: 0)), until: Timestamp(milliseconds: until),
            from: Severity(rawValue: row.int(11)) ?? .info, isOnce: false,
            reason: SuppressionReason(.other))
    }

    /// How it is suppressed, as the column has it.
    struct Suppressions: OptionSet {
        let rawValue: Int
        static let shelved = Suppressions(rawValue: 1)
        static let byDesign = Suppressions(rawValue: 2)
        static let outOfService = Suppressions(rawValue: 4)

        init(rawValue: Int) { self.rawValue = rawValue }

        init(of alert: Alert) {
            self = []
            if alert.shelving != nil { insert(.shelved) }
            if alert.isSuppressedByDesign { insert(.byDesign) }
            if alert.removal != nil { insert(.outOfService) }
        }
    }
}
