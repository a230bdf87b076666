import ControlRoom
import Store
import Testing
import Trust

@testable import Feed
@testable import TestSupport

/// A member whom a hub introduces that was revoked: one verdict by the order of the log, whatever a reader started from.
@Suite("Who is introduced, and by whom")
struct IntroductionPlaceTests {
    private let cast: Cast
    private let files: Cast.Files

    init() throws {
        cast = try #require(Cast.shared)
        files = try Cast.Files(seed: 5)
    }

    private func said(_ id: String, _ type: EventType, _ data: [UInt8], by key: SigningKey?) throws -> Event {
        var event = Event(
            id: id, source: "urn:impetus:hub", type: type, subject: "identity", time: EventMaker.noon, data: .json(data)
        )
        event.tenant = Cast.tenant
        try key?.sign(&event)
        return event
    }

    private func enrolled(_ certificate: MemberCertificate, as keyID: String? = nil, by key: SigningKey?) throws
        -> Event
    {
        let fact = IdentityEnrolled(
            identity: certificate.identity, keyID: keyID ?? certificate.keyID, certificate: try certificate.pem(),
            codeHash: nil)
        return try said(
            "enrolled/\(fact.keyID)", .identityEnrolled, JSONWriter.bytes(fact.write), by: key)
    }

    private func revoked(_ keyID: String, by key: SigningKey) throws -> Event {
        let fact = IdentityRevoked(keyID: keyID, reason: "")
        return try said("revoked/\(keyID)", .identityRevoked, JSONWriter.bytes(fact.write), by: key)
    }

    private func acknowledged() throws -> Event {
        var make = EventMaker(source: "urn:impetus:console")
        var act = make.acknowledged("a", by: cast.people[0].certificate.identity.actor)
        act.tenant = Cast.tenant
        try cast.people[0].key.sign(&act)
        return act
    }

    /// What a reader finds who streams the log, or begins anew with its store before each event.
    private func findings(_ events: [Event], _ name: String, beginsAnew: Bool) throws -> [LogVerifier.Finding?] {
        let store = try files.store(name)
        defer { store.close() }
        func verifier(_ cursor: Store.Cursor) throws -> LogVerifier {
            let known = KnownMembers(authority: cast.authority.certificate, known: try store.identities())
            return LogVerifier(knownMembers: known, from: cursor)
        }
        var reader = try verifier(.start(of: "log"))
        return try events.enumerated().map { index, event in
            var event = event
            (event.sequence, event.recorded) = (Int64(index + 1), EventMaker.noon)
            if beginsAnew, let cursor = try store.cursor() { reader = try verifier(cursor) }
            let next = reader.take(event)
            let taken = try #require(next)
            _ = try store.ingest(
                mirrored: [taken.event],
                to: Store.Cursor(logID: "log", sequence: reader.chain.sequence, head: reader.chain.head))
            return taken.finding
        }
    }

    private func both(_ events: [Event]) throws -> [LogVerifier.Finding?] {
        let found = try findings(events, "stream", beginsAnew: false)
        #expect(try findings(events, "anew", beginsAnew: true) == found)
        files.remove()
        return found
    }

    @Test("the authority's certificate counts, also where a revoked hub shows it: the member's acts take effect")
    func byRevoked() throws {
        let (hub, other, person) = (cast.hubs[0], cast.hubs[1], cast.people[0])
        let found = try both([
            enrolled(hub.certificate, by: hub.key), enrolled(other.certificate, by: hub.key),
            revoked(other.key.keyID, by: hub.key), enrolled(person.certificate, by: other.key), acknowledged(),
        ])
        #expect(found.allSatisfy { $0 == nil })
    }

    @Test("a key that was revoked before its certificate came counts for nothing")
    func revokedBefore() throws {
        let (hub, other) = (cast.hubs[0], cast.hubs[1])
        let found = try both([
            enrolled(hub.certificate, by: hub.key), revoked(other.key.keyID, by: hub.key),
            enrolled(other.certificate, by: other.key), revoked(hub.key.keyID, by: other.key),
        ])
        #expect(found == [nil, nil, nil, .notTheHubs(sequence: 4)])
    }

    @Test("what says something else than its certificate counts only as a hub's word")
    func otherKey() throws {
        let (hub, person) = (cast.hubs[0], cast.people[0])
        let found = try both([
            enrolled(hub.certificate, by: hub.key), enrolled(person.certificate, as: "another", by: nil),
            acknowledged(),
        ])
        let actor = person.certificate.identity.actor
        #expect(found == [nil, .notTheHubs(sequence: 2), .forged(actor: actor, sequence: 3)])
    }
}
