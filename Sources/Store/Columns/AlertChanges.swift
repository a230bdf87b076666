import ControlRoom

/// Which rows of `alerts` each transaction wrote, so that a reader of any process need not read all of them again.
///
/// Bounded: the last transactions are kept, and of one that wrote very many only that it did.
final class AlertChanges {
    private let statements: Statements
    private var rows: Set<Int64> = []

    private static let mostKept: Int64 = 2_048
    private static let mostRows = 10_000

    init(_ statements: Statements) { self.statements = statements }

    // MARK: - Writing

    func note(_ row: Int64) { rows.insert(row) }

    func forget() { rows.removeAll(keepingCapacity: true) }

    /// Writes what was noted; called before the transaction ends.
    func flush() throws {
        guard !rows.isEmpty else { return }
        let insert = try statements("INSERT INTO alert_changes (rows) VALUES (?)")
        insert.bind(1, rows.count > AlertChanges.mostRows ? [] : RisingNumbers.pack(rows.sorted()))
        try insert.run()
        forget()
        let number = statements.lastInsertedRow
        guard number % 256 == 0 else { return }
        let delete = try statements("DELETE FROM alert_changes WHERE number <= ?")
        delete.bind(1, number - AlertChanges.mostKept)
        try delete.run()
    }

    // MARK: - Reading

    /// The number of the last transaction; 0 where there was none.
    static func last(_ statements: Statements) throws -> Int64 {
        try statements("SELECT max(number) FROM alert_changes").first { $0.integer(0) } ?? 0
    }

    /// The rows that were written after a transaction; nil where that is no longer known, or where they are too many to be read
    /// one by one.
    static func rows(
        after number: Int64, most: Int, _ statements: Statements
    ) throws -> (rows: Set<Int64>, last: Int64)? {
        let select = try statements("SELECT number, rows FROM alert_changes WHERE number > ? ORDER BY number")
        select.bind(1, number)
        var (rows, last, isWhole) = (Set<Int64>(), number, true)
        try select.each { row in
            let packed = row.blob(1)
            isWhole = row.integer(0) == last + 1 && !packed.isEmpty
            last = row.integer(0)
            RisingNumbers.unpack(packed) { rows.insert($0) }
            if rows.count > most { isWhole = false }
            return isWhole
        }
        return isWhole ? (rows, last) : nil
    }
}
