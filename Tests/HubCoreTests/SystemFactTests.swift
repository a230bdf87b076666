import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import Tenancy
import TestSupport
import Testing
import Trust

/// Somebody writes to the system log who is no hub.
@Suite("Facts of the system log")
struct SystemFactTests {
    private let bench: CentralBench
    private var said = 0

    init() throws { bench = try CentralBench() }

    private mutating func entry(
        _ type: EventType, _ write: (inout JSONWriter) -> Void, signedBy key: SigningKey?
    ) throws -> NewEntry {
        said += 1
        return try SystemEvents.entry(
            "foreign \(said)", type, JSONWriter.bytes(write), CentralBench.wire, signedBy: key, now: bench.clock.now)
    }

    private func offer(_ code: String) -> EnrolmentOffered {
        EnrolmentOffered(
            codeHash: TextHash.of(code), identity: Identity(actor: "mallory", role: .supervisor, tenant: "police"),
            until: bench.clock.now.adding(seconds: 60))
    }

    /// - Returns: how many were passed over as nobody's whom a hub believes.
    private func say(_ entries: [NewEntry]) throws -> Int {
        _ = bench.central.takeJunk()
        try bench.say(entries)
        let told = bench.central.takeJunk()
        #expect(told.count == 0 && told.first.allSatisfy { $0.kind == .unproved })
        return told.unproved
    }

    @Test("have no effect unsigned, or signed by somebody else than a hub of this authority, and are reported")
    mutating func foreign() throws {
        let (member, victim) = try bench.enrol("op7", .operator, of: "police")
        let victimKey = try #require(victim.keyID)
        let other = try Authority.make(name: "other", now: bench.clock.now)
        let otherHub = SigningKey()
        let otherCertificate = try other.issueHub(
            key: otherHub.publicKey, name: "hub", hosts: ["h"], now: bench.clock.now)
        let introduction = try SystemEvents.introduction(
            of: otherCertificate, LogSecret(), CentralBench.wire, signedBy: otherHub, now: bench.clock.now)
        #expect(try say([introduction]) == 1)
        for (number, key) in [nil, SigningKey(), member, otherHub].enumerated() {
            let code = "code \(number)"
            let agreement = Agreement(
                id: "a\(number)", from: "police", to: "fire", categories: ["*"], purpose: "spying", removed: [],
                until: nil)
            let before = bench.central.register
            let entries = [
                try entry(.enrolmentOffered, offer(code).write, signedBy: key),
                try entry(.identityRevoked, IdentityRevoked(keyID: victimKey, reason: "").write, signedBy: key),
                try entry(.agreementMade, agreement.write, signedBy: key),
                try entry(.tenantAdded, TenantAdded(tenant: "spies", title: "spies").write, signedBy: key),
                try entry(.retentionSet, RetentionSet(tenant: "police", days: 1).write, signedBy: key),
            ]
            #expect(try say(entries) == entries.count)
            #expect(bench.central.register == before)
            #expect(throws: Central.EnrolmentFailure.badCode) {
                try bench.central.enrol(
                    code: code, request: try CertificateRequest.make(key: SigningKey()), now: bench.clock.now)
            }
        }
        #expect(bench.central.isInForce(keyID: victimKey, now: bench.clock.now))
        #expect(bench.central.unprovedTrouble == nil)
    }

    @Test("have no effect where one byte of what a hub signed is another, or a hub said it in a tenant's log")
    mutating func altered() throws {
        let genuine = try entry(.enrolmentOffered, offer("good").write, signedBy: bench.key)
        var forged = genuine
        forged.body = Array(
            String(decoding: genuine.body, as: UTF8.self).replacing(TextHash.of("good"), with: TextHash.of("mine")).utf8
        )
        forged.id = "forged"
        #expect(try say([forged]) == 1)
        #expect(bench.central.register.offers.isEmpty)
        let (_, victim) = try bench.enrol("op7", .operator, of: "police")
        let log = try #require(bench.central.feed(of: "police")?.log)
        let told = try log.read(after: 0, limit: 100).map {
            NewEntry(
                source: "", id: "copied \($0.sequence)", body: LogWord.event(of: $0.body),
                content: EventLogContract.content(0))
        }
        #expect(try say(told) == told.count && told.count > 1)
        #expect(bench.central.isInForce(keyID: try #require(victim.keyID), now: bench.clock.now))
    }

    @Test("count once: who brings an old one again changes nothing")
    mutating func again() throws {
        let old = try entry(.retentionSet, RetentionSet(tenant: "police", days: 1).write, signedBy: bench.key)
        #expect(try say([old]) == 0)
        #expect(bench.central.register.retention["police"] == 1)
        try bench.say(.retentionSet, RetentionSet(tenant: "police", days: nil).write)
        var copy = old
        copy.id = "again"
        #expect(try say([copy]) == 0)
        #expect(bench.central.register.retention["police"] == nil)
    }

    @Test("a hub's key counts by its certificate, up to the place at which it was revoked, on every hub")
    mutating func revoked() throws {
        let second = SigningKey()
        let certificate = try bench.authority.issueHub(
            key: second.publicKey, name: "second", hosts: ["h"], now: bench.clock.now)
        // Nobody knows it yet.
        let early = try entry(.tenantAdded, TenantAdded(tenant: "early", title: "t").write, signedBy: second)
        #expect(try say([early]) == 1)
        let introduction = try SystemEvents.introduction(
            of: certificate, bench.secret, CentralBench.wire, signedBy: second, now: bench.clock.now)
        let added = try entry(.tenantAdded, TenantAdded(tenant: "water", title: "t").write, signedBy: second)
        #expect(try say([introduction, added]) == 0)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: certificate.keyID, reason: "stolen").write)
        let late = try entry(.tenantAdded, TenantAdded(tenant: "late", title: "t").write, signedBy: second)
        #expect(try say([late]) == 1)
        for central in [bench.central, try bench.another()] {
            #expect(Set(central.register.tenants.keys) == ["police", "fire", "water"])
        }
    }

    @Test("are introduced once by each hub, whatever it starts again")
    func introduced() throws {
        let before = try bench.system.lastSequence()
        try bench.central.introduce(now: bench.clock.now)
        try bench.another().introduce(now: bench.clock.now)
        #expect(try bench.system.lastSequence() == before)
    }

    @Test("an administrator's word on an old log is the authority's alone, and none on a log that never was unsigned")
    mutating func trust() throws {
        let word = LogTrusted(
            log: "system", logID: "system", sequence: 1, head: LogChain(logID: "system").head)
        let onPolice = LogTrusted(log: "police", logID: "police-log", sequence: 9_999, head: "00")
        #expect(
            try say([
                entry(.logTrusted, onPolice.write, signedBy: nil),
                entry(.logTrusted, onPolice.write, signedBy: bench.key),
                entry(.logTrusted, word.write, signedBy: bench.authorityKey),
                entry(.logTrusted, onPolice.write, signedBy: bench.authorityKey),
            ]) == 1)
        let log = try #require(bench.central.feed(of: "police")?.log)
        var make = EventMaker()
        let body = CentralBench.wire.encode(make.raised("forged"))
        _ = try log.append(
            [NewEntry(source: "", id: "forged", body: body, content: EventLogContract.content(0))], now: bench.clock.now
        )
        try bench.rest()
        #expect(try bench.view("police")?.alert(subject: "forged", realm: .actual) == nil)
        #expect(bench.central.feed(of: "police")?.takeJunk().unproved == 1)
    }
}
