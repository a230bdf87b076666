import ControlRoom

/// What people and rules did about an alert, in one text column: of most alerts there is nothing.
enum AlertActs {
    static func text(of alert: Alert) -> String? {
        guard hasAny(alert) else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            if let act = alert.acknowledgement { writer.member("acknowledged", object: { write(act, to: &$0) }) }
            if let judged = alert.assessment { writer.member("assessed", object: { write(judged, to: &$0) }) }
            if !alert.dissents.isEmpty {
                writer.key("dissents")
                writer.array { writer in
                    for judged in alert.dissents { writer.object { write(judged, to: &$0) } }
                }
            }
            if let judged = alert.closing { writer.member("closed", object: { write(judged, to: &$0) }) }
            if let shelving = alert.shelving { writer.member("shelved", object: { write(shelving, to: &$0) }) }
            if let removal = alert.removal { writer.member("removed", object: { write(removal, to: &$0) }) }
            if let request = alert.request { writer.member("asked", object: { write(request, to: &$0) }) }
            if let given = alert.assignment { writer.member("assigned", object: { write(given, to: &$0) }) }
            if let link = alert.link { writer.member("linked", object: { write(link, to: &$0) }) }
            if let escalation = alert.escalation {
                writer.member("escalated", object: { write(escalation, to: &$0) })
            }
            writer.member("reminded", (alert.reminded?.milliseconds).map(Int.init))
            guard !alert.suppressors.isEmpty else { return }
            writer.key("causes")
            writer.array { writer in
                for suppressor in alert.suppressors { writer.object { write(suppressor, to: &$0) } }
            }
        }
        return writer.text
    }

    private static func hasAny(_ alert: Alert) -> Bool {
        if alert.acknowledgement != nil || alert.assessment != nil || alert.closing != nil { return true }
        if alert.shelving != nil || alert.removal != nil || !alert.suppressors.isEmpty { return true }
        if alert.request != nil || alert.assignment != nil || alert.link != nil { return true }
        return alert.escalation != nil || alert.reminded != nil
    }

    private static func write(_ act: Alert.Act, to writer: inout JSONWriter) {
        writer.member("by", act.by)
        writer.member("at", Int(act.at.milliseconds))
        writer.member("done", (act.done?.milliseconds).map(Int.init))
        guard let answer = act.answer else { return }
        writer.member("after", answer.seconds)
        writer.member("severity", answer.severity.rawValue)
        writer.member("tool", answer.tool.rawValue)
    }

    private static func write(_ approval: Alert.Act?, to writer: inout JSONWriter) {
        if let approval { writer.member("approved", object: { write(approval, to: &$0) }) }
    }

    private static func write(_ shelving: Alert.Shelving, to writer: inout JSONWriter) {
        write(shelving.act, to: &writer)
        if shelving.isOnce { writer.member("once", true) }
        writer.members(shelving.reason)
        write(shelving.approval, to: &writer)
    }

    private static func write(_ removal: Alert.Removal, to writer: inout JSONWriter) {
        write(removal.act, to: &writer)
        writer.members(removal.reason)
        write(removal.approval, to: &writer)
    }

    private static func write(_ judged: Alert.Assessment, to writer: inout JSONWriter) {
        write(judged.act, to: &writer)
        writer.member("verdict", judged.verdict?.rawValue)
        writer.member("disposition", judged.disposition.rawValue)
    }

    private static func write(_ request: Alert.Request, to writer: inout JSONWriter) {
        write(request.act, to: &writer)
        writer.members(request.reason)
        writer.member("severity", request.severity.rawValue)
        writer.member("event", request.event)
        guard case .shelve(let until, let isOnce) = request.wish else { return }
        writer.member("until", Int(until.milliseconds))
        if isOnce { writer.member("once", true) }
    }

    private static func write(_ attribution: Alert.Attribution, to writer: inout JSONWriter) {
        write(attribution.act, to: &writer)
        writer.member("to", attribution.to)
    }

    private static func write(_ escalation: Alert.Escalation, to writer: inout JSONWriter) {
        writer.member("at", Int(escalation.at.milliseconds))
        writer.member("level", escalation.level)
        writer.member("to", escalation.to)
    }

    private static func write(_ suppressor: Alert.Suppressor, to writer: inout JSONWriter) {
        writer.member("at", Int(suppressor.at.milliseconds))
        writer.member("rule", suppressor.rule)
        writer.member("severity", suppressor.from.rawValue)
        writer.members(suppressor.reason)
        writer.member("until", (suppressor.until?.milliseconds).map(Int.init))
        writer.member("alarm", suppressor.alarm)
    }

    // MARK: - Reading

    /// Every member that one of them can have.
    private struct Members {
        var by = ""
        var at = Timestamp(milliseconds: 0)
        /// By its author's clock.
        var done: Timestamp?
        var texts: [String: String] = [:]
        var level = 0
        var severity = Severity.info
        /// Seconds that an alarm had waited for it.
        var after: Int?
        var tool = Tool.other
        var until: Timestamp?
        var isOnce = false
        var approval: Alert.Act?

        init() {}

        init(reading reader: inout JSONReader) throws {
            try reader.object { key, reader in
                switch key {
                case "by": by = try reader.string()
                case "at": at = Timestamp(milliseconds: Int64(try reader.integer()))
                case "done": done = Timestamp(milliseconds: Int64(try reader.integer()))
                case "after": after = try reader.integer()
                case "tool": tool = Tool(rawValue: try reader.integer()) ?? .other
                case "level": level = try reader.integer()
                case "severity": severity = Severity(rawValue: try reader.integer()) ?? .info
                case "until": until = Timestamp(milliseconds: Int64(try reader.integer()))
                case "once": isOnce = try reader.bool()
                case "approved": approval = try Members(reading: &reader).act
                // What stores of before kept to take it back.
                case "before": try reader.skip()
                default: texts[key] = try reader.string()
                }
            }
        }

        var act: Alert.Act { Alert.Act(by: by, at: at, done: done) }

        var answer: Alert.Act {
            var act = act
            act.answer = after.map { Alert.Answer(severity: severity, tool: tool, seconds: $0) }
            return act
        }

        /// Rows of before hold words, or none.
        var reason: SuppressionReason {
            SuppressionReason(reason: texts["reason"], note: texts["note"]) ?? SuppressionReason(.other)
        }

        var attribution: Alert.Attribution { Alert.Attribution(to: texts["to"], act: act) }

        var judgement: Alert.Assessment {
            Alert.Assessment(
                verdict: texts["verdict"].flatMap(Verdict.init(rawValue:)),
                disposition: texts["disposition"].flatMap(Disposition.init(rawValue:)) ?? .none, act: answer)
        }
    }

    /// The column is our own writing; what cannot be read is left out.
    static func restore(_ text: String, to alert: inout Alert) {
        try? JSONReader.read(Array(text.utf8)) { reader in
            try reader.object { key, reader in
                switch key {
                case "reminded": alert.reminded = Timestamp(milliseconds: Int64(try reader.integer()))
                case "dissents":
                    try reader.array { reader in alert.dissents.append(try Members(reading: &reader).judgement) }
                case "causes":
                    try reader.array { reader in
                        let read = try Members(reading: &reader)
                        alert.suppressors.append(
                            Alert.Suppressor(
                                rule: read.texts["rule"] ?? "", from: read.severity, reason: read.reason,
                                at: read.at, until: read.until, alarm: read.texts["alarm"]))
                    }
                default: restore(key, try Members(reading: &reader), to: &alert)
                }
            }
        }
    }

    private static func restore(_ key: String, _ read: Members, to alert: inout Alert) {
        let reason = read.reason
        switch key {
        case "acknowledged": alert.acknowledgement = read.answer
        case "assessed": alert.assessment = read.judgement
        case "closed": alert.closing = read.judgement
        case "shelved":
            alert.shelving?.act = read.act
            alert.shelving?.isOnce = read.isOnce
            alert.shelving?.reason = reason
            alert.shelving?.approval = read.approval
        case "removed": alert.removal = Alert.Removal(act: read.act, reason: reason, approval: read.approval)
        case "asked":
            let wish = read.until.map { ApprovalWish.shelve(until: $0, isOnce: read.isOnce) } ?? .removeFromService
            alert.request = Alert.Request(
                wish: wish, act: read.act, reason: reason, severity: read.severity,
                event: read.texts["event"] ?? "")
        case "assigned": alert.assignment = read.attribution
        case "linked": alert.link = read.attribution
        case "escalated":
            alert.escalation = Alert.Escalation(level: read.level, to: read.texts["to"] ?? "", at: read.at)
        default: break
        }
    }
}
