import ControlRoom

/// Counts of the whole data, kept by differences: a screen never counts rows.
final class AlertCounts {
    private let statements: Statements
    let tools: KnownTools
    private var moved: [Group: Numbers] = [:]
    private var movedPlaces: [PlaceGroup: Numbers] = [:]
    /// In each minute, and of them those that are alarms.
    private var annunciations: [Minute: (all: Int, alarms: Int)] = [:]

    private struct Group: Hashable {
        let realm: Int64
        let district: ExactText
        let tool: Tool
        let severity: Int
    }

    private struct PlaceGroup: Hashable {
        let realm: Int64
        let place: Int64
        let severity: Int
    }

    private struct Minute: Hashable {
        let realm: Int64
        let minute: Int64
    }

    private struct Numbers {
        var unacknowledged = 0
        var open = 0
        var suppressed = 0
        var total = 0

        var isZero: Bool { unacknowledged == 0 && open == 0 && suppressed == 0 && total == 0 }

        /// By its place in the order of attention, which says how it stood when it was written.
        mutating func add(_ need: Int64, _ sign: Int) {
            total += sign
            if (Alert.firstSuppressedNeed..<Alert.firstNormalNeed).contains(need) { suppressed += sign }
            if need < Alert.firstAttendedNeed { unacknowledged += sign }
            if need < Alert.firstNormalNeed { open += sign }
        }
    }

    init(_ statements: Statements, _ tools: KnownTools) {
        self.statements = statements
        self.tools = tools
    }

    func move(from before: Counted?, to after: AlertRows.Kept) {
        if let before { add(before, -1) }
        add(Counted(after), 1)
    }

    func remove(_ kept: AlertRows.Kept) { add(Counted(kept), -1) }

    /// What of an alert decides where it counts.
    struct Counted {
        let realm: Int64
        let district: String
        let tool: Tool
        let severity: Int
        let place: Int64?
        let need: Int64

        init(_ kept: AlertRows.Kept) {
            realm = kept.realm
            district = kept.alert.district ?? ""
            tool = kept.alert.tool
            severity = kept.alert.latchedSeverity.rawValue
            place = kept.alert.place.map { PlaceKey($0).rawValue }
            need = kept.need
        }
    }

    func annunciated(isAlarm: Bool, realm: Int64, at time: Timestamp) {
        let minute = Minute(realm: realm, minute: time.minute)
        let known = annunciations[minute] ?? (0, 0)
        annunciations[minute] = (known.all + 1, known.alarms + (isAlarm ? 1 : 0))
    }

    private func add(_ alert: Counted, _ sign: Int) {
        let group = Group(
            realm: alert.realm, district: ExactText(alert.district), tool: alert.tool, severity: alert.severity)
        moved[group, default: Numbers()].add(alert.need, sign)
        guard let place = alert.place else { return }
        let placeGroup = PlaceGroup(realm: alert.realm, place: place, severity: alert.severity)
        movedPlaces[placeGroup, default: Numbers()].add(alert.need, sign)
    }

    func flush() throws {
        for (group, numbers) in moved where !numbers.isZero { try write(group, numbers) }
        for (group, numbers) in movedPlaces where !numbers.isZero { try write(group, numbers) }
        for (minute, count) in annunciations { try write(minute, count) }
        forget()
    }

    func forget() {
        moved.removeAll(keepingCapacity: true)
        movedPlaces.removeAll(keepingCapacity: true)
        annunciations.removeAll(keepingCapacity: true)
    }

    private func write(_ group: Group, _ numbers: Numbers) throws {
        let upsert = try statements(
            """
            INSERT INTO alert_counts (realm, district, tool, severity, unacknowledged, open, suppressed, total)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET unacknowledged = unacknowledged + excluded.unacknowledged,
                open = open + excluded.open, suppressed = suppressed + excluded.suppressed,
                total = total + excluded.total
            """)
        upsert.bind(1, group.realm)
        upsert.bind(2, group.district.text)
        upsert.bind(3, try tools.counted(group.tool).rawValue)
        upsert.bind(4, group.severity)
        upsert.bind(5, numbers.unacknowledged)
        upsert.bind(6, numbers.open)
        upsert.bind(7, numbers.suppressed)
        upsert.bind(8, numbers.total)
        try upsert.run()
    }

    private func write(_ group: PlaceGroup, _ numbers: Numbers) throws {
        let upsert = try statements(
            """
            INSERT INTO place_counts (realm, place, severity, unacknowledged, open) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET unacknowledged = unacknowledged + excluded.unacknowledged,
                open = open + excluded.open
            """)
        upsert.bind(1, group.realm)
        upsert.bind(2, group.place)
        upsert.bind(3, group.severity)
        upsert.bind(4, numbers.unacknowledged)
        upsert.bind(5, numbers.open)
        try upsert.run()
        guard numbers.open < 0 else { return }
        // A source that moves leaves no trace of where it was.
        let delete = try statements(
            "DELETE FROM place_counts WHERE realm = ? AND place = ? AND severity = ? AND open = 0 AND unacknowledged = 0"
        )
        delete.bind(1, group.realm)
        delete.bind(2, group.place)
        delete.bind(3, group.severity)
        try delete.run()
    }

    private func write(_ minute: Minute, _ count: (all: Int, alarms: Int)) throws {
        let upsert = try statements(
            """
            INSERT INTO annunciations (realm, minute, count, alarms) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, alarms = alarms + excluded.alarms
            """)
        upsert.bind(1, minute.realm)
        upsert.bind(2, minute.minute)
        upsert.bind(3, count.all)
        upsert.bind(4, count.alarms)
        try upsert.run()
    }
}
