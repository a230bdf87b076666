import ControlRoom

/// The groups that alarms form (`AlertGrouping`), found in one pass over them in the order in which they were annunciated.
///
/// Each alarm looks into the few cells of a grid that its circle touches, and at the groups in them that are not over. What
/// another explains is in the group of that one. The cost grows with the alarms that were found, times the logarithm for their
/// order.
struct ColumnGroups {
    /// The alarms by whose keys groups stand in the list: of each the one that comes first in its order.
    private(set) var placed: Bits
    /// As the columns have them. They are not kept: they go on while these are asked.
    private let rows: RowPlaces
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
        /// The one that needs attention most, by which the group is shown, and how much.
        var shown: Int
        var need: Int64
        /// Another explains the one that is shown.
        var isExplained = false
        /// The place of the alarm that explains others of it; -1 where there is none.
        var cause: Int32 = -1
        /// The one that comes first in the order of the list.
        var placed: Int
        var key: AlertKey
        /// The group that was begun before it in the same cell; -1 where there is none.
        var next: Int32 = -1
    }

    /// - Parameter row: the row of an alarm that explains others, by the number of its key; nil where there is none.
    init(
        _ columns: AlertColumns, _ found: Bits, _ rules: [GroupingRule], causedBy row: (UInt32) throws -> Int64?,
        _ key: @escaping (Int) -> AlertKey
    ) rethrows {
        rows = columns.rows
        placed = Bits(columns.count, all: false)
        groupAt = Array(repeating: -1, count: columns.count)
        let places = ColumnGroups.ordered(columns, found)
        let alarms = Alarms(columns, rules, key)
        let causes = try Causes(columns, found, row)
        var grid = Grid()
        var explained: [(place: Int, by: Causes.First)] = []
        for place in places {
            let place = Int(place)
            if let first = causes.first(of: place) {
                explained.append((place, first))
            } else {
                groupAt[place] = Int32(join(alarms.at(place), &grid))
            }
        }
        explain(explained, alarms)
        for group in groups { placed.insert(group.placed) }
        gather(places, columns)
    }

    /// Puts what others explain into their groups; those of one that was not found are a group of their own.
    private mutating func explain(_ explained: [(place: Int, by: Causes.First)], _ alarms: Alarms) {
        var begun: [Causes.First: Int] = [:]
        for (place, first) in explained {
            let alarm = alarms.at(place)
            var known = begun[first]
            if case .alarm(let cause) = first, groupAt[cause] >= 0 { known = Int(groupAt[cause]) }
            let group = known ?? begin(alarm)
            groupAt[place] = Int32(group)
            if case .alarm(let cause) = first { groups[group].cause = Int32(truncatingIfNeeded: cause) }
            guard known != nil else {
                begun[first] = group
                groups[group].isExplained = true
                continue
            }
            // Where it needs attention as much as what explains it, that is what says most.
            let needsMore = alarm.need >> 44 < groups[group].need >> 44
            add(alarm, to: group, isShown: needsMore || groups[group].isExplained && alarm.need < groups[group].need)
            if needsMore { groups[group].isExplained = true }
        }
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
    private mutating func join(_ alarm: Alarms.One, _ grid: inout Grid) -> Int {
        guard alarm.near.milliseconds > 0 else { return begin(alarm) }
        let cells = GroupCells(alarm.grid, alarm.district, alarm.coordinate, metres: alarm.near.metres, &grid.scales)
        var nearest: (group: Int, metres: Double)?
        while grid.newest.count <= alarm.page { grid.newest.append([:]) }
        cells.eachTouched(&grid.scales) { cell in search(cell, cells, alarm, &grid.newest[alarm.page], &nearest) }
        guard let group = nearest?.group else {
            let group = begin(alarm)
            groups[group].next = grid.newest[alarm.page][cells.own] ?? -1
            grid.newest[alarm.page][cells.own] = Int32(group)
            return group
        }
        groups[group].lastRaised = alarm.time
        add(alarm, to: group, isShown: alarm.need < groups[group].need)
        return group
    }

    private mutating func add(_ alarm: Alarms.One, to group: Int, isShown: Bool) {
        groups[group].count += 1
        if alarm.need < Alert.firstAttendedNeed { groups[group].waiting += 1 }
        if let severity = alarm.openSeverity {
            groups[group].worst = max(severity, groups[group].worst ?? severity)
        }
        if alarm.key < groups[group].key { (groups[group].key, groups[group].placed) = (alarm.key, alarm.place) }
        if isShown { (groups[group].shown, groups[group].need) = (alarm.place, alarm.need) }
    }

    private mutating func begin(_ alarm: Alarms.One) -> Int {
        groups.append(
            Group(
                place: alarm.coordinate, lastRaised: alarm.time, waiting: alarm.need < Alert.firstAttendedNeed ? 1 : 0,
                worst: alarm.openSeverity, shown: alarm.place, need: alarm.need, placed: alarm.place, key: alarm.key))
        return groups.count - 1
    }

    /// Looks through the groups of a cell; those that are over by now leave it.
    private mutating func search(
        _ cell: Int64, _ cells: GroupCells, _ alarm: Alarms.One, _ newest: inout [Int64: Int32],
        _ nearest: inout (group: Int, metres: Double)?
    ) {
        func take(_ group: Int, _ metres: Double) {
            if let known = nearest, (known.metres, known.group) < (metres, group) { return }
            nearest = (group, metres)
        }
        guard let head = newest[cell] else { return }
        var before = -1
        var next = head
        while next >= 0 {
            let group = Int(next)
            next = groups[group].next
            guard alarm.time - groups[group].lastRaised <= alarm.near.milliseconds else {
                if before >= 0 { groups[before].next = next } else { newest[cell] = next >= 0 ? next : nil }
                continue
            }
            before = group
            guard let centre = groups[group].place else {
                take(group, 0)
                continue
            }
            if let metres = cells.metres(to: centre) { take(group, metres) }
        }
    }

    // MARK: - Asking

    /// The row by which a group is shown that stands in the list by the key of another.
    func shown(placedBy row: Int64) -> Int64 {
        number(of: row).map { rows.row(groups[$0].shown) } ?? row
    }

    /// The row of the alarm that explains others of a group which is shown by this row; nil where it is that one.
    func cause(shownBy row: Int64) -> Int64? {
        guard let group = number(of: row), groups[group].count > 1, groups[group].cause >= 0 else { return nil }
        let cause = rows.row(Int(groups[group].cause))
        return cause == row ? nil : cause
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
            for member in members[starts[group]..<starts[group + 1]] {
                if let place = self.rows.place(member.row) { bits.insert(place) }
            }
        }
        return bits
    }

    private func number(of row: Int64) -> Int? {
        guard let place = rows.place(row), place < groupAt.count, groupAt[place] >= 0 else { return nil }
        return Int(groupAt[place])
    }
}

/// What explains the alarms that were found, however many lie between.
private struct Causes {
    /// What explains others and is not explained itself.
    enum First: Hashable {
        /// By its place, whether or not it was found.
        case alarm(Int)
        /// By the number of its key, where there is no such alarm.
        case unknown(UInt32)
    }

    private let causes: CodeColumn
    /// By the number of a key; nil where alarms explain each other.
    private var firsts: [UInt32: First?] = [:]

    /// Each key that is used is looked up once.
    init(_ columns: AlertColumns, _ found: Bits, _ row: (UInt32) throws -> Int64?) rethrows {
        causes = columns.cause
        guard columns.causes.values.count > 1 else { return }
        let causes = columns.cause
        try found.forEach { place in
            if causes[place] != 0, firsts[causes[place]] == nil { try follow(causes[place], columns, row) }
        }
    }

    private mutating func follow(
        _ number: UInt32, _ columns: AlertColumns, _ row: (UInt32) throws -> Int64?
    ) rethrows {
        var (next, walked, first) = (number, Set<UInt32>(), nil as First?)
        while walked.insert(next).inserted {
            if let known = firsts[next] {
                first = known
                break
            }
            guard let place = try row(next).flatMap(columns.place) else {
                first = .unknown(next)
                break
            }
            guard causes[place] != 0 else {
                first = .alarm(place)
                break
            }
            next = causes[place]
        }
        for number in walked { firsts[number] = .some(first) }
    }

    /// Nil where nothing explains it.
    func first(of place: Int) -> First? {
        guard !firsts.isEmpty, causes[place] != 0 else { return nil }
        return firsts[causes[place]] ?? nil
    }
}

/// Where groups are found again: of each cell the one that was begun last.
private struct Grid {
    /// One for each page, and in all but the largest of sites there is one.
    var newest: [[Int64: Int32]] = [[:]]
    var scales = RowScales()
}

/// Each alarm as the pass asks of it, in plain numbers: nothing is counted or copied for a million of them.
private struct Alarms {
    struct One {
        let place: Int
        let need: Int64
        let time: Int64
        let coordinate: Coordinate?
        let near: Nearness
        /// The grid of its tool and kind, among those of its page.
        let grid: Int64
        /// A grid has room for 64 tools and 65,536 kinds; what is beyond them is on further pages.
        let page: Int
        let district: Int64
        let key: AlertKey

        /// Nil where it is not open.
        var openSeverity: Severity? { need < Alert.firstNormalNeed ? Severity(need: need) : nil }
    }

    /// Within which it belongs to a group; no time at all where it stands alone.
    struct Nearness {
        var metres = 0.0
        var milliseconds: Int64 = 0
    }

    /// A rule, by the numbers of its tool and kind; nil for any.
    private struct Near {
        var tool: UInt32?
        var kind: UInt32?
        var nearness: Nearness

        /// Nil for a rule that no alert there is can meet.
        init?(_ rule: GroupingRule, _ columns: AlertColumns) {
            (tool, kind) = (
                rule.tool.flatMap { columns.toolNumbers.known($0.rawValue) }, rule.kind.flatMap(columns.kinds.known)
            )
            guard (tool == nil) == (rule.tool == nil), (kind == nil) == (rule.kind == nil) else { return nil }
            nearness = Nearness(metres: Double(rule.metres), milliseconds: Int64(rule.seconds) * 1_000)
        }

        @inline(__always)
        func fits(_ tool: UInt32, _ kind: UInt32) -> Bool {
            (self.tool == nil || self.tool == tool) && (self.kind == nil || self.kind == kind)
        }
    }

    private let need: [Int64]
    private let places: [Int64]
    private let tools: CodeColumn
    private let kinds: CodeColumn
    private let districts: CodeColumn
    private let near: [Near]
    private let kindPages: Int
    private let key: (Int) -> AlertKey

    init(_ columns: AlertColumns, _ rules: [GroupingRule], _ key: @escaping (Int) -> AlertKey) {
        (need, places, tools) = (columns.need, columns.place, columns.tool)
        (kinds, districts) = (columns.kind, columns.district)
        kindPages = (columns.kinds.values.count >> 16) + 1
        near = rules.compactMap { Near($0, columns) }
        self.key = key
    }

    @inline(__always)
    func at(_ place: Int) -> One {
        let (tool, kind) = (tools[place], kinds[place])
        let coordinate = places[place] == AlertColumns.nowhere ? nil : PlaceKey(rawValue: places[place]).coordinate
        return One(
            place: place, need: need[place], time: Alert.raisedMilliseconds(need: need[place]), coordinate: coordinate,
            near: near.first { $0.fits(tool, kind) }?.nearness ?? Nearness(),
            grid: Int64(tool & 0x3F) << 57 | Int64(kind & 0xFFFF) << 41,
            page: Int(tool >> 6) * kindPages + Int(kind >> 16),
            district: Int64(districts[place]), key: key(place))
    }
}
