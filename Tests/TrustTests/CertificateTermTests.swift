import ControlRoom
import TestSupport
import Testing
import Trust

@Suite("How long a certificate counts")
struct CertificateTermTests {
    private let start = EventMaker.noon
    private let person = Identity(actor: "op7", role: .operator, tenant: "police")
    private let authority: Authority
    private let key = SigningKey()

    init() throws { authority = try Authority.make(name: "a", now: EventMaker.noon) }

    private func day(_ number: Double) -> Timestamp { start.adding(seconds: number * 86_400) }

    private func member(from day: Double) throws -> MemberCertificate {
        let request = try CertificateRequest(pem: try CertificateRequest.make(key: key))
        #expect(request.keyID == key.keyID)
        return try authority.issue(request, to: person, now: self.day(day))
    }

    private func act(at time: Timestamp?) throws -> Event {
        var make = EventMaker()
        var event = make.acknowledged("a", by: "op7")
        (event.time, event.tenant) = (time, "police")
        event.occurred = nil
        try key.sign(&event)
        return event
    }

    @Test("an act that was signed while the certificate was in force counts for 30 days after its end")
    func acts() throws {
        let knownMembers = KnownMembers(authority: authority.certificate)
        knownMembers.learn(pem: try member(from: 0).pem())
        let known = try #require(knownMembers.member(keyID: key.keyID))
        let inForce = try act(at: day(89))
        for (arrival, counts) in [(89.0, true), (91, true), (119.9, true), (120.1, false), (180, false)] {
            #expect(known.covers(inForce, at: day(arrival)) == counts, "day \(arrival)")
        }
        #expect(!known.covers(try act(at: day(90.1)), at: day(91)))
        #expect(!known.covers(try act(at: day(-1)), at: day(91)))
        // Without a time of its own it was made when it comes.
        let undated = try act(at: nil)
        #expect(known.covers(undated, at: day(89)) && !known.covers(undated, at: day(91)))
        #expect(known.covers(undated, at: known.ends) && !known.covers(undated, at: known.ends.adding(seconds: 0.001)))
    }

    @Test("a renewal moves the end, in whichever order certificates come")
    func renewals() throws {
        for order in [[0.0, 80, 160], [160, 0, 80]] {
            let knownMembers = KnownMembers(authority: authority.certificate)
            for day in order { #expect(knownMembers.learn(pem: try member(from: day).pem())) }
            let known = try #require(knownMembers.member(keyID: key.keyID))
            #expect(known.ends == day(250) && known.begins == day(0).adding(seconds: -300))
            #expect(known.covers(try act(at: day(249)), at: day(249)))
        }
    }

    @Test("a revocation counts whether it comes before the certificate or after, and a renewal does not undo it")
    func revocation() throws {
        let knownMembers = KnownMembers(authority: authority.certificate)
        knownMembers.revoke(keyID: key.keyID)
        knownMembers.learn(pem: try member(from: 0).pem())
        #expect(knownMembers.verdict(on: try act(at: day(1))) == .revoked)
        #expect(!knownMembers.isInForce(keyID: key.keyID))
        knownMembers.learn(pem: try member(from: 80).pem())
        #expect(try knownMembers.verdict(on: act(at: day(81))) == .revoked)
    }

    @Test("of a certificate that the settings name, the end that comes first in its chain is told 30 days before")
    func named() throws {
        func pem(_ day: Double) throws -> String {
            try authority.issueHub(key: key.publicKey, name: "syslog", hosts: ["h"], now: self.day(day)).pem()
        }
        let chain = try pem(10) + pem(0)
        let named = try #require(NamedCertificate(section: "syslog", file: "/etc/s.pem", pem: chain))
        #expect(named.ends == (try MemberCertificate(pem: pem(0)).ends))
        let end = named.ends.seconds(since: start) / 86_400
        #expect(!named.endsSoon(at: day(end - 30.1)) && named.endsSoon(at: day(end - 29.9)))
        #expect(named.daysLeft(at: day(end - 29.5)) == 29 && named.daysLeft(at: day(end + 0.5)) == -1)
        #expect(named.words(at: day(end - 2.5)).contains("[syslog], /etc/s.pem, ends at"))
        #expect(named.words(at: day(end + 1)).contains("ended at"))
        #expect(NamedCertificate(section: "nats", file: "f", pem: "none") == nil)
        // Also one that is no member's.
        let other = try authority.certificate.pem()
        #expect(NamedCertificate(section: "nats", file: "f", pem: other)?.ends == authority.certificate.ends)
    }

    @Test("a hub whose key is revoked is believed no more")
    func hub() throws {
        let knownMembers = KnownMembers(authority: authority.certificate)
        knownMembers.learn(
            pem: try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: start).pem())
        let word = try act(at: day(1))
        #expect(knownMembers.isHubs(word))
        knownMembers.revoke(keyID: key.keyID)
        #expect(!knownMembers.isHubs(word))
    }

    @Test("a certificate is renewed until 30 days after its end, and by its own authority alone")
    func renewable() throws {
        let made = try member(from: 0)
        for number in [0.0, 89, 91, 119.9] { try made.checkRenewable(by: authority.certificate, at: day(number)) }
        #expect(throws: MemberCertificate.Failure.expired(made.ends)) {
            try made.checkRenewable(by: authority.certificate, at: day(120.1))
        }
        #expect(throws: MemberCertificate.Failure.self) {
            try made.checkRenewable(by: authority.certificate, at: day(-1))
        }
        let other = try Authority.make(name: "a", now: start).certificate
        #expect(throws: MemberCertificate.Failure.foreign) { try made.checkRenewable(by: other, at: day(1)) }
        #expect(!made.isDueForRenewal(at: day(59)) && made.isDueForRenewal(at: day(61)))
        #expect(made.isDueForRenewal(at: day(95)))
    }

    @Test("a hub's own certificates are told of in the 30 days before they end")
    func ending() throws {
        let hub = try authority.issueHub(key: key.publicKey, name: "hub-1", hosts: ["h"], now: start)
        let found = { (hubs: [MemberCertificate], number: Double) in
            EndingCertificate.found(hubs: hubs, authority: authority.certificate, at: day(number))
        }
        #expect(found([hub], 794).isEmpty)
        #expect(found([hub], 796) == [EndingCertificate(hub: "hub-1", ends: hub.ends)])
        #expect(found([hub], 796)[0].daysLeft(at: day(796)) == 29)
        #expect(found([hub], 796)[0].words(at: day(796)).contains("hub-1 ends at \(hub.ends.rfc3339), in 29 days"))
        #expect(found([hub], 830)[0].words(at: day(830)).contains("ended at"))
        // A hub that was renewed, or has been gone for long, is not told of.
        let renewed = try authority.issueHub(key: key.publicKey, name: "hub-1", hosts: ["h"], now: day(790))
        #expect(found([hub, renewed], 796).isEmpty && found([hub], 900).isEmpty)
        #expect(found([try member(from: 0)], 80).isEmpty)
        #expect(found([], 3_630) == [EndingCertificate(hub: nil, ends: authority.certificate.ends)])
    }
}
