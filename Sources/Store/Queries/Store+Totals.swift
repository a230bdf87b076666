public import ControlRoom

/// Counts of the whole data, as the writer keeps them.
extension Store {
    /// Counts over all alerts of a realm, whatever filter is on the screen; all zero for a realm that has none.
    ///
    /// - Parameters:
    ///   - now: ends the ten minutes and the flood.
    ///   - midnight: in the city's time; what was annunciated from that minute on is today's.
    public func totals(_ realm: Realm, now: Timestamp, midnight: Timestamp) throws -> AlertTotals {
        try read { reader in
            guard let id = try reader.realm(realm) else { return AlertTotals() }
            let groups = try reader.statements(
                """
                SELECT district, tool, severity, unacknowledged, open, suppressed, total FROM alert_counts
                WHERE realm = ? AND total > 0
                """)
            groups.bind(1, id)
            var totals = AlertTotals(groups: try groups.all(Store.group))
            totals.today = try Store.annunciations(reader, id, from: midnight.minute)
            totals.lastMinutes = try Store.minutes(reader, id, "count", last: now.minute, count: 10)
            // With fewer a flood would be over.
            if totals.lastMinutes.reduce(0, +) >= AlarmLoad.floodEnds {
                totals.flood = try Store.flood(reader, id, now: now.minute)
            }
            let last = try reader.statements("SELECT max(raised) FROM alerts WHERE realm = ?")
            last.bind(1, id)
            totals.last = try last.first { $0.optionalInteger(0).map(Timestamp.init(milliseconds:)) } ?? nil
            return totals
        }
    }

    private static func group(_ row: borrowing Prepared) -> AlertTotals.Group {
        AlertTotals.Group(
            district: row.text(0), tool: Tool(rawValue: row.int(1)) ?? .other,
            severity: Severity(rawValue: row.int(2)) ?? .info, unacknowledged: row.int(3), open: row.int(4),
            suppressed: row.int(5), total: row.int(6))
    }

    private static func annunciations(_ reader: StoreReader, _ realm: Int64, from minute: Int64) throws -> Int {
        let sum = try reader.statements(
            "SELECT coalesce(sum(count), 0) FROM annunciations WHERE realm = ? AND minute >= ?")
        sum.bind(1, realm)
        sum.bind(2, minute)
        return try sum.first { $0.int(0) } ?? 0
    }

    /// Annunciations in each of so many minutes, the current one last.
    ///
    /// - Parameter column: `count` for all of them, `alarms` for those that are alarms.
    static func minutes(
        _ reader: StoreReader, _ realm: Int64, _ column: String, last now: Int64, count: Int
    ) throws -> [Int] {
        let select = try reader.statements(
            "SELECT minute, \(column) FROM annunciations WHERE realm = ? AND minute > ? AND minute <= ?")
        select.bind(1, realm)
        select.bind(2, now - Int64(count))
        select.bind(3, now)
        var minutes = Array(repeating: 0, count: count)
        try select.each { row in
            let index = Int(row.integer(0) - now) + count - 1
            if minutes.indices.contains(index) { minutes[index] = row.int(1) }
            return true
        }
        return minutes
    }

    /// What waits for a person in a realm, and the worst of it, for one who is looking at another: all that is still active,
    /// and what ended since a time. Counted up to a thousand.
    public func attention(_ realm: Realm, endedSince start: Timestamp?) throws -> (count: Int, worst: Severity?) {
        try read { reader in
            guard let id = try reader.realm(realm) else { return (0, nil) }
            let active = try reader.statements(
                "SELECT count(*), min(need) FROM (SELECT need FROM alerts WHERE realm = ? AND need < ? LIMIT 1000)")
            active.bind(1, id)
            active.bind(2, Alert.firstEndedNeed)
            var parts = try active.all { ($0.int(0), $0.optionalInteger(1)) }
            if let start {
                let ended = try reader.statements(
                    """
                    SELECT count(*), min(need) FROM (
                        SELECT need FROM alerts INDEXED BY alerts_ended
                        WHERE realm = ? AND ended >= ? AND need >= \(Alert.firstEndedNeed)
                        AND need < \(Alert.firstAttendedNeed) ORDER BY ended DESC LIMIT 1000)
                    """)
                ended.bind(1, id)
                ended.bind(2, start.milliseconds)
                parts += try ended.all { ($0.int(0), $0.optionalInteger(1)) }
            }
            let worst = parts.compactMap { $0.1.flatMap(Severity.init(need:)) }.max()
            return (parts.reduce(0) { $0 + $1.0 }, worst)
        }
    }

    /// How many alerts a query finds, by counting, up to `limit`: a word that stands in all of them is not counted to the
    /// end.
    public func count(_ query: AlertQuery, limit: Int) throws -> Int {
        try read { try AlertWindow(reader: $0, query: query).count(limit: limit) }
    }

    /// Places with open alerts inside a box, the worst first, at most `limit`.
    public func places(_ realm: Realm, in box: GeoBox, limit: Int) throws -> [PlaceCount] {
        try read { reader in
            guard let id = try reader.realm(realm) else { return [] }
            let select = try reader.statements(
                """
                SELECT place, min(severity), sum(unacknowledged), sum(open)
                FROM place_counts INDEXED BY place_counts_open
                WHERE realm = ?1 AND open > 0 AND place BETWEEN ?2 AND ?3
                    AND place & \(PlaceKey.columnBits) BETWEEN ?4 AND ?5
                GROUP BY place ORDER BY min(severity), place LIMIT ?6
                """)
            select.bind(1, id)
            let band = PlaceKey.band(box)
            select.bind(2, band.keys.lowerBound)
            select.bind(3, band.keys.upperBound)
            select.bind(4, band.columns.lowerBound)
            select.bind(5, band.columns.upperBound)
            select.bind(6, limit)
            return try select.all { row in
                PlaceCount(
                    place: PlaceKey(rawValue: row.integer(0)).coordinate,
                    worst: Severity(rawValue: row.int(1)) ?? .info, unacknowledged: row.int(2), open: row.int(3))
            }
        }
    }

    /// The box around all places with open alerts, to fit a map to; nil where there is none.
    public func openBox(_ realm: Realm) throws -> GeoBox? {
        let all = try places(realm, in: GeoBox(south: -90, west: -180, north: 90, east: 180), limit: 5_000)
        return GeoBox(all.map(\.place))
    }
}
