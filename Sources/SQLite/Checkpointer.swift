package import GRDB
import GRDBSQLite
import Synchronization

/// Copies the write-ahead log back into the file on a connection of its own, so that whoever writes does not wait for it.
/// Only a writer without a pause, which the copy never catches up with, does the rest of it on its own connection.
package final class Checkpointer: Sendable {
    private let open: @Sendable () throws -> DatabaseQueue
    private let connection = Mutex<DatabaseQueue?>(nil)
    private let isCopying = Mutex(false)

    /// Pages of the log from which it is worth while; and those at which the writer waits.
    private let some: Int32
    private let many: Int32

    /// - Parameter open: called when it is needed for the first time.
    package init(some: Int32 = 8_000, many: Int32 = 24_000, open: @escaping @Sendable () throws -> DatabaseQueue) {
        self.open = open
        self.some = some
        self.many = many
    }

    /// Takes the place of SQLite's own checkpoints on a connection that writes, and that must not live longer than this.
    package func serve(_ writer: Database) {
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
        guard pages >= some else { return }
        if pages >= many { Checkpointer.copy(writer) }
        let isFree = isCopying.withLock { isCopying in
            defer { isCopying = true }
            return !isCopying
        }
        guard isFree else { return }
        let queue = connection.withLock { connection in
            if connection == nil { connection = try? open() }
            return connection
        }
        guard let queue else { return isCopying.withLock { $0 = false } }
        queue.asyncWriteWithoutTransaction { [self] db in
            Checkpointer.copy(db.sqliteConnection)
            isCopying.withLock { $0 = false }
        }
    }

    /// As far as it goes without waiting for anybody; what fails is tried again after a later commit.
    private static func copy(_ connection: OpaquePointer?) {
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }

    /// Runs `body` while no copy is under way.
    package func betweenCopies(_ body: () -> Void) {
        guard let queue = connection.withLock({ $0 }) else { return body() }
        queue.writeWithoutTransaction { _ in body() }
    }

    package func close() {
        connection.withLock { connection in
            try? connection?.close()
            connection = nil
        }
    }
}
