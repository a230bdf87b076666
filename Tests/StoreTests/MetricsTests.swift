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
