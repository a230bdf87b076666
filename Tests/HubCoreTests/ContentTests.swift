import ControlRoom
import HubCore
import TestSupport
import Testing

@Suite("An event of a known name at a hub")
struct ContentTests {
    @Test("is refused by name where it says something else, and lost in silence nowhere")
    func refused() throws {
        let bench = try CentralBench()
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        var make = EventMaker()
        var event = make.raised("a")
        event.extensions["colour"] = "red"
        #expect(bench.submit([event], from: camera) == [.accepted])
        let changes: [(String, (inout Event) -> Void)] = [
            ("subject", { $0.subject = "b" }), ("time", { $0.time = $0.time?.adding(seconds: 1) }),
            ("type", { $0.type = .alertCleared }), ("extension", { $0.extensions["colour"] = "blue" }),
        ]
        for (name, change) in changes {
            var other = event
            change(&other)
            guard case .rejected(let reason, isDenied: false)? = bench.submit([other], from: camera).first else {
                Issue.record("\(name) was not told")
                continue
            }
            #expect(reason.hasPrefix("conflicting"))
        }
        #expect(bench.submit([event], from: camera) == [.duplicate])
        // The tenant is the hub's word, and so is who brought it.
        let (_, gateway) = try bench.enrol("gateway", .operator, of: "police")
        try bench.rest()
        var named = event
        named.tenant = "police"
        #expect(bench.submit([named], from: gateway) == [.duplicate])
        #expect(try bench.log("police").count { $0.id == event.id } == 1)
    }
}
