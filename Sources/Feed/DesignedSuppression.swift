import ControlRoom
import Store
import Synchronization

/// Carries out the rules that suppress by design: what they are about is suppressed as it comes, and given back when they end.
/// Each of it is an event of its own.
///
/// Once a second it looks at what was written since, which costs as much as that is, and for a rule that walks over all that is open
/// at the next 20,000 of it: one look costs no more, however much is open, and a new rule has seen 100,000 open alerts after 5 s. A
/// rule walks where it is new or the names of the city have changed, and every ten seconds where it asks for ages, which change
/// without an event, or found something since it last walked, because what was said of that may not have come through. What is
/// written while it walks is looked at as it comes.
final class DesignedSuppression: Sendable {
    private struct State {
        var looked: Timestamp?
        /// When rules last had to walk because of the time.
        var walked: Timestamp?
        /// What was written up to here was looked at.
        var change: Int64 = 0
        var rules: [String: Known] = [:]
        var ended = -1
        var vocabulary: (mark: Int64, names: FilterVocabulary)?
        /// The tools that were registered: a rule may ask for any other.
        var tools: [Tool] = []
    }

    /// What is known of a rule that runs.
    private struct Known {
        /// What it spares, as its cause: when that changes, so does what it is about.
        var spared: [String]
        /// Nil where it has seen all that is open.
        var walk: Walk? = Walk()
        /// It found something in its last walk, or since: what was said of that may not have come through.
        var isUnsure = false
    }

    /// A look at all that is open, a portion at a time.
    private struct Walk {
        /// Up to where it has come; nil before it begins.
        var place: Store.OpenPlace?
        /// It may have missed something on its way, and another follows it.
        var hasGaps = false
        var hasFound = false
    }

    /// As of when is looked, and at what.
    private struct Look {
        var now: Timestamp
        /// Rows that were written since the last look; nil where they are too many, or not known.
        var changed: Set<Int64>?
        /// Whether rules that change with the time walk anew.
        var isTime: Bool
        var isIndexed: Bool
    }

    private let state = Mutex(State())
    private let portion: Int
    private let most: Int

    private static let mostSeconds = 10.0

    /// - Parameters:
    ///   - portion: so many open alerts a walk looks at in one look.
    ///   - most: at most so many events for one rule at once.
    init(portion: Int = 20_000, most: Int = 500) {
        self.portion = portion
        self.most = most
    }

    /// What is to be said now.
    ///
    /// - Throws: what the store says.
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
        let passed = state.walked.map { now.seconds(since: $0) } ?? .infinity
        let isTime = passed < 0 || passed >= DesignedSuppression.mostSeconds
        var events = try released(store, now, isTime: isTime, &state)
        guard !running.isEmpty else {
            state.rules = [:]
            return events
        }
        let last = try store.lastChange()
        let look = Look(
            now: now, changed: try store.changedAlerts(after: state.change)?.rows, isTime: isTime,
            isIndexed: try store.textLag() == 0)
        let register = try store.toolRegister()
        if try store.mapMark() != state.vocabulary?.mark || register.tools != state.tools { state.rules = [:] }
        state.tools = register.tools
        var rules: [String: Known] = [:]
        for suppression in running {
            if try isOver(suppression, store, now) {
                events.append(ending(of: suppression, now))
                continue
            }
            guard let match = try match(of: suppression, store, register, now, &state) else { continue }
            let spared = try suppression.rule.cause.map { try store.causes(of: $0, realm: suppression.realm) } ?? []
            var known = state.rules[suppression.id] ?? Known(spared: spared)
            if known.spared != spared { known = Known(spared: spared) }
            let found = try find(by: suppression, match, &known, look, in: store)
            events += found.map { suppressed($0, by: suppression, now) }
            rules[suppression.id] = known
        }
        state.rules = rules
        state.change = last
        if isTime { state.walked = now }
        return events
    }

    /// What a rule is about and does not suppress yet: of what was written since the last look, and of what its walk comes to.
    private func find(
        by suppression: Suppression, _ match: Filter, _ known: inout Known, _ look: Look, in store: Store
    ) throws -> [Store.Overdue] {
        let sees = !match.looksForWords || look.isIndexed
        let isDue = look.isTime && (match.changesWithTime || known.isUnsure)
        if known.walk == nil, isDue || !sees || look.changed == nil { known.walk = Walk() }
        var found: [Store.Overdue] = []
        // A walk that begins comes to what was written before as well.
        if let changed = look.changed, known.walk.map({ $0.place != nil }) ?? true {
            found = try store.unsuppressed(
                by: suppression, match, sparing: known.spared, among: changed, now: look.now, limit: most)
        }
        if !found.isEmpty { known.isUnsure = true }
        let isCutOff = found.count >= most
        guard var walk = known.walk ?? (isCutOff ? Walk() : nil) else { return found }
        if !sees || look.changed == nil || isCutOff { walk.hasGaps = walk.place != nil || !sees }
        let stretch = try store.unsuppressed(
            by: suppression, match, sparing: known.spared, from: walk.place ?? .start, portion: portion, now: look.now,
            limit: most)
        walk.hasFound = walk.hasFound || !found.isEmpty || !stretch.found.isEmpty
        if let next = stretch.next {
            walk.place = next
            known.walk = walk
        } else {
            known.isUnsure = walk.hasFound || known.isUnsure && walk.hasGaps
            known.walk = walk.hasGaps ? Walk() : nil
        }
        let subjects = Set(found.map(\.alert.subject))
        return found + stretch.found.filter { !subjects.contains($0.alert.subject) }
    }

    /// What a rule held that runs no more.
    private func released(_ store: Store, _ now: Timestamp, isTime: Bool, _ state: inout State) throws -> [Event] {
        let ended = try store.endedSuppressions()
        guard isTime || ended != state.ended else { return [] }
        let found = try store.outlived(limit: most)
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
