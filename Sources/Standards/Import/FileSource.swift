#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// A file, a pipe or `/dev/stdin`, by POSIX `read`.
public struct FileSource: ByteSource {
    private let file: OpenFile

    /// - Throws: `FileFault` where the file cannot be opened.
    public init(path: String) throws { file = try OpenFile(path: path) }

    /// Waits until there are bytes, or none will come; begins again where a signal broke it off.
    ///
    /// - Throws: `FileFault` with `errno`.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try file.read(into: buffer)
    }
}

/// Why a file could not be read.
public struct FileFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    /// `errno`.
    public let code: Int32

    public var description: String { path + ": " + String(cString: strerror(code)) }
}

/// Closes its descriptor when the last copy of the source is gone.
private final class OpenFile {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = readOnce(buffer)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FileFault(path: path, code: errno) }
        }
    }

    private func readOnce(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
