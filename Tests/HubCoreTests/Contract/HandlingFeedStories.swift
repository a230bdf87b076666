import ControlRoom
import Feed
import Store
import TestSupport
import Testing

/// Escalation, reminders, approval and service, whichever feed it is.
@Suite("Handling, with a feed that is embedded or a hub's")
struct HandlingFeedStories {
    private func alert(_ bench: any FeedBench, _ subject: String) throws -> Alert {
        try #require(try bench.shown.alert(subject: subject, realm: .actual)).alert
    }

    private func policy(_ make: inout EventMaker, _ policy: AlarmPolicy, by actor: String = "sup1") -> Event {
        make.event(
            .alarmPolicySet, "alarm-policy", String(decoding: JSONWriter.bytes(policy.write), as: UTF8.self), by: actor)
    }

    private static let twoSteps = AlarmPolicy(
        reminderSeconds: [.low: 60],
        escalations: [
            EscalationRule(severity: .low, tool: .fd, steps: [.init(seconds: 10, to: "op9")]),
            EscalationRule(
                severity: .low, steps: [.init(seconds: 30, to: "supervisor"), .init(seconds: 90, to: "chief")]),
        ])

    @Test(
        "what nobody answers goes to the supervisor and then to the next, and no further", arguments: FeedKind.allCases)
    func escalation(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let set = policy(&make, HandlingFeedStories.twoSteps)
        try bench.report([make.raised("a", .low), make.raised("fd", .low, tool: .fd), make.raised("mild", .info)])
        try bench.enqueue([set])
        try bench.rest()
        #expect(try bench.told([set]) == [.applied])
        bench.clock.advance(29)
        try bench.rest()
        #expect(try alert(bench, "a").escalation == nil && alert(bench, "fd").escalation?.to == "op9")
        bench.clock.advance(2)
        try bench.rest()
        #expect(try alert(bench, "a").escalation?.to == "supervisor")
        #expect(try bench.shown.handling(.actual).escalated == ["supervisor": 1, "op9": 1])
        bench.clock.advance(60)
        try bench.rest()
        #expect(try alert(bench, "a").escalation.map { [$0.to, String($0.level)] } == ["chief", "2"])
        let length = try bench.log().count
        bench.clock.advance(10_000)
        try bench.rest()
        try bench.rest()
        #expect(try bench.log().count == length && alert(bench, "mild").escalation == nil)
        try bench.enqueue([make.acknowledged("a")])
        try bench.rest()
        #expect(try alert(bench, "a").escalation == nil)
        #expect(try bench.shown.handling(.actual).escalated == ["op9": 1])
    }

    @Test("what was acknowledged and goes on reminds again and again, until it ends", arguments: FeedKind.allCases)
    func reminders(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report([make.raised("a", .low), make.raised("b", .low), make.raised("worse", .medium)])
        let acks = ["a", "b", "worse"].map { make.acknowledged($0) }
        try bench.enqueue([policy(&make, HandlingFeedStories.twoSteps)] + acks)
        try bench.rest()
        try bench.report(make.cleared("b"))
        bench.clock.advance(59)
        try bench.rest()
        #expect(try alert(bench, "a").reminded == nil)
        bench.clock.advance(2)
        try bench.rest()
        let first = try #require(try alert(bench, "a").reminded)
        bench.clock.advance(61)
        try bench.rest()
        #expect(try alert(bench, "a").reminded ?? first > first)
        #expect(try alert(bench, "b").reminded == nil && alert(bench, "worse").reminded == nil)
        #expect(try bench.state("a") == .acknowledged)
    }

    @Test("a policy that is set later holds for what waits already", arguments: FeedKind.allCases)
    func laterPolicy(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.enqueue([policy(&make, AlarmPolicy(escalations: []))])
        try bench.rest()
        try bench.report(make.raised("a", .critical))
        bench.clock.advance(4_000)
        try bench.rest()
        #expect(try alert(bench, "a").escalation == nil)
        let denied = policy(&make, .standard, by: "op1")
        try bench.enqueue([denied])
        try bench.rest()
        #expect(try bench.told([denied]) == [.denied("the role operator may not set policy")])
        try bench.enqueue([policy(&make, .standard)])
        try bench.rest()
        bench.clock.advance(2)
        try bench.rest()
        #expect(try alert(bench, "a").escalation?.to == "supervisor")
    }

    @Test("a long shelf wants a second person who is not its author, and no operator", arguments: FeedKind.allCases)
    func fourEyes(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", .low))
        let until = bench.clock.now.adding(seconds: 3 * 86_400)
        let wish = ApprovalWish.shelve(until: until, isOnce: false)
        func request(by actor: String) -> Event {
            let fact = ApprovalRequested(wish: wish, severity: .low, occurrence: 1, reason: "roadworks")
            return make.event(
                .approvalRequested, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: actor)
        }
        func grant(_ author: String, _ request: Event, by actor: String) -> Event {
            let fact = ApprovalDecided(wish: wish, author: author, request: request.id, note: nil)
            return make.event(
                .approvalGranted, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: actor)
        }
        let first = request(by: "sup1")
        let acts = [
            first, grant("sup1", first, by: "op1"), grant("sup1", first, by: "sup1"), grant("op1", first, by: "sup1"),
            request(by: "op1"),
        ]
        try bench.enqueue(acts)
        try bench.rest()
        #expect(
            try bench.told(acts) == [
                .applied, .denied("the role operator may not approve"), .refused("four-eyes"),
                .refused("no-such-request"),
                .refused("already-requested:sup1"),
            ])
        #expect(try bench.shown.handling(.actual).requests == 1)
        let second = request(by: "op1")
        // A decision is on the request that its author saw, and on no other.
        let more = [
            make.undone(acts[0], by: "sup1"), second, grant("op1", first, by: "sup1"), grant("op1", second, by: "sup1"),
        ]
        try bench.enqueue(more)
        try bench.rest()
        #expect(try bench.told(more) == [.applied, .applied, .refused("no-such-request"), .applied])
        let shelving = try #require(try alert(bench, "a").shelving)
        #expect(shelving.act.by == "op1" && shelving.approval?.by == "sup1" && shelving.reason == "roadworks")
        #expect(try bench.state("a") == .shelved && bench.shown.handling(.actual).requests == 0)
        bench.clock.advance(3 * 86_400 + 1)
        try bench.rest()
        #expect(try bench.state("a") == .unacknowledged)
        // It could not be answered meanwhile: it waits anew.
        #expect(try alert(bench, "a").wanted > until.adding(seconds: -1))
    }

    @Test("what became worse since it was asked for is not silenced by the approval", arguments: FeedKind.allCases)
    func lateApproval(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", .low))
        let request = make.event(
            .approvalRequested, "a",
            #"{"wish":"remove_from_service","severity":"low","occurrence":1,"reason":"lens"}"#, by: "op1")
        let decision = #"{"wish":"remove_from_service","author":"op1","request":"\#(request.id)"}"#
        let grant = make.event(.approvalGranted, "a", decision, by: "sup1")
        try bench.enqueue([request])
        try bench.rest()
        try bench.report(make.raised("a", .critical))
        try bench.enqueue([grant])
        try bench.rest()
        #expect(try bench.told([grant]) == [.refused("severity-rose:critical")])
        #expect(try bench.state("a") == .unacknowledged)
    }

    @Test("out of service: not annunciated whatever it says, until somebody returns it", arguments: FeedKind.allCases)
    func service(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", .low))
        let seen = #"{"reason":"lens cleaned","occurrence":1,"severity":"low"}"#
        let out = make.event(.alertRemovedFromService, "a", seen, by: "sup1")
        let silent = make.event(.alertRemovedFromService, "a", "{}", by: "sup1")
        try bench.enqueue([silent, out])
        try bench.rest()
        #expect(try bench.told([silent, out]) == [.rejected("what is taken out of service says why"), .applied])
        try bench.report(make.raised("a", .critical))
        bench.clock.advance(86_400)
        try bench.rest()
        #expect(try bench.state("a") == .outOfService && alert(bench, "a").escalation == nil)
        try bench.enqueue([make.event(.alertReturnedToService, "a", by: "sup1")])
        try bench.rest()
        #expect(try bench.state("a") == .unacknowledged && alert(bench, "a").severity == .critical)
    }

    @Test("an alert belongs to whoever it was given to, else to whoever acknowledged it", arguments: FeedKind.allCases)
    func owners(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report([make.raised("a"), make.raised("b")])
        try bench.enqueue([make.acknowledged("a", by: "op1")])
        try bench.rest()
        #expect(try alert(bench, "a").owner == "op1" && alert(bench, "b").owner == nil)
        let assign = make.event(.alertAssigned, "a", #"{"to":"resp1"}"#, by: "sup1")
        let denied = make.event(.alertAssigned, "a", #"{"to":"op1"}"#, by: "op1")
        let take = make.event(.alertTaken, "b", by: "op1")
        try bench.enqueue([assign, denied, take])
        try bench.rest()
        #expect(
            try bench.told([assign, denied, take]) == [.applied, .denied("the role operator may not assign"), .applied])
        #expect(try alert(bench, "a").owner == "resp1" && alert(bench, "b").owner == "op1")
        let team = try bench.shown.team(.actual, now: bench.clock.now)
        #expect(team.map(\.person) == ["op1", "resp1", "sup1"] && team.map(\.open) == [1, 1, 0])
        #expect(team.map(\.waiting) == [1, 0, 0] && team[0].acts == 2)
        try bench.enqueue([make.undone(assign, by: "sup1")])
        try bench.rest()
        #expect(try alert(bench, "a").owner == "op1")
    }

    // MARK: - By design

    private func rule(_ make: inout EventMaker, _ id: String, _ members: String) -> Event {
        make.event(
            .suppressionStarted, "suppression/" + id,
            "{\"filter\":\"tool = FD\",\"reason\":\"power cut\"\(members)}", by: "sup1")
    }

    @Test(
        "by design: what a rule finds is suppressed as it comes, what becomes worse breaks through, and all comes back",
        arguments: FeedKind.allCases)
    func design(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report([make.raised("fd", .low, tool: .fd), make.raised("uad", .low)])
        let denied = make.event(
            .suppressionStarted, "suppression/x", #"{"filter":"tool = FD","reason":"r"}"#, by: "op1")
        try bench.enqueue([denied, rule(&make, "r1", "")])
        try bench.rest()
        bench.clock.advance(2)
        try bench.rest()
        #expect(try bench.told([denied]) == [.denied("the role operator may not suppress")])
        #expect(try bench.state("fd") == .suppressed && bench.state("uad") == .unacknowledged)
        #expect(try alert(bench, "fd").suppressors.map(\.reason) == ["power cut"])
        try bench.report([make.raised("late", .low, tool: .fd), make.raised("fd", .critical, tool: .fd)])
        for _ in 0..<3 {
            bench.clock.advance(2)
            try bench.rest()
        }
        // It broke through, and stays so while the rule runs.
        #expect(try bench.state("late") == .suppressed && bench.state("fd") == .unacknowledged)
        let length = try bench.log().count
        bench.clock.advance(30)
        try bench.rest()
        #expect(try bench.log().count == length)
        try bench.enqueue([make.event(.suppressionEnded, "suppression/r1", by: "sup1")])
        for _ in 0..<3 {
            bench.clock.advance(2)
            try bench.rest()
        }
        #expect(try bench.state("late") == .unacknowledged && bench.state("fd") == .unacknowledged)
        #expect(try alert(bench, "fd").suppressors.isEmpty && bench.shown.suppressions().isEmpty)
    }

    @Test("by design: a cause explains others as long as it goes on, and never itself", arguments: FeedKind.allCases)
    func cause(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report([make.raised("grid", .high, tool: .fd), make.raised("cam", .low, tool: .fd)])
        try bench.report(make.raised("station", .high, tool: .fd))
        try bench.enqueue([make.event(.alertLinked, "grid", #"{"occurrence":1,"cause":"station"}"#, by: "op1")])
        try bench.rest()
        let until = ",\"until\":\"\(bench.clock.now.adding(seconds: 10).rfc3339)\""
        try bench.enqueue([rule(&make, "while", ",\"cause\":\"grid\""), rule(&make, "for", until)])
        for _ in 0..<2 {
            try bench.rest()
            bench.clock.advance(2)
        }
        #expect(try bench.state("cam") == .suppressed && alert(bench, "cam").suppressors.count == 2)
        #expect(try alert(bench, "cam").cause == "grid" && alert(bench, "grid").cause == "station")
        // The rule without a cause finds the other too, and what explains it; that with one spares both.
        #expect(try alert(bench, "grid").suppressors.map(\.rule) == ["for"])
        #expect(try alert(bench, "station").suppressors.map(\.rule) == ["for"])
        for _ in 0..<4 {
            bench.clock.advance(4)
            try bench.rest()
        }
        #expect(try bench.state("grid") == .unacknowledged && bench.state("cam") == .suppressed)
        try bench.report(make.cleared("grid"))
        for _ in 0..<4 {
            bench.clock.advance(2)
            try bench.rest()
        }
        #expect(try bench.state("cam") == .unacknowledged && bench.shown.suppressions().isEmpty)
    }
}
