import ControlRoom
import TestSupport
import Testing
import Trust

@Suite("Keys and certificates")
struct KeyTests {
    private let now = EventMaker.noon
    private let person = Identity(actor: "op7", role: .operator, tenant: "police")

    private func member(_ authority: Authority, _ key: SigningKey, _ identity: Identity) throws -> MemberCertificate {
        try authority.issue(
            try CertificateRequest(pem: try CertificateRequest.make(key: key)), to: identity, now: now)
    }

    private func act(by key: SigningKey) throws -> Event {
        var make = EventMaker()
        var event = make.acknowledged("a", by: "op7")
        event.tenant = "police"
        try key.sign(&event)
        return event
    }

    @Test("a signature is that of one key over one event")
    func signature() throws {
        let (key, other) = (SigningKey(), SigningKey())
        let event = try act(by: key)
        #expect(key.publicKey.isSigner(of: event) && !other.publicKey.isSigner(of: event))
        var altered = event
        altered.data = .json(Array("{\"occurrence\":9,\"severity\":\"critical\"}".utf8))
        #expect(!key.publicKey.isSigner(of: altered))
        // What a hub adds does not break it.
        var passed = event
        passed.extensions[EventDigest.via] = "console"
        passed.sequence = 5
        passed.recorded = now
        #expect(key.publicKey.isSigner(of: passed))
        for text in ["", "x", "AAAA"] {
            altered.signature = text
            #expect(!key.publicKey.isSigner(of: altered))
        }
    }

    @Test("a certificate says who its holder is, and is the authority's")
    func certificate() throws {
        let authority = try Authority.make(name: "a", now: now)
        let key = SigningKey()
        let made = try member(authority, key, person)
        let read = try MemberCertificate(pem: try made.pem())
        #expect(read.identity == person && read.keyID == key.keyID && read.der == made.der)
        try read.check(against: authority.certificate, at: now)
        let other = try Authority.make(name: "a", now: now)
        #expect(throws: MemberCertificate.Failure.foreign) { try read.check(against: other.certificate, at: now) }
        let late = now.adding(seconds: (Authority.memberDays + 1) * 86_400)
        #expect(throws: MemberCertificate.Failure.self) { try read.check(against: authority.certificate, at: late) }
        let early = now.adding(seconds: -3_600)
        #expect(throws: MemberCertificate.Failure.self) { try read.check(against: authority.certificate, at: early) }
    }

    @Test("a request is signed by its own key, or is none")
    func request() throws {
        #expect(throws: MemberCertificate.Failure.self) { try CertificateRequest(pem: "nonsense") }
        let pem = try CertificateRequest.make(key: SigningKey())
        // The last line but one ends the signature.
        var lines = pem.split(separator: "\n").map(String.init)
        let place = lines.count - 2
        lines[place] = String(lines[place].reversed())
        #expect(throws: MemberCertificate.Failure.self) { try CertificateRequest(pem: lines.joined(separator: "\n")) }
    }

    @Test("a sealed key opens with its passphrase, and with no other")
    func sealed() throws {
        let key = SigningKey()
        let text = try SealedKey.seal(key, passphrase: "correct horse")
        #expect(try SealedKey.open(text, passphrase: "correct horse").keyID == key.keyID)
        #expect(throws: SealedKey.Failure.wrongPassphrase) { try SealedKey.open(text, passphrase: "wrong horse") }
        #expect(!text.contains(key.pem.split(separator: "\n")[1]))
        #expect(try SealedKey.seal(key, passphrase: "correct horse") != text)
        for broken in ["", "impetus-key 1 2 3 4", text.replacing("impetus-key 1", with: "impetus-key 2"), "a b c d e"] {
            #expect(throws: SealedKey.Failure.unreadable) { try SealedKey.open(broken, passphrase: "correct horse") }
        }
    }

    @Test("a code names its authority, however it is typed")
    func code() throws {
        let authority = try Authority.make(name: "a", now: now).certificate
        let code = EnrolmentCode(entropy: "some entropy", authority: authority)
        #expect(code.text.split(separator: "-").allSatisfy { $0.count == 4 } && code.text.count == 39)
        let typed = code.text.lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
        #expect(EnrolmentCode(typed) == code)
        #expect(code.names(authority))
        #expect(!code.names(try Authority.make(name: "a", now: now).certificate))
        for wrong in ["", "ABCD", code.text + "A", code.text.replacing("-", with: "").dropLast() + "U"] {
            #expect(EnrolmentCode(wrong) == nil)
        }
    }

    @Test("of a known key it is known whose act it is")
    func knownMembers() throws {
        let authority = try Authority.make(name: "a", now: now)
        let key = SigningKey()
        let knownMembers = KnownMembers(authority: authority.certificate)
        let event = try act(by: key)
        #expect(knownMembers.verdict(on: event) == .unknownKey)
        #expect(knownMembers.learn(pem: try member(authority, key, person).pem()))
        #expect(knownMembers.verdict(on: event) == .valid)
        var unsigned = event
        unsigned.signature = nil
        #expect(knownMembers.verdict(on: unsigned) == .unsigned)
        var other = event
        other.actor = "sup1"
        #expect(knownMembers.verdict(on: other) == .forged)
        // Signed by somebody of the same authority, in another's name.
        let stranger = SigningKey()
        knownMembers.learn(
            pem: try member(authority, stranger, Identity(actor: "x", role: .operator, tenant: "police")).pem())
        #expect(knownMembers.verdict(on: try act(by: stranger)) == .forged)
        knownMembers.revoke(keyID: key.keyID)
        #expect(knownMembers.verdict(on: event) == .revoked && !knownMembers.isInForce(keyID: key.keyID))
        let foreign = try Authority.make(name: "a", now: now)
        #expect(!knownMembers.learn(pem: try member(foreign, SigningKey(), person).pem()))
    }

    @Test("a snapshot's word is a hub's, and of these bytes")
    func snapshot() throws {
        let authority = try Authority.make(name: "a", now: now)
        let key = SigningKey()
        let hub = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["localhost", "127.0.0.1"], now: now)
        let word = SnapshotWord(logID: "log", sequence: 7, head: "ab", fold: 1, hash: "cd")
        let fields = Dictionary(try word.fields(signedBy: key, hub), uniquingKeysWith: { first, _ in first })
        #expect(try SnapshotWord(field: { fields[$0] }, authority: authority.certificate) == word)
        for name in fields.keys {
            var altered = fields
            altered[name] = "8"
            #expect(throws: SnapshotWord.Fault.self, "\(name)") {
                try SnapshotWord(field: { altered[$0] }, authority: authority.certificate)
            }
        }
        // Somebody who is a member, but no hub.
        let person = try member(authority, key, person)
        let posed = Dictionary(try word.fields(signedBy: key, person), uniquingKeysWith: { first, _ in first })
        #expect(throws: SnapshotWord.Fault.self) {
            try SnapshotWord(field: { posed[$0] }, authority: authority.certificate)
        }
    }
}
