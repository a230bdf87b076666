public import ControlRoom

/// An alert as the person saw it when they began to act: what they saw is what their act carries.
public struct AlertRef: Equatable, Sendable {
    public var row: Int64
    public var subject: String
    public var occurrence: Int
    public var severity: Severity
    public var headline: String
    public var status: MessageStatus
    public var isAcknowledged: Bool
    /// Neither ended nor closed.
    public var isGoingOn: Bool
    /// It lies on a shelf, whether or not that has ended by now.
    public var isShelved: Bool
    public var isOutOfService: Bool
    public var owner: String?
    public var cause: String?
    public var request: Alert.Request?

    var seen: Seen { Seen(occurrence: occurrence, severity: severity) }

    /// - Parameter now: what is over by then is not there, whether or not anybody has said so.
    public init(_ line: AlertLine, at now: Timestamp) {
        let alert = line.alert
        row = line.row
        subject = alert.subject
        occurrence = alert.occurrence
        severity = alert.latchedSeverity
        headline = alert.headline
        status = alert.status
        isAcknowledged = alert.acknowledged
        isGoingOn = alert.active || alert.latched
        isShelved = alert.isShelved(at: now)
        isOutOfService = alert.removal != nil
        owner = alert.owner
        cause = alert.cause(at: now)
        request = alert.request(at: now)
    }
}

/// What an act is meant for: the alert under the cursor, or those that were marked.
public struct Targets: Equatable, Sendable {
    /// At least one; in the order of their rows.
    public var alerts: [AlertRef]
    /// They were marked: whoever acts on them is asked once more, because most of them are not in sight.
    public var areMarked: Bool
    /// They are those that one row stood for.
    public var isGroup = false

    init(_ alert: AlertRef) {
        alerts = [alert]
        areMarked = false
    }

    init(marked alerts: [AlertRef]) {
        self.alerts = alerts
        areMarked = true
    }

    var worst: Severity? { alerts.map(\.severity).max() }
}

/// The same act on many alerts at once: each becomes an event of its own, and all can be taken back together.
public struct MassAct: Equatable, Sendable {
    /// What is done, in portions, by whoever records.
    public enum Steps: Equatable, Sendable {
        case deed(AlertDeed, note: String?, [AlertRef])
        /// With what its author sees, by the keys of the alerts.
        case undo([Event], seen: [String: Seen] = [:])
    }

    public var steps: Steps
    public var actor: String
    public var realm: Realm
    /// Said when it is done: `acknowledged “12 alerts”`.
    public var words: String

    public var count: Int {
        switch steps {
        case .deed(_, _, let alerts): alerts.count
        case .undo(let events, _): events.count
        }
    }

    public init(steps: Steps, actor: String, realm: Realm, words: String) {
        self.steps = steps
        self.actor = actor
        self.realm = realm
        self.words = words
    }

    /// The act on one of them. The reducer never makes all: there may be thousands.
    public func act(_ index: Int) -> Act? {
        switch steps {
        case .deed(let deed, let note, let alerts):
            guard alerts.indices.contains(index) else { return nil }
            let alert = alerts[index]
            return Act(
                type: deed.type, subject: alert.subject, data: deed.data(on: alert, note: note), actor: actor,
                realm: realm, status: alert.status, words: words)
        case .undo(let events, let seen):
            guard events.indices.contains(index) else { return nil }
            let event = events[index]
            return Act(undoing: event, seen: event.subject.flatMap { seen[$0] }, actor: actor, words: words)
        }
    }
}

extension Act {
    /// The undo goes where the act is, whatever is on the screen.
    ///
    /// - Parameter seen: of its alert, where that is on the screen: to take back a close makes quiet no more than this.
    init(undoing event: Event, seen: Seen?, actor: String, words: String) {
        let status = event.extensions["status"].flatMap(MessageStatus.init(rawValue:)) ?? .actual
        self.init(
            type: .actUndone, subject: event.subject ?? "",
            data: JSONWriter.bytes(ActUndone(act: event.id, type: event.type, seen: seen).write), actor: actor,
            realm: Realm(exercise: event.exercise, status: status), status: status, words: words)
    }
}
