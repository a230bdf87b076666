import Foundation
import TestSupport
import Testing

/// Somebody reaches the NATS servers of a hub and publishes what a hub would, but for its signature and its word.
@Suite(
    "What no hub vouches for on a stream", .serialized,
    .enabled(if: HubHost.isPossible && NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct ForeignWordTests {
    private struct City {
        let servers: NatsServers
        let host: HubHost
        let camera: String
        let admin: String
        let desk: Desk

        init() throws {
            servers = try NatsServers(1)
            host = try HubHost(["police", "fire"], more: ["--log", servers.urls[0], "--replicas", "1"])
            try host.start()
            (camera, admin) = (try host.machine("cam"), try host.machine("adm", "admin"))
            desk = try host.person("op7")
            #expect(try host.post(HubHost.alert("a"), as: camera).code == 202)
            #expect(try desk.synced().count == 1)
        }

        func publish(_ text: String, to log: String) throws {
            try servers.publish(Array(text.utf8), to: "impetus." + log)
        }

        func told(_ count: Int, of log: String) throws {
            let series = "impetus_hub_unproved_entries_total{tenant=\"\(log)\"}"
            try until("\(count) entries of \(log) to be counted", seconds: 20) {
                try host.metric(series, as: admin) == Double(count)
            }
            #expect(host.journal.contains { $0["kind"] == "no hub's word in the log" && $0["tenant"] == log })
            let check = try host.hub("check")
            #expect(check.code == 0 && check.complaints.contains("warning: \(log): entry "), "\(check)")
            #expect(check.complaints.contains("bears no hub's word"))
            #expect(try host.curl("/readyz", as: nil).code == 200)
        }

        func subjects() throws -> [String] { try desk.synced().compactMap { $0["subject"] as? String }.sorted() }
    }

    private func fact(_ type: String, _ data: String, more: String = "") -> String {
        """
        {"specversion":"1.0","id":"foreign/\(type)","source":"urn:impetus:system","type":"eu.impetus.\(type).v1",\
        "subject":"system"\(more),"data":\(data)}
        """
    }

    @Test(
        "in the system log: a code, a revocation and an agreement, unsigned or wrongly signed, have no effect and are told of"
    )
    func system() throws {
        let city = try City()
        let code = try ForgedCode(hub: city.host.folder)
        let row = try #require(try city.host.hub("members").lines.first { $0.hasPrefix("cam\t") })
        let key = String(row.split(separator: "\t")[3])
        let signature = String(repeating: "A", count: 86) + "=="
        let offer =
            #"{"code_hash":"\#(code.hash)","actor":"mallory","role":"supervisor","until":"2099-01-01T00:00:00Z"}"#
        let facts = [
            ("enrolment.offered", offer), ("identity.revoked", #"{"key_id":"\#(key)","reason":""}"#),
            ("agreement.made", #"{"id":"x","from":"police","to":"fire","purpose":"p","categories":["*"]}"#),
        ]
        let members = try city.host.hub("members").output
        for (type, data) in facts { try city.publish(fact(type, data), to: "system") }
        for (type, data) in facts {
            try city.publish(
                fact(type, data, more: ",\"keyid\":\"\(key)\",\"signature\":\"\(signature)\""), to: "system")
        }
        let mallory = try Desk()
        let enrolled = try mallory.impetus("enrol", "--hub", city.host.url, code.text, with: HubHost.secrets)
        #expect(enrolled.code != 0 && enrolled.complaints.contains("code"), "\(enrolled)")
        try city.told(2 * facts.count, of: "system")
        #expect(try city.host.hub("members").output == members)
        #expect(try city.host.hub("agreement", "list").output == "")
        #expect(try city.host.post(HubHost.alert("b"), as: city.camera).code == 202)
        #expect(try city.subjects() == ["a", "b"])
        // What is genuine goes on.
        #expect(try city.host.person("op9").synced().count == 2)
        withExtendedLifetime(city) {}
    }

    @Test("in the system log: that a hub has seen an agreement; the command waits for the hub's own word")
    func followed() throws {
        let city = try City()
        city.host.kill()
        let before = try city.servers.messages(of: "IMPETUS_system")
        let words = before.map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains("hub.followed") }
        let place = try #require(words.last?.firstMatch(of: /"place":"([^"]+)"/)?.1)
        let host = city.host
        let adding = Thread.detached {
            try host.hub("agreement", "add", "a1", "--from", "police", "--to", "fire", "--purpose", "rescue")
        }
        try until("the agreement") {
            try city.servers.messages(of: "IMPETUS_system").contains {
                String(decoding: $0, as: UTF8.self).contains("agreement.made")
            }
        }
        try city.publish(
            fact("hub.followed", #"{"place":"\#(place)","through":1000000,"serves":true}"#), to: "system")
        let outcome = try adding()
        #expect(outcome.code == 75 && outcome.complaints.contains(place), "\(outcome)")
        withExtendedLifetime(city) {}
    }

    @Test(
        "in a tenant's log: alerts, an unsigned act, and entries of another tenant have no effect; an old entry counts once"
    )
    func tenant() throws {
        let city = try City()
        let fireCamera = try city.host.machine("cam-fire", of: "fire")
        #expect(try city.host.post(HubHost.alert("fire"), as: fireCamera).code == 202)
        let raw = HubHost.alert("forged")
        let act = """
            {"specversion":"1.0","id":"act","source":"urn:impetus:console","type":"eu.impetus.alert.acknowledged.v1",\
            "subject":"a","tenant":"police","actor":"op7","data":{"occurrence":1,"severity":"high"}}
            """
        for text in [raw, raw + "\u{1E}" + String(repeating: "x", count: 32), act] {
            try city.publish(text, to: "police")
        }
        let fire = try city.servers.messages(of: "IMPETUS_fire")
        let own = try city.servers.messages(of: "IMPETUS_police")
        let copies = fire.filter { String(decoding: $0, as: UTF8.self).contains("alert.raised") }
        let again = own.filter { String(decoding: $0, as: UTF8.self).contains("\"subject\":\"a\"") }
        #expect(copies.count == 1 && !again.isEmpty)
        for body in copies + again.prefix(1) { try city.servers.publish(body, to: "impetus.police") }
        #expect(try city.host.post(HubHost.alert("b"), as: city.camera).code == 202)
        #expect(try city.subjects() == ["a", "b"])
        try city.told(4, of: "police")
        let alerts = try city.desk.objects(city.desk.hubbed("alerts", "--json").output)
        #expect(alerts.allSatisfy { $0["acknowledged"] as? Bool == false })
        let audit = try city.desk.hubbed("audit", "verify")
        #expect(audit.code == 0 && audit.output.contains("bears no hub's word"), "\(audit)")
        #expect(try city.host.person("op9").synced().count == 2)
        withExtendedLifetime(city) {}
    }
}
