import ControlRoom

/// Rows of a table by a hash, in two tiers: a small one takes every new entry, and is poured into the large one now and
/// then, in order.
///
/// A hash may fall anywhere. In one large index a batch of new entries writes nearly every page of it, so that the cost
/// of a batch grows with all that came before; here it grows with what came lately, and with the rest only once a pour.
///
/// The hash is the key of the table itself, which is found faster than a row of an index. Of two rows with the same hash
/// the second stands under the next number that is free, as in open addressing: one behind which another stands is never taken
/// out, or that one would not be found any more.
///
/// What a transaction enters is written at its end, in order and many rows at once.
final class HashIndex: RowsByHash {
    private let statements: Statements
    private let name: String
    private var probe: Prepared?
    private var insertingOne: Prepared?
    private var insertingMany: Prepared?
    /// Entered, and not yet written.
    private var entered: [Int64: Int64] = [:]
    /// Where a hash belongs of which others were found; hardly ever more than none.
    private var moved: [Int64: Int64] = [:]
    /// Of both tiers, once so much was written that it pays; nil where others may have written since.
    private var filter: HashFilter?
    /// Entries in the small tier; nil where it is to be counted.
    private var fresh: Int?

    private let mostFresh: Int

    /// - Parameters:
    ///   - name: of the large tier; the small one has `_fresh` behind it.
    ///   - mostFresh: entries that are poured at once: whoever writes then waits for as many.
    init(_ statements: Statements, name: String, mostFresh: Int = 50_000) {
        self.statements = statements
        self.name = name
        self.mostFresh = mostFresh
    }

    static let events = "event_hashes"
    static let alerts = "alert_hashes"

    /// The first row of a hash that `match` knows for its own.
    func first<Value>(_ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value? {
        var slot = hash
        while let row = try row(at: slot) {
            if let value = try match(row) { return value }
            slot &+= 1
        }
        if slot != hash { moved[hash] = slot }
        return nil
    }

    /// Enters a row that `first` did not find in this transaction.
    func insert(_ hash: Int64, row: Int64) throws {
        var slot = moved[hash] ?? hash
        // Another of this hash may have been entered since.
        if entered[slot] != nil { repeat { slot &+= 1 } while try self.row(at: slot) != nil }
        entered[slot] = row
    }

    /// Writes what was entered.
    private func write() throws {
        guard !entered.isEmpty else { return }
        fresh = try freshCount() + entered.count
        var rest = entered.sorted { $0.key < $1.key }[...]
        while !rest.isEmpty {
            let isMany = rest.count >= HashIndex.rowsAtOnce
            let portion = rest.prefix(isMany ? HashIndex.rowsAtOnce : 1)
            rest = rest.dropFirst(portion.count)
            let insert =
                isMany
                ? try statements(&insertingMany, insertion(of: HashIndex.rowsAtOnce))
                : try statements(&insertingOne, insertion(of: 1))
            for (place, entry) in zip(Int32(0)..., portion) {
                insert.bind(2 * place + 1, entry.key)
                insert.bind(2 * place + 2, entry.value)
                filter?.add(entry.key)
            }
            try insert.run()
        }
        entered.removeAll(keepingCapacity: true)
    }

    private static let rowsAtOnce = 64

    private func insertion(of rows: Int) -> String {
        let marks = Array(repeating: "(?, ?)", count: rows).joined(separator: ", ")
        return "INSERT INTO \(name)_fresh (hash, row) VALUES \(marks)"
    }

    /// Takes a row out, unless others are found past it; whoever finds it then finds a row that is not there.
    func remove(_ hash: Int64, row: Int64) throws {
        try write()
        var slot = hash
        while let found = try self.row(at: slot), found != row { slot &+= 1 }
        guard try self.row(at: slot) == row, try self.row(at: slot &+ 1) == nil else { return }
        for tier in ["\(name)_fresh", name] {
            let delete = try statements("DELETE FROM \(tier) WHERE hash = ?")
            delete.bind(1, slot)
            try delete.run()
            guard statements.changes > 0 else { continue }
            if tier != name { fresh = fresh.map { $0 - 1 } }
            return
        }
    }

    private func row(at slot: Int64) throws -> Int64? {
        if let row = entered[slot] { return row }
        if let filter, !filter.mayContain(slot) { return nil }
        let probe = try statements(
            &probe, "SELECT row FROM \(name)_fresh WHERE hash = ?1 UNION ALL SELECT row FROM \(name) WHERE hash = ?1")
        probe.bind(1, slot)
        return try probe.first { $0.integer(0) }
    }

    /// Called at the end of each batch, inside its transaction.
    func pour() throws {
        moved = [:]
        try write()
        guard try freshCount() >= mostFresh else { return }
        try statements("INSERT INTO \(name) (hash, row) SELECT hash, row FROM \(name)_fresh ORDER BY hash").run()
        try statements("DELETE FROM \(name)_fresh").run()
        fresh = 0
        if filter?.isFull ?? true { filter = try makeFilter() }
    }

    private func makeFilter() throws -> HashFilter {
        let count = try statements("SELECT count(*) FROM \(name)").first { $0.int(0) } ?? 0
        var filter = HashFilter(capacity: 2 * count)
        try statements("SELECT hash FROM \(name)").each { row in
            filter.add(row.integer(0))
            return true
        }
        return filter
    }

    /// Another process may have written, or what was written was taken back.
    func forget() {
        fresh = nil
        filter = nil
        (moved, entered) = ([:], [:])
    }

    private func freshCount() throws -> Int {
        if let fresh { return fresh }
        let counted = try statements("SELECT count(*) FROM \(name)_fresh").first { $0.int(0) } ?? 0
        fresh = counted
        return counted
    }
}
