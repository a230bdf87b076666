import ControlRoom
import Feed
import Synchronization

/// Decides which events of a machine that posts more than its rate, or more than its share of its tenant's, are sent back for later.
///
/// Sent back are observations, events of types that this version does not know, repeats (a raise of an alarm that goes on
/// no worse, a tool's report of the state that it reported last), and, without a reason, what would be rejected anyway. A
/// first occurrence, a rise, a clear and a cancellation that the machine may post are never sent back, nor is a person's
/// act. Rejected events use up the rate too.
///
/// An alarm goes on if this hub let its raise in, and since then no end of it and no act that can end it, and the view has
/// it active. Until this view has folded what another hub accepted, a raise may wrongly look like a repeat; the machine
/// then retries.
final class RateKeeper: Sendable {
    /// The key of the alarm that a source has active in the view, at this severity or a worse one; nil where there is none.
    typealias Look = (_ name: RecentAlarms.Name, _ severity: Severity) -> String?

    let limits: RateLimits
    private let state: Mutex<State>

    private struct State {
        var buckets: TokenBuckets
        /// By tenant, of which there are as many as the system log names.
        var shared: [String: SharedBudget] = [:]
        var alarms: RecentAlarms
    }

    /// - Parameters:
    ///   - machines: buckets; see `TokenBuckets`.
    ///   - alarms: names; see `RecentAlarms`.
    init(_ limits: RateLimits, machines: Int = TokenBuckets.most, alarms: Int = 131_072) {
        self.limits = limits
        state = Mutex(State(buckets: TokenBuckets(limits, most: machines), alarms: RecentAlarms(most: alarms)))
    }

    var isOn: Bool { limits.isOn }

    /// Whether an event is let in; what is let in is remembered.
    ///
    /// - Parameters:
    ///   - event: what admission has let through.
    ///   - fact: what it says.
    ///   - machine: who posts; nil for a person, who is never limited.
    ///   - look: called without a lock; for an alarm that it finds, once a second at most, or once more after an act that can end
    ///     alarms; for one that it does not find, each time.
    func letsIn(
        _ event: Event, _ fact: Fact, of machine: String?, tenant: String, now: Timestamp, look: Look
    ) -> Bool {
        guard isOn else { return true }
        guard !event.isAct else {
            guard RateKeeper.endsAlarms(event.type) else { return true }
            state.withLock { $0.alarms.noteAct(on: event.subject ?? "", tenant: tenant, at: now) }
            return true
        }
        guard RateKeeper.isCounted(event.type) else { return true }
        if !hasToken(machine, of: tenant, now), isRepeat(fact, of: event, tenant, now, look) { return false }
        note(fact, of: event, tenant)
        return true
    }

    /// Whether a machine may post one more event, of its own rate and of its tenant's; it is counted in both. What is refused
    /// counts as well: nobody says again without end what is never taken.
    ///
    /// - Parameter machine: who posts; nil for a person, who is never limited.
    func hasToken(_ machine: String?, of tenant: String, _ now: Timestamp) -> Bool {
        guard isOn, let machine else { return true }
        return state.withLock { state in
            let hasOwn = state.buckets.take(machine, now: now)
            let hasShare = state.shared[tenant, default: newBudget].take(machine, now: now)
            return hasOwn && hasShare
        }
    }

    private var newBudget: SharedBudget {
        SharedBudget(eventsPerSecond: limits.tenantEventsPerSecond, burst: limits.tenantBurst)
    }

    /// Seconds after which so many events may come again that were sent back: 1 to 60.
    func wait(for events: Int, of tenant: String) -> Int {
        limits.wait(for: events, share: state.withLock { $0.shared[tenant]?.level })
    }

    /// What sources and tools say; definitions are not a machine's.
    private static func isCounted(_ type: EventType) -> Bool {
        switch type {
        case .alertRaised, .alertCleared, .alertCancelled, .observationRecorded, .toolReported: true
        // Kept and passed on, and of no effect: as an observation is.
        default: !EventType.known.contains(type)
        }
    }

    private func isRepeat(_ fact: Fact, of event: Event, _ tenant: String, _ now: Timestamp, _ look: Look) -> Bool {
        let name = RateKeeper.name(fact, of: event, tenant)
        switch fact {
        case .alertRaised(let raised): return isRepeat(raised, name, now, look)
        case .toolReported(let report):
            return state.withLock { $0.alarms.word(name) } == .reported(report.state.rawValue)
        case .observationRecorded, .unknown: return true
        default: return false
        }
    }

    private func isRepeat(_ raised: AlertRaised, _ name: RecentAlarms.Name, _ now: Timestamp, _ look: Look) -> Bool {
        let (word, isConfirmed, endsOthers) = state.withLock { state in
            // To hold it up would hold up the end of others, unless they have heard of it already.
            let endsOthers = raised.replaces.contains { state.alarms.word(name.other($0)) != .ended }
            return (state.alarms.word(name), state.alarms.isConfirmed(name, at: now), endsOthers)
        }
        guard !endsOthers else { return false }
        guard case .raised(let severity, let stale)? = word, raised.severity <= severity,
            stale.map({ $0 > now }) ?? true
        else { return false }
        if isConfirmed { return true }
        guard let key = look(name, severity) else { return false }
        return state.withLock { state in
            guard !state.alarms.takeAct(on: key, tenant: name.tenant) else { return false }
            state.alarms.confirm(name, at: now)
            return true
        }
    }

    // MARK: - What is let in

    private static func name(_ fact: Fact, of event: Event, _ tenant: String) -> RecentAlarms.Name {
        RecentAlarms.Name(
            tenant: tenant, realm: fact.realm(of: event).name, source: event.source, subject: event.subject ?? "")
    }

    private func note(_ fact: Fact, of event: Event, _ tenant: String) {
        let name = RateKeeper.name(fact, of: event, tenant)
        switch fact {
        case .alertRaised(let raised):
            state.withLock { state in
                for other in raised.replaces { state.alarms.note(.ended, of: name.other(other)) }
                state.alarms.note(.raised(raised.severity, stale: raised.stale), of: name)
            }
        case .alertCleared: state.withLock { $0.alarms.note(.ended, of: name) }
        case .alertCancelled(let cancelled):
            state.withLock { state in
                for other in cancelled.cancels { state.alarms.note(.ended, of: name.other(other)) }
            }
        case .toolReported(let report): state.withLock { $0.alarms.note(.reported(report.state.rawValue), of: name) }
        default: return
        }
    }

    /// What was let in and did not come into the log says nothing of its alarm.
    ///
    /// - Parameters:
    ///   - letIn: one for each event, before the log was asked.
    ///   - kept: likewise, by the log's answer; nil where it took nothing.
    func forget(_ events: [Event], letIn: [Central.Verdict], kept: [Central.Verdict]?, tenant: String) {
        guard isOn else { return }
        for (index, event) in events.enumerated() where letIn[index] == .accepted && kept?[index] != .accepted {
            guard RateKeeper.isCounted(event.type), let fact = try? Fact(of: event) else { continue }
            state.withLock { $0.alarms.note(.nothing, of: RateKeeper.name(fact, of: event, tenant)) }
        }
    }

    /// What the source of an alarm says next, after a person has ended it, is new.
    private static func endsAlarms(_ type: EventType) -> Bool {
        type == .alertClosed || type == .alertReset || type == .actUndone
    }
}
