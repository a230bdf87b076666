import ControlRoom
import TestSupport
import Testing

@testable import Store

/// What a filter finds, against a plain walk over all alerts.
@Suite("A filter in the store")
struct FilterTests {
    private static let now = EventMaker.noon.adding(seconds: 3_600)
    private static let centre = Coordinate(latitude: 45.4, longitude: 11.88)
    private static let headlines = ["Gas leak at Città Alta", "Crowd grows", "gas smell, Prato", "Weapon seen"]

    /// Alerts in every state, judged and shelved, with and without places, sites, confidences and ends.
    private func filled(seed: UInt64) throws -> (TemporaryStore, [AlertLine]) {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        var events: [Event] = []
        for number in 0..<120 {
            make.time = EventMaker.noon.adding(seconds: Double(chance.next() % 3_000))
            let subject = "cam-\(number % 90)/a"
            events.append(FilterTests.raised(subject, &make, &chance))
            if chance.next() % 3 == 0 { events.append(make.acknowledged(subject)) }
            if chance.next() % 4 == 0 { events.append(make.cleared(subject)) }
            if chance.next() % 5 == 0 {
                let until = EventMaker.noon.adding(seconds: chance.next() % 2 == 0 ? 3_000 : 9_000)
                events.append(make.shelved(subject, until: until))
            }
            if chance.next() % 5 == 0 {
                let verdict = chance.next() % 2 == 0 ? "confirmed" : "rejected"
                events.append(
                    make.event(
                        .alertAssessed, subject,
                        "{\"occurrence\":1,\"verdict\":\"\(verdict)\",\"disposition\":\"none\"}",
                        by: "op\(chance.next() % 2)"))
            }
            events += FilterTests.handled(subject, &make, &chance)
        }
        try disk.ingest(events)
        try disk.settle()
        while try disk.store.settle(at: FilterTests.now) {}
        return (disk, try disk.store.allAlerts(afterRow: 0, limit: 1_000).map(\.line))
    }

    private static func handled(_ subject: String, _ make: inout EventMaker, _ chance: inout SeededChance) -> [Event] {
        switch chance.next() % 16 {
        case 0: [make.event(.alertTaken, subject, by: "op2")]
        case 1: [make.event(.alertAssigned, subject, "{\"to\":\"op3\"}", by: "sup1")]
        case 2:
            [make.event(.alertRemovedFromService, subject, "{\"reason\":\"maintenance\",\"note\":\"n\"}", by: "sup1")]
        case 3: [make.event(.alertSuppressed, subject, "{\"rule\":\"r\",\"severity\":\"medium\"}")]
        case 9:
            [
                make.event(
                    .alertSuppressed, subject,
                    "{\"rule\":\"t\",\"severity\":\"medium\",\"cause\":\"water\",\(end(&chance))}")
            ]
        case 10:
            [
                make.event(
                    .approvalRequested, subject,
                    "{\"wish\":\"shelve\",\"severity\":\"critical\",\"occurrence\":9,\"reason\":\"test\",\(end(&chance))}",
                    by: "op1")
            ]
        case 4:
            [
                make.event(
                    .approvalRequested, subject,
                    "{\"wish\":\"remove_from_service\",\"severity\":\"low\",\"reason\":\"r\"}", by: "op1")
            ]
        case 5: [make.event(.alertEscalated, subject, "{\"level\":1,\"to\":\"supervisor\",\"occurrence\":1}")]
        case 6: [make.event(.alertReminded, subject)]
        case 7: [make.event(.alertLinked, subject, "{\"occurrence\":9,\"cause\":\"Power/cut\"}", by: "op1")]
        case 8:
            [
                make.event(
                    .alertSuppressed, subject,
                    "{\"rule\":\"p\",\"severity\":\"medium\",\"cause\":\"water\",\"reason\":\"known-fault\"}")
            ]
        default: []
        }
    }

    /// An end before or after the filter looks.
    private static func end(_ chance: inout SeededChance) -> String {
        let until = EventMaker.noon.adding(seconds: chance.next() % 2 == 0 ? 3_000 : 9_000)
        return "\"until\":\"\(until.rfc3339)\""
    }

    private static let tools: [Tool] = [.fd, .uad, .smd, Tool(code: "NOISE")]

    private static func raised(_ subject: String, _ make: inout EventMaker, _ chance: inout SeededChance) -> Event {
        var members: [String] = []
        if chance.next() % 2 == 0 { members.append("\"district\":\"d\(chance.next() % 3)\"") }
        if chance.next() % 2 == 0 {
            let (north, east) = (Double(chance.next() % 100) / 10_000, Double(chance.next() % 100) / 10_000)
            members.append("\"place\":{\"lat\":\(45.395 + north),\"lon\":\(11.875 + east)}")
        }
        if chance.next() % 2 == 0 { members.append("\"confidence\":\(Double(chance.next() % 10) / 10)") }
        if chance.next() % 2 == 0 { members.append("\"site\":\"Harbour \(chance.next() % 3)\"") }
        if chance.next() % 3 == 0 { members.append("\"latching\":true") }
        if chance.next() % 4 == 0 { members.append("\"stale\":\"\(EventMaker.noon.adding(seconds: 3_500).rfc3339)\"") }
        return make.raised(
            subject, Severity.allCases[Int(chance.next() % 5)], tool: tools[Int(chance.next() % 4)],
            headline: headlines[Int(chance.next() % 4)], members.joined(separator: ","))
    }

    @Test(
        "finds what a walk over all alerts finds, in whatever way its parts are joined, from the file and from memory",
        arguments: 1...8)
    func agrees(seed: UInt64) throws {
        let (disk, all) = try filled(seed: seed)
        let headline = Filter.test(.contains(.headline, ""))
        if seed % 4 == 0 { while try disk.store.readColumns(for: headline, limit: 17) {} }
        if seed % 4 == 2 { while try disk.store.readColumns(for: nil, limit: 17) {} }
        var chance = SeededChance(seed: seed)
        var found = 0
        for _ in 0..<250 {
            let filter = FilterTests.random(&chance, depth: 3)
            let vocabulary = FilterVocabulary(
                districts: (0..<3).map { .init(id: "d\($0)", name: "District \($0)") },
                tools: try disk.store.toolRegister(), now: FilterTests.now, zone: .utc)
            let query = AlertQuery(realm: .actual, filter: AlertFilter(show: .all, filter, vocabulary)).at(
                FilterTests.now)
            let lines = try disk.store.alerts(query, at: .start, limit: 1_000).lines
            let expected = all.filter { PlainFilter.meets($0.alert, filter, now: FilterTests.now) }
            let words = FilterWriter(vocabulary).text(filter)
            #expect(Set(lines.map(\.row)) == Set(expected.map(\.row)), "\(words)")
            #expect(try disk.store.count(query, limit: 1_000) == expected.count, "\(words)")
            // The text that it is written as finds the same.
            var again = AlertFilter(show: .all)
            try again.read(words, vocabulary)
            let same = AlertQuery(realm: .actual, filter: again).at(FilterTests.now)
            #expect(try disk.store.count(same, limit: 1_000) == expected.count, "\(words)")
            found += expected.count
        }
        #expect(found > 1_000)
    }

    private static func random(_ chance: inout SeededChance, depth: Int) -> Filter {
        guard depth > 0, chance.next() % 2 == 0 else { return .test(test(&chance)) }
        let parts = (0..<2 + Int(chance.next() % 2)).map { _ in random(&chance, depth: depth - 1) }
        switch chance.next() % 3 {
        case 0: return .all(parts)
        case 1: return .any(parts)
        default: return .not(parts[0])
        }
    }

    private static func test(_ chance: inout SeededChance) -> Filter.Test {
        func one<Value>(_ all: [Value]) -> Value { all[Int(chance.next() % UInt64(all.count))] }
        let comparison = one([Filter.Comparison.less, .lessOrEqual, .greater, .greaterOrEqual])
        switch chance.next() % 15 {
        case 0: return .severity(one(Filter.Comparison.allCases), one(Severity.allCases))
        case 1: return .state([one(AlertState.allCases)])
        case 2: return .state(Set(AlertState.allCases.filter(\.needsAcknowledgement)))
        case 3: return .flag(one(Filter.Flag.allCases), one([true, false]))
        case 4: return one([.otherTool(than: Tool.shipped)] + tools.map { .tool($0) })
        case 5: return .district(id: "d\(chance.next() % 3)")
        case 6: return .contains(.headline, one(["CITTA", "gas", "grows", "zebra"]))
        case 7: return .equals(one([.site, .id]), one(["harbour 1", "CAM-3/A"]))
        case 8: return .number(.confidence, comparison, Double(chance.next() % 10) / 10)
        case 9: return .number(.occurrence, comparison, 1)
        case 10:
            return .age(one(Filter.AgeField.allCases), comparison, milliseconds: Int64(chance.next() % 4_000) * 1_000)
        case 11:
            let time = EventMaker.noon.adding(seconds: Double(chance.next() % 4_000))
            return .time(one(Filter.TimeField.allCases), comparison, time)
        case 12:
            return one([
                .by(.assessed, "OP1"), .verdict(.rejected), .disposition(.none), .by(.shelved, "op1"),
                .by(.requested, "op1"), .by(.removed, "sup1"), .equals(.owner, "OP2"), .contains(.owner, "op"),
                .equals(.cause, "power/CUT"), .contains(.cause, "wat"), .contains(.cause, ""),
                .reason(one(SuppressionReason.Code.allCases)),
            ])
        case 13: return .within(metres: one([50, 300, 900]), of: centre, name: "45.4,11.88")
        default: return one([.words(["gas"]), .words(["cro", "gr"]), .phrase("gas leak"), .phrase("Citta Alta")])
        }
    }

    @Test("What is in memory follows what is written, also by another process and by what a trim forgets")
    func follows() throws {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: 3))
        let headline = Filter.test(.contains(.headline, ""))
        for number in 0..<50 { try disk.ingest(FilterTests.raised("s\(number)", &make, &chance)) }
        // What is written while it is being read is taken over as well.
        #expect(try disk.store.readColumns(for: headline, limit: 10))
        try disk.ingest([make.acknowledged("s3"), make.cleared("s3")])
        while try disk.store.readColumns(for: headline, limit: 10) {}
        let other = try Store(path: disk.store.path) { "other" }
        defer { other.close() }
        for round in 0..<30 {
            let subject = "s\(chance.next() % 70)"
            let writer = round % 2 == 0 ? disk.store : other
            var events = [FilterTests.raised(subject, &make, &chance), make.acknowledged("s\(round)")]
            if round % 3 == 0 { events.append(make.cleared("s\(round)")) }
            _ = try writer.ingest(try events.map { try AdmittedEvent($0) }, now: make.time)
            for text in [
                "state = waiting", "state = normal", "tool = FD severity > low", "age > 10s", "headline ~ gas",
            ] {
                let query = AlertQuery(realm: .actual, filter: try .reading(text)).at(FilterTests.now)
                #expect(try disk.store.count(query, limit: 1_000) == other.count(query, limit: 1_000), "\(text)")
            }
        }
        let all = AlertQuery(realm: .actual, filter: try .reading("active = yes or active = no"))
        let before = try disk.store.count(all, limit: 1_000)
        let last = try disk.store.lastSequence()
        let fact = LogTrimmed(through: last - 20, head: String(repeating: "0", count: 64), recorded: make.time)
        try disk.ingest(make.event(.logTrimmed, "log", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self)))
        #expect(try disk.store.count(all, limit: 1_000) == other.count(all, limit: 1_000))
        #expect(try disk.store.count(all, limit: 1_000) < before)
    }

    @Test("Rows are packed and come back")
    func packing() {
        let rows: [Int64] = [0, 1, 2, 127, 128, 300, 1 << 40, .max - 1]
        var unpacked: [Int64] = []
        RisingNumbers.unpack(RisingNumbers.pack(rows)) { unpacked.append($0) }
        #expect(unpacked == rows)
    }

    @Test("An age is one of the moment, a line that grows older falls out")
    func ages() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a"))
        let query = AlertQuery(realm: .actual, filter: try .reading("age < 10m"))
        let raised = try #require(try disk.store.alert(subject: "a", realm: .actual)).alert.raised
        #expect(try disk.store.count(query.at(raised.adding(seconds: 599)), limit: 9) == 1)
        #expect(try disk.store.count(query.at(raised.adding(seconds: 600)), limit: 9) == 0)
        let row = try #require(try disk.store.alert(subject: "a", realm: .actual)).row
        #expect(try disk.store.meets(query.filter, row: row, in: .actual, now: raised))
        #expect(try !disk.store.meets(query.filter, row: row, in: .actual, now: raised.adding(seconds: 900)))
    }

    @Test("What asks for states itself is not narrowed to what is open")
    func shown() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a"), make.acknowledged("a"), make.cleared("a"), make.raised("b")])
        func count(_ text: String) throws -> Int {
            let query = AlertQuery(realm: .actual, filter: try .reading(text, show: .open)).at(FilterTests.now)
            return try disk.store.count(query, limit: 9)
        }
        #expect(try count("id = a") == 0 && count("id = a and state = normal") == 1 && count("id = b") == 1)
    }
}

/// The meaning of a filter, one alert at a time, without an index.
private enum PlainFilter {
    static func meets(_ alert: Alert, _ filter: Filter, now: Timestamp) -> Bool {
        switch filter {
        case .all(let parts): parts.allSatisfy { meets(alert, $0, now: now) }
        case .any(let parts): parts.contains { meets(alert, $0, now: now) }
        case .not(let part): !meets(alert, part, now: now)
        case .test(let test): meets(alert, test, now: now)
        }
    }

    private static func meets(_ alert: Alert, _ test: Filter.Test, now: Timestamp) -> Bool {
        switch test {
        case .severity(let comparison, let severity): holds(comparison, -alert.severity.rawValue, -severity.rawValue)
        case .state(let states): states.contains(alert.state(at: now))
        case .flag(let flag, let wanted): holds(flag, alert, now) == wanted
        case .tool(let tool): alert.tool == tool
        case .otherTool(let known): !known.contains(alert.tool)
        case .status(let status): alert.status == status
        case .district(let id): alert.district == id
        case .equals(let field, let text): texts(field, alert.settled(at: now)).contains { folded($0) == folded(text) }
        case .contains(let field, let text):
            texts(field, alert.settled(at: now)).contains { folded($0).contains(folded(text)) }
        case .number(.confidence, let comparison, let number):
            alert.confidence.map { holds(comparison, $0, number) } ?? false
        case .number(.occurrence, let comparison, let number): holds(comparison, Double(alert.timesAnnunciated), number)
        case .age(let field, let comparison, let age):
            start(field, alert, now).map { holds(comparison, now.milliseconds - $0.milliseconds, age) } ?? false
        case .time(let field, let comparison, let time):
            self.time(field, alert).map { holds(comparison, $0, time) } ?? false
        case .by(let deed, let name): who(deed, alert.settled(at: now)).map { folded($0) == folded(name) } ?? false
        case .verdict(let verdict): alert.assessment?.verdict == verdict
        case .disposition(let disposition): (alert.closing ?? alert.assessment)?.disposition == disposition
        case .reason(let code): alert.settled(at: now).suppressionCodes.contains(code)
        case .within(let metres, let centre, _): alert.place.map { $0.distance(to: centre) <= metres } ?? false
        case .words(let words): words.allSatisfy { hasWord(alert, $0) }
        case .phrase(let text): folded(alert.headline).contains(folded(text))
        }
    }

    private static func holds<Value: Comparable>(_ comparison: Filter.Comparison, _ a: Value, _ b: Value) -> Bool {
        switch comparison {
        case .equal: a == b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }

    private static func holds(_ flag: Filter.Flag, _ alert: Alert, _ now: Timestamp) -> Bool {
        switch flag {
        case .active: alert.isActive(at: now)
        case .acknowledged: alert.acknowledged
        case .latching: alert.latching
        case .assessed: alert.assessment != nil
        case .closed: alert.closing != nil
        case .owned: alert.owner != nil
        case .escalated: alert.escalation != nil
        case .reminded: alert.reminded != nil
        case .requested: alert.settled(at: now).request != nil
        case .chattering: alert.isChattering(at: now)
        case .fleeting: alert.isFleeting(at: now)
        }
    }

    private static func start(_ field: Filter.AgeField, _ alert: Alert, _ now: Timestamp) -> Timestamp? {
        switch field {
        case .raised: alert.raised
        case .waiting: alert.state(at: now).needsAcknowledgement ? alert.wanted : nil
        case .acknowledged: alert.acknowledgement?.at
        case .shelved: alert.state(at: now) == .shelved ? alert.shelving?.act.at : nil
        case .removed: alert.removal?.act.at
        }
    }

    private static func texts(_ field: Filter.TextField, _ alert: Alert) -> [String] {
        switch field {
        case .id: [alert.subject, alert.externalID].compactMap { $0 }
        case .headline: [alert.headline]
        case .kind: [alert.kind]
        case .owner: [alert.owner].compactMap { $0 }
        case .cause: [alert.cause].compactMap { $0 }
        case .area: [alert.areaName].compactMap { $0 }
        case .site: [alert.site].compactMap { $0 }
        case .asset: []
        }
    }

    private static func time(_ field: Filter.TimeField, _ alert: Alert) -> Timestamp? {
        switch field {
        case .raised: alert.raised
        case .since: alert.since
        case .ended: alert.ended
        case .stale: alert.stale
        }
    }

    private static func who(_ deed: Filter.Deed, _ alert: Alert) -> String? {
        switch deed {
        case .acknowledged: alert.acknowledgement?.by
        case .assessed: alert.assessment?.act.by
        case .shelved: alert.shelving?.act.by
        case .closed: alert.closing?.act.by
        case .removed: alert.removal?.act.by
        case .requested: alert.request?.act.by
        }
    }

    private static func folded(_ text: String) -> String {
        text.lowercased().replacing("à", with: "a").replacing("a\u{300}", with: "a")
    }

    private static func hasWord(_ alert: Alert, _ word: String) -> Bool {
        folded(alert.headline).split { !$0.isLetter && !$0.isNumber }.contains { $0.hasPrefix(folded(word)) }
    }
}
