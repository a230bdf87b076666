import ControlRoom
import Feed
import Store
import Trust

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A copy of a tenant's view for a console that starts: with where in the log it stands, and the hub's signature over it.
struct Snapshot: Sendable {
    let file: String
    let bytes: Int
    let headers: [(String, String)]

    private static let chunk = 256 << 10

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func make(of feed: TenantFeed, by central: Central) throws -> Snapshot {
        let file = feed.view.path + ".snapshot-" + String(getpid()) + "-" + String(UInt64(clock()))
        unlink(file)
        try feed.view.copy(to: file)
        do {
            let copy = try Store(path: file, mirror: feed.view.mirror) { "" }
            let cursor = try copy.cursor()
            copy.close()
            for beside in [".open", ".lease", "-wal", "-shm"] { unlink(file + beside) }
            guard let cursor else { throw Failure(description: "nothing is folded yet") }
            var (hash, size) = (ByteHash(), 0)
            try read(file) { chunk in
                hash.add(chunk)
                size += chunk.count
            }
            let word = SnapshotWord(
                logID: cursor.logID, sequence: cursor.sequence, head: cursor.head, fold: Store.foldVersion,
                hash: hash.text)
            return Snapshot(file: file, bytes: size, headers: try central.vouch(for: word))
        } catch {
            unlink(file)
            throw error
        }
    }

    func read(_ take: ([UInt8]) async throws -> Void) async throws {
        let descriptor = try Snapshot.opened(file)
        defer { close(descriptor) }
        while let chunk = try Snapshot.next(descriptor) { try await take(chunk) }
    }

    private static func read(_ file: String, _ take: ([UInt8]) throws -> Void) throws {
        let descriptor = try opened(file)
        defer { close(descriptor) }
        while let chunk = try next(descriptor) { try take(chunk) }
    }

    private static func opened(_ file: String) throws -> Int32 {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "\(file) cannot be read") }
        return descriptor
    }

    private static func next(_ descriptor: Int32) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: chunk)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw Failure(description: "the snapshot cannot be read") }
        return count == 0 ? nil : Array(buffer.prefix(count))
    }

    func remove() { unlink(file) }
}
