public import ControlRoom
import GRDB
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Folds the log of a store anew into a second file beside it, while the first is used; then what was folded takes the place
/// of what stood there, in one transaction that others see whole or not at all. Acts that wait stay where they are.
///
/// For its time it needs room for a second file. To be used by whoever holds the lease, on one thread. One that is cut off leaves the store as it was, and begins again.
public final class Refold: Sendable {
    /// What of the log is folded anew so far.
    public let store: Store
    private let old: Store
    private let isOver = Mutex(false)

    /// - Throws: `StoreError` where the second file cannot be made.
    public init(of old: Store) throws {
        self.old = old
        Refold.remove(beside: old.path)
        store = try Store(path: Refold.path(beside: old.path), mirror: old.mirror) { "refold" }
        try old.lendHash(to: store)
        try old.lend(names: store)
    }

    /// Up to where the log is folded anew.
    ///
    /// - Throws: `StoreError`.
    public var place: Int64 { get throws { try store.cursor()?.sequence ?? store.lastSequence() } }

    /// Folds the next events. Each has its sequence and when it was recorded.
    ///
    /// - Parameter cursor: up to where they go, of the copy of a hub's log; nil for a log of its own.
    /// - Throws: `StoreError`.
    public func take(_ events: [AdmittedEvent], to cursor: Store.Cursor?) throws {
        try old.lend(names: store)
        if let cursor {
            _ = try store.ingest(mirrored: events, to: cursor)
        } else {
            _ = try store.write { try $0.append(past: events) }
        }
    }

    /// One portion of what follows the folding, such as the full-text index; after the last one what was folded anew takes the place of
    /// what stood there, and this is over.
    ///
    /// - Returns: whether it is over. Else there is more to do, or the log has gone on and there is more to take first.
    /// - Throws: `StoreError`; then the store is as it was.
    public func finish(now: Timestamp) throws -> Bool {
        if try store.settle(at: now) || store.backgroundStep() { return false }
        try store.emptyJournal()
        guard try old.adopt(store) else { return false }
        discard()
        return true
    }

    /// Gives up, or ends: the second file goes.
    public func discard() {
        let wasOver = isOver.withLock { isOver in
            defer { isOver = true }
            return isOver
        }
        guard !wasOver else { return }
        store.close()
        Refold.remove(beside: old.path)
    }

    deinit { discard() }

    private static func path(beside path: String) -> String { path + ".refold" }

    private static func remove(beside path: String) {
        for ending in ["", "-wal", "-shm", ".open", ".lease", ".damaged"] { unlink(Refold.path(beside: path) + ending) }
    }

    /// Up to where another process has come; nil where none is at it.
    static func place(beside path: String) throws -> Int64? {
        let file = Refold.path(beside: path)
        guard access(file, F_OK) == 0 else { return nil }
        if let cursor = try Store.cursor(path: file) { return cursor.sequence }
        var configuration = Configuration()
        configuration.readonly = true
        let connection = try DatabaseQueue(path: file, configuration: configuration)
        defer { try? connection.close() }
        return try connection.read { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM events") }
    }
}
