#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A pipe by which any thread wakes one that waits in `poll`.
public final class WakePipe: Sendable {
    /// Becomes readable when somebody called `wake`.
    public let descriptor: Int32
    private let writeEnd: Int32

    public init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// From any thread, and without waiting. Many before the next `drain` are one.
    public func wake() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as one byte more.
        _ = write(writeEnd, &byte, 1)
    }

    /// Takes out all that was put in, so that the descriptor is not ready to read any more.
    public func drain() { WakePipe.drain(descriptor) }

    /// Reads all that is there from a descriptor that does not block.
    static func drain(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}
