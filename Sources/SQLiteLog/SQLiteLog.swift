public import ControlRoom
import SQLite
import Synchronization

/// A hub's log of one tenant in one SQLite file: nothing but the entries, so that to append costs as little as it can.
/// What is folded from it lies in a store of its own, which may follow behind. What it throws is `StoreError`.
///
/// - Throws: `StoreError`, from all that throws here.
public final class SQLiteLog: EventLog, Sendable {
    public let path: String
    let writer: Connection
    let reader: Connection
    private let writing = Confined<Tools>()
    private let reading = Confined<Tools>()
    private let listeners = Mutex<[@Sendable () -> Void]>([])
    private let presence: Presence
    /// Entries only ever go to the end: large pages are fewer writes.
    private static let pageBytes = 16_384
    /// Of what is read at once, whatever the number of entries.
    private static let mostBytesOfPage = 4 << 20

    final class Tools {
        let statements: Statements
        let index: LogIndex
        var insertion: Prepared?
        var finding: Prepared?

        init(_ statements: Statements) {
            self.statements = statements
            index = LogIndex(statements)
        }
    }

    /// Opens a log, making it where there is none.
    ///
    /// - Parameter makeLogID: names a new one.
    /// - Throws: `StoreError`.
    public init(path: String, makeLogID: () -> String) throws {
        self.path = path
        let presence = try Presence(storePath: path)
        self.presence = presence
        writer = try presence.alone {
            // Copied back seldom: to sync the file makes whoever appends wait.
            let writer = try Connection.writing(
                path, cacheKiB: 12_000, pageBytes: SQLiteLog.pageBytes, checkpoints: (some: 8_000, many: 24_000))
            try writer.migrate(SQLiteLog.steps)
            let logID = makeLogID()
            try writer.write { statements in
                let meta = Meta(statements: statements)
                if try meta[Meta.logID] == nil { try meta.set(Meta.logID, logID) }
            }
            return writer
        }
        reader = try Connection.reading(path, cacheKiB: 2_000)
    }

    /// A step that was released is never changed.
    private static let steps = [
        (
            name: "1 entries",
            sql: """
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE entries (
                sequence INTEGER PRIMARY KEY, recorded INTEGER NOT NULL, name TEXT NOT NULL,
                content INTEGER NOT NULL, body BLOB NOT NULL
            ) STRICT;
            CREATE TABLE entry_hashes (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;
            """
        )
    ]

    /// Waits for what runs, and gives the file to whoever wants it alone. Nothing of it may be used after that.
    public func close() {
        writer.between { writing.drop() }
        reader.between { reading.drop() }
        reader.close()
        writer.close()
        presence.end()
    }

    func read<Value>(_ body: (Tools) throws -> Value) throws -> Value {
        try reader.look { statements in try body(reading.value { Tools(statements) }) }
    }

    /// In one transaction; after an error everything is as before.
    func write<Value>(_ body: (Tools) throws -> Value) throws -> Value {
        do {
            return try writer.write { statements in try body(writing.value { Tools(statements) }) }
        } catch {
            // The commit itself may have failed: what was remembered of the transaction is not there.
            writer.between { writing.known?.index.forget() }
            throw error
        }
    }

    // MARK: - EventLog

    public var logID: String { get throws { try read { try logID($0) } } }

    func logID(_ tools: Tools) throws -> String { try Meta(statements: tools.statements)[Meta.logID] ?? "" }

    /// All or none, in one transaction that is on the disk when this returns. Whoever listens (`onAppend`) is told
    /// behind it, on the caller's thread.
    public func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        let appended = try write { try insert(entries, now: now, $0) }
        for listener in listeners.withLock({ $0 }) { listener() }
        return appended
    }

    private func insert(_ entries: [NewEntry], now: Timestamp, _ tools: Tools) throws -> [Appended] {
        var last = try tools.statements("SELECT max(sequence) FROM entries").first { $0.integer(0) } ?? 0
        let archived = try SQLiteLog.archivedEnd(tools)
        last = max(last, archived)
        try tools.index.catchUp(to: last)
        let insert = try tools.statements(&tools.insertion, SQLiteLog.insertion)
        let appended = try entries.map { entry -> Appended in
            let name = SQLiteLog.name(of: entry)
            let hash = LogIndex.hash(name)
            if let known = try find(name, hash, tools, archived) {
                return known == .archived || known == .kept(entry.content) ? .duplicate : .conflicting
            }
            last += 1
            try SQLiteLog.put(entry, at: last, recorded: now, insert)
            tools.index.add(hash, row: last)
            return .accepted(sequence: last)
        }
        try tools.index.pourIfFull()
        return appended
    }

    static let insertion = "INSERT INTO entries (sequence, recorded, name, content, body) VALUES (?, ?, ?, ?, ?)"

    /// - Parameter insert: prepared from `insertion`.
    static func put(_ entry: NewEntry, at sequence: Int64, recorded: Timestamp, _ insert: Prepared) throws {
        insert.bind(1, sequence)
        insert.bind(2, recorded.milliseconds)
        insert.bind(3, name(of: entry))
        insert.bind(4, entry.content)
        insert.bind(5, entry.body)
        try insert.run()
    }

    private static func name(of entry: NewEntry) -> String { entry.source + "\u{1F}" + entry.id }

    private enum Known: Equatable {
        case kept(Int64)
        /// Of an entry that was archived only the hash is known.
        case archived
    }

    /// The entry of this name; nil where there is none.
    private func find(_ name: String, _ hash: Int64, _ tools: Tools, _ archived: Int64) throws -> Known? {
        let select = try tools.statements(&tools.finding, "SELECT name, content FROM entries WHERE sequence = ?")
        return try tools.index.first(hash) { row -> Known? in
            if row <= archived { return .archived }
            select.bind(1, row)
            return try select.first { $0.text(0) == name ? .kept($0.integer(1)) : nil } ?? nil
        }
    }

    /// Ends behind the entry with which the bodies reach 4 MiB, so that one page is bounded in bytes.
    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        try read { tools in
            let select = try tools.statements(
                "SELECT sequence, recorded, body FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?")
            select.bind(1, sequence)
            select.bind(2, limit)
            var entries: [LogEntry] = []
            var bytes = 0
            try select.each { row in
                let entry = LogEntry(
                    sequence: row.integer(0), recorded: Timestamp(milliseconds: row.integer(1)), body: row.blob(2))
                entries.append(entry)
                bytes += entry.body.count
                return bytes < SQLiteLog.mostBytesOfPage
            }
            return entries
        }
    }

    /// From the file; nil where there is none, or it was archived.
    public func entry(at sequence: Int64) throws -> LogEntry? {
        try read(after: sequence - 1, limit: 1).first { $0.sequence == sequence }
    }

    /// 0 for an empty log.
    public func lastSequence() throws -> Int64 { try read { try lastSequence($0) } }

    func lastSequence(_ tools: Tools) throws -> Int64 {
        try tools.statements("SELECT max(sequence) FROM entries").first { $0.integer(0) } ?? 0
    }

    /// Behind what was archived, as the log remembers it; 1 for a log that never had an entry.
    public func firstSequence() throws -> Int64 {
        try read { tools in
            let archived = try SQLiteLog.archivedEnd(tools)
            if archived > 0 { return archived + 1 }
            return try tools.statements("SELECT coalesce(min(sequence), 1) FROM entries").first { $0.integer(0) } ?? 1
        }
    }

    public func onAppend(_ body: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(body) } }

    /// Copies the log as it is at one instant into a new file, while others go on appending.
    ///
    /// - Throws: `StoreError`.
    public func backup(to file: String) throws {
        do {
            try DatabaseFile.copy(path, to: file)
        } catch {
            throw StoreError.from(error, path: file)
        }
    }

    /// Gives a restored log an id of its own: who has seen more than it holds is not to go on from there unawares.
    ///
    /// - Throws: `StoreError`.
    public func markRestored(as epoch: String) throws {
        let id = try logID.prefix { $0 != "." } + "." + epoch
        try write { try Meta(statements: $0.statements).set(Meta.logID, String(id)) }
    }

    /// A number that changes whenever another process has written.
    public func dataVersion() throws -> Int {
        try read { try $0.statements("PRAGMA data_version").first { $0.int(0) } ?? 0 }
    }
}
