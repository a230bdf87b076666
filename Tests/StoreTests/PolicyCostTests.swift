import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite("What a change of the policy costs")
struct PolicyCostTests {
    private let disk: TemporaryStore
    private var make = EventMaker()

    init() throws { disk = try TemporaryStore() }

    private mutating func set(_ policy: AlarmPolicy) throws {
        let event = make.event(
            .alarmPolicySet, "policy", String(decoding: JSONWriter.bytes(policy.write), as: UTF8.self), by: "sup1")
        try disk.ingest(event)
    }

    private func mark(_ subject: String) throws -> Int64? {
        try disk.store.writer.writeWithoutTransaction {
            try Int64.fetchOne($0, sql: "SELECT due FROM alerts WHERE subject = ?", arguments: [subject])
        }
    }

    @Test("alerts that wait are looked at where it changes when they are due, and not otherwise")
    mutating func due() throws {
        try disk.ingest(make.raised("a", .critical))
        // A mark that no look at the alert leaves as it is.
        try disk.store.writer.write { try $0.execute(sql: "UPDATE alerts SET due = 1") }
        var policy = AlarmPolicy.standard
        policy.shiftHours = [7, 19]
        try set(policy)
        #expect(try mark("a") == 1)
        policy.escalations = [EscalationRule(severity: .low, steps: [.init(seconds: 60, to: "supervisor")])]
        try set(policy)
        let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
        #expect(try mark("a") == alert.due(policy)?.milliseconds && alert.due(policy) != nil)
    }
}
