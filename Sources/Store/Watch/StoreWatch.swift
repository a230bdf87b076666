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
    private let wakeEnds: (read: Int32, write: Int32)
    private let isStirred = Mutex(false)

    /// Without inotify, what others write is still on the screen within 100 ms.
    private static let blindMilliseconds = 40
    /// Looks after a stir, in milliseconds; the last is repeated until `restlessLooks` were in vain.
    private static let looks = [1, 2, 4, 8, 16]
    private static let restlessLooks = 100

    public init(_ store: Store) {
        self.store = store
        stirs = StoreWatch.watch(store.path + "-wal")
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wakeEnds = (ends[0], ends[1])
    }

    deinit {
        for descriptor in [stirs, wakeEnds.read, wakeEnds.write] where descriptor >= 0 { close(descriptor) }
    }

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

    /// This process wrote, or the watch shall end: the wait is over. May be called on any thread.
    public func wake() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as one byte more.
        _ = write(wakeEnds.write, &byte, 1)
    }

    /// Waits until the store has another version than `version`, until `wake`, or until about a second has passed.
    ///
    /// - Returns: the version that was seen last.
    public func wait(after version: Int) -> Int {
        // A stir that came while the last change was seen may be of a transaction that did not count yet.
        var vain = isStirred.withLock { $0 } ? 0 : Int.max
        while true {
            let isRestless = vain < StoreWatch.restlessLooks
            let pause = isRestless ? StoreWatch.looks[min(vain, StoreWatch.looks.count - 1)] : rest
            let woken = listen(pause)
            let seen = (try? store.dataVersion()) ?? version
            isStirred.withLock { $0 = seen != version || woken.byStir || woken.byCall || isRestless }
            if seen != version || woken.byCall { return seen }
            if woken.byStir {
                // Many writes of one transaction are one reason to look, not a reason to turn in circles.
                if isRestless { poll(nil, 0, 1) }
                vain = isRestless ? min(vain, 1) : 0
            } else if isRestless {
                vain += 1
            } else {
                return seen
            }
            if vain >= StoreWatch.restlessLooks { isStirred.withLock { $0 = false } }
        }
    }

    private var rest: Int { stirs >= 0 ? 1_000 : StoreWatch.blindMilliseconds }

    private func listen(_ milliseconds: Int) -> (byStir: Bool, byCall: Bool) {
        var polled = [
            pollfd(fd: wakeEnds.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stirs, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&polled, 2, Int32(milliseconds)) > 0 else { return (false, false) }
        for one in polled where one.revents != 0 { StoreWatch.drain(one.fd) }
        return (polled[1].revents != 0, polled[0].revents != 0)
    }

    private static func drain(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}
