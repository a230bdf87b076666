#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The right to run the feed of a store, held by one process at a time.
///
/// It is an advisory lock (`flock`) on a file beside the store: the kernel gives it back when its holder dies, however
/// it dies. The file says who holds it, and how the feed goes (`say`), for the others on the store: that is no news of the
/// store, so it wakes nobody and is not kept.
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
        return Int(lines(descriptor).first ?? "")
    }

    /// What its holder said last; nil where nobody did since it was taken. Whether somebody holds it still is not looked at.
    public static func word(storePath: String) -> String? {
        let descriptor = open(storePath + ".lease", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        let lines = lines(descriptor)
        return lines.count > 1 ? lines[1] : nil
    }

    /// The lines that are whole.
    private static func lines(_ descriptor: Int32) -> [String] {
        var buffer = [UInt8](repeating: 0, count: Lease.mostBytes)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return buffer.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropLast().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes of what is read of the file: the number of a process and the longest word fit into it.
    private static let mostBytes = 4_096
    /// Bytes of the longest word.
    public static let longestWord = 4_000

    /// Says something to the others on the store, in the place of what was said before.
    ///
    /// - Parameter word: one line; what is longer than `longestWord` is not said.
    public func say(_ word: String) {
        guard word.utf8.count <= Lease.longestWord, !word.contains("\n") else { return }
        let text = Array("\(getpid())\n\(word)\n".utf8)
        // Whoever reads meanwhile finds the old line or the new one; what stands behind it is no line of theirs.
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        ftruncate(descriptor, off_t(text.count))
    }

    private func sign() {
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { Glibc.close(descriptor) }
}
