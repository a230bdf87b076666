import GRDB

/// A connection to a database file for a room that needs no more of SQLite than its own statements: what it throws is
/// `StoreError`, or what the closures it runs throw. One closure runs at a time.
package final class Connection: Sendable {
    package let path: String
    /// Before the queue: they end before their connection does.
    private let statements = Confined<Statements>()
    private let queue: DatabaseQueue
    private let checkpointer: Checkpointer?

    private init(path: String, queue: DatabaseQueue, checkpointer: Checkpointer? = nil) {
        self.path = path
        self.queue = queue
        self.checkpointer = checkpointer
    }

    /// One that writes, beside others that read, into a file that is made where there is none.
    ///
    /// - Parameters:
    ///   - cacheKiB: pages that it may keep in memory, in KiB.
    ///   - pageBytes: of a file that is made.
    ///   - checkpoints: at how many pages of the write-ahead log they are copied back by another connection, and at how many by this one.
    /// - Throws: `StoreError`.
    package static func writing(
        _ path: String, cacheKiB: Int, pageBytes: Int, checkpoints: (some: Int32, many: Int32)
    ) throws -> Connection {
        try meaning(path) {
            let queue = try DatabaseQueue(
                path: path, configuration: DatabaseFile.configuration(cacheKiB: cacheKiB, pageBytes: pageBytes))
            let checkpointer = Checkpointer(some: checkpoints.some, many: checkpoints.many) {
                try DatabaseQueue(path: path, configuration: DatabaseFile.configuration(cacheKiB: 100))
            }
            queue.writeWithoutTransaction(checkpointer.serve)
            return Connection(path: path, queue: queue, checkpointer: checkpointer)
        }
    }

    /// One that reads, beside one that writes.
    ///
    /// - Throws: `StoreError`.
    package static func reading(_ path: String, cacheKiB: Int) throws -> Connection {
        try meaning(path) {
            var configuration = DatabaseFile.configuration(cacheKiB: cacheKiB)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
            return Connection(path: path, queue: try DatabaseQueue(path: path, configuration: configuration))
        }
    }

    /// One to a file that is written once, by nobody else, and is on the disk when it is closed.
    ///
    /// - Throws: `StoreError`.
    package static func once(_ path: String) throws -> Connection {
        try meaning(path) {
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            return Connection(path: path, queue: try DatabaseQueue(path: path, configuration: configuration))
        }
    }

    /// One to a file that nobody writes any more; it is not written to either.
    ///
    /// - Throws: `StoreError`.
    package static func finished(_ path: String) throws -> Connection {
        try meaning(path) {
            var configuration = Configuration()
            configuration.readonly = true
            return Connection(path: path, queue: try DatabaseQueue(path: path, configuration: configuration))
        }
    }

    /// Brings the tables to what this version has, step by step; each is done once, in its transaction.
    ///
    /// - Throws: `StoreError.newerSchema` where the file knows more steps than these.
    package func migrate(_ steps: [(name: String, sql: String)]) throws {
        try Connection.meaning(path) {
            var migrator = DatabaseMigrator()
            for step in steps { migrator.registerMigration(step.name) { try $0.execute(sql: step.sql) } }
            if try queue.read(migrator.hasBeenSuperseded) { throw StoreError.newerSchema(path: path) }
            try migrator.migrate(queue)
        }
    }

    /// Runs `body` in one write transaction; after an error everything is as before.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    package func write<Value>(_ body: (Statements) throws -> Value) throws -> Value {
        try Connection.meaning(path) {
            try queue.write { db in try body(try statements.value { try Statements(db) }) }
        }
    }

    /// Runs `body` on one state of the file, however many statements it runs.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    package func read<Value>(_ body: (Statements) throws -> Value) throws -> Value {
        try Connection.meaning(path) {
            try queue.read { db in try body(try statements.value { try Statements(db) }) }
        }
    }

    /// Runs `body` without a transaction around it: each statement sees what is there when it runs.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    package func look<Value>(_ body: (Statements) throws -> Value) throws -> Value {
        try Connection.meaning(path) {
            try queue.writeWithoutTransaction { db in try body(try statements.value { try Statements(db) }) }
        }
    }

    /// Runs `body` between what others run here.
    package func between(_ body: () -> Void) { queue.writeWithoutTransaction { _ in body() } }

    /// Runs a script that returns no rows.
    ///
    /// In one transaction: it counts as a whole or not at all.
    ///
    /// - Throws: `StoreError`.
    package func execute(_ sql: String) throws {
        try Connection.meaning(path) { try queue.write { try $0.execute(sql: sql) } }
    }

    /// Waits for what runs. Nothing of it may be used after that.
    package func close() {
        queue.writeWithoutTransaction { _ in statements.drop() }
        checkpointer?.close()
        try? queue.close()
    }

    private static func meaning<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw StoreError.from(error, path: path)
        }
    }
}
