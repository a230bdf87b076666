import ControlRoom
import Store
import TestSupport
import Testing

@Suite("What the store folds")
struct ProjectionTests {
    static let realms: [Realm] = [.actual, .exercise("x"), .technical]

    @Test("is what a slow fold of the same events gives, alert by alert and count by count", arguments: 1...25)
    func equalsReference(seed: UInt64) throws {
        let disk = try TemporaryStore()
        var (history, reference) = (RandomHistory(seed: seed), ReferenceFold())
        for round in 1...40 {
            let events = history.batch()
            try disk.ingest(events, at: history.now)
            for event in events { try reference.fold(event, now: history.now) }
            if round % 8 == 0 { try compare(disk.store, reference, now: history.now) }
        }
    }

    func compare(_ store: Store, _ reference: ReferenceFold, now: Timestamp) throws {
        var kept: [Realm: [String: Alert]] = [:]
        for (line, realm) in try store.allAlerts(afterRow: 0, limit: 1_000) {
            kept[realm, default: [:]][line.alert.subject] = line.alert
        }
        for (realm, alerts) in reference.alerts {
            #expect(Set(alerts.keys) == Set(kept[realm]?.keys.map { $0 } ?? []))
            for (subject, alert) in alerts { #expect(kept[realm]?[subject] == alert.asKept, "\(realm) \(subject)") }
        }
        for realm in ProjectionTests.realms {
            let totals = try store.totals(realm, now: now, midnight: EventMaker.noon)
            #expect(sorted(totals.groups) == sorted(reference.groups(realm)))
            #expect(totals.lastMinutes == reference.lastMinutes(realm, now: now))
            #expect(totals.today == (reference.raisedAt[realm] ?? []).count)
            #expect(totals.last == reference.alerts[realm]?.values.map(\.raised).max())
            let world = GeoBox(south: -90, west: -180, north: 90, east: 180)
            #expect(sorted(try store.places(realm, in: world, limit: 100)) == sorted(reference.places(realm)))
        }
    }

    private func sorted(_ groups: [AlertTotals.Group]) -> [AlertTotals.Group] {
        groups.sorted {
            ($0.district, $0.tool.rawValue, $0.severity.rawValue) < (
                $1.district, $1.tool.rawValue, $1.severity.rawValue
            )
        }
    }

    private func sorted(_ places: [PlaceCount]) -> [PlaceCount] {
        places.sorted { ($0.place.latitude, $0.place.longitude) < ($1.place.latitude, $1.place.longitude) }
    }

    @Test("does not depend on how the events were cut into batches, nor on a new start between them", arguments: 1...5)
    func batches(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        let events = (0..<30).flatMap { _ in history.batch() }
        let whole = try TemporaryStore()
        try whole.ingest(events)
        let folder = try TemporaryFolder()
        var rest = events[...]
        while !rest.isEmpty {
            let store = try Store(path: folder.file("s")) { "log" }
            let count = 1 + history.pick(40)
            _ = try store.ingest(try rest.prefix(count).map { try AdmittedEvent($0) }, now: EventMaker.noon)
            rest = rest.dropFirst(count)
            store.close()
        }
        let pieces = try Store(path: folder.file("s")) { "log" }
        #expect(try contents(pieces) == contents(whole.store))
        #expect(try pieces.read(after: 0, limit: 10_000) == whole.store.read(after: 0, limit: 10_000))
        #expect(try rows(pieces) == rows(whole.store))
    }

    private func rows(_ store: Store) throws -> [String] {
        try store.allAlerts(afterRow: 0, limit: 1_000).map {
            "\($0.line.row) \($0.realm.name) \($0.line.alert.subject)"
        }
    }

    private func contents(_ store: Store) throws -> [String: Alert] {
        let all = try store.allAlerts(afterRow: 0, limit: 1_000)
        return Dictionary(
            uniqueKeysWithValues: all.map { ($0.realm.name + " " + $0.line.alert.subject, $0.line.alert) })
    }

    @Test("realms share no list, no count and no view")
    func realmsApart() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let actual = make.raised("a", .critical, tool: .fd)
        let draft = make.raised("a", .low, "\"status\":\"draft\"")
        let unnamed = make.raised("a", .low, "\"status\":\"exercise\"")
        make.exercise = "one"
        let first = make.raised("a", .high, tool: .bd)
        make.exercise = "two"
        let second = make.raised("a", .info)
        try disk.ingest([actual, draft, unnamed, first, second])
        make.exercise = "one"
        try disk.ingest(make.acknowledged("a"))
        let realms: [Realm] = [.actual, .technical, .exercise("unnamed"), .exercise("one"), .exercise("two")]
        let found = try realms.map { try disk.store.alert(subject: "a", realm: $0)?.alert }
        #expect(found.map { $0?.severity } == [.critical, .low, .low, .high, .info])
        #expect(found.map { $0?.acknowledged } == [false, false, false, true, false])
        for realm in realms {
            #expect(try disk.store.totals(realm, now: EventMaker.noon, midnight: EventMaker.noon).total == 1)
            #expect(try disk.store.alerts(AlertQuery(realm: realm), at: .start, limit: 9).lines.count == 1)
        }
        #expect(try disk.store.toolReports(.actual).map(\.tool) == [.fd])
        #expect(try disk.store.alerts(named: "a").map(\.realm).count == 5)
        let log = try realms.map { try disk.store.recentLog($0, limit: 9).map(\.sequence) }
        #expect(log == [[1], [2], [3], [6, 4], [5]])
    }

    @Test("the log of an exercise is found behind any number of Actual events")
    func exerciseLog() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        make.exercise = "one"
        try disk.ingest(make.raised("a"))
        make.exercise = nil
        try disk.ingest((0..<50).map { make.raised("b\($0)") })
        let log = try disk.store.recentLog(.exercise("one"), limit: 9, depth: 20)
        #expect(log.map(\.subject) == ["a"])
    }

    @Test("what waits elsewhere is what is active, and what ended since one looked away")
    func attention() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("old", .critical), make.cleared("old"), make.raised("seen", .critical)])
        try disk.ingest(make.acknowledged("seen"))
        let later = EventMaker.noon.adding(seconds: 60)
        func waiting() throws -> [Int?] {
            let found = try disk.store.attention(.actual, endedSince: later)
            return [found.count, found.worst?.rawValue]
        }
        #expect(try waiting() == [0, nil])
        try disk.ingest(make.raised("still", .low))
        #expect(try waiting() == [1, Severity.low.rawValue])
        var brief = make.raised("brief", .high)
        brief.time = later.adding(seconds: 1)
        try disk.ingest([brief, make.cleared("brief")], at: later.adding(seconds: 2))
        #expect(try waiting() == [2, Severity.high.rawValue])
    }
}
