import Dispatch
import GRDB
import GRDBSQLite

/// Copies the write-ahead log back into the file on a connection and a thread of its own, so that whoever writes does not
/// wait for it. Only a writer without a pause, which the copy never catches up with, does the rest of it himself.
final class Checkpointer: @unchecked Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "checkpoint", qos: .utility)
    // On the queue only.
    private var connection: OpaquePointer?
    // On the writer's queue only.
    private var isAsked = false
    private let isDone = DispatchSemaphore(value: 0)

    /// Pages of the log from which it is worth while; and those at which the writer waits.
    private static let (some, many): (Int32, Int32) = (8_000, 24_000)

    init(path: String) { self.path = path }

    /// Takes the place of SQLite's own checkpoints on a connection that writes.
    func serve(_ writer: Database) {
        guard let connection = writer.sqliteConnection else { return }
        let this = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            connection,
            { this, connection, _, pages in
                guard let this else { return SQLITE_OK }
                Unmanaged<Checkpointer>.fromOpaque(this).takeUnretainedValue().committed(connection, pages)
                return SQLITE_OK
            }, this)
    }

    private func committed(_ writer: OpaquePointer?, _ pages: Int32) {
        if isAsked, isDone.wait(timeout: .now()) == .success { isAsked = false }
        guard pages >= Checkpointer.some else { return }
        if pages >= Checkpointer.many { Checkpointer.copy(writer) }
        guard !isAsked else { return }
        isAsked = true
        queue.async { [self] in
            if connection == nil { open() }
            Checkpointer.copy(connection)
            isDone.signal()
        }
    }

    private func open() {
        sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        // Durable before the log is written anew: the same as the writer's.
        sqlite3_exec(connection, "PRAGMA synchronous = FULL", nil, nil, nil)
    }

    /// As far as it goes without waiting for anybody; what fails is tried again after a later commit.
    private static func copy(_ connection: OpaquePointer?) {
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }

    /// Runs `body` while no copy is under way.
    func betweenCopies(_ body: () -> Void) { queue.sync(execute: body) }

    func close() {
        queue.sync {
            sqlite3_close_v2(connection)
            connection = nil
        }
    }
}
