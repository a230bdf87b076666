import ControlRoom
import Store
import TestSupport
import Testing
import Trust

@testable import Feed
@testable import HubCore

/// The hub's own view believes of its log what every console does, and no more.
@Suite("The hub's view")
final class VerifiedViewTests {
    private let bench: CentralBench
    private let camera: Submitter
    private let operatorKey: SigningKey
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        operatorKey = try bench.enrol("op1", .operator, of: "police").key
        #expect(bench.submit([make.raised("a", .high)], from: camera) == [.accepted])
        try bench.rest()
    }

    private func feed() throws -> TenantFeed { try #require(bench.central.feed(of: "police")) }

    /// Past the hub's admission, as by somebody who can write to its log.
    private func put(_ event: Event) throws {
        var event = event
        event.tenant = "police"
        try put(exactly: event)
    }

    private func put(exactly event: Event) throws {
        _ = try feed().log.append(
            [feed().wire.entry(event, content: ContentHash.of(event))], now: bench.clock.now)
        try bench.rest()
    }

    private func isAcknowledged(in view: Store) throws -> Bool? {
        try view.alert(subject: "a", realm: .actual)?.alert.acknowledged
    }

    @Test("takes no act that nobody signed, counts it, and the next hub on the log does the same")
    func unsigned() throws {
        try put(make.acknowledged("a", .high))
        try put(make.closed("a", .high))
        #expect(try isAcknowledged(in: feed().view) == false)
        let found = try feed().takeFindings()
        #expect(found.count == 2)
        guard case .forged(let actor, _) = found.first.first else { return #expect(Bool(false), "no finding") }
        #expect(actor == "op1")
        #expect(try feed().takeFindings().count == 0)
    }

    @Test("takes an act that its actor signed, and none that they sign once they are revoked")
    func revoked() throws {
        func signed(_ event: Event) throws -> Event {
            var event = event
            event.tenant = "police"
            try operatorKey.sign(&event)
            return event
        }
        try put(exactly: signed(make.acknowledged("a", .high)))
        #expect(try isAcknowledged(in: feed().view) == true)
        #expect(bench.submit([make.raised("b", .high)], from: camera) == [.accepted])
        try bench.say(.identityRevoked, IdentityRevoked(keyID: operatorKey.keyID, reason: "").write)
        try bench.rest()
        try put(exactly: signed(make.acknowledged("b", .high)))
        #expect(try feed().view.alert(subject: "b", realm: .actual)?.alert.acknowledged == false)
        // What was signed before stays.
        #expect(try isAcknowledged(in: feed().view) == true)
        #expect(try feed().takeFindings().count == 1)
    }

    @Test("judges a stretch again as before where it could not be kept: the revocation behind an act does not reach it")
    func again() throws {
        var act = make.acknowledged("a", .high)
        act.tenant = "police"
        try operatorKey.sign(&act)
        let (log, view) = (try feed().log, try feed().view)
        let place = try #require(try view.cursor())
        _ = try log.append([feed().wire.entry(act, content: ContentHash.of(act))], now: bench.clock.now)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: operatorKey.keyID, reason: "").write)
        // Once it is read for somebody who fails behind it, as on a full disk; the second reader knows nothing of the first.
        for _ in 0..<2 {
            var reader = try LogReader(authority: bench.authority.certificate, view: view, from: place)
            let read = try reader.take(try log.read(after: place.sequence, limit: 100), feed().wire)
            #expect(read.findings.isEmpty && read.events.first?.event.id == act.id)
        }
        try bench.rest()
        #expect(try isAcknowledged(in: view) == true)
    }
}
