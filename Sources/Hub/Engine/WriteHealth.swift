import ControlRoom
import Store

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether a tenant's log and view can be written: a value that hears how each write ended.
struct WriteHealth {
    fileprivate struct Failing {
        let reason: String
        let isFull: Bool
        let since: Timestamp
        var last: Timestamp
    }

    private var log: Failing?
    private var view: Failing?

    /// Another failure than a full disk may be an election among servers: so long nobody is told.
    static let patienceSeconds = 6.0
    /// So long after the last such failure the log counts as one that cannot be written; the next post tells.
    static let memorySeconds = 15.0
    static let fullReason = "no space is left on the hub's disk; nothing that was accepted is lost"

    /// How appending to the log ended; nil for well.
    mutating func appended(_ error: (any Error)?, at now: Timestamp) { log = WriteHealth.next(log, error, now) }

    /// How folding into the view ended; nil for well. What is no matter of writing leaves everything as it is.
    mutating func folded(_ error: (any Error)?, at now: Timestamp) {
        guard error == nil || WriteHealth.isFull(error) else { return }
        view = WriteHealth.next(view, error, now)
    }

    /// There is room on the disk again.
    mutating func foundRoom() {
        if log?.isFull == true { log = nil }
        if view?.isFull == true { view = nil }
    }

    var isFull: Bool { log?.isFull == true || view?.isFull == true }

    /// Why the hub is not ready; nil where log and view can be written.
    func trouble(at now: Timestamp) -> String? { postTrouble(at: now) ?? trouble(of: view, at: now) }

    /// Why nothing that is posted can be kept; nil where it can. A view that lags behind a log on other machines hinders
    /// neither posts nor consoles.
    func postTrouble(at now: Timestamp) -> String? { trouble(of: log, at: now) }

    private func trouble(of failing: Failing?, at now: Timestamp) -> String? {
        guard let failing else { return nil }
        if failing.isFull { return failing.reason }
        let isLong = abs(failing.last.seconds(since: failing.since)) >= WriteHealth.patienceSeconds
        let isFresh = abs(now.seconds(since: failing.last)) < WriteHealth.memorySeconds
        return isLong && isFresh ? failing.reason : nil
    }

    static func isFull(_ error: (any Error)?) -> Bool {
        if case .full = error as? StoreError { true } else { false }
    }

    fileprivate static func reason(_ error: any Error) -> String {
        isFull(error) ? fullReason : "the hub's log takes nothing now; its journal says why"
    }

    // MARK: - Room

    /// With less room than this nothing is written for long.
    private static let room = 1 << 20

    /// Whether there is room beside a file: writes some there, and takes it away again. Where the file system itself says that
    /// there is too little, nothing is written, for it would be missing to others meanwhile.
    static func hasRoom(beside file: String) -> Bool {
        var space = statvfs()
        guard statvfs(file, &space) == 0, UInt64(space.f_bavail) * UInt64(space.f_frsize) >= UInt64(2 * room) else {
            return false
        }
        let probe = file + ".room-\(getpid())"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer {
            close(descriptor)
            unlink(probe)
        }
        let portion = [UInt8](repeating: 0, count: 64 << 10)
        var written = 0
        while written < room {
            let count = write(descriptor, portion, portion.count)
            guard count > 0 else { return false }
            written += count
        }
        return fsync(descriptor) == 0
    }
}

extension WriteHealth {
    /// The failure that stands after another write. A small entry may still fit on a full disk: that one is full until there
    /// is room.
    fileprivate static func next(_ known: Failing?, _ error: (any Error)?, _ now: Timestamp) -> Failing? {
        guard let error else { return known?.isFull == true ? known : nil }
        let (reason, full) = (reason(error), isFull(error))
        guard var known, known.isFull == full else {
            return Failing(reason: reason, isFull: full, since: now, last: now)
        }
        known.last = now
        return known
    }
}
