import Foundation
import Synchronization
import TestSupport
import Testing

/// Servers and hubs are killed one at a time under load, with sharing. So many kills as IMPETUS_KILLS says; `sh .ci/soak` makes 100.
@Suite(
    "Single kills of servers and hubs", .serialized,
    .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct KillTests {
    private static let kills = ProcessInfo.processInfo.environment["IMPETUS_KILLS"].flatMap { Int($0) } ?? 5
    private static let seed = ProcessInfo.processInfo.environment["IMPETUS_SEED"].flatMap { UInt64($0) } ?? 1
    /// From the healing on, all tenants are to be served by both hubs.
    private static let healingSeconds = 15.0

    @Test(
        "with the current nats-server all tenants are served after each, all copies are equal, and nothing is lost or there twice",
        .enabled(if: NatsServers.Version.current.path != nil, Comment(rawValue: NatsServers.Version.current.missing)))
    func current() throws { try story(.current) }

    private func story(_ version: NatsServers.Version) throws {
        let city = try KilledCity(version)
        let load = Load(city)
        var chance = KillTests.seed
        for kill in 1...KillTests.kills {
            let before = load.taken.count
            try until("the load to go on before kill \(kill)", seconds: 60) { load.taken.count >= before + 5 }
            // A linear congruential generator (Knuth's MMIX), of which the high bits are used.
            chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let victim = Int(chance >> 33) % 5
            try city.kill(victim)
            try until("the load to go on after kill \(kill) of \(victim)", seconds: 60) {
                load.taken.count >= before + 10
            }
            try city.heal(victim)
            try until("all tenants to be served after kill \(kill) of \(victim)", seconds: KillTests.healingSeconds) {
                city.isServed()
            }
        }
        let taken = load.end()
        try check(city, taken)
    }

    private func check(_ city: KilledCity, _ taken: Set<String>) throws {
        let near = try city.hubs[0].person("op7")
        let far = try city.hubs[1].person("op8")
        let shared = try city.hubs[1].person("op9", of: "fire")
        for desk in [near, far] {
            try until("all that was taken on a console", seconds: 60) {
                taken.isSubset(of: try subjects(desk))
            }
            #expect(try desk.hubbed("audit", "verify").code == 0)
        }
        try until("all copies at the receiver's", seconds: 60) {
            Set(taken.map { "police//" + $0 }).isSubset(of: try subjects(shared))
        }
        for hub in city.hubs { hub.kill() }
        let streams = ["IMPETUS_police", "IMPETUS_fire", "IMPETUS_system"]
        for stream in streams { #expect(city.servers.settled(stream), "\(stream)") }
        city.servers.stop()
        for stream in streams {
            let copies = try city.servers.copies(of: stream)
            #expect(!copies[0].isEmpty && copies.allSatisfy { $0 == copies[0] }, "\(stream)")
            #expect(copies[0].map(\.sequence) == Array(1...UInt64(copies[0].count)), "\(stream)")
            let names = try copies[0].map { message in
                let object = try #require(
                    (try? JSONSerialization.jsonObject(with: Data(message.event))) as? [String: Any],
                    "\(stream) \(message.sequence): \(String(decoding: message.body, as: UTF8.self))")
                // In the system log the same fact signed anew is another entry.
                let signature = stream == "IMPETUS_system" ? object["signature"] ?? "" : ""
                return "\(object["source"] ?? "") \(object["id"] ?? "") \(signature)"
            }
            #expect(Set(names).count == names.count, "\(stream)")
        }
    }

    private func subjects(_ desk: Desk) throws -> Set<String> {
        Set(try desk.synced().compactMap { $0["subject"] as? String })
    }
}

/// Two hubs on three servers, both started at once, and two tenants of which one shares with the other.
private final class KilledCity: Sendable {
    let servers: NatsServers
    let hubs: [HubHost]
    let camera: String
    let station: String

    init(_ version: NatsServers.Version) throws {
        servers = try NatsServers(3, of: version)
        let first = try HubHost(
            ["police", "fire"], more: ["--log", servers.urls.joined(separator: ","), "--replicas", "3"])
        let agreed = try first.hub(
            "agreement", "add", "aid", "--from", "police", "--to", "fire", "--purpose", "mutual aid")
        guard agreed.code == 0 else { throw Trouble("no agreement: \(agreed)") }
        hubs = [first, try HubHost(beside: first)]
        let failures = Mutex<[any Error]>([])
        DispatchQueue.concurrentPerform(iterations: 2) { [hubs] number in
            do { try hubs[number].start() } catch { failures.withLock { $0.append(error) } }
        }
        if let failure = failures.withLock({ $0.first }) { throw failure }
        camera = try first.machine("cam")
        station = try first.machine("sta", of: "fire")
    }

    /// 0 to 2 are servers, 3 and 4 hubs.
    func kill(_ victim: Int) throws {
        if victim < 3 { servers.kill(victim) } else { hubs[victim - 3].kill() }
    }

    func heal(_ victim: Int) throws {
        guard victim < 3 else { return try hubs[victim - 3].start() }
        try servers.start(victim)
        guard servers.ready(victim) else { throw Trouble("server \(victim) does not come up again") }
    }

    /// Whether each hub takes an alarm of each tenant.
    func isServed() -> Bool {
        hubs.allSatisfy { hub in
            [camera, station].allSatisfy { (try? hub.post(HubHost.alert("served"), as: $0).code) == 202 }
        }
    }
}

/// A camera that brings each alarm to both hubs at once, as one does that is not answered in time, and again until one has it.
private final class Load: Sendable {
    private let state = Mutex<(taken: Set<String>, isOver: Bool)>(([], false))
    private let done = DispatchGroup()

    init(_ city: KilledCity) {
        for lane in 0..<2 {
            done.enter()
            Thread.detachNewThread { [self] in
                var number = 0
                while !state.withLock({ $0.isOver }) {
                    number += 1
                    bring("lane\(lane)-\(number)", city)
                }
                done.leave()
            }
        }
    }

    private func bring(_ subject: String, _ city: KilledCity) {
        let event = HubHost.alert(subject)
        let isTaken = Mutex(false)
        while !isTaken.withLock({ $0 }), !state.withLock({ $0.isOver }) {
            DispatchQueue.concurrentPerform(iterations: 2) { number in
                guard (try? city.hubs[number].post(event, as: city.camera).code) == 202 else { return }
                isTaken.withLock { $0 = true }
            }
        }
        if isTaken.withLock({ $0 }) { state.withLock { _ = $0.taken.insert(subject) } }
    }

    var taken: Set<String> { state.withLock { $0.taken } }

    func end() -> Set<String> {
        state.withLock { $0.isOver = true }
        done.wait()
        return taken
    }
}
