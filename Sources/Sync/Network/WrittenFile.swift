#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A new file of its owner's alone, on the disk when it is finished.
public final class WrittenFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// There is a file of this name already, which was left as it is.
    public struct IsThere: Error, CustomStringConvertible {
        let path: String

        public var description: String { "\(path) is there already; name another" }
    }

    /// - Parameter replaces: whether what is there goes.
    init(_ path: String, replaces: Bool = true) throws {
        self.path = path
        if replaces { unlink(path) }
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { throw IsThere(path: path) }
        guard descriptor >= 0 else { throw EnrolledIdentity.Failure(description: "\(path) cannot be written") }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw EnrolledIdentity.Failure(description: "\(path) cannot be written; is the disk full?")
            }
            rest = rest.dropFirst(count)
        }
    }

    func finish() throws {
        guard fsync(descriptor) == 0 else {
            throw EnrolledIdentity.Failure(description: "\(path) cannot be written; is the disk full?")
        }
    }

    static func remove(_ path: String) { unlink(path) }
}
