import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Standards
import Store
import TestSupport
import Testing
import Trust

/// Somebody writes to a tenant's log past its hubs, with everything that a hub would write but its word.
@Suite("Entries that no hub vouches for")
struct EntryWordTests {
    private let city: ArchivedCity
    private var bench: CentralBench { city.bench }
    private var make = EventMaker(source: "urn:elsewhere")

    init() throws { city = try ArchivedCity() }

    private func feed(_ tenant: String = "police") throws -> TenantFeed {
        try #require(bench.central.feed(of: tenant))
    }

    /// As somebody does who can write to the log's file or servers.
    private func put(_ body: [UInt8], named id: String = "put", in log: any EventLog) throws {
        _ = try log.append(
            [NewEntry(source: "", id: id, body: body, content: EventLogContract.content(0))], now: bench.clock.now)
    }

    /// What there is to be seen of the tenant, and what was passed over.
    private func effect() throws -> (alerts: [String], told: JunkNotes) {
        _ = try feed().takeJunk()
        try city.settle()
        let view = try feed().view
        let alerts = try (["forged", "copied"] + city.subjects).filter {
            try view.alert(subject: $0, realm: .actual) != nil
        }
        return (alerts, try feed().takeJunk())
    }

    @Test("have no effect, and are counted and named apart from what is no event")
    mutating func unproved() throws {
        let before = try effect().alerts
        let event = CloudEventWriter.json(make.raised("forged"))
        try put(event, named: "plain", in: city.log)
        try put(LogSecret().word(of: "police-log").said(of: event), named: "another's secret", in: city.log)
        try put(bench.secret.word(of: "fire-log").said(of: event), named: "another log's", in: city.log)
        try put(Array(bench.secret.word(of: "police-log").said(of: event).dropLast()), named: "cut", in: city.log)
        let last = try city.log.lastSequence()
        try put([0x00], named: "junk", in: city.log)
        let found = try effect()
        #expect(found.alerts == before)
        // What was cut is no text of an event either.
        #expect(found.told.unproved == 3 && found.told.count == 2)
        #expect(found.told.first.map(\.sequence) == Array((last - 3)...(last + 1)))
        #expect("\(try #require(found.told.first.first))".contains("bears no hub's word"))
        let kept = try feed().view.junk(after: 0, limit: 10)
        #expect(kept == found.told.first)
        #expect(try Store.junk(path: feed().view.path, limit: 10) == kept)
        for _ in 0..<100 { #expect(try feed().compare(now: bench.clock.now) == .good) }
    }

    @Test("are so too where they are a person's act without a signature, or with one that is good")
    mutating func act() throws {
        let (key, _) = try bench.enrol("op7", .operator, of: "police")
        var act = make.acknowledged("a0", .high, by: "op7")
        act.tenant = "police"
        try put(CloudEventWriter.json(act), named: "unsigned", in: city.log)
        try key.sign(&act)
        try put(CloudEventWriter.json(act), named: "signed", in: city.log)
        let told = try effect().told
        #expect(told.unproved == 2 && told.count == 0)
        #expect(try feed().view.alert(subject: "a0", realm: .actual)?.alert.acknowledged == false)
    }

    @Test(
        "a hub's entry that is copied from another tenant's log is one of them; one that stands in its own again counts once"
    )
    mutating func copied() throws {
        try bench.say(.tenantAdded, TenantAdded(tenant: "fire", title: "fire").write)
        let camera = try bench.enrol("cam2", .sensor, of: "fire").submitter
        #expect(bench.submit([make.raised("copied")], from: camera) == [.accepted])
        try bench.rest()
        let fire = try feed("fire")
        #expect(try fire.view.alert(subject: "copied", realm: .actual) != nil)
        let all = try fire.log.read(after: 0, limit: 100)
        for (number, entry) in all.enumerated() { try put(entry.body, named: "fire \(number)", in: city.log) }
        let found = try effect()
        #expect(!found.alerts.contains("copied") && found.told.unproved == all.count && found.told.count == 0)

        let events = try bench.log("police").count
        let raised = try #require(
            try city.log.read(after: 0, limit: 100).first { entry in
                String(decoding: entry.body, as: UTF8.self).contains("\"a0\"")
            })
        let occurrence = try feed().view.alert(subject: "a0", realm: .actual)?.alert.occurrence
        try put(raised.body, named: "again", in: city.log)
        #expect(try effect().told == JunkNotes())
        #expect(try feed().view.alert(subject: "a0", realm: .actual)?.alert.occurrence == occurrence)
        #expect(try bench.log("police").count > events)
    }

    @Test("stand in the chain as what a reader is told of them: all have the hub's head")
    mutating func chain() throws {
        try put(CloudEventWriter.json(make.raised("forged")), in: city.log)
        try city.settle()
        let wire = try feed().wire
        var verifier = LogVerifier(knownMembers: try city.knownMembers, from: .start(of: try city.log.logID))
        for entry in try city.log.read(after: 0, limit: 10_000) {
            let read: AdmittedEvent
            switch wire.travelling(entry) {
            case .event(let bytes): read = LogVerifier.read(try wire.decode(bytes))
            case .junk(let sent): read = LogVerifier.read(try JunkEntry(json: sent.json))
            }
            let taken = verifier.take(read: read)
            #expect(taken != nil && taken?.finding == nil)
        }
        #expect(verifier.chain.head == (try feed().head()?.head))
        let audit = LogAudit(
            knownMembers: try city.knownMembers, wire: try bench.wire("police"), witnesses: [try city.hub()])
        let report = try audit.audit(city.log, from: city.start())
        #expect(report.findings.isEmpty && report.junk == 1)
    }

    @Test("a hub beside the first, with the same secret, takes what the first wrote; one with another takes nothing")
    mutating func beside() throws {
        #expect(try bench.another().hasOtherSecret == false)
        let stranger = try bench.another(LogSecret())
        #expect(stranger.hasOtherSecret)
    }
}
