public import ControlRoom

extension CAPMessage {
    /// An alert of ours as others can read it. Of persons it says nothing: neither who acknowledged it nor what it holds of them.
    ///
    /// - Parameters:
    ///   - sender: who says it, without blanks and commas (CAP 1.2, 3.2.1 `sender`).
    ///   - district: its name, where the alert lies in one.
    public init(_ alert: Alert, sender: String, district: String?, isExercise: Bool, now: Timestamp) {
        let sent = CAPMessage.time(alert.raised)
        // Neither blanks nor commas nor & and < (CAP 1.2, 3.2.1 `identifier`).
        let name = PercentEncoding.encode(alert.subject) + "/" + String(alert.occurrence)
        let status = CAPStatus.allCases.first { $0.lowercased == alert.status.rawValue } ?? .actual
        self.init(
            identifier: name, sender: PercentEncoding.encode(sender), sent: sent,
            status: isExercise ? .exercise : status,
            messageType: .alert, scope: .restricted)
        restriction = "control rooms"
        source = alert.tool.code
        infos = [CAPInfo(alert, district: district, now: now)]
    }

    static func time(_ time: Timestamp) -> CAPTime {
        let text = String(time.rfc3339.prefix(19)) + "-00:00"
        return CAPTime(text) ?? CAPTime(unchecked: text, time)
    }
}

extension CAPTime {
    /// A time outside the calendar of four-digit years, which no reader takes; it is never nil.
    fileprivate init(unchecked text: String, _ instant: Timestamp) {
        self.text = text
        self.instant = instant
    }
}

extension CAPInfo {
    fileprivate init(_ alert: Alert, district: String?, now: Timestamp) {
        self.init()
        language = "en"
        categories = [CAPInfo.category(of: alert.tool)]
        event = alert.kind.isEmpty ? "unknown" : alert.kind
        urgency = alert.isActive(at: now) ? .immediate : .past
        severity = CAPSeverity(alert.severity)
        certainty = CAPInfo.certainty(of: alert)
        onset = CAPMessage.time(alert.since)
        expires = alert.stale.map(CAPMessage.time)
        headline = alert.headline
        parameters = [
            CAPNamedValue(name: "state", value: alert.state(at: now).rawValue),
            CAPNamedValue(name: "subject", value: alert.subject),
        ]
        areas = [CAPArea(alert, district: district)]
    }

    private static func category(of tool: Tool) -> CAPCategory {
        switch tool {
        case .fd, .smd: .security
        case .uad, .eo: .safety
        case .cti, .ctdr: .infra
        case .bd: .cbrne
        default: .other
        }
    }

    /// A human's word goes before a tool's (CAP 1.2, 3.2.2 `certainty`: Likely is more than half).
    private static func certainty(of alert: Alert) -> CAPCertainty {
        switch alert.assessment?.verdict {
        case .confirmed: return .observed
        case .rejected: return .unlikely
        case nil: break
        }
        return alert.confidence.map { $0 > 0.5 ? .likely : .possible } ?? .unknown
    }
}

extension CAPArea {
    fileprivate init(_ alert: Alert, district: String?) {
        self.init()
        let words = [alert.site, alert.areaName ?? district].compactMap { $0 }.filter { !$0.isEmpty }
        description = words.isEmpty ? "unknown" : words.joined(separator: ", ")
        if let place = alert.place, let circle = try? CAPCircle("\(place.latitude),\(place.longitude) 0") {
            circles = [circle]
        }
    }
}

extension CAPSeverity {
    fileprivate init(_ severity: Severity) {
        switch severity {
        case .critical: self = .extreme
        case .high: self = .severe
        case .medium: self = .moderate
        case .low: self = .minor
        case .info: self = .unknown
        }
    }
}
