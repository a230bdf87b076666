import ControlRoom

/// An alert as a line of CSV (RFC 4180).
enum CSVRow {
    private static let columns = [
        "id", "subject", "occurrence", "severity", "state", "active", "acknowledged", "tool", "kind", "headline",
        "district",
        "area", "site", "lat", "lon", "confidence", "at", "since", "ended", "stale", "status", "exercise",
        "acknowledged_by",
        "acknowledged_at", "verdict", "disposition", "shelved_until", "shelved_by", "shelved_reason",
        "out_of_service_by", "out_of_service_reason", "owner", "requested_by", "escalated_to", "cause", "linked_by",
        "suppressed_reasons", "requested_reason",
    ]

    static let head = columns.joined(separator: ",") + "\r\n"

    static func text(_ line: AlertLine, realm: Realm, districts: [String: String], now: Timestamp) -> String {
        let alert = line.alert.settled(at: now)
        let state = alert.state(at: now)
        let isShelved = alert.shelvedUntil != nil
        let cells: [String?] = [
            alert.externalID ?? alert.subject, alert.subject, String(alert.timesAnnunciated), alert.severity.name,
            state.rawValue, String(alert.isActive(at: now)), String(alert.acknowledged), alert.tool.code, alert.kind,
            alert.headline, alert.district.map { districts[$0] ?? $0 }, alert.areaName, alert.site,
            alert.place.map { String($0.latitude) }, alert.place.map { String($0.longitude) },
            alert.confidence.map { String($0) }, alert.raised.rfc3339, alert.since.rfc3339, alert.ended?.rfc3339,
            alert.stale?.rfc3339, alert.status(in: realm).rawValue,
            realm.exercise, alert.acknowledgement?.by, alert.acknowledgement?.time.rfc3339,
            alert.assessment?.verdict?.rawValue, (alert.closing ?? alert.assessment)?.disposition.rawValue,
            alert.shelvedUntil?.rfc3339, isShelved ? alert.shelving?.act.by : nil,
            isShelved ? alert.shelving?.reason.code.rawValue : nil, alert.removal?.act.by,
            alert.removal?.reason.code.rawValue, alert.owner,
            alert.request?.act.by, alert.escalation?.to, alert.cause, alert.link?.act.by,
            alert.suppressors.map(\.reason.code.rawValue).joined(separator: " "), alert.request?.reason.code.rawValue,
        ]
        return cells.map { cell($0 ?? "") }.joined(separator: ",") + "\r\n"
    }

    /// A text that a spreadsheet would take for a formula gets an apostrophe before it: alerts come from outside.
    /// Nor does it steer a terminal on which the rows are printed: what is not plain, but for line breaks, becomes U+FFFD.
    static func cell(_ text: String) -> String {
        var text = PlainText.shown(text.replacing("\r\n", with: "\n"), lines: true)
        if let first = text.first, "=+-@\t\r".contains(first), Double(text) == nil { text = "'" + text }
        guard text.contains(where: { "\",\r\n".contains($0) || $0 == "\r\n" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
