import ControlRoom
import Feed
import HubCore
import Store
import TestSupport
import Testing

/// The register of tools, whichever feed it is.
@Suite("Tools of the site, with a feed that is embedded or a hub's")
struct ToolFeedStories {
    private static let noise = Tool(code: "NOISE")

    private func register(_ make: inout EventMaker, by actor: String) -> Event {
        make.event(.toolRegistered, "NOISE", #"{"name":"noise meters","silent_after_s":600}"#, by: actor)
    }

    @Test("a supervisor registers a tool, and takes it off the register", arguments: FeedKind.allCases)
    func registered(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", tool: ToolFeedStories.noise))
        let added = register(&make, by: "sup1")
        try bench.enqueue([added])
        try bench.rest()
        #expect(try bench.told([added]) == [.applied])
        #expect(try bench.shown.toolRegister()[ToolFeedStories.noise]?.silentAfterSeconds == 600)
        let removed = make.event(.toolRemoved, "NOISE", by: "sup1")
        try bench.enqueue([removed])
        try bench.rest()
        #expect(try bench.told([removed]) == [.applied])
        let register = try bench.shown.toolRegister()
        #expect(register[ToolFeedStories.noise] == nil && register.seen == [ToolFeedStories.noise])
        #expect(try bench.shown.alert(subject: "a", realm: .actual)?.alert.tool == ToolFeedStories.noise)
    }

    @Test("an operator does not", arguments: FeedKind.allCases)
    func denied(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let added = register(&make, by: "op1")
        try bench.enqueue([added])
        try bench.rest()
        guard case .denied? = try bench.told([added])[0] else {
            Issue.record("not denied: \(try bench.told([added]))")
            return
        }
        #expect(try bench.shown.toolRegister() == .shipped)
    }

    @Test(
        "a rule by design can be about a tool of the site's own, also before it is registered",
        arguments: FeedKind.allCases)
    func suppressed(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let rule = make.event(
            .suppressionStarted, "suppression/r1", #"{"filter":"tool = NOISE","reason":"test"}"#, by: "sup1")
        try bench.enqueue([rule])
        try bench.rest()
        try bench.report([make.raised("loud", .low, tool: ToolFeedStories.noise), make.raised("seen", .low)])
        for _ in 0..<3 {
            bench.clock.advance(2)
            try bench.rest()
        }
        #expect(try bench.state("loud") == .suppressed && bench.state("seen") == .unacknowledged)
    }
}
