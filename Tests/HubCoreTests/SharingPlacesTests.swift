import ControlRoom
import Feed
import Foundation
import HubCore
import Store
import TestSupport
import Testing
import Trust

@Suite("Each receiver of copies has a place of its own")
struct SharingPlacesTests {
    private let bench: CentralBench
    private let camera: Submitter
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police", "fire", "transport"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
    }

    private struct Away: Error {}

    private func agree(_ id: String, to: String, categories: [String] = ["*"], until: Timestamp? = nil) throws {
        let agreement = Agreement(
            id: id, from: "police", to: to, categories: categories, purpose: "rescue", removed: [], until: until)
        try bench.say(.agreementMade, agreement.write)
    }

    private func end(_ id: String) throws {
        try bench.say(.agreementEnded, AgreementEnded(id: id, reason: "over").write)
    }

    private func shared(_ tenant: String) throws -> [Event] {
        try bench.log(tenant).filter { $0.extensions["agreement"] != nil }
    }

    private mutating func post(_ events: [Event]) throws {
        _ = bench.submit(events, from: camera)
        try bench.rest()
    }

    private var police: TenantFeed { get throws { try #require(bench.central.feed(of: "police")) } }

    /// Folds and shares while some receivers cannot be served.
    private func round(without away: Set<String>) throws -> [TenantFeed.SharingTrouble] {
        let (central, now, police) = (bench.central, bench.clock.now, try police)
        bench.drain()
        while try police.step(register: central.register, now: now) {}
        var troubles: [TenantFeed.SharingTrouble] = []
        while true {
            let round = try police.share(register: central.register, now: now) { tenant, events in
                if away.contains(tenant) { throw Away() }
                try central.deliver(tenant, events, now: now)
            }
            troubles += round.troubles
            guard round.isMore else { return troubles }
        }
    }

    @Test("one that cannot be served holds up neither the sender nor another, and gets all of it later, once")
    mutating func away() throws {
        try agree("a1", to: "fire")
        try agree("a2", to: "transport")
        for name in ["a", "b", "c"] {
            _ = bench.submit([make.raised(name)], from: camera)
            bench.clock.advance(1)
            let troubles = try round(without: ["fire"])
            #expect(troubles.allSatisfy { $0.receiver == "fire" })
        }
        let feed = try police
        #expect(try feed.lag() == 0 && feed.trouble(at: bench.clock.now) == nil)
        #expect(try feed.view.alert(subject: "c", realm: .actual) != nil)
        #expect(try shared("transport").map(\.subject) == ["police//a", "police//b", "police//c"])
        #expect(try shared("fire").isEmpty && feed.sharingBacklog() > 0)
        bench.clock.advance(20)
        try bench.rest()
        try bench.rest()
        #expect(try shared("fire").map(\.subject) == ["police//a", "police//b", "police//c"])
        #expect(try feed.sharingBacklog() == 0)
    }

    @Test("what retention ended before it could be shared is told, once, and what goes on is shared")
    mutating func ended() throws {
        try bench.say(.retentionSet, RetentionSet(tenant: "police", days: 2).write)
        try agree("a1", to: "fire")
        _ = try round(without: ["fire"])
        // What nobody is reminded of.
        _ = bench.submit([make.raised("over", .info), make.cleared("over"), make.raised("on")], from: camera)
        _ = try round(without: ["fire"])
        bench.clock.advance(3 * 86_400)
        _ = bench.submit([make.raised("new")], from: camera)
        for _ in 0..<4 {
            bench.clock.advance(3_700)
            _ = try round(without: ["fire"])
        }
        // It is tried again by then.
        bench.clock.advance(600)
        let troubles = try round(without: [])
        #expect(troubles.map(\.receiver) == ["fire"])
        #expect(troubles.first?.reason.hasPrefix("retention had ended 1 raise before they were shared") == true)
        #expect(try shared("fire").map(\.subject) == ["police//on", "police//new"])
        _ = bench.submit([make.raised("newer")], from: camera)
        #expect(try round(without: []).isEmpty)
    }

    @Test("while one cannot be served, what ends by time and checkpoints are said")
    mutating func rules() throws {
        try agree("a1", to: "fire")
        let stale = bench.clock.now.adding(seconds: 30).rfc3339
        _ = bench.submit([make.raised("a", .high, #""stale":"\#(stale)""#)], from: camera)
        for _ in 0..<40 {
            bench.clock.advance(2)
            _ = try round(without: ["fire"])
        }
        #expect(try bench.log("police").contains { $0.type == .alertCleared && $0.subject == "a" })
        let checkpoints = try bench.log("police").compactMap { event -> Int64? in
            guard case .logCheckpointed(let fact) = try Fact(of: event) else { return nil }
            return fact.sequence
        }
        let cleared = try bench.log("police").first { $0.type == .alertCleared }?.sequence ?? .max
        #expect(checkpoints.contains { $0 >= cleared })
        #expect(try shared("fire").isEmpty)
    }

    @Test("one that cannot be served is not tried again at once")
    mutating func pause() throws {
        try agree("a1", to: "fire")
        _ = bench.submit([make.raised("a")], from: camera)
        #expect(try round(without: ["fire"]).count == 1)
        #expect(try round(without: ["fire"]).isEmpty)
        bench.clock.advance(1)
        #expect(try round(without: ["fire"]).count == 1)
        bench.clock.advance(1)
        #expect(try round(without: ["fire"]).isEmpty)
        bench.clock.advance(10)
        #expect(try round(without: []).isEmpty)
        #expect(try shared("fire").count == 1)
    }

    @Test("an agreement holds from its place in the log on, whatever the clocks say")
    mutating func order() throws {
        bench.clock.advance(500)
        try post([make.raised("before")])
        try agree("a1", to: "fire")
        bench.clock.advance(-400)
        try post([make.raised("after")])
        #expect(try shared("fire").map(\.subject) == ["police//after"])
        try end("a1")
        bench.clock.advance(-50)
        try post([make.raised("too-late")])
        #expect(try shared("fire").filter { $0.type == .alertRaised }.map(\.subject) == ["police//after"])
    }

    @Test(
        "an agreement that the log has ended shares nothing more, also by a hub that has not heard so in the system log"
    )
    mutating func behind() throws {
        try agree("a1", to: "fire")
        try post([make.raised("a")])
        let before = bench.central.register
        try end("a1")
        try bench.rest()
        bench.clock.advance(5)
        _ = bench.submit([make.raised("b")], from: camera)
        bench.drain()
        let (central, now, police) = (bench.central, bench.clock.now, try police)
        while try police.step(register: before, now: now) {}
        while try police.share(register: before, now: now, outlet: { try central.deliver($0, $1, now: now) }).isMore {}
        #expect(try shared("fire").filter { $0.type == .alertRaised }.map(\.subject) == ["police//a"])
    }

    @Test("a word about an agreement that no hub signed shares nothing and ends nothing")
    mutating func forged() throws {
        try agree("a1", to: "fire")
        let forged = Agreement(
            id: "x", from: "police", to: "transport", categories: ["*"], purpose: "p", removed: [], until: nil)
        let entries = [
            try SystemEvents.entry(
                "agreed/x", .agreementMade, JSONWriter.bytes(forged.write), police.wire, signedBy: nil,
                now: bench.clock.now),
            try SystemEvents.entry(
                "agreement-ended/a1", .agreementEnded, JSONWriter.bytes(AgreementEnded(id: "a1", reason: "r").write),
                police.wire, signedBy: nil, now: bench.clock.now),
        ]
        _ = try police.log.append(entries, now: bench.clock.now)
        try post([make.raised("a")])
        #expect(try shared("transport").isEmpty)
        #expect(try shared("fire").map(\.type) == [.alertRaised])
    }

    @Test("a view that is folded anew copies nothing a second time, and still withdraws what was shared")
    mutating func anew() throws {
        try agree("a1", to: "fire")
        try post([make.raised("a"), make.raised("b")])
        let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
        try police.view.close()
        for file in files where file.hasPrefix("police.view") {
            // What is beside the file may have gone when it was closed.
            try? FileManager.default.removeItem(atPath: bench.folder.file(file))
        }
        let central = try bench.another()
        let (now, feed) = (bench.clock.now, try #require(central.feed(of: "police")))
        func goOn(at now: Timestamp) throws {
            while try feed.step(register: central.register, now: now) {}
            while try feed.share(
                register: central.register, now: now, outlet: { try central.deliver($0, $1, now: now) }
            ).isMore {}
        }
        try goOn(at: now)
        #expect(try shared("fire").count == 2)
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "over").write)
        try central.followSystem(now: now)
        #expect(central.carryOutOwed(now: now).isEmpty)
        try goOn(at: now)
        #expect(try shared("fire").filter { $0.type == .alertWithdrawn }.count == 2)
    }

    @Test("of an agreement that is over and has nothing shared nothing is kept in the view")
    mutating func forgotten() throws {
        try agree("a1", to: "fire")
        try agree("a2", to: "fire", until: bench.clock.now.adding(seconds: 10))
        try post([make.raised("a")])
        let view = try police.view
        #expect(try view.sharing().count == 2 && view.forwarded(to: "fire") != nil)
        try end("a1")
        bench.clock.advance(11)
        try bench.rest()
        #expect(try view.sharing().isEmpty && view.agreementsWithShared().isEmpty && view.forwarded(to: "fire") == nil)
        // Who shares with them again begins where that is agreed.
        try post([make.raised("b")])
        try agree("a3", to: "fire")
        try post([make.raised("c")])
        #expect(try shared("fire").filter { $0.type == .alertRaised }.map(\.subject) == ["police//a", "police//c"])
    }

    @Test("a snapshot says nothing of what was shared with whom")
    mutating func snapshot() throws {
        try agree("a1", to: "fire")
        try post([make.raised("a")])
        let file = bench.folder.file("copy")
        try police.view.copy(to: file, floor: nil)
        let copy = try Store(path: file, mirror: Store.Mirror(decode: { _ in throw Away() })) { "c" }
        #expect(try copy.sharing().isEmpty && copy.agreementsWithShared().isEmpty && copy.forwarded(to: "fire") == nil)
        #expect(try copy.alert(subject: "a", realm: .actual) != nil)
    }
}
