public import ControlRoom
import FoundationEssentials
import GRDB

/// Entries that were taken out of a hub's log into a file of their own: an SQLite database that holds them as the log did,
/// and the head of the chain before and after them, so that segments and log can be verified as one.
public final class LogSegment: ArchivedEntries {
    public let path: String
    public let logID: String
    public let first: Int64
    public let last: Int64
    public let before: String
    public let after: String
    private let queue: DatabaseQueue

    /// Of what is read at once, whatever the number of entries.
    private static let mostBytesOfPage = 4 << 20

    /// Opens a file that `SQLiteLog.archive` made, for reading. Whether its entries are what it names is for the reader to find out.
    ///
    /// - Throws: `StoreError.notAStore` where the file is no segment.
    public init(path: String) throws {
        self.path = path
        do {
            var configuration = Configuration()
            configuration.readonly = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let values = try queue.read { db in
                Dictionary(
                    try Row.fetchAll(db, sql: "SELECT key, value FROM segment").map {
                        ($0["key"] as String, $0["value"] as String)
                    },
                    uniquingKeysWith: { first, _ in first })
            }
            guard let logID = values["log"], let first = values["first"].flatMap(Int64.init),
                let last = values["last"].flatMap(Int64.init), let before = values["before"],
                let after = values["after"], first >= 1, last >= first
            else { throw StoreError.notAStore(path: path) }
            (self.logID, self.first, self.last, self.before, self.after) = (logID, first, last, before, after)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.notAStore(path: path)
        }
    }

    /// What lies in a folder of archives.
    public struct Found: Sendable {
        /// Those of the log, by their first entry.
        public var segments: [LogSegment] = []
        /// Files with a segment's name that are none, or cannot be read; of which log they were is not known.
        public var unreadable: [String] = []
    }

    /// The segments in a folder of one log, and of those it was restored from.
    ///
    /// - Throws: `StoreError.notPermitted` where the folder cannot be read.
    public static func all(in folder: String, of logID: String) throws -> Found {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw StoreError.notPermitted(path: folder)
        }
        var found = Found()
        for name in names.sorted() where name.hasSuffix(".segment") {
            let path = folder + "/" + name
            guard let segment = try? LogSegment(path: path) else {
                found.unreadable.append(path)
                continue
            }
            if segment.isOf(logID) { found.segments.append(segment) }
        }
        found.segments.sort { ($0.first, $0.last) < ($1.first, $1.last) }
        return found
    }

    /// Whether it was taken out of this log, or of one that this was restored from.
    func isOf(_ other: String) -> Bool { logID.prefix { $0 != "." } == other.prefix { $0 != "." } }

    public func count() throws -> Int64 {
        try reading { try Int64.fetchOne($0, sql: "SELECT count(*) FROM entries") ?? 0 }
    }

    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        try reading { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT sequence, recorded, body FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, limit])
            var entries: [LogEntry] = []
            var bytes = 0
            while bytes < LogSegment.mostBytesOfPage, let row = try rows.next() {
                let entry = LogEntry(
                    sequence: row["sequence"], recorded: Timestamp(milliseconds: row["recorded"]),
                    body: Array(row["body"] as Data))
                entries.append(entry)
                bytes += entry.body.count
            }
            return entries
        }
    }

    private func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try queue.read(body)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            throw StoreError.other(path: path, reason: "it is damaged (\(error.message ?? "\(error.resultCode)"))")
        } catch {
            throw StoreError.from(error, path: path)
        }
    }
}
