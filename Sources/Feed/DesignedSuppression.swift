import ControlRoom
import Store
import Synchronization

/// Carries out the rules that suppress by design: what they are about is suppressed as it comes, and given back when they end.
/// Each of it is an event of its own.
///
/// Once a second it looks at what was written since, which costs as much as that is; at all that is open when a rule is new or the
/// names of the city have changed, and every ten seconds for a rule that asks for ages, which change without an event, or that found
/// something since it was last looked at whole, because what was said of that may not have come through.
final class DesignedSuppression: Sendable {
    private struct State {
        var looked: Timestamp?
        var lookedAtAll: Timestamp?
        /// What was written up to here was looked at.
        var change: Int64 = 0
        var rules: Set<String> = []
        /// What each of these spares, as its cause: when that changes, so does what it is about.
        var spared: [String: [String]] = [:]
        /// Those that found something when they were looked at last: what was said of it may not have come through.
        var unsure: Set<String> = []
        var ended = -1
        var vocabulary: (mark: Int64, names: FilterVocabulary)?
        /// The tools that were registered: a rule may ask for any other.
        var tools: [Tool] = []
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
            (state.rules, state.spared, state.unsure) = ([], [:], [])
            return events
        }
        let (last, isIndexed) = (try store.lastChange(), try store.textLag() == 0)
        let changed = try store.changedAlerts(after: state.change)?.rows
        let register = try store.toolRegister()
        let areNamesKnown = try store.mapMark() == state.vocabulary?.mark && register.tools == state.tools
        state.tools = register.tools
        var isWhole = true
        for suppression in running {
            if try isOver(suppression, store, now) {
                events.append(ending(of: suppression, now))
                continue
            }
            guard let match = try match(of: suppression, store, register, now, &state) else { continue }
            let sees = !match.looksForWords || isIndexed
            isWhole = isWhole && sees
            let spared = try suppression.rule.cause.map { try store.causes(of: $0, realm: suppression.realm) } ?? []
            let isKnown =
                areNamesKnown && state.rules.contains(suppression.id) && state.spared[suppression.id] == spared
            state.spared[suppression.id] = spared
            let isDue = isTime && (match.changesWithTime || state.unsure.contains(suppression.id))
            let rows = isKnown && sees && !isDue ? changed : nil
            let found = try store.unsuppressed(
                by: suppression, match, sparing: spared, among: rows, now: now, limit: DesignedSuppression.most)
            isWhole = isWhole && found.count < DesignedSuppression.most
            if !found.isEmpty {
                state.unsure.insert(suppression.id)
            } else if rows == nil {
                state.unsure.remove(suppression.id)
            }
            events += found.map { suppressed($0, by: suppression, now) }
        }
        let ids = Set(running.map(\.id))
        state.spared = state.spared.filter { ids.contains($0.key) }
        state.unsure.formIntersection(ids)
        // What was not seen whole is looked at again from the beginning.
        state.rules = isWhole ? ids : []
        state.change = last
        if isTime, isWhole { state.lookedAtAll = now }
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
        of suppression: Suppression, _ store: Store, _ register: ToolRegister, _ now: Timestamp, _ state: inout State
    ) throws -> Filter? {
        let mark = try store.mapMark()
        if state.vocabulary?.mark != mark {
            let names = FilterVocabulary(
                districts: try store.districts(set: nil), sites: try store.sites(), tools: .shipped, now: now,
                zone: .utc)
            state.vocabulary = (mark, names)
        }
        guard var names = state.vocabulary?.names else { return nil }
        names.now = now
        // Whoever wrote it may have known of tools that are registered no more, or of which nothing has come here.
        names.tools = register
        names.tools.hasMore = true
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
