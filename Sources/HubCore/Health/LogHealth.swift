public import ControlRoom
import Feed
import Store
import Trust

/// Whether the log is still the one that a hub has seen.
public enum LogHealth: Equatable, Sendable {
    case good
    /// Nobody decides over the log: no server, or no majority of them.
    case unreachable(since: Timestamp, reason: String)
    /// It holds other entries than this hub has seen. To go on would give each console another city: this stays until an
    /// administrator has looked into it.
    case altered(String)

    /// An election takes a few seconds, in which nobody is sent away.
    public static let patienceSeconds = 6.0

    /// Why nobody can be served; nil where all are.
    public func trouble(at now: Timestamp) -> String? {
        switch self {
        case .good: nil
        case .unreachable(let since, let reason):
            abs(now.seconds(since: since)) < LogHealth.patienceSeconds
                ? nil : "the log cannot be reached (\(reason)); the hub goes on by itself when it can"
        case .altered(let what):
            "the log is not the one that this hub has seen: \(what); its administrator has to look into it"
        }
    }

    /// What it is after one more failure: since when it cannot be reached stays, and a log that is another one stays
    /// that.
    public func failing(_ reason: String, at now: Timestamp) -> LogHealth {
        switch self {
        case .good: .unreachable(since: now, reason: reason)
        case .unreachable(let since, _): .unreachable(since: since, reason: reason)
        case .altered: self
        }
    }
}

/// Compares a view with the log it was folded from: at its end and at one place further back, because entries that were lost, or
/// put in again, move all that come after them; and at one place that goes on by one with each round, so that an entry that was changed
/// by itself is found when the rounds have come by it.
struct LogComparison {
    let log: any EventLog
    let view: Store
    let wire: Wire

    /// - Parameter round: counts the comparisons from 0; the places go with it. In a log that does not grow, as many rounds
    ///   as it has entries come by each.
    /// - Returns: what does not fit; nil where all does.
    /// - Throws: where the log cannot be read.
    func difference(round: Int) throws -> String? {
        guard let cursor = try? view.cursor(), cursor.sequence > 0 else { return nil }
        let back = Int64(1) << Int64(round % 40)
        let first = min(try log.firstSequence(), cursor.sequence)
        let around = first + Int64(round) % (cursor.sequence - first + 1)
        for place in [cursor.sequence, cursor.sequence - back, around] where place > 0 {
            if let words = try difference(at: place) { return words }
        }
        return nil
    }

    private func difference(at place: Int64) throws -> String? {
        try difference(at: place, found: log.entry(at: place))
    }

    /// - Parameter entry: what the log holds at the place; nil where it holds nothing there.
    /// - Returns: what does not fit; nil where it does, and where the view knows nothing of the place.
    /// - Throws: where the log cannot be read.
    func difference(at place: Int64, found entry: LogEntry?) throws -> String? {
        guard let seen = digest(seenAt: place) else { return nil }
        guard let entry else {
            let (first, last) = (try log.firstSequence(), try log.lastSequence())
            // What was archived is no loss.
            return place < first ? nil : "entry \(place) was seen and is gone; the log ends at \(last)"
        }
        let found = wire.admitted(entry)
        guard found.digest != seen else { return nil }
        return found.junk == nil ? "entry \(place) is another" : "entry \(place) cannot be read any more"
    }

    /// Nil also where the view cannot be read: that is no fault of the log, and folding says it.
    private func digest(seenAt place: Int64) -> [UInt8]? {
        if let ghost = try? view.ghosts(after: place - 1, limit: 1).first, ghost.sequence == place {
            return ghost.digest
        }
        guard let event = try? view.read(after: place - 1, limit: 1).first, event.sequence == place else { return nil }
        return LogChain.digest(of: event)
    }
}
