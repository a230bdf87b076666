import ControlRoom
import Tenancy
import TestSupport
import Testing

@Suite("Whose a source is")
struct SourceOwnersTests {
    private var register = Register()

    init() { _ = register.apply(.tenantAdded(TenantAdded(tenant: "t", title: "t")), at: EventMaker.noon) }

    private mutating func enrol(_ actor: String, key: String, _ sources: [String] = [], role: Role = .sensor) {
        let identity = Identity(actor: actor, role: role, tenant: "t")
        let offer = EnrolmentOffered(
            codeHash: "code " + key, identity: identity, until: .distantFuture,
            sources: sources.compactMap(SourcePattern.init))
        _ = register.apply(.enrolmentOffered(offer), at: EventMaker.noon)
        let fact = IdentityEnrolled(identity: identity, keyID: key, certificate: "c " + key, codeHash: "code " + key)
        #expect(register.apply(.identityEnrolled(fact), at: EventMaker.noon) == .enrolled(keyID: key))
    }

    @discardableResult
    private mutating func pin(_ source: String, _ owner: SourcePinned.Owner) -> Bool {
        let fact = SourcePinned(tenant: "t", source: source, owner: owner)
        return register.apply(.sourcePinned(fact), at: EventMaker.noon) != .none
    }

    private mutating func revoke(_ key: String) {
        _ = register.apply(.identityRevoked(IdentityRevoked(keyID: key, reason: "")), at: EventMaker.noon)
    }

    private func standing(_ actor: String, _ key: String?, _ source: String) -> SourceOwners.Standing {
        register.sources.standing(
            of: key == nil ? .device(actor) : .machine(actor), keyID: key, to: source, in: "t")
    }

    @Test("the first to use a source owns it, and no other machine does")
    mutating func first() {
        enrol("one", key: "k1")
        enrol("two", key: "k2")
        #expect(standing("one", "k1", "s") == .free)
        #expect(pin("s", .key("k1")))
        #expect(!pin("s", .key("k2")) && !pin("s", .device("d")))
        #expect(standing("one", "k1", "s") == .owned)
        #expect(standing("two", "k2", "s") == .refused("s belongs to one, not to two"))
        #expect(standing("10.0.0.1", nil, "s") == .refused("s belongs to one, not to 10.0.0.1"))
        // Another tenant's is another.
        #expect(register.sources.owner(of: "s", in: "other") == nil)
    }

    @Test("a device and a machine of one name are two")
    mutating func names() {
        enrol("d", key: "k1")
        #expect(pin("s", .device("d")))
        #expect(standing("d", nil, "s") == .owned)
        #expect(standing("d", "k1", "s") != .owned)
    }

    @Test("patterns go before use: what another used before is the enrolled one's, who has no others")
    mutating func patterns() {
        enrol("one", key: "k1")
        pin("urn:camera:12", .key("k1"))
        pin("urn:door:1", .key("k1"))
        enrol("two", key: "k2", ["urn:camera:*"])
        #expect(standing("two", "k2", "urn:camera:12") == .owned)
        #expect(standing("one", "k1", "urn:camera:12") == .refused("urn:camera:12 belongs to two, not to one"))
        #expect(standing("one", "k1", "urn:camera:99") == .refused("urn:camera:99 belongs to two, not to one"))
        #expect(!pin("urn:camera:99", .key("k1")))
        #expect(standing("one", "k1", "urn:door:1") == .owned)
        #expect(standing("two", "k2", "urn:door:1") == .refused("urn:door:1 belongs to one, not to two"))
        #expect(
            standing("two", "k2", "urn:x")
                == .refused("urn:x is none of the sources that two was enrolled with (urn:camera:*)"))
        // A pair that brings the same.
        enrol("three", key: "k3", ["urn:camera:12"])
        #expect(standing("three", "k3", "urn:camera:12") == .owned && standing("two", "k2", "urn:camera:12") == .owned)
    }

    @Test("a revoked machine owns nothing; one that has another key to use it with keeps its sources")
    mutating func revoked() {
        enrol("one", key: "k1")
        enrol("one", key: "k1b")
        enrol("two", key: "k2")
        pin("s", .key("k1"))
        #expect(standing("one", "k1b", "s") == .owned)
        revoke("k1")
        #expect(standing("one", "k1b", "s") == .owned)
        revoke("k1b")
        #expect(standing("two", "k2", "s") == .free)
        #expect(!pin("s", .key("k1")))
        #expect(pin("s", .key("k2")))
        enrol("three", key: "k3", ["x*"])
        #expect(standing("two", "k2", "x1") != .free)
        revoke("k3")
        #expect(standing("two", "k2", "x1") == .free)
    }

    @Test("a machine that is enrolled anew with patterns, and loses its old key, leaves what it used before to others")
    mutating func renewedWithPatterns() {
        enrol("one", key: "k1")
        pin("s", .key("k1"))
        enrol("one", key: "k1b", ["t*"])
        revoke("k1")
        enrol("two", key: "k2")
        #expect(standing("two", "k2", "s") == .free)
    }

    @Test("a renewal keeps the sources of a machine")
    mutating func renewal() {
        enrol("one", key: "k1", ["a*"])
        let identity = Identity(actor: "one", role: .sensor, tenant: "t")
        let fact = IdentityEnrolled(identity: identity, keyID: "k1", certificate: "new", codeHash: nil)
        #expect(register.apply(.identityEnrolled(fact), at: EventMaker.noon) == .renewed(keyID: "k1"))
        #expect(register.members["k1"]?.sources.map(\.text) == ["a*"] && standing("one", "k1", "ab") == .owned)
    }

    @Test("what is released is the next one's; what a machine was enrolled with is not released")
    mutating func released() {
        enrol("one", key: "k1")
        enrol("two", key: "k2", ["p"])
        pin("s", .key("k1"))
        func release(_ source: String, _ register: inout Register) -> Register.Effect {
            register.apply(.sourceReleased(SourceReleased(tenant: "t", source: source)), at: EventMaker.noon)
        }
        #expect(release("s", &register) == .sourceReleased(tenant: "t", source: "s"))
        #expect(release("s", &register) == .none && release("p", &register) == .none)
        #expect(standing("one", "k1", "s") == .free && standing("two", "k2", "p") == .owned)
    }

    @Test("nobody but a machine of the tenant is pinned to a source")
    mutating func others() {
        enrol("op", key: "k1", role: .operator)
        #expect(!pin("s", .key("k1")) && !pin("s", .key("nobody")))
        let foreign = SourcePinned(tenant: "nowhere", source: "s", owner: .device("d"))
        #expect(register.apply(.sourcePinned(foreign), at: EventMaker.noon) == .none)
    }

    @Test("a machine uses a bounded number of sources, and so do all of a tenant; the reason names the way out")
    mutating func bounds() {
        enrol("one", key: "k1")
        for number in 0..<SourceOwners.mostOfOne { pin("s\(number)", .key("k1")) }
        #expect(!pin("more", .key("k1")))
        guard case .refused(let reason) = standing("one", "k1", "more") else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("--source PATTERN") && standing("one", "k1", "s7") == .owned)
        var number = SourceOwners.mostOfOne
        while number < SourceOwners.mostOfTenant {
            pin("s\(number)", .device("d\(number / SourceOwners.mostOfOne)"))
            number += 1
        }
        #expect(!pin("more", .device("last")) && standing("last", nil, "more") != .free)
        #expect(register.sources.pins(of: "t").count == SourceOwners.mostOfTenant)
    }

    @Test("who was enrolled with a source is found as by a look at all patterns", arguments: 1...20)
    mutating func index(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        func pick(_ all: [String]) -> String { all[Int(chance.next() % UInt64(all.count))] }
        let texts = ["*", "a*", "a:*", "a:b", "a:b*", "a:*:c", "*:c", "a:b:c", "b*", "à*"]
        let sources = ["a", "a:b", "a:b:c", "a:x:c", "b", "b:c", "à:1", "x", ""]
        var enrolled: [String: (actor: String, patterns: [SourcePattern])] = [:]
        for number in 0..<60 {
            if chance.next() % 4 == 0, let key = enrolled.keys.sorted().first {
                revoke(key)
                enrolled[key] = nil
            } else {
                let (actor, own) = (pick(["one", "two", "three"]), (0..<2).map { _ in pick(texts) })
                enrol(actor, key: "k\(number)", own)
                enrolled["k\(number)"] = (actor, own.compactMap(SourcePattern.init))
            }
            for source in sources {
                let holders = enrolled.values.filter { $0.patterns.contains { $0.matches(source) } }.map(\.actor)
                #expect(
                    register.sources.owner(of: source, in: "t")?.name == holders.min(), "\(source) of \(enrolled)")
                let refused = standing("10.0.0.1", nil, source)
                let words = holders.min().map { "\(source) belongs to \($0), not to 10.0.0.1" }
                #expect(refused == (words.map(SourceOwners.Standing.refused) ?? .free))
            }
        }
    }
}
