import ControlRoom
import TestSupport

/// One alarm on the bench: it is brought into a state by events, and told its next one.
struct AlarmBench {
    var alert: Alert
    var now = EventMaker.noon
    var policy = AlarmPolicy.standard
    /// Whether acts have to name what their author saw.
    var isStrict = true
    /// Ids of acts by their type, the newest last: what an undo names.
    private(set) var acts: [EventType: [String]] = [:]
    private var told = 0
    private let latching: Bool

    static let staleAfter = 1_000.0
    static let shelfAfter = 2_000.0

    init(latching: Bool = false, severity: Severity = .medium) {
        self.latching = latching
        let time = EventMaker.noon
        let word = Alert.Word(id: "e0", source: AlarmBench.source, time: time, now: time)
        alert = Alert(subject: "a", raised: AlarmBench.fact(severity, latching, time), word)
    }

    /// In its second life, so that an acknowledgement of an older occurrence can come.
    init(state: String) {
        let prefix = state.first { $0.isLowercase }
        let base = prefix == nil ? state : String(state.dropFirst())
        self.init(latching: base.contains("L"))
        for event in ["ack current", "clear", "reset", "raise same"] { tell(event) }
        let steps = [
            "N": ["ack current", "clear"], "U": [], "A": ["ack current"], "R": ["clear"], "UL": [],
            "AL": ["ack current"], "LU": ["clear"], "LA": ["ack current", "clear"],
        ]
        for event in steps[base] ?? [] { tell(event) }
        switch prefix {
        case "s": tell("shelve")
        case "d": tell("suppress")
        case "o": tell("remove")
        default: break
        }
    }

    private static func fact(_ severity: Severity, _ latching: Bool, _ time: Timestamp) -> AlertRaised {
        var fact = AlertRaised(tool: .fd, kind: "weapon", severity: severity, headline: "h")
        fact.latching = latching
        fact.stale = time.adding(seconds: staleAfter)
        return fact
    }

    static let source = "urn:test:camera"

    /// - Parameter time: by the source's clock; now where none is given.
    @discardableResult
    mutating func raise(_ severity: Severity, at time: Timestamp? = nil, stale: Timestamp?? = nil) -> Outcome {
        var fact = AlarmBench.fact(severity, latching, now)
        if let stale { fact.stale = stale }
        return alert.raise(fact, word(AlarmBench.source, actor: nil, at: time))
    }

    /// What the source says of its end, by its clock.
    @discardableResult
    mutating func clear(at time: Timestamp? = nil) -> Outcome {
        Alert.fold(.alertCleared(reason: ""), into: &alert, word(AlarmBench.source, actor: nil, at: time))
    }

    /// Something that its source says now.
    var sourceWord: Alert.Word { Alert.Word(id: "x", source: AlarmBench.source, time: now, now: now) }

    private mutating func word(_ source: String, actor: String?, at time: Timestamp?) -> Alert.Word {
        told += 1
        return Alert.Word(
            id: "e\(told)", source: source, actor: actor, time: time ?? now, now: now, policy: policy,
            isStrict: isStrict)
    }

    /// - Parameter actor: a person, or the source of what a feed says.
    @discardableResult
    mutating func fold(_ fact: Fact, by actor: String = "op1") -> Outcome {
        let isFeed = actor == Event.feedSource
        let word = word(isFeed ? actor : "urn:impetus:console", actor: isFeed ? nil : actor, at: nil)
        let outcome = Alert.fold(fact, into: &alert, word)
        if outcome == .applied, let type = fact.actType { acts[type, default: []].append(word.id) }
        return outcome
    }

    /// Takes back the last act of a type that took effect.
    @discardableResult
    mutating func undo(_ type: EventType, by actor: String = "op1", isSeen: Bool = true) -> Outcome {
        let act = acts[type]?.popLast() ?? "none"
        let outcome = fold(.actUndone(ActUndone(act: act, type: type, seen: isSeen ? seen : nil)), by: actor)
        if outcome != .applied { acts[type, default: []].append(act) }
        return outcome
    }

    /// What whoever looks at it now sees.
    var seen: Seen { Seen(occurrence: alert.occurrence, severity: alert.severity) }

    @discardableResult
    mutating func acknowledge(occurrence: Int, _ severity: Severity, by actor: String = "op1") -> Outcome {
        fold(.alertAcknowledged(AlertAcknowledged(occurrence: occurrence, severity: severity, note: nil)), by: actor)
    }

    @discardableResult
    mutating func close(by actor: String = "op1") -> Outcome {
        let judged = AlertAssessed(
            occurrence: alert.occurrence, severity: alert.severity, verdict: nil, disposition: .some, note: nil)
        return fold(.alertClosed(judged), by: actor)
    }

    @discardableResult
    mutating func shelve(until: Timestamp) -> Outcome {
        fold(.alertShelved(AlertShelved(until: until, reason: nil, seen: seen)))
    }

    @discardableResult
    mutating func ask(_ wish: ApprovalWish, by actor: String = "op1") -> Outcome {
        let fact = ApprovalRequested(
            wish: wish, severity: alert.severity, occurrence: alert.occurrence, reason: "works")
        return fold(.approvalRequested(fact), by: actor)
    }

    /// Of what is asked for now.
    @discardableResult
    mutating func decide(isGranted: Bool, by actor: String = "sup1") -> Outcome {
        let wish = alert.request?.wish ?? .removeFromService
        let fact = ApprovalDecided(
            wish: wish, author: alert.request?.act.by ?? "?", request: alert.request?.event, note: nil)
        return fold(isGranted ? .approvalGranted(fact) : .approvalRefused(fact), by: actor)
    }

    mutating func tell(_ event: String) {
        switch event {
        case "raise same": raise(alert.currentSeverity)
        case "raise higher": raise(.critical)
        case "raise lower": raise(.info)
        case "clear": clear()
        case "ack current": acknowledge(occurrence: alert.occurrence, alert.severity)
        case "ack older": acknowledge(occurrence: alert.annunciated - 1, .critical)
        case "ack lower": acknowledge(occurrence: alert.occurrence, .low)
        case "close": close()
        case "reset": fold(.alertReset(seen))
        case "shelve": shelve(until: EventMaker.noon.adding(seconds: AlarmBench.shelfAfter))
        case "unshelve": fold(.alertUnshelved)
        case "suppress":
            let rule = AlertSuppressed(
                rule: "evacuation", severity: alert.severity, occurrence: alert.occurrence, reason: "empty")
            fold(.alertSuppressed(rule), by: Event.feedSource)
        case "unsuppress": fold(.alertUnsuppressed("evacuation"), by: Event.feedSource)
        case "remove": fold(.alertRemovedFromService(AlertRemoved(reason: "lens cleaned", seen: seen)), by: "sup1")
        case "return": fold(.alertReturnedToService, by: "sup1")
        case "ask": ask(.shelve(until: now.adding(seconds: 3 * 86_400), isOnce: false))
        case "grant":
            tell("ask")
            decide(isGranted: true)
        case "take": fold(.alertTaken, by: "op7")
        case "link": fold(.alertLinked(AlertLinked(occurrence: alert.occurrence, cause: "power")))
        case "unlink": fold(.alertLinked(AlertLinked(occurrence: alert.occurrence, cause: nil)))
        case "escalate":
            let fact = AlertEscalated(level: 1, to: "supervisor", occurrence: alert.annunciated)
            fold(.alertEscalated(fact), by: Event.feedSource)
        case "remind": fold(.alertReminded, by: Event.feedSource)
        case "undo ack": undo(.alertAcknowledged)
        case "stale passes": now = now.adding(seconds: AlarmBench.staleAfter)
        case "shelf ends":
            // Nothing else ends with it.
            alert.stale = nil
            now = now.adding(seconds: AlarmBench.shelfAfter)
        default: preconditionFailure(event)
        }
    }

    /// The state in the letters of the table.
    var letters: String {
        var bare = alert
        bare.shelving = nil
        bare.suppressors = []
        bare.removal = nil
        let under = letters(of: bare.state(at: now))
        switch alert.state(at: now) {
        case .shelved: return "s" + under
        case .suppressed: return "d" + under
        case .outOfService: return "o" + under
        default: return under
        }
    }

    private func letters(of state: AlertState) -> String {
        switch state {
        case .normal: "N"
        case .unacknowledged: latching ? "UL" : "U"
        case .acknowledged: latching ? "AL" : "A"
        case .rtnUnacknowledged: "R"
        case .latchedUnacknowledged: "LU"
        case .latchedAcknowledged: "LA"
        case .shelved, .suppressed, .outOfService: "?"
        }
    }
}
