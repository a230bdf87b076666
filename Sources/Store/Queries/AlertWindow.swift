import ControlRoom

/// Builds and runs the query for one window of a list.
struct AlertWindow {
    private let reader: StoreReader
    private let query: AlertQuery
    private let match: FilterSQL
    private let byColumns: ColumnOrder?

    init(reader: StoreReader, query: AlertQuery) throws {
        self.reader = reader
        self.query = query
        byColumns =
            if case .columns(let sorted) = query.order { try ColumnOrder(sorted, reader) } else { nil }
        match = FilterSQL(query.filter.match, now: query.now, isExercise: query.realm.isExercise, firstNumber: 8)
    }

    func page(_ anchor: AlertAnchor, limit: Int) throws -> AlertPage {
        guard limit > 0, let realm = try reader.realm(query.realm) else {
            return AlertPage(lines: [], reachesStart: limit > 0, reachesEnd: limit > 0)
        }
        if let page = try columnPage(anchor, limit: limit, realm: realm) { return page }
        let backwards = anchor.isBackwards
        let statement = try prepare(anchor, backwards: backwards, realm: realm, limit: limit + 1)
        var lines = try statement.all { row in
            let kept = AlertRows.read(row)
            return AlertLine(
                row: kept.row, key: AlertKey(value: row.integer(AlertRows.columnCount), row: kept.row),
                alert: kept.alert)
        }
        if backwards { lines.reverse() }
        return page(lines, anchor, limit: limit)
    }

    /// - Parameter lines: in the order of the list, with one more than asked for where there is one.
    private func page(_ lines: [AlertLine], _ anchor: AlertAnchor, limit: Int) -> AlertPage {
        let backwards = anchor.isBackwards
        let exhausted = lines.count <= limit
        let shown = exhausted ? lines : backwards ? Array(lines.dropFirst()) : Array(lines.dropLast())
        return AlertPage(
            lines: shown, reachesStart: backwards ? exhausted : anchor == .start,
            reachesEnd: backwards ? anchor == .end : exhausted)
    }

    /// Counts what the query finds, where the columns can tell.
    func quickCount() throws -> Int? {
        guard let realm = try reader.realm(query.realm) else { return 0 }
        return try find(realm: realm)?.1.size
    }

    // MARK: - From memory

    /// What a filter finds, from the columns; nil where there are none, or they cannot tell.
    private func columnPage(_ anchor: AlertAnchor, limit: Int, realm: Int64) throws -> AlertPage? {
        guard let (columns, found) = try find(realm: realm) else { return nil }
        let order = ColumnPage(columns: columns, order: query.order, byColumns)
        let groups = query.grouping?.inside == nil ? try self.groups(columns, found, realm, order) : nil
        let keys = order.keys(groups?.placed ?? found, at: anchor, limit: limit + 1)
        let select = try reader.statements("SELECT \(AlertRows.columns) FROM alerts WHERE id = ?")
        let lines = try keys.compactMap { key in
            let row = groups?.shown(placedBy: key.row) ?? key.row
            var group = groups?.group(of: row)
            group?.cause = try groups?.cause(shownBy: row).flatMap { cause in
                select.bind(1, cause)
                return try select.first { AlertRows.read($0).alert.headline }
            }
            select.bind(1, row)
            return try select.first { AlertLine(row: row, key: key, alert: AlertRows.read($0).alert, group: group) }
        }
        var page = page(lines, anchor, limit: limit)
        page.isGrouped = groups != nil
        return page
    }

    /// So many are asked one by one what no column tells; where there are more, the file is asked as a whole.
    private static let mostAsked = 20_000

    private func find(realm: Int64) throws -> (AlertColumns, Bits)? {
        guard query.asksColumns, let columns = try reader.currentColumns() else { return nil }
        let filter = ColumnFilter(
            columns: columns, statements: reader.statements, now: query.now, isExercise: query.realm.isExercise)
        let found = try filter.find(query, realm: realm)
        if found.isExact { return (columns, try inside(found.bits, columns, realm)) }
        guard found.bits.size <= AlertWindow.mostAsked else { return nil }
        return (columns, try inside(try ask(found.bits, columns), columns, realm))
    }

    /// Of what was found, the group that is open.
    private func inside(_ found: Bits, _ columns: AlertColumns, _ realm: Int64) throws -> Bits {
        guard let rows = query.grouping?.inside else { return found }
        let order = ColumnPage(columns: columns, order: query.order, byColumns)
        return try groups(columns, found, realm, order)?.members(of: rows) ?? found
    }

    /// All groups, also where one of them is open.
    private func groups(
        _ columns: AlertColumns, _ found: Bits, _ realm: Int64, _ order: ColumnPage
    ) throws -> ColumnGroups? {
        guard let grouping = query.grouping else { return nil }
        var whole = query
        whole.grouping?.inside = nil
        return try reader.groups(whole) {
            try ColumnGroups(
                columns, found, grouping.rules,
                causedBy: { cause in
                    try reader.alertRows.row(realm: realm, subject: columns.causes.values[Int(cause)])
                }, order.key)
        }
    }

    private func ask(_ candidates: Bits, _ columns: AlertColumns) throws -> Bits {
        let statement = try reader.statements("SELECT 1 FROM alerts WHERE id = ?1 AND \(match.condition)")
        match.bind(to: statement)
        var bits = Bits(columns.count, all: false)
        try candidates.forEach { place in
            statement.bind(1, columns.row(place))
            if try statement.first({ _ in true }) ?? false { bits.insert(place) }
        }
        return bits
    }

    // MARK: - SQL

    /// What the order sorts by; ascending, so that one comparison serves every order.
    private var sortValue: String {
        switch query.order {
        case .need: "need"
        case .oldest: "raised"
        case .newest: "-raised"
        // The need without its group: severity, then time.
        case .severity: "(need & 140737488355327)"
        case .columns: byColumns?.sql ?? "need"
        }
    }

    /// Counts what the query finds, up to `limit`.
    func count(limit: Int) throws -> Int {
        guard let realm = try reader.realm(query.realm) else { return 0 }
        if let (_, found) = try find(realm: realm) { return min(limit, found.size) }
        let statement = try reader.statements(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM alerts WHERE \((conditions + needs(.start)).joined(separator: " AND ")) LIMIT ?2)
            """)
        bind(statement, .start, realm: realm, limit: limit)
        return try statement.first { $0.int(0) } ?? 0
    }

    private var conditions: [String] {
        var conditions = ["realm = ?1"]
        let filter = query.filter
        if filter.tool != nil { conditions.append("tool = ?5") }
        if filter.district != nil { conditions.append("district = ?6") }
        if filter.minimumSeverity != nil { conditions.append("latched_severity <= ?7") }
        if filter.match != nil { conditions.append(match.condition) }
        // The file knows no groups: of one that is open, the rows by which it was found.
        if let rows = query.grouping?.inside {
            conditions.append("id IN (\(rows.map(String.init).joined(separator: ",")))")
        }
        return conditions
    }

    /// What is asked of the need: one bound on each side, for SQLite begins to walk an index at one of several, whichever it finds
    /// first, and passes over all rows from there to the narrowest.
    ///
    /// - Parameter group: needs of one group alone; a sort value then counts from its first.
    private func needs(_ anchor: AlertAnchor, group: Range<Int64>? = nil) -> [String] {
        var (lower, upper) = (group.map { ["\($0.lowerBound)"] } ?? [], group.map { ["\($0.upperBound - 1)"] } ?? [])
        switch query.filter.shown {
        case .all: break
        case .open: upper.append("\(Alert.firstNormalNeed - 1)")
        case .unacknowledged: upper.append("\(Alert.firstAttendedNeed - 1)")
        case .shelved:
            lower.append("\(Alert.firstSuppressedNeed)")
            upper.append("\(Alert.firstNormalNeed - 1)")
        }
        if query.order == .need || group != nil {
            let place = group.map { "\($0.lowerBound) + ?3" } ?? "?3"
            switch anchor {
            case .start, .end: break
            case .from, .after: lower.append(place)
            case .before: upper.append(place)
            }
        }
        return [bound("need >=", "max", lower), bound("need <=", "min", upper)].compactMap { $0 }
    }

    private func bound(_ comparison: String, _ narrowest: String, _ values: [String]) -> String? {
        guard let first = values.first else { return nil }
        return values.count == 1
            ? "\(comparison) \(first)" : "\(comparison) \(narrowest)(\(values.joined(separator: ", ")))"
    }

    private func prepare(_ anchor: AlertAnchor, backwards: Bool, realm: Int64, limit: Int) throws -> Prepared {
        let conditions = conditions + position(anchor)
        let sql =
            query.order == .severity
            ? mergedGroups(conditions, anchor, backwards: backwards)
            : select(conditions + needs(anchor), backwards: backwards)
        let statement = try reader.statements(sql)
        bind(statement, anchor, realm: realm, limit: limit)
        return statement
    }

    private func select(_ conditions: [String], backwards: Bool) -> String {
        """
        SELECT \(AlertRows.columns), \(sortValue) FROM alerts WHERE \(conditions.joined(separator: " AND ")) \
        ORDER BY \(ordering(backwards: backwards)) LIMIT ?2
        """
    }

    /// Within a group of the need, the index has the severities in order: a window over all of them is merged from one
    /// window of each group.
    private func mergedGroups(_ conditions: [String], _ anchor: AlertAnchor, backwards: Bool) -> String {
        let parts = (0..<Alert.needGroups).map { group in
            let needs = needs(anchor, group: Int64(group) << 47..<Int64(group + 1) << 47)
            return "SELECT * FROM (\(select(conditions + needs, backwards: backwards)))"
        }
        let direction = backwards ? " DESC" : ""
        return parts.joined(separator: " UNION ALL ")
            + " ORDER BY \(AlertRows.columnCount + 1)\(direction), 1\(direction) LIMIT ?2"
    }

    /// `raised` is indexed upwards: the newest first is the same index read from its end.
    private func ordering(backwards: Bool) -> String {
        if query.order == .newest { return backwards ? "raised, id DESC" : "raised DESC, id" }
        let value = query.order == .severity ? "need" : sortValue
        return backwards ? "\(value) DESC, id DESC" : "\(value), id"
    }

    /// Where the window begins, beside what `needs` says of it.
    private func position(_ anchor: AlertAnchor) -> [String] {
        switch anchor {
        case .start, .end: []
        case .from: beginning(">=", reversed: "<=") + ["(\(sortValue) > ?3 OR id >= ?4)"]
        case .after: beginning(">=", reversed: "<=") + ["(\(sortValue) > ?3 OR id > ?4)"]
        case .before: beginning("<=", reversed: ">=") + ["(\(sortValue) < ?3 OR id < ?4)"]
        }
    }

    private func beginning(_ comparison: String, reversed: String) -> [String] {
        switch query.order {
        case .need: []
        case .newest: ["raised \(reversed) -?3"]
        case .oldest, .severity, .columns: ["\(sortValue) \(comparison) ?3"]
        }
    }

    private func bind(_ statement: Prepared, _ anchor: AlertAnchor, realm: Int64, limit: Int) {
        statement.bind(1, realm)
        statement.bind(2, limit)
        switch anchor {
        case .start, .end: break
        case .from(let key), .after(let key), .before(let key):
            statement.bind(3, key.value)
            statement.bind(4, key.row)
        }
        let filter = query.filter
        if let tool = filter.tool { statement.bind(5, tool.rawValue) }
        if let district = filter.district { statement.bind(6, district) }
        if let severity = filter.minimumSeverity { statement.bind(7, severity.rawValue) }
        match.bind(to: statement)
    }
}
