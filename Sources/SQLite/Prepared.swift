package import GRDB
import GRDBSQLite

/// A prepared statement whose columns are bound and read directly.
///
/// GRDB owns connections, transactions and migrations. The few statements that run for every event or every visible row
/// are bound through SQLite's own interface: boxing each value cost more than the insert itself.
package final class Prepared {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let slots = Slots()

    /// Compiles the first statement of a text; what follows it is not looked at.
    ///
    /// - Parameter connection: must outlive the statement.
    /// - Throws: `DatabaseError` with SQLite's code and the text.
    package init(_ connection: OpaquePointer, _ sql: String) throws {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Prepared.failure(connection, code, sql) }
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    private static func failure(_ connection: OpaquePointer, _ code: Int32, _ sql: String?) -> any Error {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    // MARK: - Binding, counted from 1

    /// From 1 on, as SQLite counts parameters; what is not bound is null. A value stays bound until another takes its
    /// place.
    package func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    package func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(handle, index, Int64(value)) }

    package func bind(_ index: Int32, _ value: Bool) { sqlite3_bind_int64(handle, index, value ? 1 : 0) }

    package func bind(_ index: Int32, _ value: Int64?) {
        if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    package func bind(_ index: Int32, _ value: Double?) {
        if let value { sqlite3_bind_double(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    package func bind(_ index: Int32, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(handle, index)
            return
        }
        value.withUTF8 { bytes in
            keep(UnsafeRawBufferPointer(bytes), index) { start, count, whose in
                sqlite3_bind_text(handle, index, start.assumingMemoryBound(to: CChar.self), count, whose)
            }
        }
    }

    /// Copied: the array need not outlive the call.
    package func bind(_ index: Int32, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            keep(raw, index) { sqlite3_bind_blob(handle, index, $0, $1, $2) }
        }
    }

    /// Copies bytes to where they stay until the parameter is bound anew: SQLite would allocate and free as much for each value.
    private func keep(
        _ bytes: UnsafeRawBufferPointer, _ index: Int32,
        _ bind: (UnsafeRawPointer, Int32, sqlite3_destructor_type?) -> Int32
    ) {
        // SQLite reads what is bound while it runs.
        assert(sqlite3_stmt_busy(handle) == 0)
        guard bytes.count <= Slots.most, let slot = slots.room(for: bytes.count, index) else {
            _ = bind(bytes.baseAddress ?? UnsafeRawPointer(Prepared.nothing), Int32(bytes.count), Prepared.transient)
            return
        }
        slot.copyMemory(from: bytes)
        _ = bind(UnsafeRawPointer(slot.baseAddress ?? Prepared.nothing), Int32(bytes.count), nil)
    }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    nonisolated(unsafe) private static let nothing = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)

    // MARK: - Running

    /// Runs a statement that returns no rows.
    ///
    /// Bound values stay bound for the next run.
    ///
    /// - Throws: `DatabaseError` with SQLite's code.
    package func run() throws {
        defer { sqlite3_reset(handle) }
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw Prepared.failure(connection, code, nil) }
    }

    /// Runs a query; `body` is called for each row and returns false to stop.
    ///
    /// The row is only there while `body` runs; what is to be kept is copied in it. Bound values stay bound.
    ///
    /// - Throws: `DatabaseError` with SQLite's code, or what `body` throws; the statement is reset then too.
    package func each(_ body: (borrowing Prepared) throws -> Bool) throws {
        defer { sqlite3_reset(handle) }
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw Prepared.failure(connection, code, nil) }
            if try !body(self) { return }
        }
    }

    /// The first row, read by `body`; nil where there is none.
    ///
    /// What `body` makes of the first row; nil where there is none.
    ///
    /// - Throws: as `each`.
    @inlinable
    package func first<Value>(_ body: (borrowing Prepared) throws -> Value) throws -> Value? {
        var value: Value?
        try each { row in
            value = try body(row)
            return false
        }
        return value
    }

    /// All rows, read by `body`.
    ///
    /// What `body` makes of each row, in the order of the query. All are in memory at once: a query without a `LIMIT`
    /// is the caller's bound to keep.
    ///
    /// - Throws: as `each`.
    @inlinable
    package func all<Value>(_ body: (borrowing Prepared) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try each { row in
            values.append(try body(row))
            return true
        }
        return values
    }

    // MARK: - Reading columns, counted from 0

    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// From 0 on, as SQLite counts columns. Null is 0.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    package func bool(_ column: Int32) -> Bool { sqlite3_column_int64(handle, column) != 0 }

    package func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    package func optionalDouble(_ column: Int32) -> Double? {
        isNull(column) ? nil : sqlite3_column_double(handle, column)
    }

    package func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// Null is empty; what is no UTF-8 is repaired.
    package func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    package func optionalText(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The bytes of a text, without a copy.
    package func withText(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard let start = sqlite3_column_text(handle, column) else { return }
        body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// A copy. Null is empty.
    package func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Memory of the texts and blobs that are bound to a statement, one piece for each parameter, used again for the next value.
private final class Slots {
    /// Bytes of a value that is kept; a longer one is SQLite's to copy.
    static let most = 4_096
    private var pieces: [UnsafeMutableRawBufferPointer] = []

    deinit { for piece in pieces { piece.deallocate() } }

    /// - Parameter index: of the parameter, from 1 on; nil for one that SQLite does not have either.
    func room(for count: Int, _ index: Int32) -> UnsafeMutableRawBufferPointer? {
        let place = Int(index) - 1
        guard (0..<32_766).contains(place) else { return nil }
        while pieces.count <= place { pieces.append(UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
        if pieces[place].count < count {
            pieces[place].deallocate()
            pieces[place] = .allocate(byteCount: max(64, 2 * count), alignment: 1)
        }
        return pieces[place]
    }
}

/// The prepared statements of one connection, made once for each text.
package final class Statements {
    package let connection: OpaquePointer
    private var prepared: [String: Prepared] = [:]

    /// - Throws: `DatabaseError` where the database is closed.
    package init(_ db: Database) throws {
        guard let connection = db.sqliteConnection else { throw DatabaseError(message: "the store is closed") }
        self.connection = connection
    }

    package init(connection: OpaquePointer) { self.connection = connection }

    /// The statement for a text, compiled once and kept for the next call; with more than 400 of them all are dropped.
    ///
    /// - Throws: `DatabaseError` where SQLite refuses the text.
    package func callAsFunction(_ sql: String) throws -> Prepared {
        if let known = prepared[sql] { return known }
        // Queries are built from a small set of parts; the bound guards against a growing one.
        if prepared.count > 400 { prepared.removeAll() }
        let made = try Prepared(connection, sql)
        prepared[sql] = made
        return made
    }

    /// The same for a statement that runs for every event: its caller keeps it in a slot of their own, because to look up a
    /// long text costs a good part of the insert.
    ///
    /// - Throws: `DatabaseError` where SQLite refuses the text.
    package func callAsFunction(_ slot: inout Prepared?, _ sql: @autoclosure () -> String) throws -> Prepared {
        if let slot { return slot }
        let made = try Prepared(connection, sql())
        slot = made
        return made
    }

    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(connection) }

    /// Rows that the last statement wrote, by SQLite's count.
    package var changes: Int { Int(sqlite3_changes(connection)) }
}
