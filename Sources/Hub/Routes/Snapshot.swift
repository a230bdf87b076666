import ControlRoom
import HubCore
import Store
import Trust

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A copy of a tenant's view for a console that starts: with where in the log it stands, and the hub's signature over it.
///
/// The file has no name any more when it is made: it is gone with whoever holds it open.
final class Snapshot: Sendable {
    let bytes: Int
    /// Up to where in the log it goes.
    let sequence: Int64
    /// Who begins with it reads the log from here on.
    let start: Int64
    let headers: [(String, String)]
    private let descriptor: Int32

    private static let chunk = 256 << 10

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(of feed: TenantFeed, by central: Central) throws {
        let file = feed.view.path + ".snapshot-\(getpid())"
        let beside = ["", "-wal", "-shm", "-journal"].map { file + $0 }
        for name in beside { unlink(name) }
        defer { for name in beside { unlink(name) } }
        // A log that does not answer for a moment is no reason to give nothing.
        let floor = (try? feed.floor()) ?? nil
        try feed.view.copy(to: file, floor: floor)
        guard let cursor = try Store.cursor(path: file) else { throw Failure(description: "nothing is folded yet") }
        let fold = try Store.foldedBy(path: file) ?? 0
        descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "\(file) cannot be read") }
        var (hash, size) = (ByteHash(), 0)
        while let chunk = try Snapshot.next(descriptor, at: size) {
            hash.add(chunk)
            size += chunk.count
        }
        bytes = size
        sequence = cursor.sequence
        start = floor == nil ? cursor.sequence : try feed.view.base().sequence
        headers = try central.vouch(
            for: SnapshotWord(
                logID: cursor.logID, sequence: cursor.sequence, head: cursor.head, fold: fold,
                hash: hash.text))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(_ take: ([UInt8]) async throws -> Void) async throws {
        var place = 0
        while let chunk = try Snapshot.next(descriptor, at: place) {
            place += chunk.count
            try await take(chunk)
        }
    }

    private static func next(_ descriptor: Int32, at place: Int) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: chunk)
        let count = pread(descriptor, &buffer, buffer.count, off_t(place))
        guard count >= 0 else { throw Failure(description: "the snapshot cannot be read") }
        return count == 0 ? nil : Array(buffer.prefix(count))
    }
}
