import ControlRoom
import Store
import Synchronization

/// What comes by time: the end of alarms whose source has been silent beyond their stale time, and of shelves; that nobody has
/// answered, or that what was acknowledged goes on. All of it are events with ids that do not depend on who noticed.
final class Expiry: Sendable {
    private let checked = Mutex<Timestamp?>(nil)

    /// At most this many of a kind at once.
    private static let most = 500
    /// Of what nobody answers, so many a second: after an outage there may be thousands, and the rest of the feed goes on.
    private static let mostDue = 200

    init() {}

    /// What has come and is not said yet; looked for once a second.
    func due(in store: Store, now: Timestamp) throws -> [Event] {
        let isSoon = checked.withLock { checked in
            checked.map { now.seconds(since: $0) < 1 && now >= $0 } ?? false
        }
        if isSoon { return [] }
        let stale = try store.staleAlerts(at: now, limit: Expiry.most)
        let shelves = try store.endedShelves(at: now, limit: Expiry.most)
        let due = try store.dueAlerts(at: now, limit: Expiry.mostDue)
        let isAll = stale.count < Expiry.most && shelves.count < Expiry.most
        if isAll { checked.withLock { $0 = now } }
        let policy = try due.isEmpty ? .standard : store.alarmPolicy()
        return stale.map { ending(of: $0, .alertCleared, "stale", at: $0.alert.stale, now: now) }
            + shelves.map { ending(of: $0, .alertUnshelved, "unshelved", at: $0.alert.shelvedUntil, now: now) }
            + due.compactMap { reminder(of: $0, policy, now: now) }
    }

    private func reminder(of overdue: Store.Overdue, _ policy: AlarmPolicy, now: Timestamp) -> Event? {
        let alert = overdue.alert
        guard !alert.acknowledged else {
            return FeedEvent.about(
                overdue, .alertReminded, "reminded", at: overdue.due, now: now, data: Array("{}".utf8))
        }
        let level = alert.escalation?.level ?? 0
        guard let step = policy.step(after: level, for: alert) else { return nil }
        let fact = AlertEscalated(level: level + 1, to: step.to, occurrence: alert.annunciated)
        return FeedEvent.about(
            overdue, .alertEscalated, "escalated", at: overdue.due, now: now, data: JSONWriter.bytes(fact.write))
    }

    private func ending(
        of overdue: Store.Overdue, _ type: EventType, _ reason: String, at end: Timestamp?, now: Timestamp
    ) -> Event {
        FeedEvent.about(overdue, type, reason, at: end, now: now, data: Array("{\"reason\":\"\(reason)\"}".utf8))
    }
}
