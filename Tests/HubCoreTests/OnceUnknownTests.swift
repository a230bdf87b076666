import ControlRoom
import Feed
import HubCore
import Store
import TestSupport
import Testing
import Trust

/// Types that a version before did not know, and let in as such: whoever posted them was asked for no right of theirs, and for no
/// signature.
@Suite("An event from before its type was known")
struct OnceUnknownTests {
    private let bench: CentralBench
    private let camera: (key: SigningKey, submitter: Submitter)
    private let person: (key: SigningKey, submitter: Submitter)
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam", .sensor, of: "police")
        person = try bench.enrol("resp7", .responder, of: "police")
        _ = try bench.enrol("chief", .admin, of: "police")
    }

    /// What a reader of today makes of it as the first of a log.
    private func finding(_ event: Event, via actor: String? = "cam") -> LogVerifier.Finding? {
        var verifier = LogVerifier(knownMembers: bench.central.knownMembers, from: .start(of: "log"))
        var placed = event
        placed.tenant = "police"
        placed.sequence = 1
        placed.recorded = EventMaker.noon
        if let actor { placed.extensions[EventDigest.via] = actor }
        guard let taken = verifier.take(placed) else {
            Issue.record("the event does not follow")
            return nil
        }
        #expect((taken.event.fact == .unknown) == (taken.finding != nil))
        return taken.finding
    }

    private func signed(_ event: Event, by key: SigningKey) throws -> Event {
        var event = event
        event.tenant = "police"
        try key.sign(&event)
        return event
    }

    @Test("that is a person's act counts by the signature and the role of its author, and by nothing a machine says")
    mutating func acts() throws {
        let act = make.acknowledged("a", by: "cam")
        #expect(finding(act) == .forged(actor: "cam", sequence: 1))
        #expect(try finding(signed(act, by: camera.key)) == .notAllowed(actor: "cam", sequence: 1))
        let own = make.acknowledged("a", by: "resp7")
        #expect(try finding(signed(own, by: person.key)) == nil)
        #expect(try finding(signed(own, by: camera.key)) == .forged(actor: "resp7", sequence: 1))
        let shelf = make.shelved("a", until: EventMaker.noon.adding(seconds: 60), by: "resp7")
        #expect(try finding(signed(shelf, by: person.key)) == .notAllowed(actor: "resp7", sequence: 1))
    }

    @Test("that a feed alone makes counts with the signature of a hub alone")
    mutating func feeds() throws {
        let event = make.event(.alertSuppressed, "a", #"{"rule":"r","severity":"critical","occurrence":1}"#)
        #expect(finding(event) == .notTheHubs(sequence: 1))
        #expect(try finding(signed(event, by: camera.key)) == .notTheHubs(sequence: 1))
    }

    @Test("that defines something counts where whoever posted it may define")
    mutating func definitions() {
        let event = make.playbook("p")
        #expect(finding(event, via: "cam") == .notAllowed(actor: "cam", sequence: 1))
        #expect(finding(event, via: "chief") == nil)
        // From before hubs said who brought it.
        #expect(finding(event, via: nil) == nil)
        #expect(finding(make.raised("a"), via: "cam") == nil)
        #expect(finding(make.raised("a"), via: "resp7") == .notAllowed(actor: "resp7", sequence: 1))
    }

    @Test("of a type that is still not known is kept and passed on as it came, and has no effect")
    mutating func unknown() throws {
        let type = EventType(rawValue: "eu.impetus.unmask.granted.v1")
        #expect(!EventType.known.contains(type))
        _ = bench.submit([make.raised("a")], from: camera.submitter)
        try bench.rest()
        let view = try #require(try bench.view("police"))
        let before = try #require(try view.alert(subject: "a", realm: .actual)).alert
        let event = make.event(type, "a", #"{"request":"r","author":"op1","until":"2027-01-01T00:00:00Z"}"#)
        #expect(bench.submit([event], from: camera.submitter) == [.accepted])
        try bench.rest()
        let kept = try #require(try bench.log("police").first { $0.type == type })
        #expect(kept.data == event.data && kept.subject == "a" && kept.extensions[EventDigest.via] == "cam")
        #expect(try view.alert(subject: "a", realm: .actual)?.alert == before)
    }
}
