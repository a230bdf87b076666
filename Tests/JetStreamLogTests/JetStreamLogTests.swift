import ControlRoom
import Nats
import Synchronization
import TestSupport
import Testing

@testable import JetStreamLog

@Suite("A log on JetStream", .serialized, .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct JetStreamLogTests {
    private func entries(_ range: Range<Int>) -> [NewEntry] {
        range.map { EventLogContract.entry("e\($0)") }
    }

    private let hubs = try? Hubs()

    /// Each opening is a hub's, with an index of names of its own.
    private func open(_ servers: NatsServers, _ name: String = "city", replicas: Int = 1) throws -> JetStreamLog {
        try #require(hubs).open(servers, name, replicas: replicas)
    }

    @Test("holds to what every log holds to")
    func contract() throws {
        let servers = try NatsServers(1)
        try EventLogContract.check(try open(servers))
        withExtendedLifetime(servers) {}
    }

    @Test(
        "an event of a known name that says something else is told as another, and as the same where only its way differs"
    )
    func contents() throws {
        let servers = try NatsServers(1)
        try EventLogContract.checkContents(try open(servers))
        withExtendedLifetime(servers) {}
    }

    @Test("holds to what every log holds to that two have open")
    func sharedContract() throws {
        let servers = try NatsServers(1)
        try EventLogContract.checkShared(try open(servers), try open(servers))
        withExtendedLifetime(servers) {}
    }

    @Test("gives what anybody published at its place, whatever it is, from the tail and from the stream")
    func junk() throws {
        let servers = try NatsServers(1)
        let log = try open(servers)
        _ = try log.append(entries(0..<1), now: EventMaker.noon)
        let kinds = JunkBytes.all + [JunkBytes.tooLarge]
        for kind in kinds { try servers.publish(kind.body, to: "impetus.city") }
        let last = Int64(kinds.count + 1)
        #expect(eventually { (try? log.lastSequence()) == last })
        _ = try log.append(entries(1..<2), now: EventMaker.noon)
        let again = try open(servers)
        for log in [log, again] {
            var bodies: [[UInt8]] = []
            var place: Int64 = 0
            while let last = try log.read(after: place, limit: 100).last?.sequence, last > place {
                bodies += try log.read(after: place, limit: 100).filter { $0.sequence <= last }.map(\.body)
                place = last
            }
            #expect(bodies.count == kinds.count + 2 && Array(bodies.dropFirst().dropLast()) == kinds.map(\.body))
            #expect(try log.entry(at: 3)?.body == [])
        }
    }

    @Test("is the same for all who open it, and tells them what comes")
    func shared() throws {
        let servers = try NatsServers(1)
        let (first, second) = (try open(servers), try open(servers))
        #expect(first.logID == second.logID)
        let other = try open(servers, "other")
        #expect(other.logID != first.logID)
        let heard = Mutex(0)
        second.onAppend { heard.withLock { $0 += 1 } }
        #expect(try first.append(entries(0..<300), now: EventMaker.noon).count == 300)
        #expect(eventually { heard.withLock { $0 } == 300 })
        #expect(try second.read(after: 250, limit: 100).map(\.sequence) == (251...300).map { Int64($0) })
        #expect(try second.append(entries(10..<20), now: EventMaker.noon).allSatisfy { $0 == .duplicate })
        #expect(try other.lastSequence() == 0)
    }

    @Test("what is older than the tail is read from the stream")
    func old() throws {
        let servers = try NatsServers(1)
        let log = try open(servers)
        for start in stride(from: 0, to: 30_000, by: 3_000) {
            _ = try log.append(entries(start..<start + 3_000), now: EventMaker.noon)
        }
        let again = try open(servers)
        #expect(eventually { (try? again.lastSequence()) == 30_000 })
        for log in [log, again] {
            var place: Int64 = 0
            var ids = 0
            while true {
                let page = try log.read(after: place, limit: 1_000)
                guard let last = page.last else { break }
                #expect(page.first?.sequence == place + 1)
                ids += page.count
                place = last.sequence
            }
            #expect(ids == 30_000)
        }
    }

    @Test("a server that is killed loses nothing that was acknowledged")
    func killed() throws {
        let servers = try NatsServers(1)
        let log = try open(servers)
        _ = try log.append(entries(0..<500), now: EventMaker.noon)
        servers.kill(0)
        #expect(throws: NatsFailure.self) { try log.append(entries(500..<501), now: EventMaker.noon) }
        try servers.start(0)
        #expect(servers.ready(0))
        #expect(eventually(within: 20) { (try? log.append(entries(499..<502), now: EventMaker.noon)) != nil })
        #expect(eventually(within: 20) { (try? log.lastSequence()) == 502 })
        // What came before the fall is read anew meanwhile.
        #expect(eventually(within: 20) { (try? log.read(after: 0, limit: 1_000).count) == 502 })
    }

    @Test("any of three servers may die and come back; nothing is lost, nothing is there twice")
    func cluster() throws {
        let servers = try NatsServers(3)
        let log = try openEventually(servers)
        var kept: [Int64] = []
        var next = 0
        for victim in 0..<3 {
            servers.kill(victim)
            // While a leader is elected one is told to come again, with the same.
            for _ in 0..<4 {
                let batch = entries(next..<next + 50)
                var appended: [Appended] = []
                #expect(
                    eventually(within: 40) {
                        guard let done = try? log.append(batch, now: EventMaker.noon) else { return false }
                        appended = done
                        return true
                    })
                kept += appended.compactMap { if case .accepted(let sequence) = $0 { sequence } else { nil } }
                next += 50
            }
            try servers.start(victim)
            #expect(servers.ready(victim))
        }
        #expect(eventually(within: 30) { (try? log.lastSequence()) == Int64(next) })
        var place: Int64 = 0
        var names: [String] = []
        while let page = try? log.read(after: place, limit: 500), let last = page.last {
            names += page.map { String(decoding: $0.body, as: UTF8.self) }
            place = last.sequence
        }
        #expect(names.count == next && Set(names).count == next)
        #expect(names == entries(0..<next).map { String(decoding: $0.body, as: UTF8.self) })
    }

    @Test("without a majority nobody decides, which is said; with it again, all is there")
    func noMajority() throws {
        let servers = try NatsServers(3)
        let log = try openEventually(servers)
        var last: Int64 = 0
        #expect(
            eventually(within: 40) {
                guard let done = try? log.append(entries(0..<20), now: EventMaker.noon) else { return false }
                last = Int64(done.count)
                return true
            })
        #expect(eventually(within: 20) { (try? log.entry(at: last))??.sequence == last })
        servers.kill(1)
        servers.kill(2)
        #expect(eventually(within: 60) { (try? log.entry(at: last)) == nil })
        #expect(throws: (any Error).self) { try log.append(entries(20..<21), now: EventMaker.noon) }
        for number in [1, 2] { try servers.start(number) }
        #expect(eventually(within: 60) { (try? log.entry(at: last))??.sequence == last })
        #expect(eventually(within: 60) { (try? log.append(entries(20..<21), now: EventMaker.noon)) != nil })
    }

    private func openEventually(_ servers: NatsServers) throws -> JetStreamLog {
        let hubs = try #require(hubs)
        return try #require(hubs.openEventually(servers))
    }
}
