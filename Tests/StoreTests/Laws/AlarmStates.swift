import ControlRoom
import TestSupport

/// Alarms in every state that one can be in, made by events of one source, one person and one rule.
///
/// The letters are those of `LifecycleTable` in the tests of the domain. Beyond them: `Q` somebody asks for approval, `W` it rose
/// since, `C` it was closed and came anew, `E` it went stale and nobody has said so, `EA` the same of one that was acknowledged.
struct AlarmStates {
    static let source = "urn:test:camera"
    static let person = "operator1"
    static let asker = "asker1"
    static let rule = "evacuation"
    /// When it came for the second time; before that it had been acknowledged and was over.
    static let raised = EventMaker.noon.adding(seconds: 10)
    static let goneStale = EventMaker.noon.adding(seconds: 50)
    static let shelfEnds = EventMaker.noon.adding(seconds: 3_000)

    static let names = [
        "N", "U", "A", "R", "UL", "AL", "LU", "LA", "sU", "sA", "sR", "sLU", "dU", "dA", "dR", "oU", "oA", "oR", "oLA",
        "Q", "W", "C", "E", "EA",
    ]

    private static let steps: [String: [String]] = [
        "N": ["ack", "clear"], "U": [], "A": ["ack"], "R": ["clear"], "Q": ["ask"], "W": ["ask", "rise"],
        "C": ["ack", "close", "raise"], "E": ["stale"], "EA": ["stale", "ack"], "UL": [], "AL": ["ack"],
        "LU": ["clear"], "LA": ["ack", "clear"],
    ]

    private var make = EventMaker(source: AlarmStates.source)

    /// What brings an alarm into a state. The id of an act is the subject, a slash, and the word for it.
    mutating func events(_ state: String, _ subject: String) -> [Event] {
        let prefix = state.first { "sdo".contains($0) }
        let base = prefix == nil ? state : String(state.dropFirst())
        let isLatching = base.contains("L")
        make.time = EventMaker.noon
        var events = [raise(subject, isLatching), act("first", .alertAcknowledged, subject, AlarmStates.seen(1))]
        events.append(make.cleared(subject))
        if isLatching { events.append(act("reset", .alertReset, subject, AlarmStates.seen(1))) }
        make.time = AlarmStates.raised
        events.append(raise(subject, isLatching))
        make.time = AlarmStates.raised.adding(seconds: 10)
        for step in AlarmStates.steps[base] ?? [] { events.append(self.step(step, subject, isLatching)) }
        if let prefix { events.append(quiet(prefix, subject)) }
        return events
    }

    private static func seen(_ occurrence: Int) -> String { "\"occurrence\":\(occurrence),\"severity\":\"medium\"" }

    private mutating func raise(_ subject: String, _ isLatching: Bool) -> Event {
        make.raised(subject, .medium, "\"latching\":\(isLatching)")
    }

    private mutating func act(_ word: String, _ type: EventType, _ subject: String, _ members: String) -> Event {
        let person = word == "ask" ? AlarmStates.asker : AlarmStates.person
        var event = make.event(type, subject, "{\(members)}", by: person)
        event.id = "\(subject)/\(word)"
        return event
    }

    private mutating func step(_ step: String, _ subject: String, _ isLatching: Bool) -> Event {
        let seen = AlarmStates.seen(2)
        switch step {
        case "ack": return act(step, .alertAcknowledged, subject, seen)
        case "clear": return make.cleared(subject)
        case "close": return act(step, .alertClosed, subject, seen + ",\"disposition\":\"some\"")
        case "raise": return raise(subject, isLatching)
        case "rise": return make.raised(subject, .critical)
        case "stale": return make.raised(subject, .medium, "\"stale\":\"\(AlarmStates.goneStale.rfc3339)\"")
        default:
            let wish = ",\"wish\":\"remove_from_service\",\"reason\":\"lens cleaned\""
            return act("ask", .approvalRequested, subject, seen + wish)
        }
    }

    private mutating func quiet(_ prefix: Character, _ subject: String) -> Event {
        let seen = AlarmStates.seen(2)
        switch prefix {
        case "s":
            let until = ",\"until\":\"\(AlarmStates.shelfEnds.rfc3339)\""
            return act("shelve", .alertShelved, subject, seen + until)
        case "o": return act("remove", .alertRemovedFromService, subject, seen + ",\"reason\":\"lens cleaned\"")
        default:
            var event = make.event(.alertSuppressed, subject, "{\(seen),\"rule\":\"\(AlarmStates.rule)\"}")
            event.source = Event.feedSource
            return event
        }
    }
}
