import ControlRoom
import Store
import Synchronization

/// What ends by time: alarms whose source has been silent beyond their stale time, and shelves. Their ends are events with
/// ids that do not depend on who noticed.
final class Expiry: Sendable {
    private let checked = Mutex<Timestamp?>(nil)

    /// At most this many of a kind at once.
    private static let most = 500

    init() {}

    /// What has ended and is not said yet; looked for once a second.
    func endings(in store: Store, now: Timestamp) throws -> [Event] {
        let isSoon = checked.withLock { checked in
            checked.map { now.seconds(since: $0) < 1 && now >= $0 } ?? false
        }
        if isSoon { return [] }
        let stale = try store.staleAlerts(at: now, limit: Expiry.most)
        let shelves = try store.endedShelves(at: now, limit: Expiry.most)
        if stale.count < Expiry.most, shelves.count < Expiry.most { checked.withLock { $0 = now } }
        return stale.map { ending(of: $0, .alertCleared, "stale", at: $0.alert.stale, now: now) }
            + shelves.map { ending(of: $0, .alertUnshelved, "unshelved", at: $0.alert.shelvedUntil, now: now) }
    }

    /// Named after what ended and what was last said about it, and so the same whoever notices it.
    private func ending(
        of overdue: Store.Overdue, _ type: EventType, _ reason: String, at end: Timestamp?, now: Timestamp
    ) -> Event {
        let alert = overdue.alert
        let place = "\(reason)/\(overdue.realm.name)/\(alert.subject)/\(overdue.last)"
        var event = Event(
            id: "\(place)-\(end?.milliseconds ?? 0)", source: Event.feedSource, type: type, subject: alert.subject,
            time: now, data: .json(Array("{\"reason\":\"\(reason)\"}".utf8)))
        event.exercise = overdue.realm.exercise
        if overdue.realm == .technical { event.extensions["status"] = alert.status.rawValue }
        return event
    }
}
