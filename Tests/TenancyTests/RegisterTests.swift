import ControlRoom
import Tenancy
import TestSupport
import Testing

@Suite("The register of members")
struct RegisterTests {
    private let noon = EventMaker.noon
    private let person = Identity(actor: "op7", role: .operator, tenant: "police")
    private var register = Register()

    @discardableResult
    private mutating func offer(_ hash: String, hours: Double = 1) -> Register.Effect {
        let offer = EnrolmentOffered(codeHash: hash, identity: person, until: noon.adding(seconds: hours * 3_600))
        return register.apply(.enrolmentOffered(offer), at: noon)
    }

    private mutating func enrol(_ key: String, _ certificate: String, code: String?, as identity: Identity? = nil)
        -> Register.Effect
    {
        let fact = IdentityEnrolled(
            identity: identity ?? person, keyID: key, certificate: certificate, codeHash: code)
        return register.apply(.identityEnrolled(fact), at: noon)
    }

    private mutating func revoke(_ key: String) -> Register.Effect {
        register.apply(.identityRevoked(IdentityRevoked(keyID: key, reason: "")), at: noon)
    }

    @Test("a renewal replaces the certificate and is told, once")
    mutating func renewal() {
        offer("h")
        #expect(enrol("k", "first", code: "h") == .enrolled(keyID: "k"))
        #expect(enrol("k", "second", code: nil) == .renewed(keyID: "k"))
        #expect(register.members["k"]?.certificate == "second")
        #expect(enrol("k", "second", code: nil) == .none)
    }

    @Test("nobody is renewed who is no member, is somebody else, or was revoked")
    mutating func falseRenewals() {
        #expect(enrol("k", "first", code: nil) == .none)
        offer("h")
        _ = enrol("k", "first", code: "h")
        // Another key of the same person is another enrolment, which needs a code.
        #expect(enrol("other", "x", code: nil) == .none && register.members["other"] == nil)
        let chief = Identity(actor: "chief", role: .supervisor, tenant: "police")
        #expect(enrol("k", "x", code: nil, as: chief) == .none)
        #expect(register.members["k"]?.identity == person)
        #expect(revoke("k") == .revoked(keyID: "k"))
        #expect(enrol("k", "x", code: nil) == .none && !register.isMember(keyID: "k"))
        offer("again")
        #expect(enrol("k", "x", code: "again") == .none && !register.isMember(keyID: "k"))
    }

    @Test("a code can be withdrawn until it is used, and is good for nothing then")
    mutating func withdrawal() {
        let withdraw = { (hash: String) in Fact.enrolmentWithdrawn(EnrolmentWithdrawn(codeHash: hash)) }
        #expect(register.apply(withdraw("h"), at: noon) == .none)
        offer("h")
        #expect(register.state(ofOffer: "h", at: noon) == .open)
        #expect(register.apply(withdraw("h"), at: noon) == .offerWithdrawn(codeHash: "h"))
        #expect(register.apply(withdraw("h"), at: noon) == .none)
        #expect(register.state(ofOffer: "h", at: noon) == .withdrawn)
        #expect(register.offer(codeHash: "h", at: noon) == nil)
        #expect(enrol("k", "c", code: "h") == .none && !register.isMember(keyID: "k"))
        offer("used")
        _ = enrol("k", "c", code: "used")
        #expect(register.apply(withdraw("used"), at: noon) == .none)
        #expect(register.state(ofOffer: "used", at: noon) == .used(keyID: "k") && register.isMember(keyID: "k"))
        offer("short", hours: 0.5)
        #expect(register.state(ofOffer: "short", at: noon.adding(seconds: 1_801)) == .expired)
        #expect(register.state(ofOffer: "unheard", at: noon) == nil)
    }

    @Test("who was enrolled is found again by code and key, until the offer ends, and by no other key")
    mutating func lostAnswer() {
        offer("h")
        _ = enrol("k", "c", code: "h")
        #expect(register.enrolled(codeHash: "h", keyID: "k", at: noon)?.certificate == "c")
        #expect(register.enrolled(codeHash: "h", keyID: "other", at: noon) == nil)
        #expect(register.enrolled(codeHash: "h", keyID: "k", at: noon.adding(seconds: 3_601)) == nil)
        _ = revoke("k")
        #expect(register.enrolled(codeHash: "h", keyID: "k", at: noon) == nil)
    }

    @Test("the key of a hub can be revoked, which is no member's")
    mutating func hubKey() {
        #expect(revoke("hub-key") == .revoked(keyID: "hub-key"))
        #expect(revoke("hub-key") == .none && revoke("") == .none)
        #expect(register.revokedKeys == ["hub-key"])
        // One that is revoked before it is enrolled stays out.
        offer("h")
        #expect(enrol("hub-key", "c", code: "h") == .none)
    }

    @Test("a tenant's keys and agreements are its own; of an agreement that ended its terms and the reason are left")
    mutating func byTenant() {
        offer("h")
        _ = enrol("k2", "c", code: "h")
        offer("h1")
        _ = enrol("k1", "c", code: "h1")
        _ = revoke("k1")
        #expect(register.keysByTenant == ["police": ["k2", "k1"]])
        #expect(register.keys(ofActor: "op7", tenant: "police") == ["k1", "k2"])
        #expect(register.keys(ofActor: "op7", tenant: "fire").isEmpty)
        for (id, from, to) in [("b", "police", "fire"), ("a", "police", "fire"), ("c", "fire", "police")] {
            let fact = Agreement(
                id: id, from: from, to: to, categories: ["*"], purpose: "p", removed: [], until: nil)
            #expect(register.apply(.agreementMade(fact), at: noon) == .agreementMade(id))
        }
        _ = register.apply(.agreementEnded(AgreementEnded(id: "a", reason: "r")), at: noon)
        #expect(register.agreements(from: "police", at: noon).map(\.id) == ["b"])
        #expect(register.agreements["a"] == nil && register.made["a"] == nil)
        let ended = Agreement(
            id: "a", from: "police", to: "fire", categories: ["*"], purpose: "p", removed: [], until: nil)
        #expect(register.ended == ["a": EndedAgreement(ended, reason: "r")])
        #expect(register.agreements(from: "fire", at: noon).map(\.id) == ["c"])
    }
}
