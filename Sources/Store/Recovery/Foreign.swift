import GRDB
import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that were named as a store and are none. They are left as they are: what a mistyped name hits is not to be
/// rebuilt, nor to be given tables.
enum Foreign {
    /// - Throws: `StoreError.notAStore`; passes a file that is missing, empty, ours, or ours and damaged.
    static func refuse(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StoreError.notAStore(path: path) }
        guard status.st_size > 0 else { return }
        let isOurs = tables(in: path).map { $0.isEmpty || $0.contains("grdb_migrations") } ?? holdsOurWords(path)
        guard isOurs else { throw StoreError.notAStore(path: path) }
    }

    /// The tables of a database; nil where it cannot be read as one.
    private static func tables(in path: String) -> [String]? {
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK, let connection else {
            return nil
        }
        sqlite3_busy_timeout(connection, 10_000)
        return try? Statements(connection: connection)("SELECT name FROM sqlite_master").all { $0.text(0) }
    }

    /// A damaged store is no text, and somewhere in it stand the names of our tables or of our events.
    private static func holdsOurWords(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        // Who may not read it is told so by whoever opens it.
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = max(0, read(descriptor, &bytes, bytes.count))
        guard bytes[..<count].contains(0) else { return false }
        return ["grdb_migrations", "eu.impetus.", "event_hashes"].contains { word in
            bytes[..<count].firstRange(of: Array(word.utf8)) != nil
        }
    }
}
