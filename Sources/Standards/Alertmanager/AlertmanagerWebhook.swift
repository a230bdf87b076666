public import ControlRoom

/// The webhook of Prometheus Alertmanager, version 4: a list of alerts that began or were resolved.
public enum AlertmanagerWebhook {
    /// Names and summaries of more than 8,000 bytes, and descriptions of more than 65,536, are cut and end in "…".
    ///
    /// - Throws: `JSONError` where it is no such message.
    public static func events(_ body: [UInt8], now: Timestamp) throws -> [Event] {
        try JSONReader.read(body) { reader in
            var alerts: [Alert] = []
            var version: String?
            try reader.object { key, reader in
                switch key {
                case "version": version = try reader.string()
                case "alerts": try reader.array { alerts.append(try Alert(&$0)) }
                default: try reader.skip()
                }
            }
            guard version == "4" else { throw reader.failure("an Alertmanager message has version \"4\"") }
            return alerts.map { $0.event(now: now) }
        }
    }

    private struct Alert {
        var isResolved = false
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        var starts: Timestamp?
        var ends: Timestamp?
        var fingerprint = ""

        init(_ reader: inout JSONReader) throws {
            var alert = Self()
            try reader.object { key, reader in
                switch key {
                case "status": alert.isResolved = try reader.string() == "resolved"
                case "labels": alert.labels = try Self.texts(&reader)
                case "annotations": alert.annotations = try Self.texts(&reader)
                case "startsAt": alert.starts = Timestamp(rfc3339: try reader.string())
                case "endsAt": alert.ends = Timestamp(rfc3339: try reader.string())
                case "fingerprint": alert.fingerprint = try reader.string()
                default: try reader.skip()
                }
            }
            self = alert
        }

        private init() {}

        private static func texts(_ reader: inout JSONReader) throws -> [String: String] {
            var texts: [String: String] = [:]
            try reader.object { texts[$0] = try $1.string() }
            return texts
        }

        /// What identifies the alert is its set of labels, of which the fingerprint is a hash.
        private var key: String {
            if !fingerprint.isEmpty { return TextBound.name(fingerprint, to: 200) }
            let text = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\u{1F}")
            return ContentID.of(text.utf8)
        }

        private var severity: Severity {
            switch labels["severity"]?.lowercased() {
            case "critical", "page", "emergency": .critical
            case "error", "high", "major": .high
            case "warning", "medium", "minor": .medium
            case "info", "none", "informational": .info
            default: .low
            }
        }

        func event(now: Timestamp) -> Event {
            let time = isResolved ? ends ?? now : starts ?? now
            var event = Event(
                id: "\(key)/\(isResolved ? "resolved" : "firing")/\(time.milliseconds)", source: "urn:alertmanager",
                type: isResolved ? .alertCleared : .alertRaised, subject: "alertmanager/" + key, time: time,
                data: .json(data))
            event.dataContentType = "application/json"
            return event
        }

        private var data: [UInt8] {
            JSONWriter.bytes { writer in
                writer.object { writer in
                    if isResolved { return writer.member("reason", "resolved") }
                    let name = TextBound.cut(labels["alertname"] ?? "alert", to: TextBound.line)
                    writer.member("tool", labels["tool"] ?? "CTDR")
                    writer.member("kind", name)
                    writer.member("severity", severity.name)
                    let summary = annotations["summary"].map { TextBound.cut($0, to: TextBound.line) }
                    writer.member("headline", summary ?? name)
                    writer.member(
                        "description", annotations["description"].map { TextBound.cut($0, to: TextBound.prose) })
                    writer.member("site", labels["instance"].map { TextBound.cut($0, to: TextBound.line) })
                    writer.member("district", labels["district"])
                }
            }
        }
    }
}
