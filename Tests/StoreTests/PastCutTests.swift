import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("A list as it stood, of alarms of which a trim has taken the events")
struct PastCutTests {
    private static let (first, repeated, acted) = (
        EventMaker.noon.adding(seconds: 3_600), EventMaker.noon.adding(seconds: 7_200),
        EventMaker.noon.adding(seconds: 10_800)
    )

    /// Alarms of noon, whose events a trim takes; an alarm that is kept; and what came after the time that is looked at.
    private static func trimmed() throws -> TemporaryStore {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let latching = "\"latching\":true"
        let old = [
            make.raised("unseen", .critical), make.cleared("unseen"), make.raised("latched", .high, latching),
            make.acknowledged("latched"), make.cleared("latched"), make.raised("anew", .high), make.cleared("anew"),
            make.raised("on", .medium),
        ]
        try disk.ingest(old)
        make.time = first
        try disk.ingest(make.raised("kept"), at: first)
        make.time = repeated
        try disk.ingest(make.raised("on", .medium), at: repeated)
        let fact = LogTrimmed(through: Int64(old.count), head: "h", recorded: EventMaker.noon)
        try disk.ingest(
            Event(
                id: "trim", source: "urn:impetus:feed", type: .logTrimmed, subject: "log", time: repeated,
                data: .json(JSONWriter.bytes(fact.write))), at: repeated)
        try disk.settle()
        make.time = acted
        let seen = "{\"occurrence\":1,\"severity\":\"critical\"}"
        try disk.ingest(
            [
                make.acknowledged("unseen"), make.event(.alertReset, "latched", seen, by: "op1"), make.raised("anew"),
                make.acknowledged("on", occurrence: 2), make.cleared("on"),
            ], at: acted)
        return disk
    }

    private static func past(of disk: TemporaryStore, at time: Timestamp) throws -> PastStore {
        try PastStore(of: disk.store, at: time, now: acted, path: disk.folder.file("past"))
    }

    @Test("they stand there, and ask for what they asked for")
    func stand() throws {
        let disk = try PastCutTests.trimmed()
        #expect(try disk.state("unseen") == .normal && disk.state("latched") == .normal)
        let time = PastCutTests.first.adding(seconds: 60)
        let past = try PastCutTests.past(of: disk, at: time)
        func state(_ subject: String) throws -> AlertState? {
            try past.store.alert(subject: subject, realm: .actual)?.alert.state(at: time)
        }
        #expect(try state("unseen") == .rtnUnacknowledged)
        #expect(try state("latched") == .latchedAcknowledged)
        #expect(try state("anew") == .rtnUnacknowledged)
        #expect(try state("on") == .unacknowledged)
        #expect(try state("kept") == .unacknowledged)
        let query = AlertQuery(realm: .actual).at(time)
        #expect(try past.store.alerts(query, at: .start, limit: 10).lines.count == 5)
        let severity = try past.store.alert(subject: "unseen", realm: .actual)?.alert.severity
        #expect(severity == .critical)
    }

    @Test("what came between the trim and the time counts")
    func between() throws {
        let disk = try PastCutTests.trimmed()
        var make = EventMaker(source: "urn:later")
        let end = PastCutTests.acted.adding(seconds: 60)
        make.time = end
        try disk.ingest([make.raised("last")], at: end)
        let past = try PastStore(of: disk.store, at: PastCutTests.acted, now: end, path: disk.folder.file("past"))
        let present = try ["unseen", "latched", "on"].map { try disk.state($0, at: end) }
        #expect(
            try ["unseen", "latched", "on"].map {
                try past.store.alert(subject: $0, realm: .actual)?.alert.state(at: PastCutTests.acted)
            } == present)
    }

    @Test("their detail says that earlier events were removed", arguments: ["unseen", "latched", "anew", "on"])
    func detail(subject: String) throws {
        let disk = try PastCutTests.trimmed()
        let past = try PastCutTests.past(of: disk, at: PastCutTests.first.adding(seconds: 60))
        let row = try #require(try past.store.alert(subject: subject, realm: .actual)?.row)
        let detail = try #require(try past.detail(row: row, of: disk.store))
        #expect(detail.isPastRetention && detail.timeline.isEmpty)
        let kept = try #require(try past.store.alert(subject: "kept", realm: .actual)?.row)
        #expect(try past.detail(row: kept, of: disk.store)?.isPastRetention == false)
    }
}
