public import ControlRoom
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The local store: the log of events and what is folded from it, in one SQLite file.
///
/// One connection writes, one answers questions, and a small one takes the short looks of a feed and of a watch, which
/// shall not wait behind a long answer. Each has a queue of its own; whoever calls must not be the console's loop. All
/// times come from the caller.
///
/// - Throws: `StoreError`, from all that throws here and in the extensions of this room, unless it says otherwise: what
///   SQLite says of the file, in words. A transaction that failed leaves everything as before. Where a row holds JSON
///   that cannot be read, `JSONError`.
public final class Store: Sendable {
    public let path: String
    /// What makes it the copy of a hub's log; nil where it is a log of its own.
    public let mirror: Mirror?
    let writer: DatabaseQueue
    let reader: DatabaseQueue
    private let looker: DatabaseQueue
    private let presence: Presence
    private let checkpointer: Checkpointer
    private let writing = Confined<LogWriter>()
    private let reading = Confined<StoreReader>()
    private let looking = Confined<StoreReader>()

    /// Opens a store, making it where there is none.
    ///
    /// - Parameters:
    ///   - writeCacheKiB: pages that the writer may keep in memory. The indexes over hashes are filled at random: for a
    ///     bulk of hundreds of thousands of events, what does not fit is read again for each of them.
    ///   - makeLogID: names a new log; asked a second time for the secret of its look-ups (`NameHash`).
    ///   - mirror: for the copy of a hub's log.
    /// - Throws: `StoreError`.
    public convenience init(
        path: String, writeCacheKiB: Int = 12_000, mirror: Mirror? = nil, makeLogID: () -> String
    ) throws {
        try Foreign.refuse(path)
        let presence = try Presence(storePath: path)
        try self.init(
            path: path, presence: presence, writeCacheKiB: writeCacheKiB, mirror: mirror, makeLogID: makeLogID)
    }

    init(path: String, presence: Presence, writeCacheKiB: Int, mirror: Mirror?, makeLogID: () -> String) throws {
        self.path = path
        self.mirror = mirror
        self.presence = presence
        checkpointer = Checkpointer {
            try DatabaseQueue(path: path, configuration: DatabaseFile.configuration(cacheKiB: 100))
        }
        do {
            writer = try presence.alone {
                Store.makePrivate(path)
                let writer = try DatabaseQueue(
                    path: path, configuration: DatabaseFile.configuration(cacheKiB: writeCacheKiB))
                try Store.prepare(writer, path: path, makeLogID: makeLogID)
                if mirror != nil { try Store.markMirror(writer) }
                return writer
            }
            writer.writeWithoutTransaction(checkpointer.serve)
            reader = try Store.readOnly(path, cacheKiB: 6_000)
            looker = try Store.readOnly(path, cacheKiB: 500)
        } catch {
            throw StoreError.from(error, path: path)
        }
    }

    static func readOnly(_ path: String, cacheKiB: Int) throws -> DatabaseQueue {
        var configuration = DatabaseFile.configuration(cacheKiB: cacheKiB)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA query_only = 1")
            if let connection = db.sqliteConnection { FilterFunctions.install(on: connection) }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func prepare(_ writer: DatabaseQueue, path: String, makeLogID: () -> String) throws {
        let migrator = Migrations.migrator
        if try writer.read(migrator.hasBeenSuperseded) { throw StoreError.newerSchema(path: path) }
        let isNew = try writer.read { try migrator.appliedMigrations($0).isEmpty }
        if try writer.read({ try !migrator.hasCompletedMigrations($0) }) { try migrator.migrate(writer) }
        let isReady = try writer.read { db in
            let meta = Meta(statements: try Statements(db))
            return try meta[Meta.logID] != nil && meta.nameHash != nil
        }
        guard !isReady else { return }
        let (logID, secret) = (makeLogID(), makeLogID())
        try writer.write { db in
            let insert = "INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)"
            try db.execute(sql: insert, arguments: [Meta.logID, logID])
            if isNew { try db.execute(sql: insert, arguments: [Meta.fold, String(foldVersion)]) }
            try Keying(statements: try Statements(db), secret: secret).run()
        }
    }

    private static func markMirror(_ writer: DatabaseQueue) throws {
        try writer.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO meta (key, value) VALUES (?, '1')", arguments: [Meta.mirror])
        }
    }

    /// What an error means; damage is noted, so that the next start rebuilds the file whatever it reads first.
    func meaning(of error: any Error) -> any Error {
        let meant = StoreError.from(error, path: path)
        if case StoreError.damaged = meant { Recovery.markDamaged(path) }
        return meant
    }

    // MARK: - Connections

    /// Runs `body` in one write transaction; after an error everything is as before.
    func write<Value>(_ body: (LogWriter) throws -> Value) throws -> Value {
        do {
            return try writer.write { db in
                let writer = try writing.value { try LogWriter(db, mirror: mirror) }
                do {
                    let value = try body(writer)
                    try writer.finish()
                    return value
                } catch {
                    writer.forget()
                    throw error
                }
            }
        } catch {
            // The commit itself may have failed: what was remembered of the transaction is not there.
            writer.writeWithoutTransaction { _ in writing.known?.forget() }
            throw meaning(of: error)
        }
    }

    /// A new file is its owner's alone; what SQLite makes beside it has the same mode. One that is there keeps its mode. Where
    /// it cannot be made, SQLite says why.
    private static func makePrivate(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// What the writer remembers of the file is no longer so.
    func forgetWritten() { writing.known?.forget() }

    /// Runs `body` on one state of the store.
    func read<Value>(_ body: (StoreReader) throws -> Value) throws -> Value {
        try use(reader, reading) { try Store.inTransaction($0, body) }
    }

    /// The same for what takes microseconds: it never waits for a long answer.
    func look<Value>(_ body: (StoreReader) throws -> Value) throws -> Value {
        try use(looker, looking) { try Store.inTransaction($0, body) }
    }

    private func use<Value>(
        _ connection: DatabaseQueue, _ tools: Confined<StoreReader>, _ body: (StoreReader) throws -> Value
    ) throws -> Value {
        do {
            return try connection.writeWithoutTransaction { db in
                try body(try tools.value { try StoreReader(db, mirror: mirror) })
            }
        } catch {
            throw meaning(of: error)
        }
    }

    private static func inTransaction<Value>(
        _ reader: StoreReader, _ body: (StoreReader) throws -> Value
    ) throws -> Value {
        try reader.statements("BEGIN").run()
        reader.pending.forget()
        defer { try? reader.statements("COMMIT").run() }
        return try body(reader)
    }

    /// Runs `body` while this process is in the middle of no transaction: whoever is stopped in it, as by Ctrl-Z, keeps no
    /// other process waiting.
    public func outsideTransactions(_ body: () -> Void) {
        writer.writeWithoutTransaction { _ in
            reader.writeWithoutTransaction { _ in
                looker.writeWithoutTransaction { _ in checkpointer.betweenCopies(body) }
            }
        }
    }

    /// Copies everything from the write-ahead log into the file itself.
    func emptyJournal() throws {
        do {
            try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        } catch {
            throw meaning(of: error)
        }
    }

    /// Finishes what is going on and closes the file.
    public func close() {
        writer.writeWithoutTransaction { _ in writing.drop() }
        reader.writeWithoutTransaction { _ in reading.drop() }
        looker.writeWithoutTransaction { _ in looking.drop() }
        try? reader.close()
        try? looker.close()
        checkpointer.close()
        try? writer.close()
        presence.end()
    }

    // MARK: - The log

    /// Of the store's own log; which hub's log it follows is in its cursor.
    public var logID: String { get throws { try read { try Meta(statements: $0.statements)[Meta.logID] ?? "" } } }

    /// Appends events that passed admission, and folds them, in one transaction.
    ///
    /// - Parameter now: becomes their `recorded` time.
    public func ingest(_ events: [AdmittedEvent], now: Timestamp) throws -> [Admission] {
        try write { try $0.append(events, now: now) }
    }

    /// Events after a sequence, in order, at most `limit`; places without an event (`ghosts`) are passed over, so that
    /// fewer do not mean the end.
    public func read(after sequence: Int64, limit: Int) throws -> [Event] {
        try read { reader in
            let select = try reader.statements(
                "SELECT \(EventRows.columns) FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?")
            select.bind(1, sequence)
            select.bind(2, limit)
            return try select.all { try reader.events.read($0) }
        }
    }

    /// The same of a log of its own, to be folded anew: what came before its type was known has no effect.
    public func ownLog(after sequence: Int64, limit: Int) throws -> [AdmittedEvent] {
        try read { reader in
            let select = try reader.statements(
                "SELECT \(EventRows.columns), \(AdmittedEvent.isBelieved) FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?"
            )
            select.bind(1, sequence)
            select.bind(2, limit)
            return try select.all { row in
                let event = AdmittedEvent(fromLog: try reader.events.read(row))
                return row.bool(EventRows.columnCount) ? event : event.unproved
            }
        }
    }

    /// The last event of a type up to a place; nil where there is none among the `depth` before it.
    public func last(_ type: EventType, upTo sequence: Int64, depth: Int64 = 500_000) throws -> Event? {
        try read { reader in
            guard let name = try reader.names.existing(type.rawValue) else { return nil }
            let select = try reader.statements(
                """
                SELECT \(EventRows.columns) FROM events WHERE sequence <= ? AND sequence > ? AND type = ?
                ORDER BY sequence DESC LIMIT 1
                """)
            select.bind(1, sequence)
            select.bind(2, sequence - depth)
            select.bind(3, name)
            return try select.first { try reader.events.read($0) }
        }
    }

    /// The sequence of the last event; 0 for an empty log.
    public func lastSequence() throws -> Int64 {
        try look { try $0.lastSequence() }
    }

    /// How large the file is, with what is still in the write-ahead log.
    public func bytes() throws -> Int {
        try look { reader in
            let pages = try reader.statements("PRAGMA page_count").first { $0.int(0) } ?? 0
            return pages * (try reader.statements("PRAGMA page_size").first { $0.int(0) } ?? 0)
        }
    }

    /// A number that changes whenever anybody else writes to the file, this process's writer included.
    public func dataVersion() throws -> Int {
        try use(looker, looking) { try $0.statements("PRAGMA data_version").first { $0.int(0) } ?? 0 }
    }
}
