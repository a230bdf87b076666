import ControlRoom
import Standards
import Store
import TestSupport
import Testing

/// A copy of a hub's log to which no feed speaks.
@Suite("What ends by time")
struct SettleTests {
    private struct Copy {
        let folder: TemporaryFolder
        let store: Store
        private var sequence: Int64 = 0

        init() throws {
            folder = try TemporaryFolder()
            let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })
            store = try Store(path: folder.file("store"), mirror: mirror) { "local" }
        }

        mutating func ingest(_ events: [Event], at recorded: Timestamp) throws {
            let sequenced = events.map { event in
                var event = event
                sequence += 1
                event.sequence = sequence
                event.recorded = recorded
                return AdmittedEvent(fromLog: event)
            }
            _ = try store.ingest(
                mirrored: sequenced, to: Store.Cursor(logID: "hub", sequence: sequence, head: "h\(sequence)"))
        }

        func list(_ show: AlertFilter.Show = .open, at now: Timestamp) throws -> [String] {
            let query = AlertQuery(realm: .actual, filter: AlertFilter(show: show)).at(now)
            return try store.alerts(query, at: .start, limit: 99).lines.map(\.alert.subject)
        }

        func totals(at now: Timestamp) throws -> [Int] {
            let totals = try store.totals(.actual, now: now, midnight: EventMaker.noon)
            return [totals.unacknowledged, totals.open, totals.suppressed, totals.total]
        }
    }

    private static let noon = EventMaker.noon

    private static func after(_ seconds: Double) -> Timestamp { noon.adding(seconds: seconds) }

    /// A shelf until 600 s after noon, a rule until 900 that names another alarm, a request for a shelf until 600, and two alarms
    /// that go stale at 1,200, one of them acknowledged.
    private static func events() -> [Event] {
        var make = EventMaker()
        let stale = "\"stale\":\"\(after(1_200).rfc3339)\""
        var rule = make.event(
            .alertSuppressed, "rule",
            "{\"rule\":\"r\",\"severity\":\"high\",\"occurrence\":1,\"reason\":\"known-fault\",\"cause\":\"plain\","
                + "\"until\":\"\(after(900).rfc3339)\"}")
        rule.source = Event.feedSource
        return [
            make.raised("shelf", .medium), make.shelved("shelf", until: after(600)), make.raised("rule", .high), rule,
            make.raised("stale", .critical, stale), make.raised("acked", .low, stale), make.acknowledged("acked"),
            make.raised("plain", .low),
            make.event(
                .approvalRequested, "plain",
                "{\"wish\":\"shelve\",\"severity\":\"low\",\"occurrence\":1,\"reason\":\"maintenance\","
                    + "\"until\":\"\(after(600).rfc3339)\"}", by: "op2"),
        ]
    }

    /// What the list, its order and the counts are from a time on: unacknowledged, open, suppressed, all.
    private static let stages: [(seconds: Double, list: [String], totals: [Int], shelved: [String])] = [
        (1, ["stale", "plain", "acked", "rule", "shelf"], [2, 5, 2, 5], ["rule", "shelf"]),
        (599.999, ["stale", "plain", "acked", "rule", "shelf"], [2, 5, 2, 5], ["rule", "shelf"]),
        (600, ["stale", "shelf", "plain", "acked", "rule"], [3, 5, 1, 5], ["rule"]),
        (900, ["stale", "rule", "shelf", "plain", "acked"], [4, 5, 0, 5], []),
        (1_200, ["rule", "shelf", "plain", "stale"], [4, 4, 0, 5], []),
    ]

    @Test("ends in list, order and counts by the clock alone", arguments: [1, 500])
    func lists(limit: Int) throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        let last = try copy.store.lastSequence()
        for stage in SettleTests.stages {
            let now = SettleTests.after(stage.seconds)
            while try copy.store.settle(at: now, limit: limit) {}
            #expect(try copy.list(at: now) == stage.list, "\(stage.seconds)")
            #expect(try copy.totals(at: now) == stage.totals, "\(stage.seconds)")
            #expect(try copy.list(.shelved, at: now) == stage.shelved, "\(stage.seconds)")
            #expect(try copy.list(.unacknowledged, at: now).count == stage.totals[0], "\(stage.seconds)")
        }
        // Nobody has said so in the log.
        #expect(try copy.store.lastSequence() == last)
    }

    @Test("all that ended while nobody looked ends at once")
    func atOnce() throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        let (now, end) = (SettleTests.after(90_000), try #require(SettleTests.stages.last))
        #expect(try !copy.store.settle(at: now))
        #expect(try copy.list(at: now) == end.list && copy.totals(at: now) == end.totals)
        #expect(try !copy.store.settle(at: now))
    }

    @Test("ends in every filter, from columns and from the file", arguments: [false, true])
    func filters(areColumnsRead: Bool) throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        if areColumnsRead { while try copy.store.readColumns(for: nil) {} }
        for stage in SettleTests.stages {
            let now = SettleTests.after(stage.seconds)
            while try copy.store.settle(at: now) {}
            let alerts = try copy.store.allAlerts(afterRow: 0, limit: 99).map(\.line.alert)
            for state in AlertState.allCases {
                let vocabulary = FilterVocabulary(now: now, zone: .utc)
                let filter = AlertFilter(show: .all, .test(.state([state])), vocabulary)
                let expected = alerts.filter { $0.state(at: now) == state }.map(\.subject)
                #expect(try found(filter, copy, now) == expected.sorted(), "\(stage.seconds) \(state)")
            }
            for (show, expected) in [
                (AlertFilter.Show.open, stage.list), (.shelved, stage.shelved), (.all, alerts.map(\.subject)),
            ] {
                let filter = try AlertFilter.reading("severity >= info", show: show)
                #expect(try found(filter, copy, now) == expected.sorted(), "\(stage.seconds) \(show)")
            }
        }
    }

    @Test("ends in what asks why, by whom, and what explains it", arguments: [false, true])
    func deeds(areColumnsRead: Bool) throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        if areColumnsRead { while try copy.store.readColumns(for: nil) {} }
        let ends: [(text: String, subject: String, seconds: Double)] = [
            ("reason = other", "shelf", 600), ("shelved-by = op1", "shelf", 600),
            ("reason = known-fault", "rule", 900), ("cause = plain", "rule", 900), ("cause ~ pla", "rule", 900),
            ("reason = maintenance", "plain", 600), ("requested = yes", "plain", 600),
            ("requested-by = op2", "plain", 600),
        ]
        for stage in SettleTests.stages {
            let now = SettleTests.after(stage.seconds)
            while try copy.store.settle(at: now) {}
            for end in ends {
                let filter = try AlertFilter.reading(end.text, show: .all)
                let expected = stage.seconds < end.seconds ? [end.subject] : []
                #expect(try found(filter, copy, now) == expected, "\(stage.seconds) \(end.text)")
                let others = try AlertFilter.reading("not (\(end.text))", show: .all)
                #expect(try found(others, copy, now).count == 5 - expected.count, "\(stage.seconds) not \(end.text)")
            }
            #expect(try copy.store.handling(.actual).requests == (stage.seconds < 600 ? 1 : 0), "\(stage.seconds)")
            #expect(try copy.store.causes(of: "rule", realm: .actual).contains("plain") == (stage.seconds < 900))
        }
    }

    @Test("ends in the groups of a list")
    func groups() throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        while try copy.store.readColumns(for: nil) {}
        for stage in SettleTests.stages {
            let now = SettleTests.after(stage.seconds)
            while try copy.store.settle(at: now) {}
            var query = AlertQuery(realm: .actual, filter: AlertFilter(show: .all)).at(now)
            query.grouping = AlertGrouping(rules: [])
            let counts = try copy.store.alerts(query, at: .start, limit: 99).lines.map { $0.group?.count ?? 1 }
            #expect(counts.sorted() == (stage.seconds < 900 ? [1, 1, 1, 2] : [1, 1, 1, 1, 1]), "\(stage.seconds)")
        }
    }

    @Test("a request that a wrong clock took for over is there again")
    func setBack() throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        for (seconds, count) in [(700.0, 0), (500, 1)] {
            while try copy.store.settle(at: SettleTests.after(seconds)) {}
            #expect(try copy.store.handling(.actual).requests == count)
        }
    }

    private func found(_ filter: AlertFilter, _ copy: Copy, _ now: Timestamp) throws -> [String] {
        let query = AlertQuery(realm: .actual, filter: filter).at(now)
        let lines = try copy.store.alerts(query, at: .start, limit: 99).lines
        #expect(try copy.store.count(query, limit: 99) == lines.count)
        return lines.map(\.alert.subject).sorted()
    }

    @Test("a shelf that still waits in the outbox ends as well")
    func outbox() throws {
        var copy = try Copy()
        var make = EventMaker()
        try copy.ingest([make.raised("a", .high)], at: SettleTests.after(1))
        make.source = "urn:impetus:console"
        make.time = SettleTests.after(2)
        let act = make.shelved("a", until: SettleTests.after(600))
        try copy.store.enqueue([(act.id, act.subject, CloudEventWriter.json(act))], now: SettleTests.after(2))
        #expect(try copy.totals(at: SettleTests.after(2)) == [0, 1, 1, 1])
        while try copy.store.settle(at: SettleTests.after(600)) {}
        #expect(try copy.totals(at: SettleTests.after(600)) == [1, 1, 0, 1])
        #expect(try copy.list(.unacknowledged, at: SettleTests.after(600)) == ["a"] && copy.store.waitingCount() == 1)
    }

    @Test("what was settled stays so through what comes with an earlier time, and through a restart")
    func earlier() throws {
        var copy = try Copy()
        try copy.ingest(SettleTests.events(), at: SettleTests.after(1))
        while try copy.store.settle(at: SettleTests.after(900)) {}
        var make = EventMaker(source: "urn:impetus:console")
        try copy.ingest(
            ["shelf", "rule"].map { make.event(.alertNoted, $0, "{\"note\":\"n\"}", by: "op1") },
            at: SettleTests.after(3))
        #expect(try copy.list(at: SettleTests.after(900)) == ["stale", "rule", "shelf", "plain", "acked"])
        copy.store.close()
        let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })
        let again = try Store(path: copy.store.path, mirror: mirror) { "local" }
        defer { again.close() }
        let totals = try again.totals(.actual, now: SettleTests.after(900), midnight: SettleTests.noon)
        #expect(totals.unacknowledged == 4 && totals.suppressed == 0)
    }

    @Test(
        "two copies that were settled at different times are equal once both are settled at the same", arguments: 1...20
    )
    func equalCopies(seed: UInt64) throws {
        var (history, chance) = (RandomHistory(seed: seed), SeededChance(seed: seed))
        var (often, once) = (try Copy(), try Copy())
        var last = EventMaker.noon
        for _ in 0..<30 {
            let events = history.batch()
            try often.ingest(events, at: history.now)
            try once.ingest(events, at: history.now)
            last = max(last, history.now)
            guard chance.next() % 2 == 0 else { continue }
            // The clock of a console may be ahead of what comes.
            let now = history.now.adding(seconds: chance.unit() * 300)
            last = max(last, now)
            while try often.store.settle(at: now, limit: 3) {}
        }
        for copy in [often, once] { while try copy.store.settle(at: last) {} }
        func rows(_ copy: Copy) throws -> [AlertLine] {
            try copy.store.allAlerts(afterRow: 0, limit: 1_000).map(\.line)
        }
        #expect(try rows(often) == rows(once))
        for realm in ProjectionTests.realms {
            let totals = try [often, once].map {
                try $0.store.totals(realm, now: last, midnight: EventMaker.noon).groups.sorted {
                    ($0.district, $0.tool.rawValue, $0.severity.rawValue) < (
                        $1.district, $1.tool.rawValue, $1.severity.rawValue
                    )
                }
            }
            #expect(totals[0] == totals[1])
        }
    }
}
