import ControlRoom
import Store
import Synchronization
import Trust

/// Says when a part of the log has served its time. Whoever orders the log runs it; the event it makes is folded by all.
final class Retention: Sendable {
    private struct State {
        var looked: Timestamp?
        /// Up to where was said last.
        var said: Int64 = 0
    }

    private let state = Mutex(State())

    /// At most so many events are forgotten at once, so that nobody waits for it.
    static let portion = 5_000
    private static let page = 1_000
    private static let mostSeconds = 3_600.0

    init() {}

    /// The next part of the log that has served its time; nil where there is none, or where it was looked for just now.
    ///
    /// - Parameters:
    ///   - window: seconds for which is kept what has ended.
    ///   - store: the log's own store, or the view of it.
    func next(in store: Store, window: Double, now: Timestamp) throws -> Event? {
        let base = try store.base()
        let isSoon = state.withLock { state in
            // What was said is to be folded before more is.
            if let looked = state.looked, abs(now.seconds(since: looked)) < Retention.pause(window) {
                return state.said <= 0 || base.sequence < state.said
            }
            state.looked = now
            state.said = 0
            return false
        }
        guard !isSoon, let trim = try trim(store, from: base, before: now.adding(seconds: -window)) else { return nil }
        let isFull = trim.through - base.sequence >= Int64(Retention.portion)
        state.withLock { $0.said = isFull ? trim.through : 0 }
        return Event(
            id: "trimmed/\(trim.through)", source: Event.feedSource, type: .logTrimmed, subject: "log", time: now,
            data: .json(JSONWriter.bytes(trim.write)))
    }

    /// Seconds from one look to the next.
    private static func pause(_ window: Double) -> Double { min(mostSeconds, window / 24) }

    private func trim(_ store: Store, from base: LogBase, before time: Timestamp) throws -> LogTrimmed? {
        let logID = try store.cursor()?.logID ?? store.logID
        var walk = LogWalk(nil, from: .base(base, of: logID))
        var last: Timestamp?
        while walk.chain.sequence - base.sequence < Int64(Retention.portion) {
            let page = try store.places(after: walk.chain.sequence, limit: Retention.page)
            for place in page {
                guard place.recorded.map({ $0 < time }) ?? true, walk.take(place) else { return made(walk, last) }
                last = place.recorded ?? last
            }
            if page.count < Retention.page { break }
        }
        return made(walk, last)
    }

    private func made(_ walk: LogWalk, _ last: Timestamp?) -> LogTrimmed? {
        last.map { LogTrimmed(through: walk.chain.sequence, head: walk.chain.head, recorded: $0) }
    }
}
