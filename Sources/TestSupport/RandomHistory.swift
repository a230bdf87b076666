public import ControlRoom

/// Events about a few alarms in three realms, in batches, as chance wants them.
public struct RandomHistory {
    var chance: SeededChance
    var make = EventMaker()
    private(set) var acts: [Event] = []
    /// The ids of what a second person was asked for.
    var requests: [String] = []
    public private(set) var now = EventMaker.noon

    /// Behind which number alarms that are new count their occurrences: most acts name one of those, the others one of before.
    public var start = 0

    /// Who acts, as an event's data names them.
    public var people = ["op1", "op2"]

    /// Whether events of every other type come too.
    private let isWide: Bool

    /// The longest that passes between two batches, in seconds.
    private let step: Double

    public init(seed: UInt64, step: Double = 90, isWide: Bool = false) {
        chance = SeededChance(seed: seed)
        self.isWide = isWide
        self.step = step
    }

    public mutating func batch() -> [Event] {
        now = now.adding(seconds: chance.unit() * step)
        return (0..<(1 + pick(12))).map { _ in event() }
    }

    public mutating func pick(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }

    mutating func occurrence() -> Int { (start == 0 || pick(3) == 0 ? 0 : start) + 1 + pick(6) }

    private mutating func event() -> Event {
        make.time = now.adding(seconds: chance.unit() * 20 - 10)
        let subject = "s\(pick(10))"
        var event = isWide && pick(3) == 0 ? other(about: subject) : message(about: subject)
        switch pick(6) {
        case 0, 1: event.exercise = "x"
        case 2: event.extensions["status"] = "test"
        default: break
        }
        if event.type.neededRight != nil { acts.append(event) }
        return event
    }

    private mutating func message(about subject: String) -> Event {
        let severity = Severity.allCases[pick(5)]
        let actor = "op\(1 + pick(2))"
        switch pick(17) {
        case 0, 1, 2, 3: return raised(subject, severity)
        case 4: return reference(severity)
        case 5: return make.cleared(subject)
        case 6, 7, 8: return make.acknowledged(subject, occurrence: occurrence(), severity, by: actor)
        case 9: return make.closed(subject, occurrence: occurrence(), by: actor)
        case 10:
            let seen = Seen(occurrence: occurrence(), severity: severity)
            return make.shelved(subject, until: now.adding(seconds: chance.unit() * 300 - 50), seen: seen, by: actor)
        case 11: return make.event(.alertUnshelved, subject, by: actor)
        case 12: return make.event(.alertReset, subject, by: actor)
        case 13:
            return make.event(
                .alertAssessed, subject, "{\"occurrence\":\(occurrence()),\"verdict\":\"confirmed\"}", by: actor)
        case 14: return make.event(.alertNoted, subject, "{\"note\":\"n\"}", by: actor)
        case 15:
            let cause = pick(3) == 0 ? "null" : "\"s\(pick(10))\""
            return make.event(.alertLinked, subject, "{\"occurrence\":\(occurrence()),\"cause\":\(cause)}", by: actor)
        default: return undo(subject, by: actor)
        }
    }

    private mutating func undo(_ subject: String, by actor: String) -> Event {
        guard !acts.isEmpty else { return make.cleared(subject) }
        return make.undone(acts[pick(acts.count)], by: actor)
    }

    /// Some of them nobody has registered.
    static let tools: [Tool] = [.fd, .uad, .smd, Tool(code: "NOISE"), Tool(code: "AIR-1")]

    private mutating func raised(_ subject: String, _ severity: Severity) -> Event {
        var more = ["\"latching\":\(pick(3) == 0)", "\"status\":\"\(pick(5) == 0 ? "test" : "actual")\""]
        if pick(2) == 0 { more.append("\"district\":\"d\(pick(3))\"") }
        if pick(2) == 0 { more.append("\"lat\":45.\(pick(4)),\"lon\":11.\(pick(3))") }
        if pick(3) == 0 { more.append("\"stale\":\"\(now.adding(seconds: chance.unit() * 200 - 20).rfc3339)\"") }
        return make.raised(subject, severity, tool: RandomHistory.tools[pick(5)], more.joined(separator: ","))
    }

    /// A CAP message that refers to others, which may come later.
    private mutating func reference(_ severity: Severity) -> Event {
        let others = "[\"c\(pick(8))\",\"c\(pick(8))\"]"
        let subject = "c\(pick(8))"
        if pick(2) == 0 { return make.raised(subject, severity, tool: .cap, "\"replaces\":\(others)") }
        let data = "{\"tool\":\"CAP\",\"kind\":\"k\",\"severity\":\"\(severity.name)\",\"cancels\":\(others)}"
        return make.event(.alertCancelled, subject, data)
    }
}
