public import ControlRoom
import FoundationEssentials
import SQLite

/// Entries that were taken out of a hub's log into a file of their own: an SQLite database that holds them as the log did,
/// and the head of the chain before and after them, so that segments and log can be verified as one.
///
/// - Throws: `StoreError`, from all that throws here.
public final class LogSegment: ArchivedEntries {
    public let path: String
    public let logID: String
    public let first: Int64
    public let last: Int64
    public let before: String
    public let after: String
    private let file: Connection

    /// Of what is read at once, whatever the number of entries.
    private static let mostBytesOfPage = 4 << 20

    /// Opens a file that `SQLiteLog.archive` made, for reading. Whether its entries are what it names is for the reader to find out.
    ///
    /// - Throws: `StoreError.notAStore` where the file is no segment.
    public init(path: String) throws {
        self.path = path
        guard let file = try? Connection.finished(path), let values = try? LogSegment.values(file),
            let logID = values["log"], let first = values["first"].flatMap(Int64.init),
            let last = values["last"].flatMap(Int64.init), let before = values["before"],
            let after = values["after"], first >= 1, last >= first
        else { throw StoreError.notAStore(path: path) }
        self.file = file
        (self.logID, self.first, self.last, self.before, self.after) = (logID, first, last, before, after)
    }

    private static func values(_ file: Connection) throws -> [String: String] {
        try file.read { statements in
            let rows = try statements("SELECT key, value FROM segment").all { ($0.text(0), $0.text(1)) }
            return Dictionary(rows, uniquingKeysWith: { first, _ in first })
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
    public func isOf(_ other: String) -> Bool { logID.prefix { $0 != "." } == other.prefix { $0 != "." } }

    /// How many entries the file really holds, which need not be what it names: it is for an audit to compare. Reads
    /// the whole file.
    public func count() throws -> Int64 {
        try file.read { try $0("SELECT count(*) FROM entries").first { $0.integer(0) } ?? 0 }
    }

    /// In order, at most `limit`; ends behind the entry with which the bodies reach 4 MiB.
    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        try file.read { statements in
            let select = try statements(
                "SELECT sequence, recorded, body FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?")
            select.bind(1, sequence)
            select.bind(2, limit)
            var entries: [LogEntry] = []
            var bytes = 0
            try select.each { row in
                entries.append(
                    LogEntry(
                        sequence: row.integer(0), recorded: Timestamp(milliseconds: row.integer(1)), body: row.blob(2)))
                bytes += entries.last?.body.count ?? 0
                return bytes < LogSegment.mostBytesOfPage
            }
            return entries
        }
    }
}
