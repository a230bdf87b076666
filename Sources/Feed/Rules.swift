package import ControlRoom
package import Store
import Synchronization

/// What follows from the time and from the log, and is said by whoever orders the log, embedded in a console or a hub: what
/// ends, what nobody answers, what is suppressed by design, and what has served its time. All of it has ids that do not depend on who says it.
package final class Rules: Sendable {
    private let expiry = Expiry()
    private let suppression = DesignedSuppression()
    private let retention = Retention()
    private let areActsBound = Atomic(false)

    package init() {}

    /// Events to be appended.
    ///
    /// - Parameters:
    ///   - store: the log's own store, or the view of it.
    ///   - keptDays: for how long is kept what has ended; nil for ever.
    /// - Throws: `StoreError`.
    package func due(in store: Store, keptDays: Int?, now: Timestamp) throws -> [Event] {
        let due = try binding(store, now) + expiry.due(in: store, now: now) + suppression.due(in: store, now: now)
        guard let keptDays, let trim = try retention.next(in: store, window: Double(keptDays) * 86_400, now: now) else {
            return due
        }
        return due + [trim]
    }

    /// A log of this version asks of acts that they name what their authors saw, from the place on at which that is said; one of
    /// before goes on as it was up to there.
    private func binding(_ store: Store, _ now: Timestamp) throws -> [Event] {
        if areActsBound.load(ordering: .relaxed) { return [] }
        guard try !store.areActsBound() else {
            areActsBound.store(true, ordering: .relaxed)
            return []
        }
        return [
            Event(
                id: "acts-bound", source: Event.feedSource, type: .actsBound, subject: "log", time: now,
                data: .json(Array("{}".utf8)))
        ]
    }
}
