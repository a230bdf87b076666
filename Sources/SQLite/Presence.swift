#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says that a process has a store open: a shared advisory lock (`flock`) on a file beside it, for as long as it lives.
///
/// Whoever rebuilds the store holds it alone. A file that is moved away while another process still writes to it would
/// take that process's acts along.
package final class Presence: Sendable {
    private let descriptor: Int32
    private let storePath: String
    /// F_OFD_SETLKW, a macro of Linux that does not reach Swift (asm-generic/fcntl.h): a lock of this descriptor, waited for.
    private static let setOwnLock: Int32 = 38

    /// - Throws: `StoreError.notPermitted` where the file cannot be made, `rebuilding` where another process is at it.
    package init(storePath: String) throws {
        self.storePath = storePath
        let path = storePath + ".open"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.notPermitted(path: storePath) }
        try share()
    }

    /// - Throws: `StoreError.inUse` where another process has the store open.
    package func makeExclusive() throws {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StoreError.inUse(path: storePath) }
    }

    /// Says that this process has the store open, by a shared lock that the kernel frees with the process. Waits for
    /// nobody.
    ///
    /// - Throws: `StoreError.rebuilding` where another process holds it alone.
    package func share() throws {
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { throw StoreError.rebuilding(path: storePath) }
    }

    /// Runs `body` while no other opening of this store does: two that make the same new file or the same tables would
    /// stumble over each other. A lock of its own on the first byte, beside the shared one.
    package func alone<Value>(_ body: () throws -> Value) rethrows -> Value {
        lockFirstByte(F_WRLCK)
        defer { lockFirstByte(F_UNLCK) }
        return try body()
    }

    private func lockFirstByte(_ kind: Int32) {
        var region = flock()
        region.l_type = Int16(kind)
        region.l_whence = Int16(SEEK_SET)
        region.l_len = 1
        // Waits; again where a signal came between.
        while fcntl(descriptor, Presence.setOwnLock, &region) != 0 && errno == EINTR {}
    }

    /// The store is closed, whoever still holds on to it.
    package func end() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
