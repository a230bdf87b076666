import ControlRoom
import HubCore
import Tenancy
import TestSupport
import Testing
import Trust

@Suite("Enrolment")
struct EnrolmentTests {
    private let bench: CentralBench

    init() throws { bench = try CentralBench(tenants: ["police"]) }

    private func offer(_ code: String, _ role: Role, seconds: Double = 60) throws {
        let identity = Identity(actor: "x", role: role, tenant: "police")
        let offer = EnrolmentOffered(
            codeHash: TextHash.of(code), identity: identity, until: bench.clock.now.adding(seconds: seconds))
        try bench.say(.enrolmentOffered, offer.write)
    }

    private func enrol(_ code: String, _ request: String, as applicant: Applicant? = nil) throws
        -> MemberCertificate
    {
        try bench.central.enrol(code: code, request: request, as: applicant, now: bench.clock.now)
    }

    @Test("who asks again with the same key and code, because the answer was lost, gets the same certificate")
    func lostAnswer() throws {
        try offer("c", .operator)
        let key = SigningKey()
        let made = try enrol("c", CertificateRequest.make(key: key))
        // A request is signed anew each time; the key is what counts.
        #expect(try enrol("c", CertificateRequest.make(key: key)).der == made.der)
        #expect(bench.central.register.members.count == 1)
        #expect(throws: Central.EnrolmentFailure.badCode) {
            try enrol("c", CertificateRequest.make(key: SigningKey()))
        }
        bench.clock.advance(61)
        #expect(throws: Central.EnrolmentFailure.badCode) { try enrol("c", CertificateRequest.make(key: key)) }
    }

    @Test("a machine gets a machine's role and a person a person's; the code is not used up by the wrong one")
    func kinds() throws {
        try offer("person", .operator)
        try offer("machine", .sensor)
        let (one, two) = (
            try CertificateRequest.make(key: SigningKey()), try CertificateRequest.make(key: SigningKey())
        )
        #expect(throws: Central.EnrolmentFailure.wrongKind(offered: .operator)) {
            try enrol("person", one, as: .machine)
        }
        #expect(throws: Central.EnrolmentFailure.wrongKind(offered: .sensor)) {
            try enrol("machine", one, as: .person)
        }
        #expect(bench.central.register.members.isEmpty)
        #expect(try enrol("person", one, as: .person).identity.role == .operator)
        #expect(try enrol("machine", two, as: .machine).identity.role == .sensor)
        for role in Role.enrollable { #expect(role.isMachines == (role == .sensor)) }
    }

    @Test("a code that was withdrawn enrols nobody, and is not told from a wrong one")
    func withdrawn() throws {
        try offer("c", .operator)
        try bench.say(.enrolmentWithdrawn, EnrolmentWithdrawn(codeHash: TextHash.of("c")).write)
        #expect(throws: Central.EnrolmentFailure.badCode) {
            try enrol("c", CertificateRequest.make(key: SigningKey()))
        }
    }

    @Test("a revoked key is not enrolled again, and does not use up a code")
    func revokedKey() throws {
        try offer("first", .operator)
        try offer("second", .operator)
        let key = SigningKey()
        _ = try enrol("first", CertificateRequest.make(key: key))
        try bench.say(.identityRevoked, IdentityRevoked(keyID: key.keyID, reason: "").write)
        for code in ["first", "second"] {
            #expect(throws: Central.EnrolmentFailure.self) { try enrol(code, CertificateRequest.make(key: key)) }
        }
        #expect(try enrol("second", CertificateRequest.make(key: SigningKey())).identity.actor == "x")
    }

    @Test("ten wrong codes from one address are answered, and then none for ten minutes")
    func tries() throws {
        let tries = EnrolmentTries()
        let start = bench.clock.now
        for _ in 0..<EnrolmentTries.mostFailures {
            try tries.begin("192.0.2.1", now: start)
            tries.end("192.0.2.1", isWrong: true, now: start)
        }
        #expect(throws: EnrolmentTries.Excess.self) { try tries.check("192.0.2.1", now: start) }
        let later = start.adding(seconds: 599)
        let wait = #expect(throws: EnrolmentTries.Excess.self) { try tries.check("192.0.2.1", now: later) }
        #expect(wait?.retryAfter == 1)
        #expect(throws: EnrolmentTries.Excess.self) { try tries.check("::ffff:192.0.2.1", now: start) }
        try tries.check("192.0.2.2", now: start)
        try tries.check("192.0.2.1", now: start.adding(seconds: 600))
        // Good codes cost nothing: only failures are noted.
        for _ in 0..<100 {
            try tries.begin("192.0.2.3", now: start)
            tries.end("192.0.2.3", isWrong: false, now: start)
        }
    }

    @Test("of many codes that come at once no more are looked at than may be wrong; what was right is given back")
    func atOnce() throws {
        let tries = EnrolmentTries()
        let start = bench.clock.now
        let begun = (0..<150).count { _ in (try? tries.begin("192.0.2.1", now: start)) != nil }
        #expect(begun == EnrolmentTries.mostFailures)
        // It is known in a moment how they end.
        let wait = #expect(throws: EnrolmentTries.Excess.self) { try tries.check("192.0.2.1", now: start) }
        #expect(wait?.retryAfter == 1)
        tries.end("192.0.2.1", isWrong: false, now: start)
        try tries.begin("192.0.2.1", now: start)
        for _ in 0..<EnrolmentTries.mostFailures { tries.end("192.0.2.1", isWrong: true, now: start) }
        let known = #expect(throws: EnrolmentTries.Excess.self) { try tries.begin("192.0.2.1", now: start) }
        #expect(known?.retryAfter == 600)
        try tries.begin("192.0.2.1", now: start.adding(seconds: 600))
    }

    @Test("addresses of one IPv6 network are one, and at most so many are remembered")
    func networks() throws {
        let tries = EnrolmentTries()
        let start = bench.clock.now
        for host in 0..<EnrolmentTries.mostFailures { tries.end("2001:db8::\(host)", isWrong: true, now: start) }
        #expect(throws: EnrolmentTries.Excess.self) { try tries.check("2001:db8::ffff", now: start) }
        try tries.check("2001:db8:0:1::1", now: start)
        // Newer ones than the bound push it out.
        for number in 0..<EnrolmentTries.mostAddresses {
            tries.end("10.0.\(number / 256).\(number % 256)", isWrong: true, now: start.adding(seconds: 1))
        }
        try tries.check("2001:db8::ffff", now: start.adding(seconds: 1))
    }
}
