import ControlRoom
import Synchronization
public import Trust

/// Which entries of one log count: those that bear a hub's word, and, in a log from before there was such a word, those up to the
/// place that an administrator has named.
public final class EntryWords: Sendable {
    private let word: LogWord
    private let trusted: Atomic<Int64>

    /// - Parameter trustedTo: the last place at which an entry counts without a word; 0 for none.
    public init(_ word: LogWord, trustedTo: Int64 = 0) {
        self.word = word
        trusted = Atomic(trustedTo)
    }

    /// What an administrator has vouched for, from now on.
    public func trust(to place: Int64) { trusted.store(place, ordering: .sequentiallyConsistent) }

    func said(of event: [UInt8]) -> [UInt8] { word.said(of: event) }

    /// The entry's event without the word; nil where it does not count.
    func proved(_ entry: LogEntry) -> [UInt8]? {
        if word.isSaid(of: entry.body) { return LogWord.event(of: entry.body) }
        return entry.sequence <= trusted.load(ordering: .sequentiallyConsistent) ? entry.body : nil
    }
}
