import ControlRoom
import Store
import Synchronization

/// Carries out the rules that suppress by design: what they are about is suppressed as it comes, and given back when they end.
/// Each of it is an event of its own.
///
/// Once a second it looks at what was written since; at all of it when a rule is new, and every ten seconds, because ages
/// change without an event.
final class DesignedSuppression: Sendable {
    private struct State {
        var looked: Timestamp?
        var lookedAtAll: Timestamp?
        /// What was written up to here was looked at.
        var change: Int64 = 0
        var rules: Set<String> = []
        var ended = -1
        var vocabulary: (mark: Int64, names: FilterVocabulary)?
    }

    private let state = Mutex(State())

    /// At most so many of a kind at once.
    private static let most = 500
    private static let mostSeconds = 10.0

    func due(in store: Store, now: Timestamp) throws -> [Event] {
        // One at a time looks, as for everything that a feed says.
        try state.withLock { state in
            if let looked = state.looked, (0..<1).contains(now.seconds(since: looked)) { return [] }
            state.looked = now
            return try look(store, now, &state)
        }
    }

    private func look(_ store: Store, _ now: Timestamp, _ state: inout State) throws -> [Event] {
        let running = try store.suppressions()
        let passed = state.lookedAtAll.map { now.seconds(since: $0) } ?? .infinity
        let isTime = passed < 0 || passed >= DesignedSuppression.mostSeconds
        var events = try released(store, now, isTime: isTime, &state)
        guard !running.isEmpty else {
            state.rules = []
            return events
        }
        let (last, isIndexed) = (try store.lastChange(), try store.textLag() == 0)
        let changed = isTime ? nil : try store.changedAlerts(after: state.change)?.rows
        var isWhole = true
        for suppression in running {
            if try isOver(suppression, store, now) {
                events.append(ending(of: suppression, now))
                continue
            }
            guard let match = try match(of: suppression, store, now, &state) else { continue }
            let sees = !match.looksForWords || isIndexed
            isWhole = isWhole && sees
            let rows = state.rules.contains(suppression.id) && sees ? changed : nil
            let spared = try suppression.rule.cause.map { try store.causes(of: $0, realm: suppression.realm) } ?? []
            let found = try store.unsuppressed(
                by: suppression, match, sparing: spared, among: rows, now: now, limit: DesignedSuppression.most)
            isWhole = isWhole && found.count < DesignedSuppression.most
            events += found.map { suppressed($0, by: suppression, now) }
        }
        // What was not seen whole is looked at again from the beginning.
        state.rules = isWhole ? Set(running.map(\.id)) : []
        state.change = last
        if changed == nil, isWhole { state.lookedAtAll = now }
        return events
    }

    /// What a rule held that runs no more.
    private func released(_ store: Store, _ now: Timestamp, isTime: Bool, _ state: inout State) throws -> [Event] {
        let ended = try store.endedSuppressions()
        guard isTime || ended != state.ended else { return [] }
        let found = try store.outlived(limit: DesignedSuppression.most)
        state.ended = found.isEmpty ? ended : -1
        return found.map { alert, rule in
            FeedEvent.about(
                alert, .alertUnsuppressed, "unsuppressed/\(rule)", at: nil, now: now,
                data: JSONWriter.bytes { $0.object { $0.member("rule", rule) } })
        }
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

    /// A text that the names of the city make no sense of suppresses nothing, nor does one that asks for times of the clock:
    /// whoever wrote it has another.
    private func match(
        of suppression: Suppression, _ store: Store, _ now: Timestamp, _ state: inout State
    ) throws -> Filter? {
        let mark = try store.mapMark()
        if state.vocabulary?.mark != mark {
            let names = FilterVocabulary(
                districts: try store.districts(set: nil), sites: try store.sites(), now: now, zone: .utc)
            state.vocabulary = (mark, names)
        }
        guard var names = state.vocabulary?.names else { return nil }
        names.now = now
        var filter = AlertFilter(show: .open)
        guard (try? filter.read(suppression.rule.filter, names)) != nil, let match = filter.match else { return nil }
        return match.asksForClock ? nil : match
    }

    private func suppressed(_ alert: Store.Overdue, by suppression: Suppression, _ now: Timestamp) -> Event {
        let fact = AlertSuppressed(
            rule: suppression.id, severity: alert.alert.latchedSeverity, occurrence: alert.alert.occurrence,
            reason: suppression.rule.reason, until: suppression.rule.until, cause: suppression.rule.cause)
        return FeedEvent.about(
            alert, .alertSuppressed, "suppressed/\(suppression.id)", at: nil, now: now,
            data: JSONWriter.bytes(fact.write))
    }
}
