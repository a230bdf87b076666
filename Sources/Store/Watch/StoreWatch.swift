import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Tells when anybody wrote to a store: this process or another.
///
/// SQLite says that something changed (`PRAGMA data_version`) but not when to ask. The kernel says when the write-ahead
/// log was written to (`inotify`), which is some milliseconds before the transaction in it counts: after each stir one
/// looks again and again until it does. So an idle store is asked nothing, and a change is seen at once.
public final class StoreWatch: Sendable {
    private let store: Store
    /// inotify's descriptor; -1 where there is none, and one asks on suspicion.
    private let stirs: Int32
    private let pipe = WakePipe()
    /// Looks in vain since the last stir or change; `restlessLooks` of them give rest.
    private let vain = Mutex(StoreWatch.restlessLooks)

    /// Between two looks without inotify.
    private static let blindMilliseconds = 40
    /// Looks after a stir, in milliseconds; the last is repeated until `restlessLooks` were in vain.
    private static let looks = [1, 2, 4, 8, 16]
    private static let restlessLooks = 100

    public init(_ store: Store) {
        self.store = store
        stirs = StoreWatch.watch(store.path + "-wal")
    }

    deinit { if stirs >= 0 { close(stirs) } }

    #if os(Linux)
        private static func watch(_ path: String) -> Int32 {
            let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard descriptor >= 0 else { return -1 }
            guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
                close(descriptor)
                return -1
            }
            return descriptor
        }
    #else
        private static func watch(_ path: String) -> Int32 { -1 }
    #endif

    /// Ends a wait; may be called on any thread.
    public func wake() { pipe.wake() }

    /// Waits until the store has another version than `version`, until `wake`, or until about a second has passed.
    ///
    /// - Returns: the version that was seen last.
    public func wait(after version: Int) -> Int {
        while true {
            let vain = vain.withLock { $0 }
            let isRestless = vain < StoreWatch.restlessLooks
            let woken = listen(isRestless ? StoreWatch.looks[min(vain, StoreWatch.looks.count - 1)] : rest)
            let seen = (try? store.dataVersion()) ?? version
            let isOver = seen != version || woken.byCall
            // A stir that comes with a change may be of a transaction that does not count yet.
            self.vain.withLock { $0 = isOver || woken.byStir ? 0 : min(vain + 1, StoreWatch.restlessLooks) }
            if isOver || !isRestless && !woken.byStir { return seen }
        }
    }

    private var rest: Int { stirs >= 0 ? 1_000 : StoreWatch.blindMilliseconds }

    private func listen(_ milliseconds: Int) -> (byStir: Bool, byCall: Bool) {
        var polled = [
            pollfd(fd: pipe.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stirs, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&polled, 2, Int32(milliseconds)) > 0 else { return (false, false) }
        let (byCall, byStir) = (polled[0].revents != 0, polled[1].revents != 0)
        if byCall { pipe.drain() }
        if byStir {
            // Many writes of one transaction are one reason to look, not a reason to turn in circles.
            poll(nil, 0, 1)
            WakePipe.drain(stirs)
        }
        return (byStir, byCall)
    }
}
