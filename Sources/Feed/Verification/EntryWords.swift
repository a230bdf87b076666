package import ControlRoom
import Synchronization
public import Trust

/// Which entries of one log count: those that bear a hub's word, and, in a log from before there was such a word, those up to the
/// place that an administrator has named.
public final class EntryWords: Sendable {
    /// The word of a secret that counted before, which counts up to a place.
    public struct Older: Sendable {
        let word: LogWord
        let through: Int64

        public init(word: LogWord, through: Int64) { (self.word, self.through) = (word, through) }
    }

    private let word: LogWord
    private let older: [Older]
    private let trusted: Atomic<Int64>

    /// - Parameters:
    ///   - older: words of secrets before, each with the last place at which it counts.
    ///   - trustedTo: the last place at which an entry counts without a word; 0 for none.
    public init(_ word: LogWord, older: [Older] = [], trustedTo: Int64 = 0) {
        self.word = word
        self.older = older
        trusted = Atomic(trustedTo)
    }

    /// What an administrator has vouched for, from now on.
    public func trust(to place: Int64) { trusted.store(place, ordering: .sequentiallyConsistent) }

    func said(of event: [UInt8]) -> [UInt8] { word.said(of: event) }

    /// Whether the entry bears a hub's word; one that an administrator has vouched for may bear none.
    package func isSaid(of entry: LogEntry) -> Bool {
        word.isSaid(of: entry.body)
            || older.contains { entry.sequence <= $0.through && $0.word.isSaid(of: entry.body) }
    }

    /// The entry's event without the word; nil where it does not count.
    func proved(_ entry: LogEntry) -> [UInt8]? {
        if isSaid(of: entry) { return LogWord.event(of: entry.body) }
        return entry.sequence <= trusted.load(ordering: .sequentiallyConsistent) ? entry.body : nil
    }
}
