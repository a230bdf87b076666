import ControlRoom
import TestSupport

@testable import Store

/// What the store should hold, folded slowly: event by event, alert by alert, counted anew whenever somebody asks.
struct ReferenceFold {
    private(set) var alerts: [Realm: [String: Alert]] = [:]
    private(set) var raisedAt: [Realm: [Timestamp]] = [:]
    /// Where each alert was last heard of, and in which order they came.
    private var lastEvents: [Realm: [String: Int64]] = [:]
    private var order: [(realm: Realm, subject: String)] = []
    private var sequence: Int64 = 0
    private var base: Int64 = 0
    private var policy = AlarmPolicy.standard
    private var references: [Realm: [String: (by: String, cancelled: Bool)]] = [:]

    mutating func fold(_ event: Event, now: Timestamp) throws {
        let fact = try Fact(of: event)
        let realm = fact.realm(of: event)
        let subject = event.subject ?? ""
        sequence += 1
        let (isKnown, here) = (alerts[realm]?[subject] != nil, sequence)
        defer {
            if !isKnown, alerts[realm]?[subject] != nil { order.append((realm, subject)) }
            let isNews = if case .alertCancelled = fact { !isKnown } else { alerts[realm]?[subject] != nil }
            if isNews { lastEvents[realm, default: [:]][subject] = here }
        }
        switch fact {
        case .logTrimmed(let trim): forget(trim)
        case .alarmPolicySet(let new): policy = new
        case .alertRaised(let raised):
            raise(raised, subject, realm, at: event.happened, now: now)
            for other in raised.replaces { refer(to: other, by: subject, false, realm, at: event.happened) }
        case .alertCancelled(let cancelled):
            record(cancelled.message, subject, realm, at: event.happened, now: now)
            for other in cancelled.cancels { refer(to: other, by: subject, true, realm, at: event.happened) }
        default:
            guard var alert = alerts[realm]?[subject] else { return }
            var time = now
            if event.source == Event.feedSource { time = max(now, event.happened) }
            _ = Alert.fold(fact, into: &alert, by: event.actor ?? event.source, at: time, policy)
            alerts[realm]?[subject] = alert
        }
    }

    private mutating func forget(_ trim: LogTrimmed) {
        guard trim.through > base else { return }
        base = trim.through
        for (realm, subject) in order.dropLast() {
            guard let alert = alerts[realm]?[subject], let last = lastEvents[realm]?[subject] else { continue }
            guard !alert.active, !alert.latched, !alert.isSuppressed, last <= trim.through else { continue }
            alerts[realm]?[subject] = nil
            references[realm]?[subject] = nil
            order.removeAll { $0 == (realm, subject) }
        }
        for realm in raisedAt.keys { raisedAt[realm]?.removeAll { $0.minute < trim.recorded.minute } }
    }

    private mutating func raise(_ fact: AlertRaised, _ subject: String, _ realm: Realm, at: Timestamp, now: Timestamp) {
        raisedAt[realm, default: []].append(now)
        if alerts[realm]?[subject] != nil {
            alerts[realm]?[subject]?.raise(fact, at: at, now: now)
            return
        }
        alerts[realm, default: [:]][subject] = Alert(subject: subject, raised: fact, at: at, now: now)
        if fact.tool == .cap, let earlier = references[realm]?[subject] { end(subject, earlier, realm, at: now) }
    }

    private mutating func record(_ fact: AlertRaised, _ subject: String, _ realm: Realm, at: Timestamp, now: Timestamp)
    {
        guard alerts[realm]?[subject] == nil else { return }
        var alert = Alert(subject: subject, raised: fact, at: at, now: now)
        alert.active = false
        alert.acknowledged = true
        alert.entered = nil
        (alert.alarms, alert.alarmed) = (0, nil)
        alert.ended = at
        alerts[realm, default: [:]][subject] = alert
    }

    private mutating func refer(to subject: String, by: String, _ cancelled: Bool, _ realm: Realm, at time: Timestamp) {
        guard subject != by else { return }
        if references[realm]?[subject] == nil { references[realm, default: [:]][subject] = (by, cancelled) }
        end(subject, (by, cancelled), realm, at: time)
    }

    private mutating func end(
        _ subject: String, _ reference: (by: String, cancelled: Bool), _ realm: Realm, at time: Timestamp
    ) {
        if reference.cancelled {
            _ = alerts[realm]?[subject]?.cancel(by: reference.by, at: time)
        } else {
            _ = alerts[realm]?[subject]?.replace(by: reference.by, at: time)
        }
    }
}

// MARK: - Counting

extension ReferenceFold {
    func groups(_ realm: Realm) -> [AlertTotals.Group] {
        let all = Dictionary(grouping: (alerts[realm] ?? [:]).values) { alert in
            [alert.district ?? "", "\(alert.tool.rawValue)", "\(alert.latchedSeverity.rawValue)"]
        }
        return all.values.compactMap { alerts in
            alerts.first.map { first in
                AlertTotals.Group(
                    district: first.district ?? "", tool: first.tool, severity: first.latchedSeverity,
                    unacknowledged: alerts.count { $0.need < Alert.firstAttendedNeed },
                    open: alerts.count { $0.need < Alert.firstNormalNeed },
                    suppressed: alerts.count { $0.isSuppressed }, total: alerts.count)
            }
        }
    }

    /// Open alerts at each place.
    func places(_ realm: Realm) -> [PlaceCount] {
        let open = (alerts[realm] ?? [:]).values.filter { $0.need < Alert.firstNormalNeed }
        let all = Dictionary(grouping: open.filter { $0.place != nil }) { $0.place.map { PlaceKey($0).rawValue } ?? 0 }
        return all.map { key, alerts in
            PlaceCount(
                place: PlaceKey(rawValue: key).coordinate, worst: alerts.map(\.latchedSeverity).max() ?? .info,
                unacknowledged: alerts.count { $0.need < Alert.firstAttendedNeed }, open: alerts.count)
        }
    }

    func lastMinutes(_ realm: Realm, now: Timestamp) -> [Int] {
        (0..<10).map { index in
            (raisedAt[realm] ?? []).count { $0.minute == now.minute - 9 + Int64(index) }
        }
    }
}

extension Alert {
    /// With its place to the metre, as the store keeps it.
    var asKept: Alert {
        var copy = self
        copy.place = place.map { PlaceKey($0).coordinate }
        return copy
    }
}
