import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Acts that silence name what their author saw")
struct SeenActsTests {
    private static let until = EventMaker.noon.adding(seconds: 1_000).rfc3339

    /// What silences, with what it says besides what was seen.
    private static let acts: [(EventType, String)] = [
        (.alertShelved, "\"until\":\"\(until)\""), (.alertRemovedFromService, "\"reason\":\"r\""),
        (.approvalRequested, "\"wish\":\"remove_from_service\",\"reason\":\"r\""),
    ]

    private func reason(_ admission: Admission?) -> Outcome.Reason? {
        guard case .accepted(_, let outcome)? = admission else { return nil }
        return outcome.reason
    }

    private func seen(_ occurrence: Int?, _ severity: Severity?) -> String {
        [occurrence.map { ",\"occurrence\":\($0)" }, severity.map { ",\"severity\":\"\($0.name)\"" }]
            .compactMap { $0 }.joined()
    }

    @Test("a rise or a new occurrence that its author had not seen refuses an act, saying which", arguments: acts)
    func blind(type: EventType, members: String) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            LawWalk.bound, make.raised("rose", .medium), make.raised("rose", .critical), make.raised("anew", .medium),
            make.cleared("anew"), make.raised("anew", .medium),
        ])
        func say(_ subject: String, _ occurrence: Int?, _ severity: Severity?) throws -> Outcome.Reason? {
            let act = make.event(type, subject, "{\(members)\(seen(occurrence, severity))}", by: "op1")
            return reason(try disk.ingest(act))
        }
        #expect(try say("rose", 1, .critical) == .newerOccurrence(2))
        #expect(try say("rose", 2, .medium) == .severityRose(.critical))
        #expect(try say("anew", 1, .medium) == .newerOccurrence(2))
        #expect(try disk.state("rose") == .unacknowledged && disk.state("anew") == .unacknowledged)
        #expect(try say("rose", 2, .critical) == nil && say("anew", 2, .medium) == nil)
    }

    /// Acts as they were made before acts were bound.
    private static let before: [(EventType, String)] = [
        (.alertShelved, "\"until\":\"\(until)\""), (.alertRemovedFromService, "\"reason\":\"r\""),
        (.alertClosed, "\"occurrence\":1,\"disposition\":\"none\""), (.alertReset, ""),
        (.approvalRequested, "\"wish\":\"remove_from_service\",\"reason\":\"r\",\"severity\":\"critical\""),
        (.approvalGranted, "\"wish\":\"remove_from_service\",\"author\":\"asker\""),
        (.alertSuppressed, "\"rule\":\"r\",\"severity\":\"critical\""),
    ]

    @Test(
        "an act that names nothing keeps its effect in an old log, and is refused with the reason later",
        arguments: before)
    func bound(type: EventType, members: String) throws {
        for isBound in [false, true] {
            let disk = try TemporaryStore()
            var make = EventMaker()
            try disk.ingest([make.raised("a", .medium, "\"latching\":true"), make.acknowledged("a")])
            if type == .alertReset { try disk.ingest(make.cleared("a")) }
            if type == .approvalGranted {
                let members =
                    "\"wish\":\"remove_from_service\",\"reason\":\"r\",\"severity\":\"medium\",\"occurrence\":1"
                try disk.ingest(make.event(.approvalRequested, "a", "{\(members)}", by: "asker"))
            }
            if isBound { try disk.ingest(LawWalk.bound) }
            let before = try disk.store.alert(subject: "a", realm: .actual)?.alert
            let act = make.event(type, "a", "{\(members)}", by: type == .alertSuppressed ? nil : "op1")
            let admission = try disk.ingest(act)
            // It stands in the log either way.
            #expect(admission?.isAccepted == true)
            #expect(reason(admission) == (isBound ? .namesNothing : nil), "\(type.rawValue)")
            let after = try disk.store.alert(subject: "a", realm: .actual)?.alert
            #expect((after == before) == isBound, "\(type.rawValue)")
        }
    }

    @Test("a decision on a request grants no other, also not the same wish asked anew after a rise")
    func askedAnew() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let wish = "\"wish\":\"remove_from_service\""
        func ask(_ occurrence: Int, _ severity: Severity) -> Event {
            make.event(
                .approvalRequested, "a", "{\(wish),\"reason\":\"r\"\(seen(occurrence, severity))}", by: "op1")
        }
        func grant(_ request: Event) -> Event {
            make.event(.approvalGranted, "a", "{\(wish),\"author\":\"op1\",\"request\":\"\(request.id)\"}", by: "sup1")
        }
        try disk.ingest([LawWalk.bound, make.raised("a", .low)])
        let first = ask(1, .low)
        try disk.ingest([first, make.raised("a", .critical)])
        #expect(reason(try disk.ingest(grant(first))) == .severityRose(.critical))
        let second = ask(2, .critical)
        try disk.ingest(second)
        #expect(reason(try disk.ingest(grant(first))) == .noSuchRequest)
        #expect(try disk.state("a") == .unacknowledged)
        #expect(reason(try disk.ingest(grant(second))) == nil)
        #expect(try disk.state("a") == .outOfService)
    }

    @Test("a rise breaks through a shelf and a rule, and not through what is out of service")
    func breaksThrough() throws {
        let disk = try TemporaryStore()
        var states = AlarmStates()
        try disk.ingest([LawWalk.bound] + ["sU", "sA", "dU", "dA", "oU", "oA"].flatMap { states.events($0, $0) })
        var make = EventMaker(source: AlarmStates.source)
        make.time = Saying.now
        for state in ["sU", "sA", "dU", "dA", "oU", "oA"] {
            var rise = make.raised(state, .critical)
            rise.id = "rise/" + state
            try disk.ingest(rise, at: Saying.now)
            let expected = state.hasPrefix("o") ? AlertState.outOfService : .unacknowledged
            #expect(try disk.state(state, at: Saying.now) == expected, "\(state)")
        }
    }
}
