public import ControlRoom

/// Data of every type with every declared member in it; where a member holds text that is the marker of its path, so that whoever
/// finds a marker knows which member got there.
public enum FieldSamples {
    /// The text that stands for a member.
    public static func marker(_ type: EventType, _ path: String) -> String {
        "MARK(" + (type.shortName ?? type.rawValue) + ":" + path + ")"
    }

    /// - Parameters:
    ///   - changed: values of members by their paths, as JSON, in place of the sample's.
    ///   - left: top-level members that are left out.
    /// - Returns: a JSON object.
    public static func data(
        of type: EventType, changed: [String: String] = [:], without left: Set<String> = []
    ) -> [UInt8] {
        let paths = type.fields.classes.keys.filter { path in
            !left.contains(String(path.split(separator: ".").first ?? ""))
        }
        return Array(object(paths.sorted(), type, prefix: "", changed).utf8)
    }

    private static func object(
        _ paths: [String], _ type: EventType, prefix: String, _ changed: [String: String]
    ) -> String {
        var names: [String] = []
        for path in paths {
            let name = String(path.dropFirst(prefix.count).prefix { $0 != "." })
            if names.last != name { names.append(name) }
        }
        let members = names.map { name in
            let path = prefix + name
            let inner = paths.filter { $0.hasPrefix(path + ".") }
            let value =
                inner.isEmpty ? self.value(type, path, changed) : object(inner, type, prefix: path + ".", changed)
            return "\"\(name)\":" + value
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func value(_ type: EventType, _ path: String, _ changed: [String: String]) -> String {
        changed[path] ?? own[type]?[path] ?? common[path] ?? "\"" + marker(type, path) + "\""
    }

    private static let time = "\"" + EventMaker.noon.adding(seconds: 600).rfc3339 + "\""
    private static let square =
        #"{"type":"Polygon","coordinates":[[[11.0,45.0],[11.1,45.0],[11.1,45.1],[11.0,45.1],[11.0,45.0]]]}"#

    /// What is no text, wherever a member is called so.
    private static let common: [String: String] = [
        "severity": "\"low\"", "confidence": "0.5", "lat": "45.05", "lon": "11.05", "radius_m": "50", "area": square,
        "outline": square, "stale": time, "until": time, "recorded": time, "status": "\"actual\"", "latching": "true",
        "replaces": "[\"a\"]", "cancels": "[\"a\"]", "occurrence": "1", "level": "1", "once": "true",
        "begins_behind": "true",
        "verdict": "\"confirmed\"", "disposition": "\"some\"", "wish": "\"shelve\"", "value": "1.5", "version": "2",
        "step": "1", "population": "3", "criticality": "3", "exposure": "\"internet\"", "connects": "[\"b\"]",
        "seed": "4", "duration_s": "60", "days": "30", "through": "5", "sequence": "6", "role": "\"operator\"",
        "categories": "[\"*\"]", "removed": "[\"x\"]", "dateAdded": "\"2026-01-02\"", "silent_after_s": "600",
        "dueDate": "\"2026-02-03\"",
        "knownRansomwareCampaignUse": "\"Known\"", "shelf_s": "3600", "reminders": "{\"high\":7200}",
        "shifts": "[5,13,21]", "groups": #"[{"tool":"FD","kind":"weapon","radius_m":150,"window_s":600}]"#,
        "escalations": #"[{"severity":"high","steps":[{"after_s":60,"to":"supervisor"}]}]"#,
        "nodes": #"[{"id":"n","lat":45.0,"lon":11.0}]"#, "edges": #"[{"from":"n","to":"n"}]"#,
        "offered_for": #"[{"tool":"FD","kind":"*"}]"#, "steps": #"[{"id":1,"title":"one"}]"#, "tenant": "\"police\"",
        "from": "\"police\"", "to": "\"fire\"", "head": "\"" + String(repeating: "0", count: 64) + "\"",
        "filter": "\"severity = low\"", "serves": "true", "watch": "\"watched\"", "sources": "[\"urn:test:*\"]",
    ]

    private static let own: [EventType: [String: String]] = [
        .alertRaised: alert, .alertCancelled: alert,
        .toolReported: ["state": "\"ok\""], .checklistStepSet: ["state": "\"done\""],
        .playbookPublished: ["step": "[]"], .enrolmentOffered: ["role": "\"sensor\""],
        .assetDefined: ["version": "\"" + marker(.assetDefined, "version") + "\""],
        .vulnerabilityListed: ["cwes": "[\"CWE-1\"]"],
    ]

    /// The tool is one of ours; personal members hold more than a text.
    private static let alert: [String: String] = [
        "tool": "\"UAD\"", "personal": "{\"name\":\"" + marker(.alertRaised, "personal") + "\"}",
        "evidence": "[\"" + marker(.alertRaised, "evidence") + "\"]", "signed": "true",
        "unread": "[\"" + marker(.alertRaised, "unread") + "\"]",
    ]

    /// What no copy, export, journal or rejection may hold: the markers of all members of a type that are not open.
    public static func personalMarkers(of type: EventType) -> [String] {
        type.personalFields.sorted().flatMap { path in
            type == .alertCancelled
                ? [marker(type, path), marker(.alertRaised, path)] : [marker(type, path)]
        }
    }

    /// A CloudEvent that raises an alert with a marker in every member, as JSON, and the markers that no list of alerts and no
    /// export may hold: for tests that run the programs and know no types of theirs.
    ///
    /// - Parameter time: RFC 3339.
    public static func raised(_ subject: String, at time: String) -> (json: String, hidden: [String], open: [String]) {
        let data = String(decoding: data(of: .alertRaised, without: ["replaces", "stale"]), as: UTF8.self)
        let json = """
            {"specversion":"1.0","id":"\(subject)","source":"urn:test","type":"\(EventType.alertRaised.rawValue)",
            "subject":"\(subject)","time":"\(time)","datacontenttype":"application/json","data":\(data)}
            """
        return (json, personalMarkers(of: .alertRaised), [marker(.alertRaised, "headline")])
    }
}
