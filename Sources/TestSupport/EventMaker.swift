public import ControlRoom

/// Makes events with ids that count up, so that a test reads like what happened.
public struct EventMaker: Sendable {
    /// 2026-11-23T12:00:00Z
    public static let noon = Timestamp(milliseconds: 1_795_435_200_000)

    public var source: String
    public var exercise: String?
    public var time: Timestamp = EventMaker.noon
    private var count = 0

    public init(source: String = "urn:test", exercise: String? = nil) {
        self.source = source
        self.exercise = exercise
    }

    public mutating func event(
        _ type: EventType, _ subject: String?, _ data: String = "{}", by actor: String? = nil
    ) -> Event {
        count += 1
        var event = Event(
            id: "e\(count)", source: source, type: type, subject: subject, time: time, data: .json(Array(data.utf8)))
        event.actor = actor
        event.exercise = exercise
        return event
    }

    /// - Parameter more: further members, as JSON without the braces.
    public mutating func raised(
        _ subject: String, _ severity: Severity = .high, tool: Tool = .uad, headline: String = "Crowd",
        _ more: String = ""
    ) -> Event {
        let tail = more.isEmpty ? "" : "," + more
        return event(
            .alertRaised, subject,
            """
            {"tool":"\(tool.code)","kind":"crowd","severity":"\(severity.name)","headline":"\(headline)"\(tail)}
            """)
    }

    public mutating func cleared(_ subject: String) -> Event { event(.alertCleared, subject, "{\"reason\":\"over\"}") }

    public mutating func acknowledged(
        _ subject: String, occurrence: Int = 1, _ severity: Severity = .critical, by actor: String = "op1"
    ) -> Event {
        event(
            .alertAcknowledged, subject, "{\"occurrence\":\(occurrence),\"severity\":\"\(severity.name)\"}", by: actor)
    }

    public mutating func closed(
        _ subject: String, occurrence: Int = 1, _ severity: Severity = .critical, by actor: String = "op1"
    ) -> Event {
        event(
            .alertClosed, subject,
            "{\"occurrence\":\(occurrence),\"severity\":\"\(severity.name)\",\"disposition\":\"some\"}", by: actor)
    }

    /// - Parameter seen: as its author saw it.
    public mutating func shelved(
        _ subject: String, until: Timestamp, seen: Seen = Seen(occurrence: 1, severity: .critical),
        by actor: String = "op1"
    ) -> Event {
        let fact = AlertShelved(until: until, reason: nil, seen: seen)
        return event(.alertShelved, subject, String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: actor)
    }

    public mutating func undone(_ act: Event, by actor: String = "op1") -> Event {
        event(.actUndone, act.subject, "{\"act\":\"\(act.id)\",\"type\":\"\(act.type.rawValue)\"}", by: actor)
    }

    /// A square district, its corner in the south-west given.
    public mutating func district(
        _ id: String, set: String, south: Double, west: Double, size: Double = 1
    ) -> Event {
        let (north, east) = (south + size, west + size)
        let ring = "[\(west),\(south)],[\(east),\(south)],[\(east),\(north)],[\(west),\(north)],[\(west),\(south)]"
        return event(
            .districtDefined, "district/\(id)",
            """
            {"id":"\(id)","set":"\(set)","name":"\(id) by name","outline":{"type":"Polygon","coordinates":[[\(ring)]]}}
            """)
    }

    public mutating func city(_ id: String, set: String) -> Event {
        event(.cityDefined, "city/\(id)", "{\"id\":\"\(id)\",\"tenant\":\"t\",\"district_set\":\"\(set)\"}")
    }

    /// A playbook of three steps; the third waits for the first.
    public mutating func playbook(_ id: String, version: Int = 1) -> Event {
        event(
            .playbookPublished, "playbook/\(id)",
            """
            {"id":"\(id)","version":\(version),"title":"\(id) \(version)","offered_for":[{"tool":"FD","kind":"*"}],
            "steps":[{"id":1,"title":"one"},{"id":2,"title":"two"},{"id":3,"title":"three","after":[1]}]}
            """)
    }

    public mutating func started(_ run: String, playbook: String, version: Int = 1, by actor: String = "op1") -> Event {
        event(
            .checklistStarted, run, "{\"playbook\":\"\(playbook)\",\"version\":\(version),\"alert\":\"a\"}", by: actor)
    }

    public mutating func step(_ run: String, _ step: Int, _ state: String, by actor: String = "op1") -> Event {
        event(.checklistStepSet, run, "{\"step\":\(step),\"state\":\"\(state)\"}", by: actor)
    }
}
