import ControlRoom
import TestSupport
import Testing

@testable import Store

/// An alarm is raised, answered and over, and a trim forgets it; then another is raised under the same key.
@Suite("An act on an alarm that a trim has forgotten")
struct ForgottenTests {
    private static let seen = "\"occurrence\":1,\"severity\":\"critical\""
    private static let until = EventMaker.noon.adding(seconds: 1_000).rfc3339

    /// What somebody who was offline did about the first alarm.
    private static let acts: [(EventType, String)] = [
        (.alertAcknowledged, ""), (.alertShelved, ",\"until\":\"\(until)\""),
        (.alertRemovedFromService, ",\"reason\":\"r\""),
        (.approvalRequested, ",\"wish\":\"remove_from_service\",\"reason\":\"r\""),
        (.alertAssessed, ",\"verdict\":\"rejected\""), (.alertClosed, ",\"disposition\":\"none\""),
        (.alertLinked, ",\"cause\":\"last\""), (.alertSuppressed, ",\"rule\":\"r\""),
    ]

    private static func trim(_ through: Int64, beginsBehind: Bool = true) -> Event {
        let fact = LogTrimmed(through: through, head: "00", recorded: EventMaker.noon, beginsBehind: beginsBehind)
        return Event(
            id: "trimmed/\(through)", source: Event.feedSource, type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    /// Six events: the alarm came, was answered and ended, and is forgotten.
    private static func forgotten(_ make: inout EventMaker, beginsBehind: Bool = true) -> [Event] {
        [
            LawWalk.bound, make.raised("a", .critical), make.acknowledged("a"), make.cleared("a"), make.raised("last"),
            trim(4, beginsBehind: beginsBehind),
        ]
    }

    private func alert(_ store: Store, _ subject: String = "a") throws -> Alert? {
        try store.alert(subject: subject, realm: .actual)?.alert
    }

    private func outcome(_ admission: Admission?) -> Outcome? {
        guard case .accepted(_, let outcome)? = admission else { return nil }
        return outcome
    }

    @Test(
        "is refused with the reason, and the new alarm asks on, also that of another source", arguments: acts,
        [AlarmStates.source, Voice.otherSource])
    func refused(act: (EventType, String), source: String) throws {
        let (disk, (type, members)) = (try TemporaryStore(), act)
        var (one, next) = (EventMaker(source: AlarmStates.source), EventMaker(source: source))
        next.time = one.time.adding(seconds: 1)
        try disk.ingest(ForgottenTests.forgotten(&one))
        #expect(try alert(disk.store) == nil)
        var raised = next.raised("a", .high)
        raised.id = "again"
        try disk.ingest(raised)
        let now = try #require(try alert(disk.store))
        // Nothing is closed that nobody has acknowledged.
        if type == .alertClosed { try disk.ingest(one.acknowledged("a", occurrence: now.occurrence)) }
        let before = try alert(disk.store)
        let stale = one.event(
            type, "a", "{\(ForgottenTests.seen)\(members)}", by: type == .alertSuppressed ? nil : "op1")
        #expect(outcome(try disk.ingest(stale)) == .refused(.forgottenAlarm))
        #expect(try alert(disk.store) == before)
    }

    @Test("of an older version's trim finds the numbers as they were counted then")
    func old() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(ForgottenTests.forgotten(&make, beginsBehind: false) + [make.raised("a")])
        #expect(try alert(disk.store)?.occurrence == 1)
        #expect(outcome(try disk.ingest(make.acknowledged("a"))) == .applied)
    }

    @Test("is told from one on the new alarm, which counts for people from one, and is taken back like any other")
    func numbers() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(ForgottenTests.forgotten(&make) + [make.raised("a"), make.raised("a"), make.raised("a")])
        let alert = try #require(try alert(disk.store))
        #expect(alert.firstOccurrence == 5 && alert.annunciated == 5 && alert.occurrence == 7)
        #expect(alert.timesAnnunciated == 3)
        for (text, count) in [("occurrence >= 3", 1), ("occurrence > 3", 0)] {
            let query = AlertQuery(realm: .actual, filter: try .reading(text)).at(EventMaker.noon)
            #expect(try disk.store.count(query, limit: 9) == count, "\(text)")
        }
        let early = make.acknowledged("a", occurrence: 8)
        #expect(outcome(try disk.ingest(early)) == .refused(.noSuchOccurrence(4)))
        let act = make.acknowledged("a", occurrence: 7)
        #expect(outcome(try disk.ingest(act)) == .applied)
        try disk.ingest([make.cleared("a"), make.raised("a")])
        #expect(outcome(try disk.ingest(make.acknowledged("a", occurrence: 7))) == .refused(.newerOccurrence(4)))
        try disk.ingest(make.acknowledged("a", occurrence: 8))
        let other = try disk.again()
        defer { other.close() }
        let undo = make.undone(act)
        #expect(outcome(try other.ingest([try AdmittedEvent(undo)], now: EventMaker.noon).first) == .applied)
        let after = try #require(try self.alert(other))
        #expect(after.firstOccurrence == 5 && after.occurrence == 8 && after.timesAnnunciated == 4)
        // Nothing of another key has changed its numbers.
        #expect(try self.alert(other, "last")?.firstOccurrence == 1)
    }

    @Test("is refused also once a store that an older version has folded is folded anew")
    func foldedAnew() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(ForgottenTests.forgotten(&make))
        try disk.store.write { try Meta(statements: $0.statements).remove(Meta.start) }
        let refold = try Refold(of: disk.store)
        try refold.take(try disk.store.read(after: 0, limit: 99).map { AdmittedEvent(fromLog: $0) }, to: nil)
        while try !refold.finish(now: EventMaker.noon) {}
        try disk.ingest(make.raised("a"))
        #expect(try alert(disk.store)?.occurrence == 5)
        #expect(outcome(try disk.ingest(make.acknowledged("a"))) == .refused(.forgottenAlarm))
    }

    @Test("is refused, and one on the new alarm counts, in a damaged store that is rebuilt from what trims have left")
    func rebuilt() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(ForgottenTests.forgotten(&make))
        try disk.ingest([make.raised("a"), make.acknowledged("a", occurrence: 5), make.raised("b")])
        // The first trim has served its time as well.
        try disk.ingest(ForgottenTests.trim(6))
        try disk.settle()
        let before = try alert(disk.store)
        disk.store.close()
        Recovery.markDamaged(disk.path)
        let (store, _) = try Recovery.open(path: disk.path, now: EventMaker.noon, makeLogID: { "log-2" })
        defer { store.close() }
        #expect(try alert(store)?.acknowledged == true && alert(store) == before)
        let events = try [make.raised("c"), make.acknowledged("c")].map { try AdmittedEvent($0) }
        #expect(outcome(try store.ingest(events, now: EventMaker.noon).last) == .refused(.forgottenAlarm))
    }
}
