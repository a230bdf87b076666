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
        insert.bind(1, rows.count > AlertChanges.mostRows ? [] : AlertChanges.pack(rows.sorted()))
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
            unpack(packed) { rows.insert($0) }
            if rows.count > most { isWhole = false }
            return isWhole
        }
        return isWhole ? (rows, last) : nil
    }

    /// Rising numbers as the steps between them, seven bits a byte, the lowest first (LEB128).
    static func pack(_ rows: [Int64]) -> [UInt8] {
        var packed: [UInt8] = []
        var before: Int64 = 0
        for row in rows {
            var step = UInt64(bitPattern: row &- before)
            while step > 0x7F {
                packed.append(UInt8(truncatingIfNeeded: step) | 0x80)
                step >>= 7
            }
            packed.append(UInt8(truncatingIfNeeded: step))
            before = row
        }
        return packed
    }

    static func unpack(_ packed: [UInt8], _ body: (Int64) -> Void) {
        var (row, step, shift) = (Int64(0), UInt64(0), UInt64(0))
        for byte in packed {
            step |= UInt64(byte & 0x7F) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            row &+= Int64(bitPattern: step)
            body(row)
            (step, shift) = (0, 0)
        }
    }
}
