import ControlRoom
import Feed
public import Store
import Trust

extension TenantFeed {
    /// So many events a snapshot has at least.
    public static let recentEvents: Int64 = 10_000
    /// Further back no checkpoint is looked for: where the text of alerts lies so far behind, all events are needed.
    private static let furthest: Int64 = 200_000

    /// From where on a snapshot brings all events; older ones are read from the log by whoever began with it, behind all else.
    ///
    /// The chain is known at its end, and where a checkpoint names a place. Of one that lies far enough back it is found out
    /// whether the view leads from it to where it ends: then what it names is what the view had there.
    ///
    /// - Returns: nil where it is not worth it, or where the log has the older events no more: the snapshot then brings all.
    /// - Parameter recent: how many events a snapshot brings at least.
    /// - Throws: what the log or the view says where it cannot be read.
    public func floor(keeping recent: Int64 = recentEvents) throws -> LogBase? {
        guard let end = try view.cursor() else { return nil }
        let base = try view.base().sequence
        guard end.sequence - base > 2 * recent, try log.firstSequence() - 1 <= base else { return nil }
        // The text of alerts is put into the index from their events.
        let limit = min(end.sequence - recent, try view.textPlace())
        guard let event = try view.last(.logCheckpointed, upTo: limit),
            case .logCheckpointed(let word) = try? Fact(of: event),
            word.sequence > base, end.sequence - word.sequence <= TenantFeed.furthest,
            LogChain(sequence: word.sequence, head: word.head) != nil,
            let recorded = try view.read(after: word.sequence, limit: 1).first?.recorded
        else { return nil }
        let start = Store.Cursor(logID: end.logID, sequence: word.sequence, head: word.head)
        guard try leads(start, to: end) else { return nil }
        return LogBase(sequence: word.sequence, head: word.head, recorded: recorded)
    }

    private func leads(_ start: Store.Cursor, to end: Store.Cursor) throws -> Bool {
        var walk = LogWalk(nil, from: start)
        while walk.chain.sequence < end.sequence {
            let places = try view.places(after: walk.chain.sequence, limit: TenantFeed.batch)
            guard !places.isEmpty else { return false }
            for place in places where walk.chain.sequence < end.sequence {
                guard walk.take(place) else { return false }
            }
        }
        return walk.chain.head == end.head
    }
}
