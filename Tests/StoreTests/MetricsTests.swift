import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("The figures of the alarm system")
struct MetricsTests {
    private static func trim(_ through: Int64, recorded: Timestamp) -> Event {
        let fact = LogTrimmed(through: through, head: "h\(through)", recorded: recorded)
        return Event(
            id: "trimmed/\(through)", source: "urn:impetus:feed", type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    @Test("are what somebody finds who walks all that ever happened", arguments: 1...40)
    func equalsReference(seed: UInt64) throws {
        let disk = try TemporaryStore()
        // Some histories are a flood, others last for a week.
        let step = [20.0, 300, 4_000, 20_000][Int(seed % 4)]
        var (history, reference) = (RandomHistory(seed: seed, step: step), ReferenceMetrics())
        var times: [Timestamp] = []
        for round in 1...60 {
            var events = history.batch()
            if seed % 3 == 0, round % 12 == 0 {
                let through = 1 + Int64(history.pick(times.count))
                events.append(MetricsTests.trim(through, recorded: times[Int(through) - 1]))
            }
            times += events.map { _ in history.now }
            try disk.ingest(events, at: history.now)
            for event in events { try reference.fold(event, now: history.now) }
            guard round % 10 == 0 else { continue }
            for hours in [1.0, 8, 200] {
                let from = history.now.adding(seconds: -hours * 3_600)
                for realm in [Realm.actual, .technical, .exercise("x")] {
                    let found = try disk.store.metrics(realm, from: from, now: history.now)
                    try compare(found, reference.metrics(realm, from: from, now: history.now))
                }
            }
        }
    }

    @Test("a shift's thousand answers of one hand are all there, and those that are taken back are not")
    func many() throws {
        let disk = try TemporaryStore()
        var (make, reference, chance) = (EventMaker(), ReferenceMetrics(), SeededChance(seed: 7))
        var now = EventMaker.noon
        var acts: [Event] = []
        func tell(_ events: [Event]) throws {
            try disk.ingest(events, at: now)
            for event in events { try reference.fold(event, now: now) }
        }
        try tell((0..<1_500).map { make.raised("s\($0)", .allCases[$0 % 5]) })
        for start in stride(from: 0, to: 1_500, by: 50) {
            now = now.adding(seconds: chance.unit() * 60)
            let events = (start..<start + 50).map { make.acknowledged("s\($0)", occurrence: 1, .critical, by: "op1") }
            acts += events
            try tell(events)
        }
        let taken = acts.filter { _ in chance.next() % 2 == 0 }
        for start in stride(from: 0, to: taken.count, by: 90) {
            try tell(taken[start..<min(taken.count, start + 90)].map { make.undone($0, by: "op1") })
        }
        let found = try disk.store.metrics(.actual, from: EventMaker.noon, now: now)
        try compare(found, reference.metrics(.actual, from: EventMaker.noon, now: now))
        let answers = found.acknowledged.values.reduce(0) { $0 + $1.count }
        #expect(answers == 1_500 - taken.count && taken.count > 500)
    }

    private func compare(_ found: AlarmMetrics, _ expected: AlarmMetrics) throws {
        #expect(found.start == expected.start || expected.load.counts.isEmpty)
        #expect(found.load == expected.load)
        #expect(found.severities == expected.severities && found.tools == expected.tools)
        #expect(found.tenants == expected.tenants)
        #expect(found.frequentShare == expected.frequentShare)
        #expect(found.chattering == expected.chattering && found.fleeting == expected.fleeting)
        #expect(found.acknowledged == expected.acknowledged)
        #expect(found.assessed == expected.assessed)
        #expect(found.verdicts == expected.verdicts)
        #expect(found.positions == expected.positions)
        #expect(abs((found.ratePerPosition ?? 0) - (expected.ratePerPosition ?? 0)) < 1e-9)
    }
}
