import ControlRoom
import Feed
import HubCore
import Standards
import Store
import Tenancy
import TestSupport
import Testing
import Trust

/// Members over more than a year: certificates last 90 days.
@Suite("Renewed certificates")
struct RenewalTests {
    private let bench: CentralBench
    private var make = EventMaker()

    init() throws { bench = try CentralBench(tenants: ["police"]) }

    private func pass(days: Double) { bench.clock.advance(days * 86_400) }

    @discardableResult
    private func renew(_ key: SigningKey, _ submitter: Submitter, at central: Central? = nil) throws
        -> MemberCertificate
    {
        try (central ?? bench.central).renew(
            submitter, request: try CertificateRequest.make(key: key), now: bench.clock.now)
    }

    private mutating func act(_ subject: String, by key: SigningKey) throws -> Event {
        var event = make.acknowledged(subject, by: "op7")
        (event.time, event.occurred, event.tenant) = (bench.clock.now, nil, "police")
        event.source = "urn:impetus:console"
        try key.sign(&event)
        return event
    }

    private mutating func raised(_ subject: String) -> Event {
        var event = make.raised(subject)
        event.time = bench.clock.now
        return event
    }

    /// What a console makes of the log, which knows nothing but the authority.
    private func findings() throws -> [String] {
        var verifier = LogVerifier(
            knownMembers: KnownMembers(authority: bench.authority.certificate), from: .start(of: "police-log"))
        return try bench.log("police").compactMap { verifier.take($0)?.finding?.description }
    }

    @Test("on days 91, 180 and 400 whoever renewed in time posts, acts and follows, and consoles believe it")
    mutating func inTime() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let (cameraKey, camera) = try bench.enrol("cam", .sensor, of: "police")
        _ = bench.submit([raised("first")], from: camera)
        var day = 0.0
        var shown = try #require(console.keyID.flatMap { bench.central.register.members[$0] }).certificate
        for goal in [91.0, 180, 400] {
            while day + 45 <= goal {
                pass(days: 45)
                day += 45
                shown = try renew(key, console).pem()
                try renew(cameraKey, camera)
            }
            pass(days: goal - day)
            day = goal
            let now = bench.clock.now
            #expect(bench.submit([raised("a\(goal)")], from: camera) == [.accepted], "day \(goal)")
            #expect(bench.submit([try act("a\(goal)", by: key)], from: console) == [.accepted], "day \(goal)")
            #expect(bench.central.isInForce(keyID: key.keyID, now: now), "day \(goal)")
            let found = bench.central.member(certificate: try MemberCertificate(pem: shown).der, now: now)
            #expect(found?.submitter == console, "day \(goal)")
        }
        try bench.rest()
        #expect(try findings() == [])
        let known = try #require(try bench.view("police")?.identities().first { $0.actor == "op7" })
        #expect(known.certificate == shown)
    }

    @Test("a stream that was opened with the first certificate goes on after its end if the key was renewed")
    func streams() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let (stray, _) = try bench.enrol("op8", .operator, of: "police")
        let first = try #require(bench.central.register.members[key.keyID]).certificate
        pass(days: 80)
        let second = try renew(key, console)
        let opened = bench.central.member(certificate: try MemberCertificate(pem: first).der, now: bench.clock.now)
        #expect(opened?.ends == second.ends)
        pass(days: 11)
        #expect(bench.central.isInForce(keyID: key.keyID, now: bench.clock.now))
        #expect(!bench.central.isInForce(keyID: stray.keyID, now: bench.clock.now))
        // It is not shown anew.
        let late = bench.central.member(certificate: try MemberCertificate(pem: first).der, now: bench.clock.now)
        #expect(late == nil)
    }

    @Test("a renewal counts on another hub at once, and on both after a restart")
    mutating func hubs() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let second = try bench.another()
        pass(days: 80)
        try renew(key, console)
        try second.followSystem(now: bench.clock.now)
        #expect(second.carryOutOwed(now: bench.clock.now) == [])
        let third = try bench.another()
        // One that has not read the system log since, and is shown the certificate.
        let fourth = try bench.another()
        pass(days: 79)
        let last = try renew(key, console)
        pass(days: 12)
        #expect(!fourth.isInForce(keyID: key.keyID, now: bench.clock.now))
        #expect(fourth.member(certificate: last.der, now: bench.clock.now)?.submitter == console)
        #expect(fourth.isInForce(keyID: key.keyID, now: bench.clock.now))
        for central in [second, third] {
            try central.followSystem(now: bench.clock.now)
            #expect(central.carryOutOwed(now: bench.clock.now) == [])
        }
        for central in [bench.central, second, third] {
            #expect(central.isInForce(keyID: key.keyID, now: bench.clock.now))
            let verdict = try bench.admit(act("a", by: key), from: console, at: central)
            #expect(verdict == .accepted || verdict == .duplicate)
        }
    }

    @Test("acts that were signed in time count for 30 days after the end, brought by a colleague, and no longer")
    mutating func late() throws {
        let (vanKey, van) = try bench.enrol("op7", .operator, of: "police")
        let (key, desk) = try bench.enrol("op8", .operator, of: "police")
        pass(days: 60)
        try renew(key, desk)
        pass(days: 29)
        let ticks = [try act("a", by: vanKey), try act("b", by: vanKey)]
        pass(days: 6)
        #expect(bench.submit([ticks[0]], from: desk) == [.accepted])
        let after = try act("c", by: vanKey)
        let ended = "the certificate of op7 has ended"
        #expect(bench.submit([after], from: desk) == [.rejected(ended, isDenied: true)])
        pass(days: 26)
        try renew(key, desk)
        #expect(bench.submit([ticks[1]], from: desk) == [.rejected(ended, isDenied: true)])
        try bench.rest()
        #expect(try findings() == [] && van.keyID == vanKey.keyID)
    }

    @Test("who was away renews up to 30 days after the end, and what waited is taken; a revoked key never")
    mutating func afterTheEnd() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let der = try MemberCertificate(pem: try #require(bench.central.register.members[key.keyID]).certificate).der
        pass(days: 89)
        let tick = try act("a", by: key)
        pass(days: 30)
        #expect(bench.central.member(certificate: der, now: bench.clock.now) == nil)
        let renewer = try #require(bench.central.renewable(certificate: der, now: bench.clock.now))
        let made = try renew(key, renewer)
        #expect(bench.central.member(certificate: made.der, now: bench.clock.now)?.submitter == console)
        #expect(bench.submit([tick, try act("b", by: key)], from: console) == [.accepted, .accepted])
        pass(days: 121)
        #expect(bench.central.renewable(certificate: made.der, now: bench.clock.now) == nil)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: key.keyID, reason: "").write)
        pass(days: -100)
        #expect(bench.central.renewable(certificate: made.der, now: bench.clock.now) == nil)
        #expect(throws: Central.EnrolmentFailure.notAMember) { try renew(key, renewer) }
    }

    @Test("a hub that starts says of each member once what the log does not have, the last certificate")
    func introductions() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        pass(days: 60)
        let made = try renew(key, console)
        try bench.rest()
        let before = try bench.log("police").filter { $0.type == .identityEnrolled }
        #expect(before.count == 3)
        _ = try bench.another()
        #expect(try bench.log("police").filter { $0.type == .identityEnrolled } == before)
        guard case .identityEnrolled(let last)? = try before.last.map({ try Fact(of: $0) }) else {
            Issue.record("nothing was said")
            return
        }
        #expect(last.certificate == (try made.pem()))
    }

    @Test("a revoked hub is told of in every tenant's log, and believed no more after that place")
    mutating func revokedHub() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        _ = bench.submit([raised("a")], from: camera)
        try bench.rest()
        let hubKey = bench.central.certificate.keyID
        try bench.say(.identityRevoked, IdentityRevoked(keyID: hubKey, reason: "stolen").write)
        #expect(bench.central.isOwnKeyRevoked)
        pass(days: 0.001)
        _ = bench.submit([raised("b")], from: camera)
        try bench.rest()
        let log = try bench.log("police")
        let place = try #require(log.firstIndex { $0.type == .identityRevoked })
        #expect(log[place...].contains { $0.type == .logCheckpointed })
        var verifier = LogVerifier(
            knownMembers: KnownMembers(authority: bench.authority.certificate), from: .start(of: "police-log"))
        for (index, event) in log.enumerated() {
            let finding = verifier.take(event)?.finding
            #expect((finding != nil) == (index > place && event.type == .logCheckpointed), "\(index)")
        }
    }

    @Test("a revoked hub says nothing behind its own revocation: the next hub's word is no duplicate of it")
    func silent() throws {
        let (key, _) = try bench.enrol("op7", .operator, of: "police")
        let hubKey = bench.central.certificate.keyID
        try bench.say(.identityRevoked, IdentityRevoked(keyID: hubKey, reason: "stolen").write)
        let end = try bench.log("police").count
        let lost = IdentityRevoked(keyID: key.keyID, reason: "lost")
        try bench.say([
            SystemEvents.entry(
                "lost", .identityRevoked, JSONWriter.bytes(lost.write), CentralBench.wire, signedBy: bench.authorityKey,
                now: bench.clock.now)
        ])
        #expect(!bench.central.register.isMember(keyID: key.keyID))
        #expect(try bench.log("police").count == end)
    }
}
