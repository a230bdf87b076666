import Foundation
import Testing

/// Who may read the hub's figures, and that they are there.
@Suite("A hub's metrics", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct HubMetricsTests {
    @Test("are for administrators, and for nobody without a certificate")
    func rights() throws {
        let host = try HubHost(["police"])
        try host.start()
        let boss = try host.machine("boss", "admin")
        #expect(try host.curl("/metrics", as: boss).code == 200)
        #expect(try host.curl("/metrics", as: nil).code == 401)
        for role in ["operator", "sensor", "analyst", "dpo"] {
            let outcome = try host.curl("/metrics", as: try host.machine("m-" + role, role))
            #expect(outcome.code == 403 && !outcome.output.contains("impetus_hub_events_total"), "\(role)")
        }
        #expect(try host.metric("impetus_hub_refusals_total{kind=\"metrics refused\"}", as: boss) == 4)
    }

    @Test("are served in plain text on a loopback address that the settings name, beside nothing else")
    func listening() throws {
        let host = try HubHost(["police"])
        try host.start("--config", try host.desk.file("hub.toml", "[metrics]\nlisten = \"127.0.0.1:0\"\n"))
        try until("the address of the metrics", seconds: 20) { host.journal.contains { $0["message"] == "metrics" } }
        let port = try #require(host.journal.first { $0["message"] == "metrics" }?["port"])
        #expect(port != String(host.port))
        let ask = { (path: String) throws -> Outcome in
            try Programs.run(
                try #require(HubHost.curl),
                ["-s", "-m", "20", "-w", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)"],
                environment: host.desk.environment, folder: host.desk.folder)
        }
        let figures = try ask("/metrics").output
        #expect(figures.hasSuffix("\n200") && figures.contains("# TYPE impetus_hub_events_total counter"))
        for path in ["/v1/events", "/v1/authority", "/readyz"] {
            #expect(try ask(path).output.hasSuffix("\n404"), "\(path)")
        }
    }

    @Test("count one snapshot for all who begin at about the same time, and tell how far a view is behind")
    func snapshots() throws {
        let host = try HubHost(["police"])
        try host.start()
        let boss = try host.machine("boss", "admin")
        let camera = try host.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        let lag = "impetus_hub_view_lag_seconds{tenant=\"police\"}"
        try until("the view to be level with the log", seconds: 30) { try host.metric(lag, as: boss) == 0 }
        try until("a first snapshot", seconds: 30) {
            try host.curl("/v1/snapshot", as: boss, "-o", "/dev/null").code == 200
        }
        for number in 1...3 {
            let reader = try host.machine("reader\(number)", "analyst")
            #expect(try host.curl("/v1/snapshot", as: reader, "-o", "/dev/null").code == 200)
        }
        #expect(try host.metric("impetus_hub_snapshots_total{tenant=\"police\"}", as: boss) == 1)
    }
}
