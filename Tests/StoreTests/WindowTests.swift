import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Windows of a list")
struct WindowTests {
    static let filters: [AlertFilter] =
        [
            AlertFilter(), AlertFilter(show: .all), AlertFilter(show: .unacknowledged),
            AlertFilter(show: .all, tool: .uad),
            AlertFilter(show: .all, district: "d1"), AlertFilter(minimumSeverity: .medium),
            AlertFilter(show: .unacknowledged, tool: .fd, district: "d2", minimumSeverity: .low),
        ] + ["crowd", "nothing of the sort"].compactMap { try? .reading($0) }

    static let orders =
        AlertOrder.named
        + ["severity,-age", "-severity district,-state", "tool,district,severity,state,age", "occurrence -tool age"]
        .compactMap { try? AlertOrder(reading: $0) }

    /// Of those that alerts name, one is none of the city.
    private static let districts = ["d0", "d2"]
    private static let tools: [Tool] = [.fd, .uad, Tool(code: "NOISE")]

    /// A store with many alerts of equal times and severities, and its lines.
    private func filled(seed: UInt64) throws -> (TemporaryStore, [AlertLine]) {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        var events = WindowTests.districts.map { make.district($0, set: "s", south: 45, west: 11) }
        for number in 0..<150 {
            make.time = EventMaker.noon.adding(seconds: Double(chance.next() % 7))
            let severity = Severity.allCases[Int(chance.next() % 5)]
            let tool = WindowTests.tools[Int(chance.next() % 3)]
            events.append(make.raised("s\(number)", severity, tool: tool, "\"district\":\"d\(chance.next() % 3)\""))
            if chance.next() % 3 == 0 { events.append(make.acknowledged("s\(number)")) }
            if chance.next() % 3 == 0 { events.append(make.cleared("s\(number)")) }
            if chance.next() % 9 == 0 {
                events.append(make.shelved("s\(number)", until: EventMaker.noon.adding(seconds: 900)))
            }
        }
        try disk.ingest(events)
        try disk.settle()
        return (disk, try disk.store.allAlerts(afterRow: 0, limit: 1_000).map(\.line))
    }

    private func key(_ line: AlertLine, _ order: AlertOrder) -> AlertKey {
        let value =
            switch order {
            case .need: line.key.value
            case .newest: -line.alert.raised.milliseconds
            case .oldest: line.alert.raised.milliseconds
            case .severity: line.key.value & ((1 << 47) - 1)
            case .columns(let columns): columns.reduce(0) { $0 << Int64($1.field.bits) | part($1, line) }
            }
        return AlertKey(value: value, row: line.row)
    }

    /// Written without the ways of `ColumnOrder`.
    private func part(_ column: SortColumn, _ line: AlertLine) -> Int64 {
        let alert = line.alert
        let value: Int64 =
            switch column.field {
            case .severity: Int64(alert.severity.rawValue)
            case .state: line.key.value / (1 << 47)
            case .age: (1 << 44) - 1 - alert.raised.milliseconds
            case .district: alert.district.map { id in Int64(WindowTests.districts.count { $0 < id }) } ?? 255
            case .tool:
                Int64(
                    ["BD", "CAP", "CTDR", "CTI", "EO", "FD", "NOISE", "SMD", "UAD", "WMS"]
                        .firstIndex(of: alert.tool.code) ?? 0)
            case .occurrence: 4_095 - Int64(alert.occurrence)
            }
        return column.isReversed ? (1 << Int64(column.field.bits)) - 1 - value : value
    }

    private func passes(_ line: AlertLine, _ filter: AlertFilter) -> Bool {
        let alert = line.alert
        let shown =
            switch filter.show {
            case .all: true
            case .open: line.key.value < Alert.firstNormalNeed
            case .unacknowledged: line.key.value < Alert.firstAttendedNeed
            case .shelved: line.key.value >> 47 == 3
            }
        return shown && (filter.tool.map { $0 == alert.tool } ?? true)
            && (filter.district.map { $0 == alert.district } ?? true)
            && (filter.minimumSeverity.map { alert.severity >= $0 } ?? true)
            && (filter.text.isEmpty || filter.text == "crowd")
    }

    private func expected(_ lines: [AlertLine], _ query: AlertQuery) -> [AlertLine] {
        lines.filter { passes($0, query.filter) }
            .map { AlertLine(row: $0.row, key: key($0, query.order), alert: $0.alert) }
            .sorted { $0.key < $1.key }
    }

    @Test("cover every row once, forwards and backwards, in every order and filter", arguments: WindowTests.orders)
    func cover(_ order: AlertOrder) throws {
        let (disk, all) = try filled(seed: 1)
        if order != .need { while try disk.store.readColumns(for: nil) {} }
        for filter in WindowTests.filters {
            let query = AlertQuery(realm: .actual, order: order, filter: filter)
            let expected = expected(all, query)
            for limit in [1, 7, 500] {
                #expect(try walk(disk.store, query, limit: limit, forwards: true) == expected)
                #expect(try walk(disk.store, query, limit: limit, forwards: false) == expected)
            }
            #expect(try disk.store.count(query, limit: 1_000) == expected.count)
        }
    }

    private func walk(_ store: Store, _ query: AlertQuery, limit: Int, forwards: Bool) throws -> [AlertLine] {
        var page = try store.alerts(query, at: forwards ? .start : .end, limit: limit)
        var lines = page.lines
        #expect(forwards ? page.reachesStart : page.reachesEnd)
        while !(forwards ? page.reachesEnd : page.reachesStart) {
            // A window that does not get on would be walked for ever.
            guard lines.count < 1_000, let edge = forwards ? lines.last : lines.first else { break }
            page = try store.alerts(query, at: forwards ? .after(edge.key) : .before(edge.key), limit: limit)
            lines = forwards ? lines + page.lines : page.lines + lines
        }
        return lines
    }

    @Test("begin at any key, one that is there or not", arguments: 1...12)
    func anchors(seed: UInt64) throws {
        let (disk, all) = try filled(seed: seed)
        if seed % 2 == 0 { while try disk.store.readColumns(for: nil) {} }
        var chance = SeededChance(seed: seed)
        for _ in 0..<60 {
            let order = WindowTests.orders[Int(chance.next() % UInt64(WindowTests.orders.count))]
            let filter = WindowTests.filters[Int(chance.next() % UInt64(WindowTests.filters.count))]
            let query = AlertQuery(realm: .actual, order: order, filter: filter)
            var anchor = key(all[Int(chance.next() % UInt64(all.count))], order)
            anchor.value += Int64(chance.next() % 3) - 1
            anchor.row += Int64(chance.next() % 3) - 1
            try compare(disk.store, query, expected(all, query), anchor, limit: 1 + Int(chance.next() % 30))
        }
    }

    private func compare(
        _ store: Store, _ query: AlertQuery, _ all: [AlertLine], _ key: AlertKey, limit: Int
    ) throws {
        let from = all.filter { $0.key >= key }
        let after = all.filter { $0.key > key }
        let before = all.filter { $0.key < key }
        let pageFrom = try store.alerts(query, at: .from(key), limit: limit)
        #expect(pageFrom.lines == Array(from.prefix(limit)) && pageFrom.reachesEnd == (from.count <= limit))
        #expect(try store.alerts(query, at: .after(key), limit: limit).lines == Array(after.prefix(limit)))
        let pageBefore = try store.alerts(query, at: .before(key), limit: limit)
        #expect(pageBefore.lines == Array(before.suffix(limit)) && pageBefore.reachesStart == (before.count <= limit))
        let around = try store.alerts(query, around: key, before: limit, after: limit)
        #expect(around.lines == Array(before.suffix(limit)) + Array(from.prefix(limit)))
        #expect(around.reachesStart == (before.count <= limit) && around.reachesEnd == (from.count <= limit))
    }

    @Test("of a realm in which nothing happened are empty and whole")
    func empty() throws {
        let disk = try TemporaryStore()
        for anchor in [AlertAnchor.start, .end, .from(AlertKey(value: 0, row: 0))] {
            let page = try disk.store.alerts(AlertQuery(realm: .exercise("none")), at: anchor, limit: 5)
            #expect(page == AlertPage(lines: [], reachesStart: true, reachesEnd: true))
        }
    }

    @Test("columns to sort by are read and written; what makes no sense is named")
    func readingColumns() throws {
        for order in WindowTests.orders { #expect(try AlertOrder(reading: order.name) == order) }
        #expect(WindowTests.orders.count == 8)
        func problem(_ text: String) -> AlertOrder.Problem? {
            do throws(AlertOrder.Problem) { _ = try AlertOrder(reading: text) } catch { return error }
            return nil
        }
        #expect(problem("severity colour") == .unknown("colour") && problem("age -age") == .twice("age"))
        #expect(problem(" , ") == .empty && problem("age severity state district tool occurrence") == .tooMany)
        #expect(problem("Severity, AGE") == nil)
    }
}
