import ControlRoom
import HubCore
import Store
import Tenancy
import TestSupport
import Testing
import Trust

@Suite("What a hub lets in")
struct CentralTests {
    private let bench: CentralBench
    private var make = EventMaker()

    init() throws { bench = try CentralBench() }

    private func denial(_ verdicts: [Central.Verdict]) -> String? {
        if case .rejected(let reason, isDenied: true)? = verdicts.first { reason } else { nil }
    }

    @Test("a sensor reports, once however often it says so")
    mutating func sensor() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        let event = make.raised("a")
        #expect(bench.submit([event, event], from: camera) == [.accepted, .duplicate])
        var other = event
        other.data = .json(Array(#"{"tool":"FD","severity":"low"}"#.utf8))
        guard case .rejected(let reason, isDenied: false)? = bench.submit([other], from: camera).first else {
            Issue.record("taken")
            return
        }
        #expect(reason.hasPrefix("conflicting"))
        let kept = try #require(try bench.log("police").first { $0.id == event.id })
        #expect(kept.tenant == "police" && kept.extensions["via"] == "cam" && kept.data == event.data)
        #expect(try bench.log("fire").allSatisfy { $0.id != event.id })
    }

    @Test("nobody posts into another tenant, nor what only a hub makes, nor beyond their role")
    mutating func rights() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        let (_, officer) = try bench.enrol("dpo", .dpo, of: "police")
        var foreign = make.raised("a")
        foreign.tenant = "fire"
        #expect(denial(bench.submit([foreign], from: camera)) == "cam is of police, not of fire")
        #expect(
            denial(bench.submit([make.raised("a")], from: officer))
                == "the role dpo may not post eu.impetus.alert.raised.v1")
        for type in EventType.known where type.postingRights.isEmpty && type.neededRight == nil && type != .actUndone {
            let event = make.event(type, "x", CentralTests.data[type] ?? #"{"reason":"r"}"#)
            #expect(
                denial(bench.submit([event], from: camera)) == "\(type.rawValue) is made by a feed alone",
                "\(type.rawValue)")
        }
        #expect(
            denial(
                bench.submit(
                    [make.raised("a"), make.event(.alertRaised, "a", #"{"tool":"FD","severity":"low"}"#, by: "op1")]
                        .suffix(1), from: camera)) != nil)
        let stranger = Submitter(identity: Identity(actor: "x", role: .admin, tenant: "nowhere"), keyID: nil)
        #expect(denial(bench.submit([make.raised("a")], from: stranger)) == "there is no tenant nowhere")
    }

    private static let data: [EventType: String] = [
        .tenantAdded: #"{"tenant":"x"}"#, .agreementMade: #"{"id":"a","from":"police","to":"fire","purpose":"p"}"#,
        .enrolmentOffered: #"{"code_hash":"h","actor":"a","role":"admin","until":"2027-01-01T00:00:00Z"}"#,
        .hubFollowed: #"{"place":"h:1"}"#,
        .enrolmentWithdrawn: #"{"code_hash":"h"}"#,
        .sourcePinned: #"{"tenant":"t","source":"s","key_id":"k"}"#, .sourceReleased: #"{"tenant":"t","source":"s"}"#,
        .identityEnrolled: #"{"actor":"a","role":"admin","key_id":"k"}"#,
        .alertSuppressed: #"{"rule":"r","severity":"low"}"#,
        .alertEscalated: #"{"level":1,"to":"supervisor","occurrence":1}"#,
        .logTrusted: #"{"log":"police","log_id":"l","sequence":1,"head":"h"}"#,
        .logRekeyed: #"{"log":"police","sequence":1,"before":"a","after":"b"}"#,
        .logTrimmed: #"{"through":1,"head":"h","recorded":"2026-11-23T12:00:00Z"}"#,
    ]

    @Test("an act is its author's, who signed it and has the right to it")
    mutating func acts() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let (responderKey, responder) = try bench.enrol("resp", .responder, of: "police")
        let (fireKey, fire) = try bench.enrol("chief", .operator, of: "fire")
        func signed(_ event: Event, _ key: SigningKey, tenant: String = "police") throws -> Event {
            var event = event
            event.tenant = tenant
            try key.sign(&event)
            return event
        }
        #expect(bench.submit([try signed(make.acknowledged("a", by: "op7"), key)], from: console) == [.accepted])
        // A colleague's console may bring it: it is still its author's.
        #expect(bench.submit([try signed(make.acknowledged("a", by: "op7"), key)], from: responder) == [.accepted])
        #expect(
            denial(bench.submit([make.acknowledged("a", by: "op7")], from: console)) == "an act is signed by its actor")
        #expect(
            denial(bench.submit([try signed(make.acknowledged("a", by: "op7"), responderKey)], from: console))
                == "the signature is not that of op7")
        var altered = try signed(make.acknowledged("a", by: "op7"), key)
        altered.subject = "b"
        #expect(denial(bench.submit([altered], from: console)) == "the signature is not that of op7")
        #expect(
            denial(bench.submit([try signed(make.acknowledged("a", by: "op7"), SigningKey())], from: console))
                == "the key of op7 is not known here")
        #expect(
            denial(bench.submit([try signed(make.closed("a", by: "resp"), responderKey)], from: responder))
                == "the role responder may not close")
        // Signed for one tenant, brought into another.
        let act = try signed(make.acknowledged("a", by: "op7"), key)
        #expect(denial(bench.submit([act], from: fire)) == "chief is of fire, not of police")
        #expect(
            denial(
                bench.submit(
                    [try signed(make.acknowledged("a", by: "chief"), fireKey, tenant: "police")], from: console))
                == "the signature is not that of chief")
        var spoofed = make.raised("s")
        spoofed.extensions = ["agreement": "x", "original": "y", "via": "z", "purpose": "w"]
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        _ = bench.submit([spoofed], from: camera)
        let kept = try #require(try bench.log("police").first { $0.id == spoofed.id })
        #expect(kept.extensions == ["via": "cam"])
    }

    @Test("a revoked key opens nothing, and what its holder signed is refused")
    mutating func revoked() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        let keyID = try #require(console.keyID)
        let pem = try #require(bench.central.register.members[keyID]).certificate
        #expect(bench.central.member(certificate: try MemberCertificate(pem: pem).der, now: bench.clock.now) != nil)
        var act = make.acknowledged("a", by: "op7")
        act.tenant = "police"
        try key.sign(&act)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: keyID, reason: "lost").write)
        #expect(bench.central.member(certificate: try MemberCertificate(pem: pem).der, now: bench.clock.now) == nil)
        #expect(denial(bench.submit([act], from: console)) == "the certificate of op7 was revoked")
        try bench.rest()
        #expect(try bench.view("police")?.identities().first { $0.actor == "op7" }?.revoked != nil)
    }

    @Test("a code is good once, in time, and for nobody else")
    func codes() throws {
        let (first, second) = (
            try CertificateRequest.make(key: SigningKey()), try CertificateRequest.make(key: SigningKey())
        )
        let offer = EnrolmentOffered(
            codeHash: TextHash.of("c"), identity: Identity(actor: "x", role: .operator, tenant: "police"),
            until: bench.clock.now.adding(seconds: 60))
        try bench.say(.enrolmentOffered, offer.write)
        #expect(throws: Central.EnrolmentFailure.badCode) {
            try bench.central.enrol(code: "d", request: first, now: bench.clock.now)
        }
        #expect(throws: Central.EnrolmentFailure.self) {
            try bench.central.enrol(code: "c", request: "x", now: bench.clock.now)
        }
        #expect(try bench.central.enrol(code: "c", request: first, now: bench.clock.now).identity.actor == "x")
        #expect(throws: Central.EnrolmentFailure.badCode) {
            try bench.central.enrol(code: "c", request: second, now: bench.clock.now)
        }
        let late = EnrolmentOffered(
            codeHash: TextHash.of("l"), identity: offer.identity, until: bench.clock.now.adding(seconds: 60))
        try bench.say(.enrolmentOffered, late.write)
        bench.clock.advance(61)
        #expect(throws: Central.EnrolmentFailure.badCode) {
            try bench.central.enrol(code: "l", request: second, now: bench.clock.now)
        }
    }

    @Test("a certificate is renewed for its holder, and for nobody who is revoked")
    func renewal() throws {
        let (key, console) = try bench.enrol("op7", .operator, of: "police")
        bench.clock.advance(40 * 86_400)
        let made = try bench.central.renew(
            console, request: try CertificateRequest.make(key: key), now: bench.clock.now)
        #expect(made.keyID == key.keyID && made.identity == console.identity)
        #expect(made.ends > bench.clock.now.adding(seconds: 80 * 86_400))
        try bench.say(.identityRevoked, IdentityRevoked(keyID: key.keyID, reason: "").write)
        #expect(throws: Central.EnrolmentFailure.notAMember) {
            try bench.central.renew(console, request: try CertificateRequest.make(key: key), now: bench.clock.now)
        }
    }

    @Test("what is too large, nameless or not what its type asks for is no event")
    mutating func form() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        var long = make.raised("a")
        long.subject = String(repeating: "x", count: 501)
        var many = make.raised("a")
        for number in 0..<31 { many.extensions["e\(number)"] = "x" }
        let large = Event(
            id: "l", source: "s", type: EventType(rawValue: "x"),
            data: .bytes(Array(repeating: 65, count: 1 << 20 + 1), base64: false))
        for event in [long, many, large, make.event(.alertRaised, "a", "{}")] {
            guard case .rejected(_, isDenied: false)? = bench.submit([event], from: camera).first else {
                Issue.record("\(event.id) was taken")
                continue
            }
        }
        // What was to be an alarm is told as a fault of the tool.
        let kept = try bench.log("police").filter { $0.source != "urn:impetus:hub:sources" }
        #expect(kept.allSatisfy { $0.type == .identityEnrolled })
    }

    @Test("a log is checkpointed when something came, and not for its own checkpoints")
    mutating func checkpoints() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        _ = bench.submit([make.raised("a")], from: camera)
        try bench.rest()
        for _ in 0..<20 {
            bench.clock.advance(3)
            try bench.rest()
        }
        let log = try bench.log("police")
        let words = log.filter { $0.type == .logCheckpointed }
        #expect((1...2).contains(words.count) && words.allSatisfy { bench.central.knownMembers.isHubs($0) })
        var chain = LogChain(logID: "police-log")
        for event in log {
            if event.type == .logCheckpointed, case .logCheckpointed(let fact)? = try? Fact(of: event),
                fact.sequence == chain.sequence
            {
                #expect(fact.head == chain.head)
            }
            chain.add(event)
        }
        #expect(try bench.view("police")?.cursor()?.head == chain.head)
    }

    @Test("what ends by time is ended by the hub")
    mutating func expiry() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        let stale = bench.clock.now.adding(seconds: 30).rfc3339
        _ = bench.submit([make.raised("a", .high, tool: .uad, headline: "h", #""stale":"\#(stale)""#)], from: camera)
        try bench.rest()
        #expect(try bench.log("police").allSatisfy { $0.type != .alertCleared })
        bench.clock.advance(40)
        try bench.rest()
        #expect(try bench.log("police").filter { $0.type == .alertCleared }.count == 1)
    }
}
