import ControlRoom
import Store
import TestSupport
import Testing

/// Alarms that ended before anybody saw them.
@Suite("What ended and nobody has seen")
struct UnseenTests {
    private func trim(through sequence: Int64) -> Event {
        let fact = LogTrimmed(through: sequence, head: "00", recorded: EventMaker.noon)
        return Event(
            id: "trimmed/\(sequence)", source: Event.feedSource, type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    @Test("its row stays through every trim until somebody acknowledges it; what its events said goes")
    func stays() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let secret = make.raised("a", .critical, headline: "Crowd", "\"description\":\"by name\"")
        try disk.ingest([secret, make.cleared("a"), make.raised("last")])
        #expect(try disk.store.waitingBeyondRetention().unseen == 0)
        for round in 1...3 {
            try disk.ingest(make.raised("last"))
            try disk.ingest(trim(through: try disk.store.lastSequence() - 1))
            try disk.settle()
            #expect(
                try disk.state("a") == .rtnUnacknowledged && disk.store.waitingBeyondRetention().unseen == 1, "\(round)"
            )
            #expect(try disk.store.read(after: 0, limit: 99).allSatisfy { $0.subject != "a" })
        }
        let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
        #expect(alert.severity == .critical && alert.headline == "Crowd" && alert.occurrence == 1)
        try disk.ingest([make.acknowledged("a", .critical), make.raised("last")])
        #expect(try disk.state("a") == .normal)
        try disk.ingest(trim(through: try disk.store.lastSequence() - 1))
        #expect(try disk.state("a") == nil && disk.store.waitingBeyondRetention().unseen == 0)
    }

    @Test(
        "it escalates like any other, also after a trim, and no more when it was acknowledged",
        arguments: [false, true])
    func escalates(isTrimmed: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a", .critical), make.cleared("a"), make.raised("last", .info)])
        if isTrimmed {
            try disk.ingest(trim(through: 2))
            try disk.settle()
        }
        func due(_ seconds: Double) throws -> [String] {
            try disk.store.dueAlerts(at: EventMaker.noon.adding(seconds: seconds), limit: 9).map(\.alert.subject)
        }
        #expect(try due(299).isEmpty && due(300) == ["a"])
        var escalated = make.event(
            .alertEscalated, "a", "{\"level\":1,\"to\":\"supervisor\",\"occurrence\":1}")
        escalated.source = Event.feedSource
        let now = EventMaker.noon.adding(seconds: 300)
        try disk.ingest(escalated, at: now)
        #expect(try disk.store.alert(subject: "a", realm: .actual)?.alert.escalation?.to == "supervisor")
        #expect(try due(9_000).isEmpty)
        try disk.ingest(make.acknowledged("a"), at: now)
        #expect(try due(90_000).isEmpty && disk.state("a", at: now) == .normal)
    }
}
