import ControlRoom

/// The groups that alarms form (`AlertGrouping`), found in one pass over them in the order in which they were annunciated.
///
/// Each alarm looks into the at most four cells of a grid that its circle touches. The cost grows with the alarms that were
/// found, times the logarithm for their order; for what lies far apart it is that of a look-up.
struct ColumnGroups {
    /// The alarms by which groups are shown: of each the one that comes first in the order of the list.
    private(set) var shown: Bits
    private let columns: AlertColumns
    /// Places in the order of annunciation, and the group of each.
    private var places: [Int32] = []
    private var groupOf: [Int32] = []
    private var groups: [Group] = []

    private struct Group {
        var first: Int
        var place: Coordinate?
        var firstRaised: Int64
        var last: Int
        var lastRaised: Int64
        var count = 1
        var waiting = 0
        var shown: Int
        var key: AlertKey
        /// The group that was begun before it in the same cell; -1 where there is none.
        var next: Int32 = -1
    }

    /// So many rows of a group are kept to find it again.
    private static let rowsKept = 16

    init(_ columns: AlertColumns, _ found: Bits, _ rules: [GroupingRule], _ key: (Int) -> AlertKey) {
        self.columns = columns
        shown = Bits(columns.count, all: false)
        order(found)
        let rulesByKind = RulesByKind(columns, rules)
        var grid: [Int64: Int32] = [:]
        groupOf.reserveCapacity(places.count)
        for place in places {
            let place = Int(place)
            let group = join(place, rulesByKind.rule(place), &grid, key)
            groupOf.append(Int32(group))
        }
        for group in groups { shown.insert(group.shown) }
    }

    private mutating func order(_ found: Bits) {
        let need = columns.need
        var raised: [(time: Int64, place: Int32)] = []
        raised.reserveCapacity(found.size)
        found.forEach { raised.append((Alert.raisedMilliseconds(need: need[$0]), Int32(truncatingIfNeeded: $0))) }
        raised.sort { ($0.time, $0.place) < ($1.time, $1.place) }
        places = raised.map(\.place)
    }

    /// - Returns: the group that it belongs to, a new one where there is none near.
    private mutating func join(
        _ place: Int, _ rule: GroupingRule?, _ grid: inout [Int64: Int32], _ key: (Int) -> AlertKey
    ) -> Int {
        let time = Alert.raisedMilliseconds(need: columns.need[place])
        let key = key(place)
        let waits = columns.need[place] < Alert.firstAttendedNeed
        let coordinate =
            columns.place[place] == AlertColumns.nowhere ? nil : PlaceKey(rawValue: columns.place[place]).coordinate
        guard let rule, rule.seconds > 0 else { return begin(place, coordinate, time, key, waits) }
        let cells = Cells(columns, place, coordinate, rule)
        var nearest: (group: Int, metres: Double)?
        for cell in cells.touched {
            search(cell, &grid, coordinate, time, rule) { group, metres in
                let isNearer = nearest.map { metres < $0.metres || metres == $0.metres && group < $0.group } ?? true
                if isNearer { nearest = (group, metres) }
            }
        }
        guard let group = nearest?.group else {
            let group = begin(place, coordinate, time, key, waits)
            groups[group].next = grid[cells.own] ?? -1
            grid[cells.own] = Int32(group)
            return group
        }
        groups[group].count += 1
        (groups[group].last, groups[group].lastRaised) = (place, time)
        if waits { groups[group].waiting += 1 }
        if key < groups[group].key { (groups[group].key, groups[group].shown) = (key, place) }
        return group
    }

    private mutating func begin(
        _ place: Int, _ coordinate: Coordinate?, _ time: Int64, _ key: AlertKey, _ waits: Bool
    ) -> Int {
        groups.append(
            Group(
                first: place, place: coordinate, firstRaised: time, last: place, lastRaised: time,
                waiting: waits ? 1 : 0,
                shown: place, key: key))
        return groups.count - 1
    }

    /// Looks through the groups of a cell; those that are over by now leave it.
    private mutating func search(
        _ cell: Int64, _ grid: inout [Int64: Int32], _ coordinate: Coordinate?, _ time: Int64, _ rule: GroupingRule,
        _ body: (Int, Double) -> Void
    ) {
        guard let head = grid[cell] else { return }
        var before = -1
        var next = head
        while next >= 0 {
            let group = Int(next)
            next = groups[group].next
            guard time - groups[group].lastRaised <= Int64(rule.seconds) * 1_000 else {
                if before >= 0 { groups[before].next = next } else { grid[cell] = next >= 0 ? next : nil }
                continue
            }
            before = group
            guard let coordinate, let centre = groups[group].place else {
                body(group, 0)
                continue
            }
            let metres = coordinate.distance(to: centre)
            if metres <= Double(rule.metres) { body(group, metres) }
        }
    }

    // MARK: - Asking

    /// The group that a row stands for; nil where it is alone.
    func group(shownBy row: Int64) -> AlertGroup? {
        guard let place = columns.place(row), let group = number(of: place), groups[group].count > 1 else { return nil }
        let found = groups[group]
        var rows = [row]
        for (index, number) in groupOf.enumerated() where Int(number) == group && rows.count < ColumnGroups.rowsKept {
            rows.append(columns.row(Int(places[index])))
        }
        return AlertGroup(
            count: found.count, waiting: found.waiting, first: columns.row(found.first),
            firstRaised: Timestamp(milliseconds: found.firstRaised),
            last: columns.row(found.last), lastRaised: Timestamp(milliseconds: found.lastRaised), rows: rows)
    }

    /// All members of the groups to which any of these rows belongs.
    func members(of rows: [Int64]) -> Bits {
        let wanted = Set(rows.compactMap(columns.place).compactMap(number))
        var bits = Bits(columns.count, all: false)
        for (index, group) in groupOf.enumerated() where wanted.contains(Int(group)) {
            bits.insert(Int(places[index]))
        }
        return bits
    }

    /// By its time: places are in that order.
    private func number(of place: Int) -> Int? {
        let wanted = (Alert.raisedMilliseconds(need: columns.need[place]), Int32(truncatingIfNeeded: place))
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            let here = Int(places[middle])
            if (Alert.raisedMilliseconds(need: columns.need[here]), places[middle]) < wanted {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < places.count && places[low] == wanted.1 ? Int(groupOf[low]) : nil
    }
}

/// The rule of each tool and kind, found once for each pair.
private struct RulesByKind {
    private let columns: AlertColumns
    private let byTool: [[GroupingRule?]]

    init(_ columns: AlertColumns, _ rules: [GroupingRule]) {
        self.columns = columns
        byTool = Tool.allCases.map { tool in
            columns.kinds.texts.map { kind in rules.first { $0.fits(tool, kind) } }
        }
    }

    func rule(_ place: Int) -> GroupingRule? {
        let (tool, kind) = (Int(columns.tool[place]), Int(columns.kind[place]))
        guard byTool.indices.contains(tool), byTool[tool].indices.contains(kind) else { return nil }
        return byTool[tool][kind]
    }
}

/// The cell of a grid in which an alarm lies, and those that its circle touches. A cell is as wide as the circle, so that these
/// are four at most; alarms of different tools and kinds are in different grids.
private struct Cells {
    let own: Int64
    private(set) var touched: [Int64]

    /// Smaller ones would be too many to number.
    private static let leastMetres = 25.0
    private static let metresPerDegree = 111_195.0

    init(_ columns: AlertColumns, _ place: Int, _ coordinate: Coordinate?, _ rule: GroupingRule) {
        let grid = Int64(columns.tool[place]) << 57 | Int64(columns.kind[place]) << 41
        guard let coordinate else {
            own = grid | Cells.nowhere | Int64(columns.district[place])
            touched = [own]
            return
        }
        let radius = max(Cells.leastMetres, Double(rule.metres)) * 1.001
        let height = 2 * radius / Cells.metresPerDegree
        func row(_ latitude: Double) -> Int64 { Int64(((latitude + 90) / height).rounded(.down)) }
        /// How much shorter a degree of longitude is than one of latitude, at the end of a row where it is shortest.
        func scale(_ row: Int64) -> Double {
            let ends = [Double(row), Double(row + 1)].map { abs($0 * height - 90) }
            return Coordinate(latitude: ends.max() ?? 0, longitude: 0).longitudeScale
        }
        func cell(_ row: Int64, _ longitude: Double) -> Int64 {
            let width = height / scale(row)
            return grid | row << 21 | Int64(((longitude + 180) / width).rounded(.down)) & 0x1F_FFFF
        }
        own = cell(row(coordinate.latitude), coordinate.longitude)
        touched = []
        let (south, north) = (row(coordinate.latitude - height / 2), row(coordinate.latitude + height / 2))
        for row in south...max(south, north) {
            let reach = height / 2 / min(scale(row), coordinate.longitudeScale)
            let (west, east) = (cell(row, coordinate.longitude - reach), cell(row, coordinate.longitude + reach))
            touched.append(west)
            if east != west { touched.append(east) }
        }
    }

    private static let nowhere: Int64 = 0xF_FFFF << 21
}
