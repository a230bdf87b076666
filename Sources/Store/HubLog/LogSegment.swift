public import ControlRoom
import FoundationEssentials
import GRDB

/// Entries that were taken out of a hub's log into a file of their own: an SQLite database that holds them as the log did,
/// and the head of the chain before and after them, so that segments and log can be verified as one.
public final class LogSegment: Sendable {
    public let path: String
    public let logID: String
    public let first: Int64
    public let last: Int64
    /// Heads of the chain, hexadecimal: before the first entry, and at the last.
    public let before: String
    public let after: String
    private let queue: DatabaseQueue

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
                let after = values["after"]
            else { throw StoreError.notAStore(path: path) }
            (self.logID, self.first, self.last, self.before, self.after) = (logID, first, last, before, after)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.notAStore(path: path)
        }
    }

    /// The segments in a folder, in order, of one log.
    public static func all(in folder: String, of logID: String) -> [LogSegment] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".segment") }
            .compactMap { try? LogSegment(path: folder + "/" + $0) }
            .filter { $0.isOf(logID) }
            .sorted { $0.first < $1.first }
    }

    /// Whether it was taken out of this log, or of one that this was restored from.
    func isOf(_ other: String) -> Bool { logID.prefix { $0 != "." } == other.prefix { $0 != "." } }

    /// Whole rows, as they are put in elsewhere.
    func raw(_ range: ClosedRange<Int64>) throws -> [StatementArguments] {
        try queue.read { try LogSegment.rows($0, range) }
    }

    static func rows(_ db: Database, _ range: ClosedRange<Int64>) throws -> [StatementArguments] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT sequence, recorded, name, content, body FROM entries WHERE sequence BETWEEN ? AND ?
                ORDER BY sequence
                """, arguments: [range.lowerBound, range.upperBound]
        ).map { StatementArguments($0.databaseValues) }
    }

    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        try queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT sequence, recorded, body FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, limit]
            ).map { row in
                LogEntry(
                    sequence: row["sequence"], recorded: Timestamp(milliseconds: row["recorded"]),
                    body: Array(row["body"] as Data))
            }
        }
    }
}
