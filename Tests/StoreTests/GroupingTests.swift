import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("Groups")
struct GroupingTests {
    private static let now = EventMaker.noon.adding(seconds: 7_200)
    private static let rules = [
        GroupingRule(tool: .fd, kind: "crowd", metres: 0, seconds: 300),
        GroupingRule(tool: .uad, metres: 400, seconds: 0),
        GroupingRule(metres: 120, seconds: 1_500),
    ]

    /// Alarms of two kinds around a few places, some a stone's throw from each other, some without a place.
    private func filled(seed: UInt64, latitude: Double, longitude: Double = 11.87) throws -> (
        TemporaryStore, [AlertLine]
    ) {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        for number in 0..<160 {
            make.time = EventMaker.noon.adding(seconds: Double(chance.next() % 3_600))
            let tool = [Tool.fd, .uad, .eo, Tool(code: "NOISE")][Int(chance.next() % 4)]
            var more = ["\"latching\":false"]
            if chance.next() % 6 > 0 {
                let (north, east) = (chance.unit() * 0.004, chance.unit() * 0.006)
                let lon = longitude + east > 180 ? longitude + east - 360 : longitude + east
                more.append("\"lat\":\(latitude + north),\"lon\":\(lon)")
            }
            if chance.next() % 3 == 0 { more.append("\"district\":\"d\(chance.next() % 2)\"") }
            try disk.ingest(
                make.raised(
                    "s\(number % 140)", .allCases[Int(chance.next() % 5)], tool: tool, more.joined(separator: ",")),
                at: make.time)
            if chance.next() % 5 == 0 { try disk.ingest(make.acknowledged("s\(number % 140)"), at: make.time) }
            // Some explain each other, some what has not come yet or never comes.
            guard chance.next() % 6 == 0 else { continue }
            let cause = "s\(chance.next() % 150)"
            try disk.ingest(
                make.event(.alertLinked, "s\(number % 140)", "{\"occurrence\":9,\"cause\":\"\(cause)\"}", by: "op1"),
                at: make.time)
        }
        let all = try disk.store.allAlerts(afterRow: 0, limit: 1_000).map(\.line)
        return (disk, all)
    }

    /// By the definition: each in its turn, against every group there is.
    /// What explains an alarm, from one to the next: its key; nil where nothing does, or they go in a circle.
    private static func first(_ line: AlertLine, _ all: [String: AlertLine]) -> String? {
        guard var first = line.alert.cause else { return nil }
        var seen = [line.alert.subject]
        while let next = all[first] {
            if seen.contains(first) { return nil }
            seen.append(first)
            guard let cause = next.alert.cause else { break }
            first = cause
        }
        return first
    }

    private static func groups(
        _ lines: [AlertLine], _ rules: [GroupingRule], among all: [AlertLine]
    ) -> [[AlertLine]] {
        var groups: [[AlertLine]] = []
        let bySubject = Dictionary(all.map { ($0.alert.subject, $0) }, uniquingKeysWith: { $1 })
        let inOrder = lines.sorted { ($0.alert.raised, $0.row) < ($1.alert.raised, $1.row) }
        for line in inOrder where first(line, bySubject) == nil {
            let alert = line.alert
            let rule = rules.first { $0.fits(alert.tool, alert.kind) }
            func distance(_ group: [AlertLine]) -> Double? {
                guard let rule, rule.seconds > 0, let first = group.first?.alert, let last = group.last?.alert,
                    first.tool == alert.tool, first.kind == alert.kind,
                    alert.raised.seconds(since: last.raised) <= Double(rule.seconds)
                else { return nil }
                switch (first.place, alert.place) {
                case (nil, nil): return first.district == alert.district ? 0 : nil
                case (let centre?, let here?):
                    let metres = here.distance(to: centre)
                    return metres <= Double(rule.metres) ? metres : nil
                default: return nil
                }
            }
            let near = groups.indices.compactMap { index in distance(groups[index]).map { (index, $0) } }
            if let nearest = near.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
                groups[nearest.0].append(line)
            } else {
                groups.append([line])
            }
        }
        var begun: [String: Int] = [:]
        for line in inOrder {
            guard let cause = first(line, bySubject) else { continue }
            let known = begun[cause] ?? groups.firstIndex { $0.contains { $0.alert.subject == cause } }
            begun[cause] = known ?? groups.count
            if let known { groups[known].append(line) } else { groups.append([line]) }
        }
        return groups.map { $0.sorted { ($0.alert.raised, $0.row) < ($1.alert.raised, $1.row) } }
    }

    @Test(
        "are what the definition says, each shown by the one of it that comes first, whatever the order",
        arguments: 1...12)
    func agrees(seed: UInt64) throws {
        let (disk, all) = try filled(
            seed: seed, latitude: [0.001, 45.4, 69.6, -16.8][Int(seed % 4)],
            longitude: seed % 4 == 3 ? 179.997 : 11.87)
        while try disk.store.readColumns(for: nil) {}
        let expected = GroupingTests.groups(all, GroupingTests.rules, among: all)
        #expect(expected.contains { $0.count > 3 } && expected.contains { $0.count == 1 })
        let known = Dictionary(all.map { ($0.alert.subject, $0) }, uniquingKeysWith: { $1 })
        func need(_ line: AlertLine) -> Int64 { line.alert.need(at: GroupingTests.now) }
        for order in AlertOrder.named + [.columns([SortColumn(.tool), SortColumn(.age)])] {
            var query = AlertQuery(realm: .actual, order: order, filter: AlertFilter(show: .all)).at(GroupingTests.now)
            let flat = try disk.store.alerts(query, at: .start, limit: 1_000).lines
            query.grouping = AlertGrouping(rules: GroupingTests.rules)
            // Window by window, forwards and backwards, and counted: none is missing and none stands there twice.
            var (lines, anchor) = ([AlertLine](), AlertAnchor.start)
            while true {
                let page = try disk.store.alerts(query, at: anchor, limit: 7)
                lines += page.lines
                guard !page.reachesEnd, let last = page.lines.last else { break }
                anchor = .after(last.key)
            }
            let back = try disk.store.alerts(query, at: .end, limit: 1_000).lines
            #expect(back == lines)
            #expect(lines.reduce(0) { $0 + ($1.group?.count ?? 1) } == all.count)
            #expect(try disk.store.count(query.each, limit: 1_000) == all.count)
            #expect(lines.count == expected.count)
            let places = Dictionary(uniqueKeysWithValues: flat.enumerated().map { ($1.row, $0) })
            #expect(back.map(\.key) == lines.map(\.key))
            for line in lines {
                let group = try #require(expected.first { $0.contains { $0.row == line.row } })
                let placed = try #require(places[line.key.row])
                #expect(
                    group.allSatisfy { places[$0.row] ?? -1 >= placed } && group.contains { $0.row == line.key.row })
                // It stands where the first of it stands, and shows the one that needs attention most.
                let neediest = try #require(group.map(need).min())
                // Of those that need it alike, what explains the others says most.
                #expect(need(line) == neediest || need(line) >> 44 == neediest >> 44)
                if need(line) != neediest {
                    #expect(line.alert.cause == nil || GroupingTests.first(line, known) == nil)
                    #expect(group.contains { need($0) == neediest && $0.alert.cause != nil })
                }
                guard group.count > 1 else {
                    #expect(line.group == nil)
                    continue
                }
                let shown = try #require(line.group)
                #expect(shown.count == group.count && shown.rows == group.map(\.row))
                #expect(shown.waiting == group.count { need($0) < Alert.firstAttendedNeed })
                #expect(shown.shown(among: all).count == group.count)
                let members = try disk.store.alerts(query.inside(shown), at: .start, limit: 1_000).lines
                #expect(Set(members.map(\.row)) == Set(group.map(\.row)))
                #expect(members.map(\.row) == flat.map(\.row).filter(Set(group.map(\.row)).contains))
            }
        }
    }

    @Test("hold what the filter finds, and nothing else")
    func filtered() throws {
        let (disk, all) = try filled(seed: 5, latitude: 45.4)
        while try disk.store.readColumns(for: nil) {}
        var filter = AlertFilter(show: .all)
        try filter.read("severity >= high", FilterVocabulary(now: GroupingTests.now, zone: .utc))
        var query = AlertQuery(realm: .actual, filter: filter).at(GroupingTests.now)
        query.grouping = AlertGrouping(rules: GroupingTests.rules)
        let lines = try disk.store.alerts(query, at: .start, limit: 1_000).lines
        let expected = GroupingTests.groups(
            all.filter { $0.alert.severity >= .high }, GroupingTests.rules, among: all)
        #expect(lines.compactMap { $0.group?.count }.sorted() == expected.map(\.count).filter { $0 > 1 }.sorted())
        #expect(lines.count == expected.count)
    }

    @Test(
        "a chain of causes leads to its first however long it is, a circle to none; what is not there holds them together"
    )
    func chains() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        func link(_ subject: String, _ cause: String) throws {
            try disk.ingest(make.event(.alertLinked, subject, "{\"occurrence\":1,\"cause\":\"\(cause)\"}", by: "op1"))
        }
        for subject in (0...20).map({ "a\($0)" }) + ["b0", "b1", "b2", "c1", "c2"] {
            try disk.ingest(make.raised(subject, .low, "\"kind\":\"\(subject)\""))
        }
        for number in 1...20 { try link("a\(number)", "a\(number - 1)") }
        for (one, other) in [("b0", "b1"), ("b1", "b0"), ("b2", "b1"), ("c1", "gone"), ("c2", "gone")] {
            try link(one, other)
        }
        while try disk.store.readColumns(for: nil) {}
        var query = AlertQuery(realm: .actual).at(GroupingTests.now)
        query.grouping = AlertGrouping(rules: [GroupingRule(metres: 0, seconds: 0)])
        let lines = try disk.store.alerts(query, at: .start, limit: 100).lines
        let groups = try lines.map { try disk.store.subjects(of: $0.group?.rows ?? [$0.row]) }
        #expect(Set(groups) == [(0...20).map { "a\($0)" }, ["b0"], ["b1"], ["b2"], ["c1", "c2"]])
        #expect(lines.first { $0.group?.count == 21 }?.alert.subject == "a0")
        // Acknowledged, the first is not in the list any more; those that it explains stay one group.
        try disk.ingest(make.acknowledged("a0"))
        query.filter.show = .unacknowledged
        let waiting = try disk.store.alerts(query, at: .start, limit: 100).lines
        #expect(waiting.compactMap { $0.group?.count }.sorted() == [2, 20])
        #expect(waiting.first { $0.group?.count == 20 }?.group?.cause != nil)
        #expect(try disk.store.causes(of: "a3", realm: .actual) == ["a3", "a2", "a1", "a0"])
        #expect(try disk.store.causes(of: "b2", realm: .actual) == ["b2", "b1", "b0"])
    }
}
