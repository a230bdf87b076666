import GRDB
import GRDBSQLite

/// A connection to a damaged store, which reads what can be read and writes nothing.
final class DamagedFile {
    let reader: StoreReader
    /// How long the file is.
    let pages: Int64
    private let connection: OpaquePointer

    /// - Throws: `DatabaseError` where nothing at all can be read.
    init(path: String) throws {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
        connection = handle
        sqlite3_busy_timeout(handle, 1_000)
        // A file that is shorter than its header says is then read as far as it goes.
        sqlite3_exec(handle, "PRAGMA writable_schema = ON", nil, nil, nil)
        reader = StoreReader(Statements(connection: handle))
        pages = try reader.statements("PRAGMA page_count").first { $0.integer(0) } ?? 0
        // To prepare it takes a schema that can be read.
        _ = try reader.statements("SELECT sequence FROM events")
        learnNames()
    }

    /// Every row of the log needs its names. They stand in the file twice, in a table and in its index.
    private func learnNames() {
        for source in ["NOT INDEXED", "INDEXED BY sqlite_autoindex_names_1"] {
            try? reader.statements("SELECT id, text FROM names \(source)").each { row in
                reader.names.remember(row.integer(0), row.text(1))
                return true
            }
        }
    }

    deinit { sqlite3_close_v2(connection) }
}

/// A table of a damaged file with whole numbers for keys.
struct DamagedTable<Row> {
    /// The greatest key; nil where even that cannot be read.
    let last: Int64?
    /// Reads the rows with keys above the first and up to the second number; throws where any of them is damaged.
    let read: (Int64, Int64) throws -> [Row]
    /// Where the end is not known, it has come when so many keys in a row gave nothing.
    let patience: Int64

    /// Gives each row that can be read to `keep`, in order, and returns how many stretches could not be read.
    func walk(_ keep: ([Row]) throws -> Void) rethrows -> Int {
        var (after, step, gaps, nothing): (Int64, Int64, Int, Int64) = (0, 1_000, 0, 0)
        var inGap = false
        while last.map({ after < $0 }) ?? (nothing < patience) {
            if let rows = try? read(after, after + step) {
                try keep(rows)
                nothing = rows.isEmpty ? nothing + step : 0
                after += step
                step = min(1_000, step * 2)
                inGap = inGap && rows.isEmpty
            } else if step > 1 {
                step = max(1, step / 8)
            } else {
                if !inGap { gaps += 1 }
                inGap = true
                nothing += 1
                after += 1
            }
        }
        return gaps
    }
}
