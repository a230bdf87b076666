public import ControlRoom

extension Store {
    /// A flood that began longer ago counts from there.
    private static let floodMinutes = 1_440

    static func flood(_ reader: StoreReader, _ realm: Int64, now: Int64) throws -> Flood? {
        Flood.goingOn(try minutes(reader, realm, "alarms", last: now, count: floodMinutes), last: now)
    }

    /// What the flood is made of that goes on; nil where there is none. Districts and tools count every alert that was annunciated
    /// since it began, each once; the flood's total counts every annunciation.
    ///
    /// - Throws: `StoreError`.
    public func floodReport(_ realm: Realm, now: Timestamp) throws -> FloodReport? {
        try read { reader in
            guard let id = try reader.realm(realm), let flood = try Store.flood(reader, id, now: now.minute) else {
                return nil
            }
            let first = try Store.firstEvent(reader, recordedSince: flood.start)
            let known = Set(try reader.toolRegister().known)
            let parts =
                try reader.currentColumns().map { FloodParts($0, realm: id, since: flood.start, known) }
                ?? FloodParts(reader, realm: id, since: flood.start, known)
            return FloodReport(
                flood: flood, first: try Store.firstOut(reader, realm, id, since: flood.start, from: first),
                districts: FloodParts.sorted(parts.districts) { $0 ?? "" },
                tools: FloodParts.sorted(parts.tools) { $0.rawValue })
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
            let kept = try reader.alertRows.find(realm: id, subject: subject)
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
        // Each for itself: both in one would look at every event.
        let ends = try reader.statements(
            "SELECT coalesce((SELECT min(sequence) FROM events), 0), coalesce((SELECT max(sequence) FROM events), 0)")
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

/// The alarms of a flood by where they are and who found them. By the time of the log, for clocks of sources differ.
private struct FloodParts {
    private(set) var districts: [String?: Count] = [:]
    private(set) var tools: [Tool: Count] = [:]
    /// The tools that can be named; others are counted together.
    private let known: Set<Tool>

    struct Count {
        var all = 0
        var waiting = 0
    }

    /// One pass over all alerts in memory.
    init(_ columns: AlertColumns, realm: Int64, since start: Timestamp, _ known: Set<Tool>) {
        self.known = known
        guard let realm = columns.realms.known(String(realm)) else { return }
        let first = Int32(clamping: start.minute)
        let (minutes, realms, flags) = (columns.alarmedMinute, columns.realm, columns.flags)
        let tools = columns.tools
        for place in minutes.indices where minutes[place] >= first && realms[place] == realm {
            guard flags[place].contains(.isThere) else { continue }
            let district = Int(columns.district[place])
            add(
                district == 0 ? nil : columns.districts.values[district],
                tools[Int(columns.tool[place])], waits: columns.need[place] < Alert.firstAttendedNeed)
        }
    }

    /// One pass over all alerts in the file, where the columns have not been read: there is no index of the log's time.
    init(_ reader: StoreReader, realm: Int64, since start: Timestamp, _ known: Set<Tool>) throws {
        self.known = known
        let select = try reader.statements(
            """
            SELECT district, tool, need < \(Alert.firstAttendedNeed) FROM alerts WHERE realm = ? AND alarmed >= ?
            """)
        select.bind(1, realm)
        select.bind(2, start.milliseconds)
        try select.each { row in
            add(row.optionalText(0), Tool(rawValue: row.int(1)) ?? .other, waits: row.bool(2))
            return true
        }
    }

    private mutating func add(_ district: String?, _ tool: Tool, waits: Bool) {
        let tool = known.contains(tool) ? tool : .other
        districts[district, default: Count()].all += 1
        tools[tool, default: Count()].all += 1
        guard waits else { return }
        districts[district]?.waiting += 1
        tools[tool]?.waiting += 1
    }

    /// Most first.
    static func sorted<Key: Hashable, Name: Comparable>(
        _ parts: [Key: Count], _ name: (Key) -> Name
    ) -> [FloodReport.Part<Key>] {
        parts.map { FloodReport.Part(key: $0, count: $1.all, waiting: $1.waiting) }
            .sorted { ($1.count, name($0.key)) < ($0.count, name($1.key)) }
    }
}
