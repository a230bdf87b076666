import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import Tenancy
import TestSupport
import Testing
import Trust

/// Logs of a hub from before facts were signed and entries bore a hub's word, followed by one of today.
@Suite("Logs from before hubs signed")
struct OldLogTests {
    private let bench: CentralBench
    private let camera: Submitter
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(isOld: true)
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        #expect(bench.submit([make.raised("old")], from: camera) == [.accepted])
        try bench.rest()
        #expect(try bench.view("police")?.alert(subject: "old", realm: .actual) != nil)
    }

    private func step(_ central: Central) throws {
        let now = bench.clock.now
        for _ in 0..<5 {
            for feed in central.feeds {
                while feed.appender.drain(now: now) {}
                while try feed.step(
                    register: central.register, now: now)
                {}
            }
        }
    }

    private func follow(_ central: Central) throws {
        try central.followSystem(now: bench.clock.now)
        #expect(central.carryOutOwed(now: bench.clock.now) == [])
    }

    private func trust(_ words: [LogTrusted], _ central: Central, id: String = "") throws {
        let now = bench.clock.now
        let entries = try words.map { word in
            try SystemEvents.entry(
                "trusted/\(word.log)" + id, .logTrusted, JSONWriter.bytes(word.write), CentralBench.wire,
                signedBy: bench.authorityKey, now: now)
        }
        _ = try bench.system.append(entries, now: now)
        try follow(central)
    }

    private func word(on name: String, _ log: any EventLog, upTo last: Int64 = .max) throws -> LogTrusted {
        var chain = LogChain(logID: try log.logID)
        for entry in try log.read(after: 0, limit: 10_000) where entry.sequence <= last {
            chain.add(CentralBench.wire.admitted(entry))
        }
        return LogTrusted(log: name, logID: try log.logID, sequence: chain.sequence, head: chain.head)
    }

    private func words() throws -> [LogTrusted] {
        let system = try word(on: LogTrusted.systemLog, bench.system)
        return [system]
            + (try ["fire", "police"].map { tenant in
                try word(on: tenant, try #require(bench.central.feed(of: tenant)?.log))
            })
    }

    @Test("are not believed until an administrator has named place and head of each; then all counts as it did")
    mutating func accepted() throws {
        let words = try words()
        let central = try bench.another()
        try central.introduce(now: bench.clock.now)
        try follow(central)
        #expect(central.register == Register() && central.feeds.isEmpty)
        #expect(try #require(central.unprovedTrouble).contains("impetus-hub trust-log"))

        try trust([words[0]], central)
        #expect(central.unprovedTrouble == nil && central.register == bench.central.register)
        let feed = try #require(central.feed(of: "police"))
        #expect(try #require(feed.trouble(at: bench.clock.now)).contains("impetus-hub trust-log"))
        let before = try feed.head()
        try step(central)
        #expect(try feed.head() == before && feed.compare(now: bench.clock.now) == .good)

        try trust(Array(words.dropFirst()), central)
        #expect(feed.trouble(at: bench.clock.now) == nil)
        try step(central)
        #expect(try feed.view.alert(subject: "old", realm: .actual) != nil && feed.health == .good)
        #expect(central.member(certificate: try certificate(), now: bench.clock.now) != nil)
    }

    private func certificate() throws -> [UInt8] {
        let member = try #require(bench.central.register.members[camera.keyID ?? ""])
        return try MemberCertificate(pem: member.certificate).der
    }

    @Test("what is written behind the place without a word has no effect, on a view that is folded anew as well")
    mutating func behind() throws {
        let words = try words()
        let central = try bench.another()
        try central.introduce(now: bench.clock.now)
        try trust(words, central)
        let feed = try #require(central.feed(of: "police"))
        let body = CentralBench.wire.encode(make.raised("forged"))
        _ = try feed.log.append(
            [NewEntry(source: "", id: "forged", body: body, content: EventLogContract.content(0))], now: bench.clock.now
        )
        try step(central)
        #expect(feed.takeJunk().unproved == 1)
        let anew = try Store(path: bench.folder.file("anew"), mirror: feed.view.mirror) { "v" }
        let again = TenantFeed(
            tenant: "police", log: feed.log, view: anew, authority: bench.authority.certificate, key: bench.key,
            hub: "hub", wire: feed.wire, isOld: false, wake: {})
        while try again.step(register: central.register, now: bench.clock.now) {}
        for view in [feed.view, anew] {
            #expect(try view.alert(subject: "old", realm: .actual) != nil)
            #expect(try view.alert(subject: "forged", realm: .actual) == nil)
        }
        #expect(try anew.cursor()?.head == feed.view.cursor()?.head)
    }

    @Test("another head than the log has is no word on it: the system log is not believed, a tenant is not served")
    mutating func otherHead() throws {
        var words = try words()
        let central = try bench.another()
        try central.introduce(now: bench.clock.now)
        var wrong = words[0]
        wrong.head = words[1].head
        try trust([wrong], central, id: "/wrong")
        #expect(central.register == Register())
        words[2].head = words[1].head
        try trust(words, central)
        let feed = try #require(central.feed(of: "police"))
        try step(central)
        #expect(feed.health == .altered("up to entry \(words[2].sequence) it is not what trust-log has named"))
        #expect(feed.trouble(at: bench.clock.now) != nil)
        #expect(try #require(central.feed(of: "fire")).health == .good)
    }

    @Test("what stands unsigned behind the first signed fact is never old")
    func notOld() throws {
        let central = try bench.another()
        try central.introduce(now: bench.clock.now)
        let forged = try SystemEvents.entry(
            "forged", .tenantAdded, JSONWriter.bytes(TenantAdded(tenant: "spies", title: "s").write),
            CentralBench.wire, signedBy: nil, now: bench.clock.now)
        _ = try bench.system.append([forged], now: bench.clock.now)
        try trust([try word(on: LogTrusted.systemLog, bench.system)], central)
        #expect(central.register == Register())
    }
}
