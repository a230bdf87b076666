#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The right to run the feed of a store, held by one process at a time.
///
/// It is an advisory lock (`flock`) on a file beside the store: the kernel gives it back when its holder dies, however
/// it dies.
public final class Lease: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Takes the lease if nobody holds it; nil otherwise. Does not wait.
    ///
    /// - Throws: `StoreError.notPermitted` where the file cannot be made.
    public static func take(storePath: String) throws -> Lease? {
        let path = storePath + ".lease"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.notPermitted(path: path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        let lease = Lease(descriptor: descriptor)
        lease.sign()
        return lease
    }

    /// Who holds it, for people: the process id it wrote; nil where it is free.
    public static func holder(storePath: String) -> Int? {
        let descriptor = open(storePath + ".lease", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 20)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return Int(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber))
    }

    private func sign() {
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { Glibc.close(descriptor) }
}
