import ControlRoom
import TestSupport

/// One alarm on the bench: it is brought into a state by events, and told its next one.
struct AlarmBench {
    var alert: Alert
    var now = EventMaker.noon
    var policy = AlarmPolicy.standard
    private let latching: Bool

    static let staleAfter = 1_000.0
    static let shelfAfter = 2_000.0

    init(latching: Bool = false, severity: Severity = .medium) {
        self.latching = latching
        let time = EventMaker.noon
        alert = Alert(subject: "a", raised: AlarmBench.fact(severity, latching, time), at: time, now: time)
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

    mutating func raise(_ severity: Severity) {
        alert.raise(AlarmBench.fact(severity, latching, now), at: now, now: now)
    }

    @discardableResult
    mutating func fold(_ fact: Fact, by actor: String = "op1") -> Outcome {
        Alert.fold(fact, into: &alert, by: actor, at: now, policy)
    }

    @discardableResult
    mutating func acknowledge(occurrence: Int, _ severity: Severity, by actor: String = "op1") -> Outcome {
        fold(.alertAcknowledged(AlertAcknowledged(occurrence: occurrence, severity: severity, note: nil)), by: actor)
    }

    @discardableResult
    mutating func close(by actor: String = "op1") -> Outcome {
        let judged = AlertAssessed(occurrence: alert.occurrence, verdict: nil, disposition: .some, note: nil)
        return fold(.alertClosed(judged), by: actor)
    }

    @discardableResult
    mutating func shelve(until: Timestamp) -> Outcome {
        fold(.alertShelved(AlertShelved(until: until, reason: nil)))
    }

    @discardableResult
    mutating func ask(_ wish: ApprovalWish, by actor: String = "op1") -> Outcome {
        fold(.approvalRequested(ApprovalRequested(wish: wish, severity: alert.severity, reason: "works")), by: actor)
    }

    /// Of what is asked for now.
    @discardableResult
    mutating func decide(isGranted: Bool, by actor: String = "sup1") -> Outcome {
        let wish = alert.request?.wish ?? .removeFromService
        let fact = ApprovalDecided(wish: wish, author: alert.request?.act.by ?? "?", note: nil)
        return fold(isGranted ? .approvalGranted(fact) : .approvalRefused(fact), by: actor)
    }

    mutating func tell(_ event: String) {
        switch event {
        case "raise same": raise(alert.currentSeverity)
        case "raise higher": raise(.critical)
        case "raise lower": raise(.info)
        case "clear": fold(.alertCleared(reason: ""))
        case "ack current": acknowledge(occurrence: alert.occurrence, alert.severity)
        case "ack older": acknowledge(occurrence: alert.annunciated - 1, .critical)
        case "ack lower": acknowledge(occurrence: alert.occurrence, .low)
        case "close": close()
        case "reset": fold(.alertReset)
        case "shelve": shelve(until: EventMaker.noon.adding(seconds: AlarmBench.shelfAfter))
        case "unshelve": fold(.alertUnshelved)
        case "suppress":
            fold(.alertSuppressed(AlertSuppressed(rule: "evacuation", severity: alert.severity, reason: "empty")))
        case "unsuppress": fold(.alertUnsuppressed("evacuation"))
        case "remove": fold(.alertRemovedFromService("lens cleaned"), by: "sup1")
        case "return": fold(.alertReturnedToService, by: "sup1")
        case "ask": ask(.shelve(until: now.adding(seconds: 3 * 86_400), isOnce: false))
        case "grant":
            tell("ask")
            decide(isGranted: true)
        case "take": fold(.alertTaken, by: "op7")
        case "link": fold(.alertLinked(AlertLinked(occurrence: alert.occurrence, cause: "power")))
        case "unlink": fold(.alertLinked(AlertLinked(occurrence: alert.occurrence, cause: nil)))
        case "escalate":
            fold(.alertEscalated(AlertEscalated(level: 1, to: "supervisor", occurrence: alert.annunciated)))
        case "remind": fold(.alertReminded)
        case "undo ack": fold(.actUndone(ActUndone(act: "x", type: .alertAcknowledged)))
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
        bare.causes = []
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
