import Foundation
import TestSupport
import Testing

/// Machines with a real hub, by curl: whose the sources are.
@Suite("Sources of machines", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct SourceOwnerTests {
    @Test("a second machine is refused the source of the first, and consoles see the attempt with its severity")
    func second() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, first, second) = (try host.person("op7"), try host.machine("cam1"), try host.machine("cam2"))
        #expect(try host.post(HubHost.alert("a"), as: first).output.contains("\"accepted\":1"))
        let refused = try host.post(HubHost.alert("b", "critical"), as: second)
        #expect(refused.code == 202 && refused.output.contains("urn:test belongs to cam1, not to cam2"))
        #expect(refused.output.contains("\"denied\":true"))
        try until("the attempt on the console") {
            try desk.synced().contains {
                $0["kind"] as? String == "source-refused" && $0["severity"] as? String == "critical"
            }
        }
        #expect(try desk.synced().allSatisfy { $0["subject"] as? String != "b" })
        try until("a line in the journal") { host.journal.contains { $0["kind"] == "foreign source" } }
        // It is known after a restart.
        host.kill()
        try host.start()
        #expect(try host.post(HubHost.alert("c"), as: second).output.contains("belongs to cam1"))
        #expect(try host.post(HubHost.alert("d"), as: first).output.contains("\"accepted\":1"))
        // The ways out.
        #expect(try host.hub("sources", "police").output.contains("urn:test\tcam1\tfirst to use it"))
        #expect(try host.hub("sources", "police", "--release", "urn:test").output == "released urn:test\n")
        #expect(try host.hub("sources", "police", "--release", "urn:test").code == 65)
        try until("the release") { try host.post(HubHost.alert("e"), as: second).output.contains("\"accepted\":1") }
        #expect(try host.hub("revoke", "cam2", "--tenant", "police").code == 0)
        try until("the revocation") { try host.post(HubHost.alert("f"), as: first).output.contains("\"accepted\":1") }
    }

    @Test("a code carries sources, which the lists show; the machine posts these, by every way, and no others")
    func patterns() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (desk, free) = (try host.person("op7"), try host.machine("free"))
        let offered = try host.hub(
            "enrol", "relay", "--tenant", "police", "--role", "sensor", "--source", "urn:alertmanager*", "--source",
            "urn:relay:*")
        let code = try #require(offered.output.split(separator: "\n").first).description
        #expect(try host.hub("enrol", "--list").output.contains("urn:alertmanager* urn:relay:*"))
        let files = desk.folder + "/relay"
        #expect(try desk.impetus("enrol", "--hub", host.url, "--machine", files, code).code == 0)
        #expect(try host.hub("members").output.contains("urn:alertmanager* urn:relay:*"))
        #expect(try host.hub("sources", "police").output.contains("urn:relay:*\trelay\tenrolled"))
        let alarm =
            #"{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"Down","severity":"critical"},"#
            + #""annotations":{},"startsAt":"2026-01-01T00:00:00Z","fingerprint":"f1"}]}"#
        let ingest = { (machine: String) in
            try host.curl(
                "/v1/ingest/alertmanager", as: machine, "-H", "Content-Type: application/json", "--data-binary", alarm
            )
            .output
        }
        #expect(try ingest(free).contains("urn:alertmanager belongs to relay, not to free"))
        #expect(try ingest(files).contains("\"accepted\":1"))
        #expect(
            try host.post(HubHost.alert("a"), as: files).output.contains(
                "none of the sources that relay was enrolled with"))
        for wrong in [["op9", "operator", "urn:x"], ["cam", "sensor", "a b"]] {
            let outcome = try host.hub(
                "enrol", wrong[0], "--tenant", "police", "--role", wrong[1], "--source", wrong[2])
            #expect(outcome.code == 64)
        }
    }
}
