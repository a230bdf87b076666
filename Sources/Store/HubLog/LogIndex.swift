/// Which names a hub's log holds. New ones are kept in memory and poured into a table now and then, in the order of their
/// hashes: so a commit writes the entries and nothing else, however many there are. What was not poured when the process
/// ended is read again from the entries themselves.
final class LogIndex {
    private let statements: Statements
    private var fresh: [Int64: [Int64]] = [:]
    private var count = 0
    /// The last entry whose name is known here, and the last that is in the table.
    private var seen: Int64 = 0
    private var poured: Int64 = 0
    /// Of the table; nil until somebody asks it.
    private var filter: HashFilter?
    private var probe: Prepared?
    private var insertion: Prepared?

    /// Names that are poured at once.
    private static let mostFresh = 100_000
    private static let pouredKey = "poured"

    init(_ statements: Statements) { self.statements = statements }

    static func hash(_ name: String) -> Int64 { fingerprint(name) }

    /// Takes in what is in the log and not known here: at the start, after a rollback, or because another process wrote.
    func catchUp(to last: Int64) throws {
        if seen == 0 {
            poured = try Meta(statements: statements)[LogIndex.pouredKey].flatMap(Int64.init) ?? 0
            seen = poured
        }
        guard last > seen else { return }
        let select = try statements("SELECT sequence, name FROM entries WHERE sequence > ? ORDER BY sequence")
        select.bind(1, seen)
        try select.each { row in
            add(LogIndex.hash(row.text(1)), row: row.integer(0))
            return true
        }
    }

    /// What is remembered may have been rolled back.
    func forget() {
        fresh.removeAll(keepingCapacity: true)
        count = 0
        seen = 0
        filter = nil
    }

    /// The first row of a hash that `match` knows for its own.
    func first<Value>(_ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value? {
        for row in fresh[hash] ?? [] {
            if let value = try match(row) { return value }
        }
        guard poured > 0 else { return nil }
        var slot = hash
        while let row = try self.row(at: slot) {
            if let value = try match(row) { return value }
            slot &+= 1
        }
        return nil
    }

    func add(_ hash: Int64, row: Int64) {
        fresh[hash, default: []].append(row)
        count += 1
        seen = max(seen, row)
    }

    private func row(at slot: Int64) throws -> Int64? {
        if filter == nil { filter = try makeFilter() }
        guard filter?.mayContain(slot) ?? true else { return nil }
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
        return made
    }

    /// Called before a transaction ends.
    func pourIfFull() throws { if count >= LogIndex.mostFresh { try pour() } }

    /// Puts all names that are known into the table.
    func pour() throws {
        let insert = try statements(&insertion, "INSERT OR IGNORE INTO entry_hashes (hash, row) VALUES (?, ?)")
        for (hash, rows) in fresh.sorted(by: { $0.key < $1.key }) {
            for row in rows {
                // Of two rows with one hash the second stands under the next number that is free.
                var slot = hash
                repeat {
                    insert.bind(1, slot)
                    insert.bind(2, row)
                    try insert.run()
                    filter?.add(slot)
                    slot &+= 1
                } while statements.changes == 0
            }
        }
        try Meta(statements: statements).set(LogIndex.pouredKey, String(seen))
        poured = seen
        fresh.removeAll(keepingCapacity: true)
        count = 0
        if filter?.isFull ?? false { filter = nil }
    }
}
