import ControlRoom

/// A machine that reports under a source of its own until it was told what became of each report.
final class SimulatedSensor {
    let source: String
    /// The name under which it posts.
    let machine: String
    private(set) var unconfirmed: [Event] = []
    private(set) var confirmed: [String] = []
    /// What a hub does not take; the machine gives it up.
    private(set) var refused: [String] = []
    /// The ids of all that it made.
    private(set) var made: Set<String> = []
    /// What it posted under a source that is another's.
    private(set) var forged: Set<String> = []
    /// What its line holds back: newer reports go before it.
    private var held: [Event] = []

    init(_ machine: String, source: String) {
        self.machine = machine
        self.source = source
    }

    /// What somebody did not hear of yet.
    var isQuiet: Bool { unconfirmed.isEmpty && held.isEmpty }

    func report(_ chance: inout SeededChance, now: Timestamp) {
        let event = event(&chance, now: now)
        if chance.unit() < 0.15 { held.append(event) } else { unconfirmed.append(event) }
        if chance.unit() < 0.3 { release() }
    }

    /// Its line is good again.
    func release() {
        unconfirmed += held
        held = []
    }

    /// Reports under another's source.
    func forge(_ other: String, _ chance: inout SeededChance, now: Timestamp) {
        var event = said(.alertRaised, alarm(&chance), now, raise(.critical, &chance, now))
        event.source = other
        forged.insert(event.id)
        unconfirmed.append(event)
    }

    func confirm(_ id: String) { if take(id) { confirmed.append(id) } }

    func refuse(_ id: String) { if take(id) { refused.append(id) } }

    private func take(_ id: String) -> Bool {
        guard unconfirmed.contains(where: { $0.id == id }) else { return false }
        unconfirmed.removeAll { $0.id == id }
        return true
    }

    // MARK: - What it says

    private func event(_ chance: inout SeededChance, now: Timestamp) -> Event {
        let time = time(&chance, now)
        switch chance.unit() {
        case ..<0.60:
            return said(.alertRaised, alarm(&chance), time, raise(severity(&chance), &chance, time))
        case ..<0.82: return said(.alertCleared, alarm(&chance), time, "{\"reason\":\"over\"}")
        case ..<0.89:
            let references = ",\"replaces\":[\"\(named(&chance))\"]"
            return said(
                .alertRaised, update(&chance), time, raise(severity(&chance), &chance, time, references))
        case ..<0.95:
            let references = ",\"cancels\":[\"\(named(&chance))\"]"
            return said(
                .alertCancelled, "\(machine)/cancel-\(made.count)", time, raise(.info, &chance, time, references))
        default:
            return said(SimulatedSensor.laterType, alarm(&chance), time, "{\"severity\":\"info\",\"silences\":true}")
        }
    }

    /// A type that a later version may know.
    static let laterType = EventType(rawValue: "eu.impetus.alert.hushed.v1")

    private func said(_ type: EventType, _ subject: String, _ time: Timestamp, _ data: String) -> Event {
        let id = "\(machine)-report-\(made.count)"
        made.insert(id)
        return Event(id: id, source: source, type: type, subject: subject, time: time, data: .json(Array(data.utf8)))
    }

    private func raise(
        _ severity: Severity, _ chance: inout SeededChance, _ time: Timestamp, _ more: String = ""
    ) -> String {
        var more = more
        if chance.unit() < 0.2 {
            more += ",\"stale\":\"\(time.adding(seconds: 1 + chance.unit() * 30).rfc3339)\""
        }
        if chance.unit() < 0.15 { more += ",\"latching\":true" }
        let name = "\"headline\":\"\(machine) \(made.count)\""
        return "{\"tool\":\"UAD\",\"kind\":\"crowd\",\"severity\":\"\(severity.name)\",\(name)\(more)}"
    }

    private func severity(_ chance: inout SeededChance) -> Severity {
        Severity.allCases.randomElement(using: &chance) ?? .high
    }

    /// All sources use the same subjects.
    private func alarm(_ chance: inout SeededChance) -> String { "alarm-\(Int(chance.unit() * 6))" }

    private func update(_ chance: inout SeededChance) -> String { "\(machine)/update-\(Int(chance.unit() * 3))" }

    private func named(_ chance: inout SeededChance) -> String {
        chance.unit() < 0.7 ? alarm(&chance) : update(&chance)
    }

    /// Mostly now; of a queue that was long, or of a clock that was set wrongly.
    private func time(_ chance: inout SeededChance, _ now: Timestamp) -> Timestamp {
        switch chance.unit() {
        case ..<0.10: now.adding(seconds: -chance.unit() * 3_000)
        case ..<0.12: SimulatedSensor.longAgo
        case ..<0.14: SimulatedSensor.farAhead
        default: now
        }
    }

    /// In 1970, and in 2098.
    private static let longAgo = Timestamp(milliseconds: 432_000_000)
    private static let farAhead = Timestamp(milliseconds: 4_070_908_800_000)
}
