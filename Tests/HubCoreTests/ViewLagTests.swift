import ControlRoom
import HubCore
import TestSupport
import Testing

@Suite("How far a view is behind its log")
struct ViewLagTests {
    private let bench: CentralBench
    private let camera: Submitter
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        try bench.rest()
    }

    @Test("is how long the oldest entry has waited that it may not have, and nothing when it has all")
    mutating func lag() throws {
        let feed = try #require(bench.central.feed(of: "police"))
        let step = { [bench] in
            try feed.step(register: bench.central.register, now: bench.clock.now, limit: 2)
        }
        #expect(feed.lagSeconds(at: bench.clock.now) == 0)
        for name in ["a", "b", "c"] {
            _ = bench.submit([make.raised(name)], from: camera)
            bench.clock.advance(10)
        }
        #expect(try step())
        // Of three, the second was recorded twenty seconds ago; what follows it came no earlier.
        #expect(feed.lagSeconds(at: bench.clock.now) == 20)
        while try step() {}
        #expect(feed.lagSeconds(at: bench.clock.now) == 0)
    }
}
