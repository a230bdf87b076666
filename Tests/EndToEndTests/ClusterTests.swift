import Foundation
import TestSupport
import Testing

/// Two hubs as real processes on a JetStream cluster of three.
@Suite(
    "Two hubs on a cluster", .serialized,
    .enabled(if: HubHost.isPossible && NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct ClusterTests {
    private struct City {
        let servers: NatsServers
        let first: HubHost
        let second: HubHost

        init() throws {
            servers = try NatsServers(3)
            first = try HubHost(
                ["police"], more: ["--log", servers.urls.joined(separator: ","), "--replicas", "3"])
            second = try HubHost(beside: first)
            try first.start()
            try second.start()
        }

        /// As a sensor does: at each hub in turn, until one has it.
        func report(_ subject: String, as camera: String) throws {
            let event = HubHost.alert(subject)
            try until("\(subject) to be taken", seconds: 60) {
                for hub in [first, second] where (try? hub.post(event, as: camera).code) == 202 { return true }
                return false
            }
        }
    }

    private func subjects(_ desk: Desk) throws -> [String] {
        try desk.objects(desk.hubbed("alerts", "--json").output).compactMap { $0["subject"] as? String }.sorted()
    }

    @Test("a hub dies, then a server, then the majority; consoles go on, are told, and agree in the end")
    func story() throws {
        let city = try City()
        let camera = try city.first.machine("cam")
        let near = try Desk()
        let code = try city.first.code("op7", "operator", of: "police")
        let enrolled = try near.impetus(
            "enrol", "--hub", city.first.url, "--hub", city.second.url, code, with: HubHost.secrets)
        #expect(enrolled.code == 0)
        try city.report("a", as: camera)
        #expect(try near.synced().count == 1)

        // The console knows another hub; what was acknowledged there is settled for all.
        city.first.kill()
        try city.report("b", as: camera)
        #expect(try near.synced().count == 2)
        #expect(try near.hubbed("ack", "a").code == 0)
        try city.first.start()

        city.servers.kill(0)
        for number in 0..<5 { try city.report("c\(number)", as: camera) }
        try city.servers.start(0)
        #expect(city.servers.ready(0))

        // Without a majority nobody is told that all is well.
        city.servers.kill(1)
        city.servers.kill(2)
        try until("the hubs to say that they cannot serve", seconds: 60) {
            let answers = [city.first, city.second].compactMap { try? $0.curl("/readyz", as: nil).code }
            return answers == [503, 503]
        }
        let lost = try near.hubbed("sync", "--once", "--timeout", "3")
        #expect(lost.code == 75 && lost.complaints.contains("the log cannot be reached"))
        #expect(try near.hubbed("ack", "b").code == 75)
        for number in [1, 2] { try city.servers.start(number) }
        try until("the hubs to serve again", seconds: 90) {
            let answers = [city.first, city.second].compactMap { try? $0.curl("/readyz", as: nil).code }
            return answers == [200, 200]
        }
        try city.report("d", as: camera)

        #expect(eventually(within: 60) { (try? near.synced().count) == 8 })
        let far = try city.second.person("op8")
        #expect(eventually(within: 60) { (try? far.synced().count) == 8 })
        #expect(try subjects(near) == subjects(far))
        #expect(
            try near.objects(near.hubbed("alerts", "--json").output).count { $0["acknowledged"] as? Bool == true } == 2)
        for desk in [near, far] { #expect(try desk.hubbed("audit", "verify").code == 0) }
    }
}
