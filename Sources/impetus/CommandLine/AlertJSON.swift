import ControlRoom

/// An alert as other programs read it: one object a line.
enum AlertJSON {
    /// - Parameter members: the keys of those that the line stands for, where it stands for a group.
    static func text(
        _ line: AlertLine, realm: Realm, districts: [String: String], now: Timestamp, members: [String] = []
    ) -> String {
        let alert = line.alert.settled(at: now)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", alert.externalID ?? alert.subject)
            writer.member("subject", alert.subject)
            // What an act names. Behind a trim it does not count from 1.
            writer.member("occurrence", alert.occurrence)
            writer.member("times_annunciated", alert.timesAnnunciated)
            writer.member("state", alert.state(at: now).rawValue)
            writer.member("severity", alert.severity.name)
            writer.member("current_severity", alert.currentSeverity.name)
            writer.member("active", alert.isActive(at: now))
            writer.member("acknowledged", alert.acknowledged)
            writer.member("tool", alert.tool.code)
            writer.member("kind", alert.kind)
            writer.member("headline", alert.headline)
            writeNullable("district", alert.district.map { districts[$0] ?? $0 }, to: &writer)
            writer.member("area", alert.areaName)
            writer.member("at", alert.raised.rfc3339)
            writer.member("since", alert.since.rfc3339)
            writer.member("status", alert.status(in: realm).rawValue)
            writer.member("exercise", realm.exercise)
            writer.member("confidence", alert.confidence)
            writer.member("lat", alert.place?.latitude)
            writer.member("lon", alert.place?.longitude)
            writer.member("site", alert.site)
            writer.member("stale", alert.stale?.rfc3339)
            writer.member("expired", alert.isExpired(at: now))
            writer.member("ended", alert.ended?.rfc3339)
            writer.member("replaced_by", alert.replacedBy)
            writer.member("source", alert.source)
            writer.member("clock", alert.clock?.rawValue)
            writePeople(alert, to: &writer)
            guard let group = line.group else { return }
            writer.member(
                "group",
                object: { writer in
                    writer.member("count", group.count)
                    writer.member("unacknowledged", group.waiting)
                    writer.member("worst", group.worst?.name)
                    writer.member("members", members)
                    if group.count > members.count { writer.member("members_left_out", group.count - members.count) }
                })
        }
        return writer.text
    }

    private static func writeNullable(_ name: String, _ value: String?, to writer: inout JSONWriter) {
        if let value { writer.member(name, value) } else { writer.member(name, raw: Array("null".utf8)) }
    }

    /// When the log had an act, where its author did it at another time.
    private static func writeRecorded(_ name: String, _ act: Alert.Act?, to writer: inout JSONWriter) {
        if let act, act.done != nil { writer.member(name, act.at.rfc3339) }
    }

    private static func writePeople(_ alert: Alert, to writer: inout JSONWriter) {
        writer.member("acknowledged_by", alert.acknowledgement?.by)
        writer.member("acknowledged_at", alert.acknowledgement?.time.rfc3339)
        writeRecorded("acknowledged_recorded", alert.acknowledgement, to: &writer)
        if let until = alert.shelvedUntil {
            writer.member("shelved_until", until.rfc3339)
            writer.member("shelved_by", alert.shelving?.act.by)
            writer.member("shelved_reason", alert.shelving?.reason.code.rawValue)
            writer.member("shelved_approved_by", alert.shelving?.approval?.by)
        }
        if let removal = alert.removal {
            writer.member("out_of_service_by", removal.act.by)
            writer.member("out_of_service_since", removal.act.time.rfc3339)
            writeRecorded("out_of_service_recorded", removal.act, to: &writer)
            writer.member("out_of_service_reason", removal.reason.code.rawValue)
            writer.member("out_of_service_approved_by", removal.approval?.by)
        }
        writer.member("suppressed_by", alert.suppressors.map(\.rule))
        writer.member("suppressed_reasons", alert.suppressors.map(\.reason.code.rawValue))
        writer.member("cause", alert.cause)
        writer.member("linked_by", alert.link?.act.by)
        writer.member("requested_by", alert.request?.act.by)
        writer.member("requested_reason", alert.request?.reason.code.rawValue)
        writer.member("owner", alert.owner)
        writer.member("escalated_to", alert.escalation?.to)
        writer.member("reminded", alert.reminded?.rfc3339)
        writer.member("verdict", alert.assessment?.verdict?.rawValue)
        if !alert.dissents.isEmpty {
            writer.member("other_verdicts", alert.dissents.map { $0.act.by + ": " + ($0.verdict?.rawValue ?? "none") })
        }
        writer.member("disposition", (alert.closing ?? alert.assessment)?.disposition.rawValue)
    }
}
