import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Tenancy
import TestSupport
import Testing
import Trust

@Suite("How far a hub has followed")
struct HubFollowedTests {
    private let bench: CentralBench
    private let place = "hub-a.example:8443"

    init() throws { bench = try CentralBench() }

    private func say() throws {
        try bench.central.sayFollowed(at: place, now: bench.clock.now)
        try bench.central.followSystem(now: bench.clock.now)
    }

    /// - Returns: its place in the system log.
    private func agree(_ id: String) throws -> Int64 {
        let agreement = Agreement(
            id: id, from: "police", to: "fire", categories: ["*"], purpose: "p", removed: [], until: nil)
        try bench.say(.agreementMade, agreement.write)
        return try bench.system.lastSequence()
    }

    private func behind(_ sequence: Int64) -> [String] {
        bench.central.register.hubs(behind: sequence, at: bench.clock.now)
    }

    @Test("is said when it starts, when an agreement is made or ends, once a day, and not otherwise")
    func words() throws {
        let start = try bench.system.lastSequence()
        try say()
        #expect(try bench.system.lastSequence() == start + 1 && behind(start).isEmpty)
        try bench.say(.tenantAdded, TenantAdded(tenant: "transport", title: "t").write)
        try say()
        #expect(try bench.system.lastSequence() == start + 2)
        let made = try agree("a1")
        #expect(behind(made) == [place])
        try say()
        #expect(behind(made).isEmpty)
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "over").write)
        let ended = try bench.system.lastSequence()
        #expect(behind(ended) == [place])
        try say()
        try say()
        #expect(try behind(ended).isEmpty && bench.system.lastSequence() == ended + 1)
        bench.clock.advance(86_400)
        try say()
        #expect(try bench.system.lastSequence() == ended + 2)
    }

    @Test("is said when a key is revoked, and the key counts no more by then")
    func revoked() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        try say()
        let keyID = try #require(camera.keyID)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: keyID, reason: "lost").write)
        let place = try bench.system.lastSequence()
        #expect(behind(place) == [self.place])
        try say()
        #expect(behind(place).isEmpty && !bench.central.register.isMember(keyID: keyID))
    }

    @Test("is signed by the hub")
    func signed() throws {
        try say()
        let entries = try bench.system.read(after: 0, limit: 100)
        let word = try #require(try entries.map { try CentralBench.wire.event($0) }.last)
        #expect(word.type == .hubFollowed && bench.central.knownMembers.isHubs(word))
    }

    @Test("nobody waits for a hub that has stopped, or of which nothing is heard for more than a day")
    func gone() throws {
        try say()
        try bench.central.sayStopped(at: place, now: bench.clock.now)
        try bench.central.followSystem(now: bench.clock.now)
        #expect(try behind(agree("a1")).isEmpty)
        let again = try bench.another()
        try again.sayFollowed(at: place, now: bench.clock.now)
        try bench.central.followSystem(now: bench.clock.now)
        let made = try agree("a2")
        #expect(behind(made) == [place])
        bench.clock.advance(HubFollowed.silentSeconds)
        #expect(behind(made).isEmpty)
    }

    @Test("an agreement is in the log of the tenant that shares before the hub says that it has seen it")
    func carriedOut() throws {
        try say()
        let agreement = Agreement(
            id: "a1", from: "police", to: "fire", categories: ["*"], purpose: "p", removed: [], until: nil)
        let entry = try SystemEvents.entry(
            "made", .agreementMade, JSONWriter.bytes(agreement.write), CentralBench.wire, signedBy: bench.key,
            now: bench.clock.now)
        _ = try bench.system.append([entry], now: bench.clock.now)
        let made = try bench.system.lastSequence()
        try bench.central.followSystem(now: bench.clock.now)
        // Followed, but not carried out.
        try say()
        #expect(behind(made) == [place])
        #expect(try !bench.log("police").contains { $0.type == .agreementMade })
        #expect(bench.central.carryOutOwed(now: bench.clock.now).isEmpty)
        try say()
        #expect(try behind(made).isEmpty && bench.log("police").contains { $0.type == .agreementMade })
    }

    @Test("of two hubs on one log one runs the site's command for a tenant, and says so once")
    func claims() throws {
        let other = try bench.another()
        let now = bench.clock.now
        #expect(try bench.central.claimEscalation(of: "police", at: "a:1", now: now))
        #expect(try !other.claimEscalation(of: "police", at: "b:1", now: now))
        #expect(try other.claimEscalation(of: "fire", at: "b:1", now: now))
        let end = try bench.system.lastSequence()
        #expect(try bench.central.claimEscalation(of: "police", at: "a:1", now: now))
        #expect(try bench.system.lastSequence() == end)
        try bench.central.sayWatch(.unwatched, of: "police", at: "a:1", now: now)
        #expect(try other.claimEscalation(of: "police", at: "b:1", now: now))
        // A hub that reads the log from its start comes to the same.
        #expect(try bench.another().register.watches == other.register.watches)
    }
}
