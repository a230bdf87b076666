import Foundation
import TestSupport
import Testing

/// Somebody publishes junk to a tenant's stream on a real nats-server, past the hub.
@Suite(
    "Junk in a tenant's stream", .serialized,
    .enabled(if: HubHost.isPossible && NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct JunkTests {
    private func subjects(_ desk: Desk) throws -> [String] {
        try desk.synced().compactMap { $0["subject"] as? String }.sorted()
    }

    @Test("stops nobody: a console that follows, one that starts new and a bundle agree, and the hub tells of it")
    func story() throws {
        let servers = try NatsServers(1)
        let host = try HubHost(["police"], more: ["--log", servers.urls[0], "--replicas", "1"])
        try host.start()
        let (camera, admin) = (try host.machine("cam"), try host.machine("adm", "admin"))
        let near = try host.person("op7")
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        #expect(try subjects(near) == ["a"])

        let kinds = JunkBytes.all + [JunkBytes.tooLarge]
        for kind in kinds { try servers.publish(kind.body, to: "impetus.police") }
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 202)
        #expect(try subjects(near) == ["a", "b"])
        #expect(try subjects(host.person("op8")) == ["a", "b"])
        #expect(try host.curl("/readyz", as: nil).code == 200)

        let series = "impetus_hub_junk_entries_total{tenant=\"police\"}"
        try until("all junk to be counted", seconds: 20) {
            try host.metric(series, as: admin) == Double(kinds.count)
        }
        #expect(host.journal.contains { $0["kind"] == "no event in the log" && $0["tenant"] == "police" })
        let check = try host.hub("check")
        #expect(check.code == 0 && check.complaints.contains("warning: police: entry "))
        #expect(check.complaints.contains("is no event: 10 bytes") && check.complaints.contains("is no event: 0 bytes"))
        let page = try host.curl("/v1/events?after=0", as: admin)
        #expect(page.output.contains("\"digest\":\"") && page.output.contains("\"bytes\":10}"))
        try carry(near, from: host)
        let audit = try near.hubbed("audit", "verify")
        #expect(audit.code == 0 && audit.output.contains("is no event: 10 bytes"), "\(audit)")
        withExtendedLifetime(servers) {}
    }

    /// A machine that never met the hub's log begins with a bundle.
    private func carry(_ desk: Desk, from host: HubHost) throws {
        let (fresh, file) = (try host.person("op9"), host.desk.folder + "/bundle")
        try until("all in a bundle", seconds: 30) {
            _ = try desk.synced()
            try? FileManager.default.removeItem(atPath: file)
            guard try desk.hubbed("bundle", "export", file).code == 0 else { return false }
            return try fresh.hubbed("bundle", "import", file).code == 0
                && fresh.objects(fresh.hubbed("alerts", "--json").output).count == 2
        }
    }
}
