import ControlRoom
import Store
import Synchronization

/// Carries out the rules that suppress by design: what they are about is suppressed as it comes, and given back when they end.
/// Each of it is an event of its own.
final class DesignedSuppression: Sendable {
    private struct State {
        var sequence: Int64 = -1
        var looked: Timestamp?
    }

    private let state = Mutex(State())

    /// At most so many of a kind at once.
    private static let most = 500
    /// Ages change without an event.
    private static let mostSeconds = 10.0

    func due(in store: Store, now: Timestamp) throws -> [Event] {
        let sequence = try store.lastSequence()
        let isQuiet = state.withLock { state in
            let passed = state.looked.map { now.seconds(since: $0) } ?? .infinity
            return passed >= 0 && (passed < 1 || state.sequence == sequence && passed < DesignedSuppression.mostSeconds)
        }
        if isQuiet { return [] }
        // Words are found when they are indexed, some time after they came.
        let isIndexed = try store.textLag() == 0
        let running = try store.suppressions()
        var events = try store.outlived(limit: DesignedSuppression.most).map { alert, rule in
            var writer = JSONWriter()
            writer.object { $0.member("rule", rule) }
            return FeedEvent.about(
                alert, .alertUnsuppressed, "unsuppressed/\(rule)", at: nil, now: now, data: writer.bytes)
        }
        for suppression in running {
            events +=
                try isOver(suppression, store, now)
                ? [ending(of: suppression, now)] : suppressed(by: suppression, store, now)
        }
        if events.count < DesignedSuppression.most {
            state.withLock { $0 = State(sequence: isIndexed ? sequence : -1, looked: now) }
        }
        return events
    }

    private func isOver(_ suppression: Suppression, _ store: Store, _ now: Timestamp) throws -> Bool {
        if let until = suppression.rule.until, until <= now { return true }
        guard let cause = suppression.rule.cause else { return false }
        guard let alert = try store.alert(subject: cause, realm: suppression.realm)?.alert else { return true }
        return !alert.isActive(at: now) && !alert.latched
    }

    private func ending(of suppression: Suppression, _ now: Timestamp) -> Event {
        var event = Event(
            id: "over/" + suppression.id, source: Event.feedSource, type: .suppressionEnded,
            subject: Suppression.subjectPrefix + suppression.id, time: now, data: .json(Array("{}".utf8)))
        event.exercise = suppression.realm.exercise
        return event
    }

    /// A text that the names of the city no longer make sense of suppresses nothing.
    private func suppressed(by suppression: Suppression, _ store: Store, _ now: Timestamp) throws -> [Event] {
        let vocabulary = FilterVocabulary(
            districts: try store.districts(set: nil), sites: try store.sites(), now: now, zone: .utc)
        var filter = AlertFilter(show: .open)
        guard (try? filter.read(suppression.rule.filter, vocabulary)) != nil, let match = filter.match else {
            return []
        }
        return try store.unsuppressed(by: suppression, match, now: now, limit: DesignedSuppression.most).map { alert in
            let fact = AlertSuppressed(
                rule: suppression.id, severity: alert.alert.latchedSeverity, reason: suppression.rule.reason)
            return FeedEvent.about(
                alert, .alertSuppressed, "suppressed/\(suppression.id)", at: nil, now: now,
                data: JSONWriter.bytes(fact.write))
        }
    }
}
