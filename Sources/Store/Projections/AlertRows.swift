import ControlRoom

/// Alerts as rows: what a list needs, and nothing that only a detail needs.
final class AlertRows {
    private let statements: Statements
    let hashes: HashIndex
    let changes: AlertChanges
    private var finding: Prepared?
    private var raising: Prepared?
    private var inserting: Prepared?
    private var updating: Prepared?

    init(statements: Statements) {
        self.statements = statements
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
    }

    static let columns = """
        id, realm, subject, external_id, status, tool, kind, active, acknowledged, suppression, shelved_until, \
        shelved_from, occurrence, annunciated, severity, latched_severity, latching, latched, headline, confidence, \
        place, district, area_name, site, since, raised, stale, ended, acts, replaced_by, asset, raised_by, last_event
        """

    static func key(realm: Int64, subject: String) -> Int64 { fingerprint(String(realm), subject) }

    func find(realm: Int64, subject: String, key: Int64) throws -> Kept? {
        let select = try statements(&finding, "SELECT \(AlertRows.columns) FROM alerts WHERE id = ?")
        return try hashes.first(key) { row in
            select.bind(1, row)
            let kept = try select.first { row in
                row.text(2) == subject && row.integer(1) == realm ? AlertRows.read(row) : nil
            }
            return kept ?? nil
        }
    }

    /// The alert of this key that an event raised last, and its occurrence.
    func raised(by event: Int64, key: Int64) throws -> (row: Int64, occurrence: Int)? {
        let select = try statements(&raising, "SELECT occurrence FROM alerts WHERE id = ? AND raised_by = ?")
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
        if !isNew { statement.bind(35, kept.row) }
        try statement.run()
        let row = isNew ? statements.lastInsertedRow : kept.row
        changes.note(row)
        guard isNew else { return row }
        try hashes.insert(key, row: row)
        return row
    }

    // MARK: - What the log says, under acts that are not settled

    func base(of row: Int64) throws -> Kept? {
        let select = try statements("SELECT \(AlertRows.columns) FROM alert_bases WHERE id = ?")
        select.bind(1, row)
        return try select.first { AlertRows.read($0) }
    }

    func writeBase(_ kept: Kept, row: Int64, key: Int64) throws {
        let marks = Array(repeating: "?", count: 35).joined(separator: ", ")
        let insert = try statements(
            "INSERT OR REPLACE INTO alert_bases (\(AlertRows.written), id) VALUES (\(marks))")
        bind(kept, key: key, to: insert)
        insert.bind(35, row)
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
        place, district, area_name, site, since, raised, stale, ended, acts, replaced_by, asset, raised_by, need, last_event
        """

    private static let insertion =
        "INSERT INTO alerts (\(written)) VALUES (" + Array(repeating: "?", count: 34).joined(separator: ", ") + ")"

    private static let update =
        "UPDATE alerts SET (\(written)) = (" + Array(repeating: "?", count: 34).joined(separator: ", ")
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
        bind(alert.suppression, to: statement)
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
        statement.bind(33, alert.need)
        statement.bind(34, kept.lastEvent)
    }

    private func bind(_ suppression: Alert.Suppression?, to statement: Prepared) {
        statement.bind(11, nil as Int64?)
        statement.bind(12, nil as Int64?)
        switch suppression {
        case nil: statement.bind(10, 0)
        case .shelved(let until, let from):
            statement.bind(10, 1)
            statement.bind(11, until.milliseconds)
            statement.bind(12, from.rawValue)
        case .byDesign: statement.bind(10, 2)
        case .outOfService: statement.bind(10, 3)
        }
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
        alert.suppression = suppression(row)
        alert.occurrence = row.int(12)
        alert.annunciated = row.int(13)
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
        return Kept(
            row: row.integer(0), realm: row.integer(1), alert: alert, raisedBy: row.integer(31),
            lastEvent: row.integer(32), asset: row.optionalText(30))
    }

    private static func suppression(_ row: borrowing Prepared) -> Alert.Suppression? {
        switch row.int(9) {
        case 1:
            .shelved(
                until: Timestamp(milliseconds: row.integer(10)), from: Severity(rawValue: row.int(11)) ?? .info)
        case 2: .byDesign
        case 3: .outOfService
        default: nil
        }
    }
}

/// What people did about an alert, in one text column: most alerts have none.
enum AlertActs {
    static func text(of alert: Alert) -> String? {
        let isPlain = alert.acknowledgement == nil && alert.assessment == nil && alert.closing == nil
        guard !isPlain || alert.shelving != nil else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            if let act = alert.acknowledgement { writer.member("acknowledged", object: { write(act, to: &$0) }) }
            if let judged = alert.assessment { writer.member("assessed", object: { write(judged, to: &$0) }) }
            if let judged = alert.closing { writer.member("closed", object: { write(judged, to: &$0) }) }
            if let shelving = alert.shelving { writer.member("shelved", object: { write(shelving, to: &$0) }) }
        }
        return writer.text
    }

    private static func write(_ act: Alert.Act, to writer: inout JSONWriter) {
        writer.member("by", act.by)
        writer.member("at", Int(act.at.milliseconds))
    }

    private static func write(_ shelving: Alert.Shelving, to writer: inout JSONWriter) {
        write(shelving.act, to: &writer)
        if shelving.isOnce { writer.member("once", true) }
        writer.member("reason", shelving.reason)
    }

    private static func write(_ judged: Alert.Assessment, to writer: inout JSONWriter) {
        write(judged.act, to: &writer)
        writer.member("verdict", judged.verdict?.rawValue)
        writer.member("disposition", judged.disposition.rawValue)
    }

    /// The column is our own writing; what cannot be read is left out.
    static func restore(_ text: String, to alert: inout Alert) {
        try? JSONReader.read(Array(text.utf8)) { reader in
            try reader.object { key, reader in
                if key == "shelved" {
                    alert.shelving = try readShelving(&reader)
                    return
                }
                let judged = try read(&reader)
                switch key {
                case "acknowledged": alert.acknowledgement = judged.act
                case "assessed": alert.assessment = judged
                case "closed": alert.closing = judged
                default: break
                }
            }
        }
    }

    private static func readShelving(_ reader: inout JSONReader) throws -> Alert.Shelving {
        var shelving = Alert.Shelving(
            act: Alert.Act(by: "", at: Timestamp(milliseconds: 0)), isOnce: false, reason: nil)
        try reader.object { key, reader in
            switch key {
            case "by": shelving.act.by = try reader.string()
            case "at": shelving.act.at = Timestamp(milliseconds: Int64(try reader.integer()))
            case "once": shelving.isOnce = try reader.bool()
            case "reason": shelving.reason = try reader.string()
            default: try reader.skip()
            }
        }
        return shelving
    }

    private static func read(_ reader: inout JSONReader) throws -> Alert.Assessment {
        var judged = Alert.Assessment(
            verdict: nil, disposition: .none, act: Alert.Act(by: "", at: Timestamp(milliseconds: 0)))
        try reader.object { key, reader in
            switch key {
            case "by": judged.act.by = try reader.string()
            case "at": judged.act.at = Timestamp(milliseconds: Int64(try reader.integer()))
            case "verdict": judged.verdict = Verdict(rawValue: try reader.string())
            case "disposition": judged.disposition = Disposition(rawValue: try reader.string()) ?? .none
            default: try reader.skip()
            }
        }
        return judged
    }
}
