import ControlRoom
import TestSupport

/// What happens to an alarm besides acts of people, so that the same can be told to two of it.
enum AlarmNews {
    case raise(Severity, at: Timestamp, stale: Timestamp?)
    case clear(at: Timestamp)
    /// What the rules of the feed say.
    case rule(Fact)
    case pass(seconds: Double)

    /// The next, as chance wants it, of an alarm as it is shown.
    static func next(_ bench: AlarmBench, _ chance: inout SeededChance) -> AlarmNews {
        let time = bench.now.adding(seconds: chance.unit() * 600 - 500)
        switch chance.next() % 10 {
        case 0, 1, 2:
            let severity = Severity.allCases[Int(chance.next() % 5)]
            let stale = chance.next() % 3 == 0 ? bench.now.adding(seconds: chance.unit() * 900 - 300) : nil
            return .raise(severity, at: chance.next() % 2 == 0 ? bench.now : time, stale: stale)
        case 3, 4: return .clear(at: chance.next() % 2 == 0 ? bench.now : time)
        case 5: return .rule(suppression(of: bench.alert, chance.next() % 2 == 0 ? bench.now : nil))
        case 6: return .rule(.alertUnsuppressed("evacuation"))
        case 7:
            let level = (bench.alert.escalation?.level ?? 0) + 1
            return .rule(
                .alertEscalated(
                    AlertEscalated(level: level, to: "supervisor", occurrence: bench.alert.annunciated)))
        case 8: return .rule([.alertCleared(reason: "stale"), .alertUnshelved][Int(chance.next() % 2)])
        default: return .pass(seconds: chance.unit() * 900)
        }
    }

    private static func suppression(of alert: Alert, _ now: Timestamp?) -> Fact {
        .alertSuppressed(
            AlertSuppressed(
                rule: "evacuation", severity: alert.severity, occurrence: alert.occurrence, reason: nil,
                until: now?.adding(seconds: 700)))
    }

    func tell(_ bench: inout AlarmBench) {
        switch self {
        case .raise(let severity, let time, let stale): bench.raise(severity, at: time, stale: .some(stale))
        case .clear(let time): bench.clear(at: time)
        case .rule(let fact): bench.fold(fact, by: Event.feedSource)
        case .pass(let seconds): bench.now = bench.now.adding(seconds: seconds)
        }
    }
}

/// Acts of people of which each can be taken back.
enum AlarmActs {
    static let types: [EventType] = [
        .alertAcknowledged, .alertAssessed, .alertClosed, .alertReset, .alertShelved, .alertRemovedFromService,
        .alertTaken, .alertAssigned, .alertLinked, .approvalRequested, .approvalGranted,
    ]

    /// - Returns: whether it took effect.
    @discardableResult
    static func tell(_ type: EventType, _ bench: inout AlarmBench, by person: String) -> Bool {
        fact(type, bench).map { bench.fold($0, by: person) == .applied } ?? false
    }

    /// By somebody who sees what there is.
    private static func fact(_ type: EventType, _ bench: AlarmBench) -> Fact? {
        let (alert, seen) = (bench.alert, bench.seen)
        let judged = AlertAssessed(
            occurrence: seen.occurrence, severity: seen.severity, verdict: .confirmed, disposition: .some, note: nil)
        switch type {
        case .alertAcknowledged:
            return .alertAcknowledged(
                AlertAcknowledged(occurrence: seen.occurrence, severity: seen.severity, note: nil))
        case .alertAssessed: return .alertAssessed(judged)
        case .alertClosed: return .alertClosed(judged)
        case .alertReset: return .alertReset(seen)
        case .alertShelved:
            return .alertShelved(AlertShelved(until: bench.now.adding(seconds: 800), reason: nil, seen: seen))
        case .alertRemovedFromService: return .alertRemovedFromService(AlertRemoved(reason: "r", seen: seen))
        case .alertTaken: return .alertTaken
        case .alertAssigned: return .alertAssigned(AlertAssigned(to: "op9"))
        case .alertLinked: return .alertLinked(AlertLinked(occurrence: seen.occurrence, cause: "power"))
        case .approvalRequested:
            return .approvalRequested(
                ApprovalRequested(
                    wish: .removeFromService, severity: seen.severity, occurrence: seen.occurrence, reason: "r"))
        default: return decision(on: alert.request)
        }
    }

    private static func decision(on request: Alert.Request?) -> Fact? {
        guard let request else { return nil }
        return .approvalGranted(
            ApprovalDecided(wish: request.wish, author: request.act.by, request: request.event, note: nil))
    }
}
