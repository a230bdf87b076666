import ControlRoom

/// The groups that alarms form (`AlertGrouping`), found in one pass over them in the order in which they were annunciated.
///
/// Each alarm looks into the few cells of a grid that its circle touches, and at the groups in them that are not over. What another explains is in the
/// group of that one. The cost grows with the alarms that were found, times the logarithm for their order.
struct ColumnGroups {
    /// The alarms by whose keys groups stand in the list: of each the one that comes first in its order.
    private(set) var placed: Bits
    /// The row of the first place, as the columns have it. They are not kept: they go on while these are asked.
    private let base: Int64
    /// The group of each place; -1 where it was not found.
    private var groupAt: [Int32]
    private var groups: [Group] = []
    /// Members group by group, each in the order of annunciation, and where each group begins there.
    private var members: [AlertGroup.Member] = []
    private var starts: [Int] = []

    private struct Group {
        var place: Coordinate?
        var lastRaised: Int64
        var count = 1
        var waiting = 0
        var worst: Severity?
        /// The one that needs attention most, by which the group is shown.
        var shown: Int
        /// The one that comes first in the order of the list.
        var placed: Int
        var key: AlertKey
        /// The group that was begun before it in the same cell; -1 where there is none.
        var next: Int32 = -1
    }

    /// - Parameter row: the row of an alarm that explains others, by the number of its key; nil where there is none.
    init(
        _ columns: AlertColumns, _ found: Bits, _ rules: [GroupingRule], causedBy row: (UInt16) throws -> Int64?,
        _ key: (Int) -> AlertKey
    ) rethrows {
        base = columns.base
        placed = Bits(columns.count, all: false)
        groupAt = Array(repeating: -1, count: columns.count)
        let places = ColumnGroups.ordered(columns, found)
        let rulesByKind = RulesByKind(columns, rules)
        let causes = try Causes(columns, found, row)
        var grid: [Int64: Int32] = [:]
        var explained: [(place: Int, by: Int)] = []
        for place in places {
            let place = Int(place)
            guard let cause = causes.first(of: place) else {
                groupAt[place] = Int32(join(place, columns, rulesByKind.rule(place), &grid, key(place)))
                continue
            }
            explained.append((place, cause))
        }
        for (place, cause) in explained {
            let group = Int(groupAt[cause])
            groupAt[place] = Int32(group)
            // Where it needs attention as much as what explains it, that is what says most.
            let isWorse = columns.need[place] >> 44 < columns.need[groups[group].shown] >> 44
            add(place, to: group, columns, key(place), isShown: isWorse)
        }
        for group in groups { placed.insert(group.placed) }
        gather(places, columns)
    }

    /// Counting sort by group; within one the order of annunciation stays.
    private mutating func gather(_ places: [Int32], _ columns: AlertColumns) {
        starts = Array(repeating: 0, count: groups.count + 1)
        for (group, one) in groups.enumerated() { starts[group + 1] = starts[group] + one.count }
        var next = starts
        members = Array(repeating: AlertGroup.Member(row: 0, occurrence: 0, severity: .info), count: places.count)
        for place in places {
            let place = Int(place)
            let group = Int(groupAt[place])
            members[next[group]] = AlertGroup.Member(
                row: columns.row(place), occurrence: Int(columns.occurrence[place]),
                severity: Severity(need: columns.need[place]) ?? .info)
            next[group] += 1
        }
    }

    /// The places in the order of annunciation.
    private static func ordered(_ columns: AlertColumns, _ found: Bits) -> [Int32] {
        guard columns.count < 1 << 20 else { return orderedByBoth(columns, found) }
        let need = columns.need
        var keys: [UInt64] = []
        keys.reserveCapacity(found.size)
        // Time and place in one number, which sorts several times as fast as two: a need holds 44 bits of the time.
        found.forEach { keys.append(UInt64(Alert.raisedMilliseconds(need: need[$0])) << 20 | UInt64($0)) }
        keys.sort()
        return keys.map { Int32($0 & 0xF_FFFF) }
    }

    private static func orderedByBoth(_ columns: AlertColumns, _ found: Bits) -> [Int32] {
        let need = columns.need
        var raised: [(time: Int64, place: Int32)] = []
        raised.reserveCapacity(found.size)
        found.forEach { raised.append((Alert.raisedMilliseconds(need: need[$0]), Int32(truncatingIfNeeded: $0))) }
        raised.sort { ($0.time, $0.place) < ($1.time, $1.place) }
        return raised.map(\.place)
    }

    /// - Returns: the group that it belongs to, a new one where there is none near.
    private mutating func join(
        _ place: Int, _ columns: AlertColumns, _ rule: GroupingRule?, _ grid: inout [Int64: Int32], _ key: AlertKey
    ) -> Int {
        let time = Alert.raisedMilliseconds(need: columns.need[place])
        let coordinate =
            columns.place[place] == AlertColumns.nowhere ? nil : PlaceKey(rawValue: columns.place[place]).coordinate
        guard let rule, rule.seconds > 0 else { return begin(place, columns.need[place], coordinate, time, key) }
        let cells = Cells(columns, place, coordinate, rule)
        var nearest: (group: Int, metres: Double)?
        cells.eachTouched { cell in search(cell, &grid, coordinate, time, rule, &nearest) }
        guard let group = nearest?.group else {
            let group = begin(place, columns.need[place], coordinate, time, key)
            groups[group].next = grid[cells.own] ?? -1
            grid[cells.own] = Int32(group)
            return group
        }
        groups[group].lastRaised = time
        let needsMore = columns.need[place] < columns.need[groups[group].shown]
        add(place, to: group, columns, key, isShown: needsMore)
        return group
    }

    private mutating func add(
        _ place: Int, to group: Int, _ columns: AlertColumns, _ key: AlertKey, isShown: Bool
    ) {
        groups[group].count += 1
        if columns.need[place] < Alert.firstAttendedNeed { groups[group].waiting += 1 }
        if let severity = ColumnGroups.openSeverity(columns.need[place]) {
            groups[group].worst = max(severity, groups[group].worst ?? severity)
        }
        if key < groups[group].key { (groups[group].key, groups[group].placed) = (key, place) }
        if isShown { groups[group].shown = place }
    }

    private mutating func begin(
        _ place: Int, _ need: Int64, _ coordinate: Coordinate?, _ time: Int64, _ key: AlertKey
    ) -> Int {
        groups.append(
            Group(
                place: coordinate, lastRaised: time, waiting: need < Alert.firstAttendedNeed ? 1 : 0, shown: place,
                placed: place, key: key))
        groups[groups.count - 1].worst = ColumnGroups.openSeverity(need)
        return groups.count - 1
    }

    private static func openSeverity(_ need: Int64) -> Severity? {
        need < Alert.firstNormalNeed ? Severity(need: need) : nil
    }

    /// Looks through the groups of a cell; those that are over by now leave it.
    private mutating func search(
        _ cell: Int64, _ grid: inout [Int64: Int32], _ coordinate: Coordinate?, _ time: Int64, _ rule: GroupingRule,
        _ nearest: inout (group: Int, metres: Double)?
    ) {
        func take(_ group: Int, _ metres: Double) {
            if let known = nearest, (known.metres, known.group) < (metres, group) { return }
            nearest = (group, metres)
        }
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
                take(group, 0)
                continue
            }
            let metres = coordinate.distance(to: centre)
            if metres <= Double(rule.metres) { take(group, metres) }
        }
    }

    // MARK: - Asking

    /// The row by which a group is shown that stands in the list by the key of another.
    func shown(placedBy row: Int64) -> Int64 {
        number(of: row).map { base + Int64(groups[$0].shown) } ?? row
    }

    /// The group that a row is in; nil where it is alone.
    func group(of row: Int64) -> AlertGroup? {
        guard let group = number(of: row), groups[group].count > 1 else { return nil }
        let shown = members[starts[group]..<starts[group + 1]].prefix(AlertGroup.mostMembers)
        return AlertGroup(
            count: groups[group].count, waiting: groups[group].waiting, worst: groups[group].worst,
            members: Array(shown))
    }

    /// All members of the groups to which any of these rows belongs.
    func members(of rows: [Int64]) -> Bits {
        var bits = Bits(groupAt.count, all: false)
        for group in Set(rows.compactMap(number)) {
            for member in members[starts[group]..<starts[group + 1]] { bits.insert(Int(member.row - base)) }
        }
        return bits
    }

    private func number(of row: Int64) -> Int? {
        let place = row - base
        guard place >= 0, place < Int64(groupAt.count), groupAt[Int(place)] >= 0 else { return nil }
        return Int(groupAt[Int(place)])
    }
}

/// What explains what among the alarms that were found.
private struct Causes {
    private let columns: AlertColumns
    /// By the number of a key: where the alarm stands; nil where it was not found.
    private let places: [Int?]

    /// A cause has causes itself, but hardly more.
    private static let mostSteps = 8

    init(_ columns: AlertColumns, _ found: Bits, _ row: (UInt16) throws -> Int64?) rethrows {
        self.columns = columns
        places = try columns.causes.texts.indices.map { number in
            guard number > 0, let number = UInt16(exactly: number), let row = try row(number),
                let place = columns.place(row), found.contains(place)
            else { return nil }
            return place
        }
    }

    /// The alarm that explains this one, however many lie between; nil where none does that was found, or where they explain
    /// each other.
    func first(of place: Int) -> Int? {
        guard places.count > 1, let cause = parent(of: place) else { return nil }
        var first = cause
        for _ in 0..<Causes.mostSteps {
            guard let next = parent(of: first) else { return first }
            first = next
        }
        return nil
    }

    private func parent(of place: Int) -> Int? {
        let number = Int(columns.cause[place])
        return places.indices.contains(number) ? places[number] : nil
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
/// are four as a rule; alarms of different tools and kinds are in different grids.
private struct Cells {
    let own: Int64
    private let grid: Int64
    /// Nil where the alarm has no place: it is in one cell with all of its district.
    private let coordinate: Coordinate?
    /// Of a cell, in degrees of latitude.
    private let height: Double

    /// Smaller ones would be too many to number.
    private static let leastMetres = 10.0
    private static let metresPerDegree = 111_195.0

    init(_ columns: AlertColumns, _ place: Int, _ coordinate: Coordinate?, _ rule: GroupingRule) {
        self.coordinate = coordinate
        grid = Int64(columns.tool[place]) << 57 | Int64(columns.kind[place]) << 41
        height = 2 * max(Cells.leastMetres, Double(rule.metres)) * 1.001 / Cells.metresPerDegree
        guard let coordinate else {
            own = grid | Cells.nowhere | Int64(columns.district[place])
            return
        }
        let row = Cells.row(coordinate.latitude, height)
        own = grid | Cells.cell(row, coordinate.longitude, height)
    }

    private static func row(_ latitude: Double, _ height: Double) -> Int64 {
        Int64(((latitude + 90) / height).rounded(.down))
    }

    /// How much shorter a degree of longitude is than one of latitude, at the end of a row where it is shortest.
    private static func scale(_ row: Int64, _ height: Double) -> Double {
        let (south, north) = (Double(row) * height - 90, Double(row + 1) * height - 90)
        return Coordinate(latitude: max(abs(south), abs(north)), longitude: 0).longitudeScale
    }

    private static func cell(_ row: Int64, _ longitude: Double, _ height: Double) -> Int64 {
        let width = height / scale(row, height)
        return row << 21 | Int64(((longitude + 180) / width).rounded(.down)) & 0x1F_FFFF
    }

    @inline(__always)
    func eachTouched(_ body: (Int64) -> Void) {
        guard let coordinate else { return body(own) }
        let (south, north) = (
            Cells.row(coordinate.latitude - height / 2, height), Cells.row(coordinate.latitude + height / 2, height)
        )
        for row in south...max(south, north) {
            let reach = height / 2 / min(Cells.scale(row, height), coordinate.longitudeScale)
            let west = Cells.cell(row, coordinate.longitude - reach, height)
            let east = Cells.cell(row, coordinate.longitude + reach, height)
            for cell in west...max(west, east) { body(grid | cell) }
        }
    }

    private static let nowhere: Int64 = 0xF_FFFF << 21
}
