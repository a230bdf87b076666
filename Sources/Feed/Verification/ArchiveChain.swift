public import ControlRoom
public import Store
public import Trust

/// Why archived entries are not what they should be.
public enum ArchiveFault: Error, Equatable, CustomStringConvertible {
    /// No archive begins behind this entry with the head that the chain has there.
    case missing(after: Int64, until: Int64)
    /// It does not hold the entries that it names, and no others.
    case incomplete(path: String, reason: String)
    /// Its entries do not lead from the head before them to the head at their end.
    case altered(path: String, from: Int64, to: Int64)
    /// Where the archives end, the log does not begin.
    case otherLog(at: Int64)

    public var description: String {
        switch self {
        case .missing(let place, let end):
            "no archive here goes on behind entry \(place); entries \(place + 1) to \(end) are missing"
        case .incomplete(let path, let reason): "\(path) does not hold what it names: \(reason)"
        case .altered(let path, let first, let last):
            "\(path) is altered: its entries do not lead the chain from entry \(first) to the head at entry \(last)"
        case .otherLog(let place):
            "the archives do not lead to the head of the chain at entry \(place), behind which the log begins"
        }
    }
}

/// Puts what was archived of a log in order, and proves by the hash chain that it is what was taken out: from the log's
/// beginning, over every entry, to the head that the log has where its archive ends.
public struct ArchiveChain: Sendable {
    private let wire: Wire
    private static let page = 2_000

    public init(wire: Wire) { self.wire = wire }

    /// Those archives that lead from `start` to `end`, in order. Others of the same log may lie beside them: of a log that was
    /// put back and archived anew, or restored. Reads all entries of those it names.
    ///
    /// - Throws: `ArchiveFault`.
    public func proved<Archive: ArchivedEntries>(
        _ archives: [Archive], from start: Store.Cursor, to end: Store.Cursor
    ) throws -> [Archive] {
        let sorted = archives.sorted { $0.last > $1.last }
        return try way(over: sorted, from: start, to: end) { try check(sorted[$0]) }.map { sorted[$0] }
    }

    /// The same by what the archives name alone: whoever reads them on finds out whether they hold it. Reads none of their entries.
    ///
    /// - Throws: `ArchiveFault`.
    public func linked(
        _ archives: [any ArchivedEntries], from start: Store.Cursor, to end: Store.Cursor
    ) throws -> [any ArchivedEntries] {
        let sorted = archives.sorted { $0.last > $1.last }
        return try way(over: sorted, from: start, to: end) { _ in }.map { sorted[$0] }
    }

    /// - Parameter check: of one of the archives, by its place among them.
    private func way(
        over archives: [any ArchivedEntries], from start: Store.Cursor, to end: Store.Cursor,
        check: (Int) throws -> Void
    ) throws -> [Int] {
        var search = Search(candidates: archives, end: end.sequence)
        guard let path = search.path(after: start.sequence, head: start.head, check: check) else {
            throw search.fault ?? ArchiveFault.missing(after: search.furthest, until: end.sequence)
        }
        guard path.last.map({ archives[$0].after }) ?? start.head == end.head else {
            throw ArchiveFault.otherLog(at: end.sequence)
        }
        return path
    }

    /// Looks for a way over archives that go on from each other; those that come first are tried first.
    private struct Search {
        let candidates: [any ArchivedEntries]
        let end: Int64
        /// The first that was found.
        var fault: (any Error)?
        var furthest: Int64 = 0
        private var deadEnds: Set<String> = []

        init(candidates: [any ArchivedEntries], end: Int64) {
            self.candidates = candidates
            self.end = end
        }

        mutating func path(after place: Int64, head: String, check: (Int) throws -> Void) -> [Int]? {
            furthest = max(furthest, place)
            if place == end { return [] }
            guard !deadEnds.contains(head) else { return nil }
            for (index, archive) in candidates.enumerated()
            where archive.first == place + 1 && archive.before == head && archive.last <= end {
                do { try check(index) } catch {
                    fault = fault ?? error
                    continue
                }
                if let rest = path(after: archive.last, head: archive.after, check: check) { return [index] + rest }
            }
            deadEnds.insert(head)
            return nil
        }
    }

    /// Whether an archive holds the entries that it names and no others, and whether they lead the chain from the head before
    /// them to the head at their end. Reads all of it.
    ///
    /// - Throws: `ArchiveFault`.
    public func check(_ archive: some ArchivedEntries) throws {
        let named = archive.last - archive.first + 1
        guard var chain = LogChain(sequence: archive.first - 1, head: archive.before) else {
            throw ArchiveFault.altered(path: archive.path, from: archive.first, to: archive.last)
        }
        while chain.sequence < archive.last {
            let entries = try reading(archive) { try archive.read(after: chain.sequence, limit: ArchiveChain.page) }
            guard !entries.isEmpty else {
                throw ArchiveFault.incomplete(path: archive.path, reason: "it ends at entry \(chain.sequence)")
            }
            for entry in entries where chain.sequence < archive.last { try add(entry, of: archive, to: &chain) }
        }
        guard chain.head == archive.after else {
            throw ArchiveFault.altered(path: archive.path, from: archive.first, to: archive.last)
        }
        let count = try reading(archive) { try archive.count() }
        guard count == named else {
            throw ArchiveFault.incomplete(path: archive.path, reason: "it has \(count) entries in place of \(named)")
        }
    }

    /// Whether the log goes on behind its archive as it did before: the next checkpoint of a hub vouches for the head there. Where the
    /// log has none, nothing speaks against it.
    ///
    /// - Throws: `ArchiveFault.otherLog` where entries are missing up to that checkpoint, or it names another head; what the log throws.
    public func goesOn(_ log: any EventLog, behind end: Store.Cursor, knownMembers: KnownMembers) throws {
        var verifier = LogVerifier(knownMembers: knownMembers, from: end)
        var fits = true
        while verifier.vouched == nil {
            let entries = try log.read(after: verifier.chain.sequence, limit: ArchiveChain.page)
            guard !entries.isEmpty else { break }
            for entry in entries where verifier.vouched == nil {
                guard let taken = verifier.take(read: wire.admitted(entry)) else {
                    throw ArchiveFault.otherLog(at: end.sequence)
                }
                if case .altered = taken.finding { fits = false }
            }
        }
        // A log that an administrator has accepted holds checkpoints that do not fit, up to a word that does.
        guard fits || verifier.accepted > 0 else { throw ArchiveFault.otherLog(at: end.sequence) }
    }

    private func reading<Value>(_ archive: some ArchivedEntries, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw ArchiveFault.incomplete(path: archive.path, reason: "it cannot be read (\(error))")
        }
    }

    private func add(_ entry: LogEntry, of archive: some ArchivedEntries, to chain: inout LogChain) throws {
        let expected = chain.sequence + 1
        guard entry.sequence == expected else {
            throw ArchiveFault.incomplete(path: archive.path, reason: "entry \(expected) is missing")
        }
        chain.add(wire.admitted(entry))
    }
}
