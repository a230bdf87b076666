import ControlRoom
import Trust

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file of a bundle: a JSON text sequence (RFC 7464), whose first record is the head and whose last is the seal over all
/// bytes before it. Records may hold line breaks, and never hold the separator.
enum BundleFile {
    static let separator: UInt8 = 0x1E
    /// An event, with what stands around it.
    static let mostBytesOfRecord = 24 << 20

    /// Writes into a new file, which is whole on the disk when `seal` returns.
    struct Writer {
        private let file: WrittenFile
        private var hash = ByteHash()
        private var buffer: [UInt8] = []
        private static let buffered = 256 << 10

        init(_ path: String) throws { file = try WrittenFile(path, replaces: false) }

        mutating func add(_ record: [UInt8]) throws {
            buffer.append(BundleFile.separator)
            buffer.append(contentsOf: record)
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count >= Writer.buffered { try flush() }
        }

        private mutating func flush() throws {
            hash.add(buffer)
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }

        mutating func seal(_ key: SigningKey, _ certificate: MemberCertificate) throws {
            try flush()
            let seal = try BundleSeal(hash.text, signedBy: key, certificate)
            try add(JSONWriter.bytes(seal.write))
            try file.write(buffer)
            try file.finish()
        }
    }

    /// Reads a file again and again, from its beginning.
    final class Reader {
        private let descriptor: Int32

        init(_ path: String) throws {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw BundleFailure("it cannot be read") }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                // `deinit` closes it.
                throw BundleFailure("it is no regular file")
            }
        }

        deinit { close(descriptor) }

        /// What it says of itself, who made it, and the hash of all before the seal.
        ///
        /// - Throws: `BundleFailure` where it is not whole, or not by a member of the authority.
        func check(_ authority: AuthorityCertificate, now: Timestamp) throws -> (
            head: BundleHead, seal: BundleSeal, hash: String
        ) {
            var (head, last) = ([UInt8](), [UInt8]())
            let hash = try each { record, place in
                if place == .head { head = record }
                last = record
            }
            let seal: BundleSeal
            do {
                seal = try BundleSeal(last, on: hash, authority: authority, now: now)
            } catch let fault as BundleSeal.Fault {
                throw BundleFailure(fault.description)
            } catch {
                throw BundleFailure("it is cut off, or no bundle")
            }
            return (try BundleHead(head), seal, hash)
        }

        enum Place { case head, within, seal }

        /// The records in their order, without the separator before them.
        ///
        /// - Returns: the hash of all before the seal.
        func each(_ body: (_ record: [UInt8], _ place: Place) throws -> Void) throws -> String {
            var (place, rest, isFirst, next) = (0, [UInt8](), true, Place.head)
            var hash = ByteHash()
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                let count = pread(descriptor, &buffer, buffer.count, off_t(place))
                guard count >= 0 else { throw BundleFailure("it cannot be read") }
                if count == 0 { break }
                place += count
                for part in buffer.prefix(count).split(
                    separator: BundleFile.separator, omittingEmptySubsequences: false
                ).enumerated() {
                    if part.offset > 0 {
                        if isFirst, !rest.isEmpty { throw BundleFailure("it is no bundle") }
                        if !isFirst {
                            hash.add([BundleFile.separator] + rest)
                            try body(rest, next)
                            next = .within
                        }
                        (rest, isFirst) = ([], false)
                    }
                    rest.append(contentsOf: part.element)
                    guard rest.count <= BundleFile.mostBytesOfRecord else { throw BundleFailure("it is no bundle") }
                }
            }
            guard !isFirst else { throw BundleFailure("it is no bundle") }
            try body(rest, .seal)
            return hash.text
        }
    }
}
