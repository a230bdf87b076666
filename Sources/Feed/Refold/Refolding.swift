public import ControlRoom
public import Store
import Synchronization
public import Trust

/// Folds a store anew after a change of the fold, a portion at a time between what must not wait, from the log as it is kept
/// here, or by the hub. To be used by whoever holds the store's lease, on one thread.
public final class Refolding: Sendable {
    /// From where the events come.
    private enum Source: Sendable {
        /// A log of its own.
        case own
        /// The copy of a hub's log, looked at with suspicion as when it came.
        case copy(LogReader)
        /// The log of a hub, with what was archived of it.
        case log(ArchivedLog, Wire, LogReader)
    }

    private let store: Store
    private let refold: Refold
    private let source: Mutex<Source>
    private let logID: String

    private init(_ store: Store, _ refold: Refold, _ source: Source, logID: String) {
        self.store = store
        self.refold = refold
        self.source = Mutex(source)
        self.logID = logID
    }

    /// Begins to fold a store anew that another version has folded.
    ///
    /// - Parameter authority: whose members sign the acts of the log; nil where nobody signs.
    /// - Returns: nil where this version has folded all of it, and where the log does not reach back to its start.
    /// - Throws: `StoreError`.
    public static func begin(_ store: Store, authority: AuthorityCertificate?) throws -> Refolding? {
        guard try !store.isFolded(), try store.whole().sequence == 0 else { return nil }
        guard store.mirror != nil else {
            return Refolding(store, try Refold(of: store), .own, logID: try store.logID)
        }
        guard let cursor = try store.cursor() else { return nil }
        let refold = try Refold(of: store)
        let reader = try LogReader(authority: authority, view: refold.store, from: .start(of: cursor.logID))
        return Refolding(store, refold, .copy(reader), logID: cursor.logID)
    }

    /// The same for a hub's view, of which events may have been trimmed that its log, or its archive, still has.
    ///
    /// - Parameter archive: what was archived of the log.
    /// - Throws: `ArchiveFault` where the log does not reach back to its start and its archives are not there, `StoreError`, or what
    ///   the log says.
    package static func begin(
        _ view: Store, log: any EventLog, archive: LogArchive.Finder?, wire: Wire, authority: AuthorityCertificate?
    ) throws -> Refolding? {
        guard try !view.isFolded(), try view.cursor() != nil else { return nil }
        let whole = try ArchivedLog(log, wire: wire, archive: archive)
        let refold = try Refold(of: view)
        let logID = try log.logID
        let reader = try LogReader(authority: authority, view: refold.store, from: .start(of: logID))
        return Refolding(view, refold, .log(whole, wire, reader), logID: logID)
    }

    /// Folds the next portion; after the last one the store is as this version folds it.
    ///
    /// - Parameter limit: events of the portion.
    /// - Returns: whether there is more at once.
    /// - Throws: `StoreError`, or what the log says. The store is as it was; the folding is to be begun again.
    public func step(now: Timestamp, limit: Int = 1_000) throws -> Bool {
        let place = try refold.place
        let last = try store.cursor()?.sequence ?? store.lastSequence()
        guard place < last else {
            try compareEnds(at: last)
            return try !refold.finish(now: now)
        }
        let portion = min(limit, Int(clamping: last - place))
        try source.withLock { source in
            switch source {
            case .own:
                let events = try store.ownLog(after: place, limit: portion)
                try refold.take(events.map { EventForm.mayBeSaid($0.event) ? $0 : $0.unproved }, to: nil)
            case .copy(var reader):
                let events = try reader.take(try store.places(after: place, limit: portion))
                try keep(events, reader.chain)
                source = .copy(reader)
            case .log(var log, let wire, var reader):
                let events = try reader.take(try log.read(after: reader.chain, limit: portion), wire).events
                // What an archive holds is proved before its last entries are kept.
                try log.leave(reader.chain)
                try keep(events, reader.chain)
                source = .log(log, wire, reader)
            }
        }
        return true
    }

    /// What was folded anew must be the history that was folded before.
    private func compareEnds(at last: Int64) throws {
        guard case .log = source.withLock({ $0 }), let fresh = try refold.store.cursor(), fresh.sequence == last,
            let known = try store.cursor(), known.sequence == last
        else { return }
        guard fresh.head == known.head else { throw ArchiveFault.otherLog(at: last) }
    }

    /// Gives up; the store stays as it was.
    public func discard() { refold.discard() }

    private func keep(_ events: [AdmittedEvent], _ chain: LogChain) throws {
        try refold.take(events, to: Store.Cursor(logID: logID, sequence: chain.sequence, head: chain.head))
    }
}
