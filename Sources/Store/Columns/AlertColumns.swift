import ControlRoom

/// What filters ask of alerts most, column by column in memory: a million alerts are looked through in milliseconds.
///
/// Some 64 bytes an alert. Kept in step with the table by `AlertChanges`. Which row has which place `RowPlaces` says.
struct AlertColumns {
    private(set) var rows = RowPlaces(first: 1, isSparse: false)
    /// Rows before this one have been read.
    private(set) var next: Int64 = 1
    /// The transaction of `AlertChanges` up to which they are known.
    private(set) var seen: Int64 = 0
    private(set) var isWhole = false

    private(set) var need: [Int64] = []
    private(set) var place: [Int64] = []
    /// Milliseconds; `never` where it does not go stale.
    private(set) var stale: [Int64] = []
    /// When a shelf ends; `never` where there is none.
    private(set) var shelvedUntil: [Int64] = []
    /// When a rule ends that suppresses it by design; `Int64.min` where none does.
    private(set) var designedUntil: [Int64] = []
    private(set) var confidence: [Float] = []
    private(set) var occurrence: [Int32] = []
    /// The minute in which it was last annunciated as an alarm, counted from 1970; -1 where it never was.
    private(set) var alarmedMinute: [Int32] = []
    private(set) var district = CodeColumn()
    private(set) var kind = CodeColumn()
    private(set) var realm = CodeColumn()
    private(set) var owner = CodeColumn()
    private(set) var cause = CodeColumn()
    private(set) var tool = CodeColumn()
    private(set) var status: [UInt8] = []
    private(set) var flags: [Flags] = []
    /// Read when a filter looks into headlines, another 60 bytes an alert; nil before.
    private(set) var headlines: TextColumn?
    private var nextHeadline: Int64 = 1
    private(set) var areHeadlinesWhole = false

    private(set) var districts = NumberedTexts(none: "")
    private(set) var kinds = NumberedTexts(none: "")
    private(set) var realms = NumberedTexts(none: "")
    private(set) var owners = NumberedTexts(none: "")
    private(set) var causes = NumberedTexts(none: "")
    /// Of `Tool.rawValue`.
    private(set) var toolNumbers = Numbered<Int>(none: Tool.other.rawValue)

    /// So many places for rows that were forgotten, beside three for each that is there, cost less than to look for places.
    private static let mostHoles: Int64 = 100_000
    static let never = Int64.max
    static let nowhere = Int64.max

    struct Flags: OptionSet {
        let rawValue: UInt16
        static let isThere = Flags(rawValue: 1)
        static let active = Flags(rawValue: 2)
        static let acknowledged = Flags(rawValue: 4)
        static let latching = Flags(rawValue: 8)
        static let latched = Flags(rawValue: 16)
        static let outOfService = Flags(rawValue: 64)
        static let once = Flags(rawValue: 128)
        static let escalated = Flags(rawValue: 256)
        static let requested = Flags(rawValue: 512)
    }

    /// Values that repeat, by number; 0 is none. There are never more of them than rows, and those fit into memory.
    struct Numbered<Value: Hashable> {
        /// By number; what stands for none first.
        private(set) var values: [Value]
        private var numbers: [Value: UInt32] = [:]

        init(none: Value) { values = [none] }

        mutating func number(_ value: Value?) -> UInt32 {
            guard let value else { return 0 }
            if let known = numbers[value] { return known }
            let number = UInt32(values.count)
            values.append(value)
            numbers[value] = number
            return number
        }

        func known(_ value: Value) -> UInt32? { numbers[value] }
    }

    typealias NumberedTexts = Numbered<String>

    /// By their numbers in the column.
    var tools: [Tool] { toolNumbers.values.map { Tool(rawValue: $0) ?? .other } }

    var count: Int { need.count }

    func row(_ place: Int) -> Int64 { rows.row(place) }

    func place(_ row: Int64) -> Int? { rows.place(row).flatMap { $0 < count ? $0 : nil } }

    // MARK: - Reading

    private static let columns = """
        id, need, place, stale, shelved_until, confidence, \(AlertRows.timesAnnunciated), district, kind, realm, tool, status, active, \
        acknowledged, latching, latched, suppression, acts IS NOT NULL AND coalesce(json_extract(acts, '$.shelved.once'), 0), \
        owner, escalation, requested, designed_until, cause, alarmed
        """
    private static let columnCount: Int32 = 24

    /// Reads a portion of what has not been read yet, and then what changed meanwhile.
    ///
    /// - Returns: false where there is nothing more to read.
    mutating func read(_ statements: Statements, limit: Int) throws -> Bool {
        if isWhole { return false }
        if count == 0 {
            seen = try AlertChanges.last(statements)
            let look = try statements("SELECT coalesce(min(id), 1), coalesce(max(id), 0), count(*) FROM alerts")
            let (first, last, count) = try look.first { ($0.integer(0), $0.integer(1), $0.integer(2)) } ?? (1, 0, 0)
            rows = RowPlaces(first: first, isSparse: last - first > AlertColumns.mostHoles + 3 * count)
            next = first
        }
        let select = try statements("SELECT \(AlertColumns.columns) FROM alerts WHERE id >= ? ORDER BY id LIMIT ?")
        select.bind(1, next)
        select.bind(2, limit)
        var taken = 0
        try select.each { row in
            take(row)
            next = row.integer(0) + 1
            taken += 1
            return true
        }
        isWhole = taken < limit
        return !isWhole
    }

    /// Reads a portion of the headlines; false when all are there.
    mutating func readHeadlines(_ statements: Statements, limit: Int) throws -> Bool {
        guard isWhole, !areHeadlinesWhole else { return false }
        if headlines == nil {
            headlines = TextColumn()
            nextHeadline = .min
        }
        let select = try statements("SELECT id, headline FROM alerts WHERE id >= ? ORDER BY id LIMIT ?")
        select.bind(1, nextHeadline)
        select.bind(2, limit)
        var taken = 0
        try select.each { row in
            takeHeadline(row, column: 1)
            nextHeadline = row.integer(0) + 1
            taken += 1
            return true
        }
        areHeadlinesWhole = taken < limit
        return !areHeadlinesWhole
    }

    private mutating func takeHeadline(_ row: borrowing Prepared, column: Int32) {
        guard let place = place(row.integer(0)) else { return }
        row.withText(column) { headlines?.set(place, $0) }
    }

    /// Takes over what was written since the last time; all is read anew where that is not known.
    mutating func catchUp(_ statements: Statements) throws {
        guard let changed = try AlertChanges.rows(after: seen, most: max(10_000, count / 4), statements) else {
            self = AlertColumns()
            return
        }
        let select = try statements("SELECT \(AlertColumns.columns), headline FROM alerts WHERE id = ?")
        for row in changed.rows.sorted() {
            select.bind(1, row)
            let isTaken = try select.first { row in
                let isTaken = take(row)
                if headlines != nil { takeHeadline(row, column: AlertColumns.columnCount) }
                return isTaken
            }
            switch isTaken {
            case nil: if let place = place(row) { flags[place] = [] }
            case true?: break
            case false?:
                self = AlertColumns()
                return
            }
        }
        seen = changed.last
    }

    /// - Returns: false where there is no place for the row.
    @discardableResult
    private mutating func take(_ row: borrowing Prepared) -> Bool {
        guard let index = rows.take(row.integer(0)) else { return false }
        grow(to: index + 1)
        need[index] = row.integer(1)
        place[index] = row.optionalInteger(2) ?? AlertColumns.nowhere
        stale[index] = row.optionalInteger(3) ?? AlertColumns.never
        shelvedUntil[index] = row.optionalInteger(4) ?? AlertColumns.never
        designedUntil[index] = row.optionalInteger(21) ?? .min
        confidence[index] = row.optionalDouble(5).map { Float($0) } ?? .nan
        occurrence[index] = Int32(clamping: row.integer(6))
        alarmedMinute[index] =
            row.optionalInteger(23).map { Int32(clamping: Timestamp(milliseconds: $0).minute) } ?? -1
        district.set(index, districts.number(row.optionalText(7)))
        kind.set(index, kinds.number(row.text(8)))
        realm.set(index, realms.number(String(row.integer(9))))
        owner.set(index, owners.number(row.optionalText(18)))
        cause.set(index, causes.number(row.optionalText(22)))
        tool.set(index, toolNumbers.number(row.int(10)))
        status[index] = UInt8(clamping: row.int(11))
        flags[index] = AlertColumns.flags(row)
        return true
    }

    private static func flags(_ row: borrowing Prepared) -> Flags {
        var flags: Flags = .isThere
        if row.bool(12) { flags.insert(.active) }
        if row.bool(13) { flags.insert(.acknowledged) }
        if row.bool(14) { flags.insert(.latching) }
        if row.bool(15) { flags.insert(.latched) }
        let suppressions = AlertRows.Suppressions(rawValue: row.int(16))
        if suppressions.contains(.outOfService) { flags.insert(.outOfService) }
        if row.bool(17) { flags.insert(.once) }
        if row.int(19) > 0 { flags.insert(.escalated) }
        if row.bool(20) { flags.insert(.requested) }
        return flags
    }

    private mutating func grow(to size: Int) {
        while count < size {
            need.append(.max)
            place.append(AlertColumns.nowhere)
            stale.append(AlertColumns.never)
            shelvedUntil.append(AlertColumns.never)
            designedUntil.append(.min)
            confidence.append(.nan)
            occurrence.append(0)
            alarmedMinute.append(-1)
            district.grow()
            kind.grow()
            realm.grow()
            owner.grow()
            cause.grow()
            tool.grow()
            status.append(0)
            flags.append([])
        }
    }
}
