public import ControlRoom

extension Store {
    /// A flood that began longer ago counts from there.
    private static let floodMinutes = 1_440

    static func flood(_ reader: StoreReader, _ realm: Int64, now: Int64) throws -> Flood? {
        Flood.goingOn(try minutes(reader, realm, "alarms", last: now, count: floodMinutes), last: now)
    }

    /// What the flood is made of that goes on; nil where there is none. Of more than ten thousand alarms the last are counted.
    public func floodReport(_ realm: Realm, now: Timestamp) throws -> FloodReport? {
        try read { reader in
            guard let id = try reader.realm(realm), let flood = try Store.flood(reader, id, now: now.minute) else {
                return nil
            }
            let first = try Store.firstEvent(reader, recordedSince: flood.start)
            // By the log, for clocks of sources differ; that of the index only to find them.
            let select = try reader.statements(
                """
                SELECT district, tool, need < \(Alert.firstAttendedNeed) FROM (
                    SELECT district, tool, need, alarmed FROM alerts WHERE realm = ? AND raised >= ?
                    ORDER BY raised DESC LIMIT 10000)
                WHERE alarmed >= ?
                """)
            select.bind(1, id)
            select.bind(2, flood.start.adding(seconds: -3_600).milliseconds)
            select.bind(3, flood.start.milliseconds)
            var districts: [String?: (Int, Int)] = [:]
            var tools: [Tool: (Int, Int)] = [:]
            try select.each { row in
                let (tool, waits) = (Tool(rawValue: row.int(1)) ?? .other, row.int(2))
                let district = districts[row.optionalText(0)] ?? (0, 0)
                districts[row.optionalText(0)] = (district.0 + 1, district.1 + waits)
                let known = tools[tool] ?? (0, 0)
                tools[tool] = (known.0 + 1, known.1 + waits)
                return true
            }
            return FloodReport(
                flood: flood, first: try Store.firstOut(reader, realm, id, since: flood.start, from: first),
                districts: districts.map { .init(key: $0, count: $1.0, waiting: $1.1) }
                    .sorted { ($1.count, $0.key ?? "") < ($0.count, $1.key ?? "") },
                tools: tools.map { .init(key: $0, count: $1.0, waiting: $1.1) }
                    .sorted { ($1.count, $0.key.rawValue) < ($0.count, $1.key.rawValue) })
        }
    }

    /// So many events are looked through for what came first.
    private static let mostLookedThrough = 2_000

    /// The alarms that were annunciated first from an event on, in the order of the log.
    private static func firstOut(
        _ reader: StoreReader, _ realm: Realm, _ id: Int64, since start: Timestamp, from first: Int64
    ) throws -> [FloodReport.First] {
        guard let type = try reader.names.existing(EventType.alertRaised.rawValue) else { return [] }
        let select = try reader.statements(
            "SELECT \(EventRows.columns) FROM events WHERE sequence >= ? AND type = ? ORDER BY sequence LIMIT ?")
        select.bind(1, first)
        select.bind(2, type)
        select.bind(3, mostLookedThrough)
        var (seen, found) = (Set<String>(), [FloodReport.First]())
        try select.each { row in
            let event = try reader.events.read(row)
            guard event.realm == realm, let subject = event.subject, seen.insert(subject).inserted else { return true }
            guard case .alertRaised(let raised)? = try? Fact(of: event) else { return true }
            // What had begun before and is only said again is none of it.
            let key = AlertRows.key(realm: id, subject: subject)
            let kept = try reader.alertRows.find(realm: id, subject: subject, key: key)
            guard let alarmed = kept?.alert.alarmed, alarmed >= start else { return true }
            found.append(
                FloodReport.First(
                    subject: subject, headline: raised.headline, severity: raised.severity,
                    at: event.recorded ?? event.happened))
            return found.count < FloodReport.firstCount
        }
        return found
    }

    /// The first event that was recorded at a time or after it, by halves: times rise with the log.
    static func firstEvent(_ reader: StoreReader, recordedSince time: Timestamp) throws -> Int64 {
        let ends = try reader.statements("SELECT coalesce(min(sequence), 0), coalesce(max(sequence), 0) FROM events")
        var (low, high) = try ends.first { ($0.integer(0), $0.integer(1) + 1) } ?? (0, 1)
        let look = try reader.statements("SELECT recorded FROM events WHERE sequence >= ? ORDER BY sequence LIMIT 1")
        while low < high {
            let middle = low + (high - low) / 2
            look.bind(1, middle)
            let recorded = try look.first { $0.integer(0) } ?? .max
            if recorded < time.milliseconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
