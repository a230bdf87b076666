#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says that a process has a store open: a shared advisory lock (`flock`) on a file beside it, for as long as it lives.
///
/// Whoever rebuilds the store holds it alone. A file that is moved away while another process still writes to it would
/// take that process's acts along.
final class Presence: Sendable {
    private let descriptor: Int32
    private let storePath: String

    /// - Throws: `StoreError.notPermitted` where the file cannot be made, `rebuilding` where another process is at it.
    init(storePath: String) throws {
        self.storePath = storePath
        let path = storePath + ".open"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.notPermitted(path: storePath) }
        try share()
    }

    /// - Throws: `StoreError.inUse` where another process has the store open.
    func makeExclusive() throws {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StoreError.inUse(path: storePath) }
    }

    func share() throws {
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { throw StoreError.rebuilding(path: storePath) }
    }

    /// The store is closed, whoever still holds on to it.
    func end() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
