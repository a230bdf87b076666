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
    private let names: NameHash
    private let writing = Confined<Tools>()
    private let reading = Confined<Tools>()
    private let listeners = Mutex<[@Sendable () -> Void]>([])
    private let presence: Presence
    /// Entries only ever go to the end: large pages are fewer writes.
    private static let pageBytes = 16_384
    /// Of what is read at once, whatever the number of entries.
    static let mostBytesOfPage = 4 << 20

    final class Tools {
        let statements: Statements
        let index: LogIndex
        var insertion: Prepared?
        var finding: Prepared?

        init(_ statements: Statements, _ names: NameHash) {
            self.statements = statements
            index = LogIndex(statements, names)
        }
    }

    /// Opens a log, making it where there is none.
    ///
    /// - Parameter makeLogID: names a new one; asked a second time for the secret of its `NameHash`.
    /// - Throws: `StoreError`.
    public init(path: String, makeLogID: () -> String) throws {
        self.path = path
        let presence = try Presence(storePath: path)
        self.presence = presence
        (writer, names) = try presence.alone {
            // Copied back seldom: to sync the file makes whoever appends wait.
            let writer = try Connection.writing(
                path, cacheKiB: 12_000, pageBytes: SQLiteLog.pageBytes, checkpoints: (some: 8_000, many: 24_000))
            try writer.migrate(SQLiteLog.steps)
            let (logID, secret) = (makeLogID(), makeLogID())
            let names = try writer.write { statements in
                let meta = Meta(statements: statements)
                if try meta[Meta.logID] == nil { try meta.set(Meta.logID, logID) }
                return try SQLiteLog.names(meta, secret)
            }
            return (writer, names)
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
        ),
        (
            name: "2 content hashes",
            sql: """
            -- Where it is null, the number in content tells of the data alone: an older version wrote it.
            ALTER TABLE entries ADD COLUMN content_hash BLOB;
            -- Of what was archived.
            CREATE TABLE archived_contents (
                sequence INTEGER PRIMARY KEY, content INTEGER NOT NULL, content_hash BLOB
            ) STRICT;
            """
        ),
    ]

    /// By which hash names are looked up. Those that are in a file without one were entered by a version that had no key.
    private static func names(_ meta: Meta, _ secret: String) throws -> NameHash {
        if let names = try meta[LogIndex.hashKey].flatMap({ NameHash($0) }) { return names }
        let last = try meta.statements("SELECT max(sequence) FROM entries").first { $0.integer(0) } ?? 0
        let archived = try meta[SQLiteLog.archivedKey].flatMap(Int64.init) ?? 0
        let names = NameHash(key: SipHash.Key(secret: secret), plainThrough: max(last, archived))
        try meta.set(LogIndex.hashKey, names.text)
        return names
    }

    /// Waits for what runs, and gives the file to whoever wants it alone. Nothing of it may be used after that.
    public func close() {
        writer.between { writing.drop() }
        reader.between { reading.drop() }
        reader.close()
        writer.close()
        presence.end()
    }

    func read<Value>(_ body: (Tools) throws -> Value) throws -> Value {
        try reader.look { statements in try body(reading.value { Tools(statements, names) }) }
    }

    /// In one transaction; after an error everything is as before.
    func write<Value>(_ body: (Tools) throws -> Value) throws -> Value {
        do {
            return try writer.write { statements in try body(writing.value { Tools(statements, names) }) }
        } catch {
            // The commit itself may have failed: what was remembered of the transaction is not there.
            writer.between { writing.known?.index.forget() }
            throw error
        }
    }

    // MARK: - EventLog

    /// Given when the file was made; with another end where it was restored (`markRestored`).
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
        try SQLiteLog.catchUp(tools, to: last)
        let insert = try tools.statements(&tools.insertion, SQLiteLog.insertion)
        let appended = try entries.map { entry -> Appended in
            let name = SQLiteLog.name(of: entry)
            let hash = tools.index.hash(of: name)
            if let known = try find(name, hash, tools, archived) { return entry.answer(knowing: known.content) }
            // Nobody has written that many.
            guard last < .max else { throw StoreError.damaged(path: path, reason: "entry \(last) has no next") }
            last += 1
            try SQLiteLog.put(entry, at: last, recorded: now, insert)
            tools.index.add(hash, row: last)
            return .accepted(sequence: last)
        }
        try tools.index.pourIfFull()
        return appended
    }

    /// Takes in what is in the log and not known to the index: at the start, after a rollback, or because another process wrote.
    static func catchUp(_ tools: Tools, to last: Int64) throws {
        let known = try tools.index.begin(last: last)
        guard last > known else { return }
        let select = try tools.statements("SELECT sequence, name FROM entries WHERE sequence > ? ORDER BY sequence")
        select.bind(1, known)
        try select.each { row in
            tools.index.add(named: row.text(1), row: row.integer(0))
            return true
        }
    }

    static let insertion =
        "INSERT INTO entries (sequence, recorded, name, content, body, content_hash) VALUES (?, ?, ?, ?, ?, ?)"

    /// - Parameter insert: prepared from `insertion`.
    static func put(_ entry: NewEntry, at sequence: Int64, recorded: Timestamp, _ insert: Prepared) throws {
        insert.bind(1, sequence)
        insert.bind(2, recorded.milliseconds)
        insert.bind(3, name(of: entry))
        insert.bind(4, 0)
        insert.bind(5, entry.body)
        insert.bind(6, entry.content.bytes)
        try insert.run()
    }

    static func name(of entry: NewEntry) -> String { entry.source + "\u{1F}" + entry.id }

    private struct Known {
        /// Nil where an older version archived the entry, and kept nothing of what it said.
        var content: ContentHash?

        static let archived = Known(content: nil)
    }

    /// What is known of the entry of this name; nil where there is none. Of one that was archived, only the hash of the name is left.
    private func find(_ name: String, _ hash: Int64, _ tools: Tools, _ archived: Int64) throws -> Known? {
        let select = try tools.statements(
            &tools.finding, "SELECT name, content, content_hash FROM entries WHERE sequence = ?")
        return try tools.index.first(named: name, hash) { row -> Known? in
            select.bind(1, row)
            let kept = try select.first { $0.text(0) == name ? Known(content: SQLiteLog.content($0, 1)) : nil }
            if let kept { return kept }
            return row <= archived ? try SQLiteLog.archived(row, tools) : nil
        }
    }

    private static func archived(_ sequence: Int64, _ tools: Tools) throws -> Known {
        let select = try tools.statements("SELECT content, content_hash FROM archived_contents WHERE sequence = ?")
        select.bind(1, sequence)
        return try select.first { Known(content: content($0, 0)) } ?? .archived
    }

    /// - Parameter column: where `content` stands, and `content_hash` behind it.
    private static func content(_ row: borrowing Prepared, _ column: Int32) -> ContentHash? {
        row.isNull(column + 1) ? .formerly(row.integer(column)) : ContentHash(row.blob(column + 1))
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
