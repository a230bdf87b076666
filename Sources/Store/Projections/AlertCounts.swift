import ControlRoom

/// Counts of the whole data, kept by differences: a screen never counts rows.
final class AlertCounts {
    private let statements: Statements
    private var moved: [Group: Numbers] = [:]
    private var movedPlaces: [PlaceGroup: Numbers] = [:]
    /// In each minute, and of them those that are alarms.
    private var annunciations: [Minute: (all: Int, alarms: Int)] = [:]

    private struct Group: Hashable {
        let realm: Int64
        let district: String
        let tool: Int
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

        mutating func add(_ alert: Alert, _ sign: Int) {
            let need = alert.need
            total += sign
            if alert.isSuppressed { suppressed += sign }
            if need < Alert.firstAttendedNeed { unacknowledged += sign }
            if need < Alert.firstNormalNeed { open += sign }
        }
    }

    init(_ statements: Statements) { self.statements = statements }

    func move(from before: Alert?, to after: Alert, realm: Int64) {
        if let before { add(before, realm: realm, -1) }
        add(after, realm: realm, 1)
    }

    func remove(_ alert: Alert, realm: Int64) { add(alert, realm: realm, -1) }

    func annunciated(isAlarm: Bool, realm: Int64, at time: Timestamp) {
        let minute = Minute(realm: realm, minute: time.minute)
        let known = annunciations[minute] ?? (0, 0)
        annunciations[minute] = (known.all + 1, known.alarms + (isAlarm ? 1 : 0))
    }

    private func add(_ alert: Alert, realm: Int64, _ sign: Int) {
        let group = Group(
            realm: realm, district: alert.district ?? "", tool: alert.tool.rawValue,
            severity: alert.latchedSeverity.rawValue)
        moved[group, default: Numbers()].add(alert, sign)
        guard let place = alert.place else { return }
        let placeGroup = PlaceGroup(
            realm: realm, place: PlaceKey(place).rawValue, severity: alert.latchedSeverity.rawValue)
        movedPlaces[placeGroup, default: Numbers()].add(alert, sign)
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
        upsert.bind(2, group.district)
        upsert.bind(3, group.tool)
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
