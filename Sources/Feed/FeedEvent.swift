import ControlRoom
import Store

/// What the rules of a feed say of an alert.
enum FeedEvent {
    /// Named after what it is about and what was last said about it, and so the same whoever notices it.
    ///
    /// - Parameter reason: in a word, with what else tells it from others of its kind.
    static func about(
        _ overdue: Store.Overdue, _ type: EventType, _ reason: String, at end: Timestamp?, now: Timestamp,
        data: [UInt8]
    ) -> Event {
        let alert = overdue.alert
        let place = "\(reason)/\(overdue.realm.name)/\(alert.subject)/\(overdue.last)"
        var event = Event(
            id: "\(place)-\(end?.milliseconds ?? 0)", source: Event.feedSource, type: type, subject: alert.subject,
            time: now, data: .json(data))
        event.exercise = overdue.realm.exercise
        if overdue.realm == .technical { event.extensions["status"] = alert.status.rawValue }
        return event
    }
}
