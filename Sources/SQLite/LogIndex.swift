package import ControlRoom

/// Which names a hub's log holds. New ones are kept in memory and poured into a table in the order of their hashes: so a commit
/// writes the entries and few other pages, however many there are. They are poured by ranges of hashes, a range with a commit,
/// so that no commit waits long for it. What was not poured when the process ended is read again from the entries themselves, by
/// whoever keeps them: `begin` says from where.
///
/// The file has a table `entry_hashes (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL)` and the table of `Meta`.
package final class LogIndex: RowsByHash {
    private let statements: Statements
    private let names: NameHash
    /// By the highest bits of the hash: each range touches pages of the table of its own.
    private var ranges = Array(repeating: Range(), count: LogIndex.rangeCount)
    private var count = 0
    /// The last entry whose name is known here.
    private var seen: Int64 = 0
    /// The range that is poured next.
    private var next = 0
    private var isTableEmpty = true
    /// Of the table; nil until somebody asks it. It outlives a failed transaction: a hash too many in it costs a look.
    private var filter: HashFilter?
    /// All rows of the table up to here are in the filter.
    private var filtered: Int64 = 0
    /// The last entry when this transaction began: those behind it may be rolled back, and others come in their place.
    private var begun: Int64 = 0
    private var probe: Prepared?
    private var insertion: Prepared?

    private struct Range {
        var rows: [Int64: [Int64]] = [:]
        /// Up to here all names of the range are in the table.
        var poured: Int64 = 0
    }

    private static let rangeBits = 6
    private static let rangeCount = 1 << rangeBits
    /// Names that are kept in memory.
    private static let mostFresh = 100_000
    private static let pouredKey = "poured"

    package init(_ statements: Statements, _ names: NameHash) {
        self.statements = statements
        self.names = names
    }

    /// Where the file keeps its `NameHash`.
    package static let hashKey = "name_hash"

    /// By which a name that comes new is entered.
    package func hash(of name: String) -> Int64 { names.of(name) }

    /// The first row that stands for a name; `hash` is the one it would be entered by.
    ///
    /// - Throws: what the file says, or what `match` throws.
    package func first<Value>(named name: String, _ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value? {
        try names.first(in: self, hash, plain: FNV1a.of(name), match)
    }

    /// Enters the name of a row as the version entered it that wrote the row.
    package func add(named name: String, row: Int64) {
        add(row <= names.plainThrough ? FNV1a.of(name) : names.of(name), row: row)
    }

    private static func range(of hash: Int64) -> Int {
        Int(UInt64(bitPattern: hash) >> UInt64(64 - rangeBits))
    }

    /// A transaction or a look begins.
    ///
    /// - Parameter last: the last entry there is, as far as whoever keeps them knows; nil where none is added but here.
    /// - Returns: the last entry whose name is known here: those behind it are to be added.
    /// - Throws: what the file says.
    package func begin(last: Int64? = nil) throws -> Int64 {
        if seen == 0 {
            seen = try Meta(statements: statements)[LogIndex.pouredKey].flatMap(Int64.init) ?? 0
            for index in ranges.indices { ranges[index].poured = seen }
            // Another process has poured what the filter does not know.
            if seen > filtered { filter = nil }
            isTableEmpty = try statements("SELECT 1 FROM entry_hashes LIMIT 1").first { _ in false } ?? true
        }
        begun = last ?? seen
        return seen
    }

    /// An entry that has no name was passed over.
    package func pass(_ row: Int64) { seen = max(seen, row) }

    /// What is remembered may have been rolled back. To know it again costs as much as was not poured, and not the whole table.
    package func forget() {
        for index in ranges.indices { ranges[index] = Range() }
        count = 0
        seen = 0
        filtered = min(filtered, begun)
    }

    /// Knows no name behind a row any more, in memory or in the file: whoever keeps the entries adds them again.
    ///
    /// - Parameter row: up to here all names are in the table; 0 to forget every name.
    /// - Throws: what the file says.
    package func beginAnew(behind row: Int64) throws {
        let delete = try statements("DELETE FROM entry_hashes WHERE row > ?")
        delete.bind(1, row)
        try delete.run()
        try Meta(statements: statements).set(LogIndex.pouredKey, String(row))
        forget()
        (filter, filtered) = (nil, 0)
    }

    /// The first row of a hash that `match` knows for its own.
    ///
    /// - Throws: what the file says, or what `match` throws.
    package func first<Value>(_ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value? {
        for row in ranges[LogIndex.range(of: hash)].rows[hash] ?? [] {
            if let value = try match(row) { return value }
        }
        guard !isTableEmpty else { return nil }
        var slot = hash
        while let row = try self.row(at: slot) {
            if let value = try match(row) { return value }
            slot &+= 1
        }
        return nil
    }

    package func add(_ hash: Int64, row: Int64) {
        ranges[LogIndex.range(of: hash)].rows[hash, default: []].append(row)
        count += 1
        seen = max(seen, row)
    }

    private func row(at slot: Int64) throws -> Int64? {
        if filter == nil { filter = try makeFilter() }
        guard filter?.mayContain(slot) ?? true else { return nil }
        return try poured(at: slot)
    }

    private func poured(at slot: Int64) throws -> Int64? {
        let select = try statements(&probe, "SELECT row FROM entry_hashes WHERE hash = ?")
        select.bind(1, slot)
        return try select.first { $0.integer(0) }
    }

    private func makeFilter() throws -> HashFilter {
        let rows = try statements("SELECT count(*) FROM entry_hashes").first { $0.int(0) } ?? 0
        var made = HashFilter(capacity: 2 * max(rows, LogIndex.mostFresh))
        try statements("SELECT hash FROM entry_hashes").each { row in
            made.add(row.integer(0))
            return true
        }
        filtered = ranges.map(\.poured).min() ?? 0
        filtersMade += 1
        return made
    }

    /// How often the whole table was read for the filter.
    package private(set) var filtersMade = 0

    /// Called before a transaction ends.
    ///
    /// - Throws: what the file says.
    package func pourIfFull() throws {
        guard count >= LogIndex.mostFresh else { return }
        try pour(next)
        next = (next + 1) % LogIndex.rangeCount
        try remember()
    }

    /// Puts all names that are known into the table.
    ///
    /// - Throws: what the file says.
    package func pour() throws {
        for range in ranges.indices { try pour(range) }
        try remember()
    }

    private func pour(_ range: Int) throws {
        let insert = try statements(&insertion, "INSERT OR IGNORE INTO entry_hashes (hash, row) VALUES (?, ?)")
        for (hash, rows) in ranges[range].rows.sorted(by: { $0.key < $1.key }) {
            for row in rows { try put(row, hash, insert) }
            count -= rows.count
        }
        ranges[range].rows.removeAll(keepingCapacity: true)
        ranges[range].poured = seen
        isTableEmpty = false
        if filter?.isFull ?? false { filter = nil }
    }

    /// Of two rows with one hash the second stands under the next number that is free. One that was poured before a restart,
    /// and read again after it, is there already.
    private func put(_ row: Int64, _ hash: Int64, _ insert: Prepared) throws {
        var slot = hash
        while true {
            insert.bind(1, slot)
            insert.bind(2, row)
            try insert.run()
            guard statements.changes == 0 else {
                filter?.add(slot)
                return
            }
            if try poured(at: slot) == row {
                // Another process may have poured it: the filter does not know it then.
                filter?.add(slot)
                return
            }
            slot &+= 1
        }
    }

    private func remember() throws {
        let poured = ranges.map(\.poured).min() ?? 0
        if filter != nil { filtered = max(filtered, poured) }
        try Meta(statements: statements).set(LogIndex.pouredKey, String(poured))
    }
}
