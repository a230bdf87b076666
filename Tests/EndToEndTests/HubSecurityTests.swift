import Foundation
import TestSupport
import Testing

/// What somebody who means ill might try; the README's table tells the same.
@Suite(
    "What a hub does not let through", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing))
)
struct HubSecurityTests {
    @Test("who shows no certificate, a foreign one, or one that was revoked, gets nothing")
    func certificates() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: nil).code == 401)
        let unknown = try host.curl("/v1/events?after=0", as: nil)
        #expect(unknown.code == 401 && !unknown.output.contains("revoked"))
        #expect(try host.curl("/v1/snapshot", as: nil).code == 401)
        // Of another authority that calls itself the same.
        let other = try HubHost(["police"])
        try other.start()
        let foreign = try other.machine("cam")
        #expect(try host.post(HubHost.alert("a"), as: foreign).code == 0)
        // A hub of another authority is not believed by who knows the right one.
        #expect(try other.curl("/healthz", as: nil, authority: host.folder + "/authority.pem").code == 0)
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
        #expect(try host.hub("revoke", "cam", "--tenant", "police").code == 0)
        // The command waits until the hub knows it.
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 401)
        let gone = try host.curl("/v1/events?after=0", as: camera)
        #expect(gone.code == 401 && gone.output.contains(#""certificate":"revoked""#))
    }

    @Test("a revocation ends an open stream")
    func openStream() throws {
        let host = try HubHost(["police"])
        try host.start()
        let reader = try host.machine("reader", "analyst")
        let stream = Thread.detached { [host] in
            try host.curl("/v1/events", as: reader, "-N", "-H", "Accept: text/event-stream")
        }
        Thread.sleep(forTimeInterval: 0.5)
        #expect(try host.hub("revoke", "reader", "--tenant", "police").code == 0)
        let outcome = try stream()
        #expect(outcome.output.contains(": revoked") && outcome.code == 200)
    }

    @Test("a role does what its table says, and nothing for another tenant")
    func roles() throws {
        let host = try HubHost()
        try host.start()
        let (camera, officer) = (try host.machine("cam"), try host.machine("dpo1", "dpo"))
        #expect(try host.curl("/v1/events?after=0", as: camera).code == 403)
        #expect(try host.curl("/v1/snapshot", as: camera).code == 403)
        #expect(try host.post(HubHost.alert("a"), as: officer).output.contains("the role dpo may not post"))
        let foreign = try host.post(HubHost.alert("a", more: #","tenant":"fire""#), as: camera)
        #expect(foreign.output.contains("cam is of police, not of fire"))
        let act =
            #"{"specversion":"1.0","id":"x","source":"s","type":"eu.impetus.alert.acknowledged.v1","subject":"a","actor":"op7","data":{"occurrence":1,"severity":"critical"}}"#
        #expect(try host.post(act, as: camera).output.contains("an act is signed by its actor"))
        let made =
            #"{"specversion":"1.0","id":"y","source":"s","type":"eu.impetus.identity.enrolled.v1","data":{"actor":"x","role":"admin","key_id":"k"}}"#
        #expect(try host.post(made, as: camera).output.contains("is made by a feed alone"))
        #expect(try host.curl("/v1/events?after=0", as: officer).output.contains("\"events\":["))
    }

    @Test("a code is good once, and not after its time; a wrong one tells nothing")
    func codes() throws {
        let host = try HubHost(["police"])
        try host.start()
        let code = try host.code("op7", "operator", of: "police")
        let desk = try Desk()
        #expect(try desk.impetus("enrol", "--hub", host.url, code, with: HubHost.secrets).code == 0)
        let again = try desk.impetus("enrol", "--hub", host.url, code, "--as", "x", with: HubHost.secrets)
        #expect(again.code == 77 && again.complaints.contains("wrong, was used, or has expired"))
        let short = try host.code("op8", "operator", of: "police", hours: "0.0001")
        Thread.sleep(forTimeInterval: 0.8)
        #expect(try desk.impetus("enrol", "--hub", host.url, short, "--as", "y", with: HubHost.secrets).code == 77)
        // A code of another hub: nothing secret is sent to this one.
        let other = try HubHost(["police"])
        let foreign = try other.code("op7", "operator", of: "police")
        let refused = try desk.impetus("enrol", "--hub", host.url, foreign, "--as", "z", with: HubHost.secrets)
        #expect(refused.code == 77 && refused.complaints.contains("the code does not fit this hub"))
        let key = desk.folder + "/config/impetus/identities/op7@police/key"
        let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let wrong = try desk.impetus("sync", "--once", with: ["IMPETUS_PASSPHRASE": "another one"])
        #expect(wrong.code == 77 && wrong.complaints.contains("passphrase is wrong"))
    }

    @Test("what is too large, too slow, no event, or a path trick is answered and costs nobody else anything")
    func form() throws {
        let host = try HubHost(["police"])
        let settings = try host.desk.file(
            "hub.toml", "[limits]\nrequest_seconds = 1\nbody_bytes = 1000000\nconnections_per_address = 60\n")
        try host.start("--config", settings)
        let camera = try host.machine("cam")
        let large = try host.desk.file("large", String(repeating: "x", count: 2_000_000))
        #expect(
            try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents+json", "--data-binary",
                "@" + large
            ).code == 413)
        // A body that never ends, without a length.
        #expect(
            try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents+json", "-H",
                "Transfer-Encoding: chunked", "--data-binary", "@" + large
            ).code == 413)
        let nested = try host.desk.file("nested", String(repeating: "[", count: 400_000))
        #expect(
            try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
                "@" + nested
            ).code == 400)
        #expect(try host.post("{", as: camera).code == 400)
        #expect(
            try host.curl("/v1/events", as: camera, "-H", "Content-Type: text/plain", "--data-binary", "x").code == 415)
        #expect(
            try host.curl("/v1/events", as: camera, "-H", "X: " + String(repeating: "y", count: 30_000)).code == 400)
        for path in [
            "/v1/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/v1/ingest/../../hub.key", "//v1/snapshot",
            "/v1/events/",
        ] {
            let outcome = try host.curl(path, as: camera, "--path-as-is")
            #expect(outcome.code == 404 && outcome.output.contains("there is nothing here"), "\(path)")
        }
        for place in ["x", "1:2:3", "-5", "99999999999999999999", "9"] {
            #expect(
                [400, 403, 409].contains(try host.curl("/v1/events?after=" + place, as: try analyst(host)).code),
                "\(place)")
        }
        #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
    }

    private func analyst(_ host: HubHost) throws -> String {
        let files = host.desk.folder + "/machine-reader"
        return FileManager.default.fileExists(atPath: files) ? files : try host.machine("reader", "analyst")
    }

    @Test("a slow sender gets 408, and many connections from one address are bounded while others are served")
    func slow() throws {
        let host = try HubHost(["police"])
        let settings = try host.desk.file("hub.toml", "[limits]\nrequest_seconds = 1\nconnections_per_address = 40\n")
        try host.start("--config", settings)
        let camera = try host.machine("cam")
        let slow = try host.curl(
            "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents+json", "--limit-rate", "10",
            "--data-binary", HubHost.alert("a", more: String(repeating: " ", count: 400)))
        #expect(slow.code == 408 || slow.code == 0)
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        for _ in 0..<200 { sockets.append(try Sockets.connect(to: host.port, from: "127.0.0.1")) }
        Thread.sleep(forTimeInterval: 0.3)
        #expect(Sockets.open(sockets).count <= 50)
        // Others come from other addresses of loopback.
        let other = try host.curl("/healthz", as: nil, "--interface", "127.0.0.2")
        #expect(other.code == 200)
    }

    @Test(
        "of ten thousand silent connections from one address a few are left without any setting, and others are served"
    )
    func tenThousand() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let crowd = Sockets.Crowd()
        for _ in 0..<50 { try crowd.add(200, to: host.port, from: { _ in "127.0.0.1" }) }
        // Sixteen, and sixteen more where a member was served from there.
        try until("all but a few to be turned away") { crowd.open() <= 32 }
        // From another address of loopback everything goes on, posts included.
        let other = try host.curl(
            "/v1/events", as: camera, "--interface", "127.0.0.2", "-H",
            "Content-Type: application/cloudevents+json", "--data-binary", HubHost.alert("a"))
        #expect(other.code == 202)
    }

    @Test("a wrong line in the settings is named, and the hub does not start on it")
    func settings() throws {
        let host = try HubHost(["police"])
        let wrong = try host.desk.file(
            "hub.toml", "name = \"x\"\nlisten = \"nonsense\"\ncolour = 1\n[limits]\nbody_bytes = -1\n")
        let outcome = try host.hub("check", "--config", wrong)
        #expect(outcome.code == 78)
        for line in [":2:", ":3:", ":5:"] { #expect(outcome.complaints.contains(wrong + line)) }
        #expect(try host.hub("check").code == 0)
    }
}
