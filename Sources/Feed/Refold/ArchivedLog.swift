public import ControlRoom
public import Store
import Trust

/// What was archived of a tenant's log, as whoever keeps the log finds it.
public struct LogArchive: Sendable {
    /// Where the log begins, behind what was archived, with the head of the chain there.
    public var end: Store.Cursor
    /// In any order; others of the same log may lie among them.
    public var files: [any ArchivedEntries]
    /// Files that should be archives and cannot be read.
    public var unreadable: [String]

    public init(end: Store.Cursor, files: [any ArchivedEntries], unreadable: [String] = []) {
        self.end = end
        self.files = files
        self.unreadable = unreadable
    }

    /// Asked when it is needed; nil where nothing was archived of the log. May take as long as it takes to look into each file.
    public typealias Finder = @Sendable () throws -> LogArchive?
}

/// A log and what was archived of it, read as one from the first entry on. That an archive holds what it names is found out when its
/// end is reached: until then nothing that is made of it counts.
struct ArchivedLog: Sendable {
    private let log: any EventLog
    private var files: ArraySlice<any ArchivedEntries>

    /// - Throws: `ArchiveFault` where the log does not begin with its first entry, and its archives are not there; what the log or
    ///   `archive` says.
    init(_ log: any EventLog, wire: Wire, archive: LogArchive.Finder?) throws {
        self.log = log
        let first = try log.firstSequence()
        guard first > 1 else {
            files = []
            return
        }
        guard let archive = try archive?() else { throw ArchiveFault.missing(after: 0, until: first - 1) }
        do {
            files = try ArchiveChain(wire: wire).linked(
                archive.files, from: .start(of: archive.end.logID), to: archive.end)[...]
        } catch {
            guard let file = archive.unreadable.first else { throw error }
            throw ArchiveFault.incomplete(path: file, reason: "it is no archive that can be read")
        }
    }

    /// The next entries, at most `limit`, in order.
    ///
    /// - Parameter chain: up to the last entry that was read.
    /// - Throws: `ArchiveFault`, or what the log says.
    mutating func read(after chain: LogChain, limit: Int) throws -> [LogEntry] {
        try leave(chain)
        guard let file = files.first else { return try log.read(after: chain.sequence, limit: limit) }
        let entries: [LogEntry]
        do { entries = try file.read(after: chain.sequence, limit: limit) } catch {
            throw ArchiveFault.incomplete(path: file.path, reason: "it cannot be read (\(error))")
        }
        guard let first = entries.first, first.sequence <= file.last else {
            throw ArchiveFault.incomplete(path: file.path, reason: "it ends at entry \(chain.sequence)")
        }
        for (index, entry) in entries.enumerated() where entry.sequence != chain.sequence + 1 + Int64(index) {
            throw ArchiveFault.incomplete(
                path: file.path, reason: "entry \(chain.sequence + 1 + Int64(index)) is missing")
        }
        return entries.filter { $0.sequence <= file.last }
    }

    /// Whether the chain comes to where the archives end as they say, and so on to their end.
    ///
    /// - Throws: `ArchiveFault.altered` where it does not.
    mutating func leave(_ chain: LogChain) throws {
        while let file = files.first, file.last <= chain.sequence {
            guard chain.sequence == file.last, chain.head == file.after else {
                throw ArchiveFault.altered(path: file.path, from: file.first, to: file.last)
            }
            files.removeFirst()
        }
    }
}
