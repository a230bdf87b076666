/// A file that holds a password, a seed or a key: nobody but its owner may read it.
public enum SecretFile {
    /// - Parameters:
    ///   - file: of text in UTF-8.
    ///   - setting: the name under which the settings have the file, such as `password_file`.
    ///   - given: a folder whose files somebody else keeps to themselves: systemd's `CREDENTIALS_DIRECTORY`, where an access list for
    ///     the service shows as rights of a group.
    /// - Throws: `NatsRefused` where it cannot be read, has more than 64 KiB, or others may read or write it (mode beyond 0600).
    public static func text(of file: String, setting: String, given: String? = nil) throws -> String {
        let descriptor = try opened(file, setting)
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            throw refused(setting, "\(file) is no file")
        }
        let isGiven = given.map { !$0.isEmpty && file.hasPrefix($0 + "/") && !file.contains("/../") } ?? false
        guard isGiven || found.st_mode & 0o077 == 0 else {
            let mode = String(found.st_mode & 0o777, radix: 8)
            throw refused(setting, "others may read or write \(file) (mode 0\(mode)): chmod 600 \(file)")
        }
        return try read(all: descriptor, file, setting)
    }

    /// Of a file that was looked at when the hub started; nil where it cannot be read any more.
    static func textNow(of file: String) -> String? {
        guard let descriptor = try? opened(file, "") else { return nil }
        defer { close(descriptor) }
        return try? read(all: descriptor, file, "")
    }

    private static func opened(_ file: String, _ setting: String) throws -> Int32 {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refused(setting, "\(file): \(String(cString: strerror(errno)))") }
        return descriptor
    }

    private static let mostBytes = 64 << 10

    private static func read(all descriptor: Int32, _ file: String, _ setting: String) throws -> String {
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while bytes.count <= mostBytes {
            let count = pull(descriptor, &buffer)
            guard count >= 0 else { throw refused(setting, "\(file): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        guard bytes.count <= mostBytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw refused(setting, "\(file) is no text of at most \(mostBytes >> 10) KiB")
        }
        return text
    }

    private static func refused(_ setting: String, _ words: String) -> NatsRefused {
        NatsRefused("[nats] \(setting): \(words)")
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `read(2)`, which the type's own names hide.
private func pull(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int { read(descriptor, &buffer, buffer.count) }
