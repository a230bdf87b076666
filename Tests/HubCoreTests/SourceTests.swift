import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import Tenancy
import TestSupport
import Testing
import Trust

@Suite("A machine speaks for its own sources")
struct SourceTests {
    private let bench: CentralBench
    private var make = EventMaker(source: "urn:camera:12")

    init() throws { bench = try CentralBench(tenants: ["police"]) }

    private func denial(_ verdicts: [Central.Verdict]) -> String? {
        if case .rejected(let reason, isDenied: true)? = verdicts.first { reason } else { nil }
    }

    private func sensor(_ name: String, _ sources: [String] = []) throws -> Submitter {
        try bench.enrol(name, .sensor, of: "police", sources: sources).submitter
    }

    private func pins() throws -> [Event] {
        try bench.system.read(after: 0, limit: 10_000).map { try CentralBench.wire.event($0) }
            .filter { $0.type == .sourcePinned }
    }

    private func faults() throws -> [Alert] {
        try bench.rest()
        return try #require(try bench.view("police")).allAlerts(afterRow: 0, limit: 1_000).map(\.line.alert)
            .filter { $0.kind == "source-refused" }
    }

    @Test("another's id is not used first: the real alarm is no duplicate, and the attempt is shown as severe")
    mutating func stolen() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        #expect(bench.submit([make.raised("a")], from: twelve) == [.accepted])
        var stolen = make.raised("b", .critical, tool: .fd, headline: "Nothing")
        stolen.id = "next"
        #expect(denial(bench.submit([stolen], from: nine)) == "urn:camera:12 belongs to cam12, not to cam9")
        var real = make.raised("b", .high, tool: .fd, headline: "Weapon")
        real.id = "next"
        #expect(bench.submit([real], from: twelve) == [.accepted])
        let shown = try faults()
        #expect(shown.map(\.severity) == [.critical] && shown.first?.tool == .fd)
        #expect(shown.first?.headline.contains("cam9") == true && shown.first?.headline.contains("Nothing") == true)
        #expect(shown.first?.state(at: bench.clock.now) == .unacknowledged)
        // It ends by itself, and still waits.
        bench.clock.advance(1_000)
        #expect(try faults().first?.state(at: bench.clock.now) == .rtnUnacknowledged)
    }

    @Test("the system log says whose a source is, once, and a hub that starts again knows it")
    mutating func pinned() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        for _ in 0..<3 {
            #expect(bench.submit([make.raised("a"), make.raised("b")], from: twelve) == [.accepted, .accepted])
        }
        #expect(try pins().count == 1)
        let again = try bench.another()
        #expect(bench.admit(make.raised("c"), from: twelve, at: again) == .accepted)
        #expect(bench.admit(make.raised("d"), from: nine, at: again) != .accepted)
        #expect(try pins().count == 1)
    }

    @Test("what a machine brought before sources had owners is its own, whoever posts first afterwards")
    mutating func before() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        let feed = try #require(bench.central.feed(of: "police"))
        var old = [make.raised("a", .critical), make.raised("b")]
        (old[1].source, old[1].id) = ("urn:paper", "p")
        for (index, via) in ["cam12", "op7"].enumerated() {
            old[index].tenant = "police"
            old[index].extensions[Event.viaExtension] = via
        }
        _ = try feed.log.append(
            old.map { feed.wire.entry($0, content: ContentHash.of($0)) }, now: bench.clock.now)
        try bench.rest()
        #expect(denial(bench.submit([make.raised("c")], from: nine)) == "urn:camera:12 belongs to cam12, not to cam9")
        #expect(bench.submit([make.raised("d"), make.cleared("a")], from: twelve) == [.accepted, .accepted])
        // What a person brought is no machine's, and what was released is the next one's.
        var paper = make.raised("e")
        paper.source = "urn:paper"
        #expect(bench.submit([paper], from: nine) == [.accepted])
        try bench.say(.sourceReleased, SourceReleased(tenant: "police", source: make.source).write)
        #expect(bench.submit([make.raised("f")], from: nine) == [.accepted])
    }

    @Test("what a person brings is told from a machine's, also where another hub has just heard that it is one's")
    mutating func otherHubsWord() throws {
        let twelve = try sensor("cam12")
        let person = try bench.enrol("op7", .operator, of: "police").submitter
        let other = try bench.another()
        try bench.central.sayFollowed(at: "a:1", now: bench.clock.now)
        try other.sayFollowed(at: "b:1", now: bench.clock.now)
        try bench.central.followSystem(now: bench.clock.now)
        #expect(bench.admit(make.raised("a"), from: twelve, at: other) == .accepted)
        #expect(!bench.central.register.sources.isPinned(make.source, in: "police"))
        #expect(bench.submit([make.raised("b")], from: person) == [.accepted])
        #expect(try bench.log("police").last?.extensions == ["via": "op7", "imported": "true"])
    }

    @Test("of two hubs the first in the system log's order decides for both")
    mutating func twoHubs() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        let other = try bench.another()
        #expect(bench.admit(make.raised("a"), from: nine, at: other) == .accepted)
        // This hub has not read of it yet.
        #expect(denial(bench.submit([make.raised("b")], from: twelve)) == "urn:camera:12 belongs to cam9, not to cam12")
        #expect(bench.submit([make.raised("c")], from: nine) == [.accepted])
    }

    @Test("what is refused for its form or its right pins nothing")
    mutating func badForm() throws {
        let nine = try sensor("cam9")
        #expect(bench.submit([make.event(.alertRaised, "a", "{}")], from: nine) != [.accepted])
        var foreign = make.raised("a")
        foreign.tenant = "fire"
        #expect(denial(bench.submit([foreign], from: nine)) != nil)
        #expect(try pins().isEmpty)
        #expect(bench.submit([make.raised("a")], from: try sensor("cam12")) == [.accepted])
    }

    @Test("a machine posts what it was enrolled with and nothing else; it goes before who used it first")
    mutating func enrolled() throws {
        let nine = try sensor("cam9")
        #expect(bench.submit([make.raised("a")], from: nine) == [.accepted])
        let twelve = try sensor("cam12", ["urn:camera:12*"])
        #expect(bench.submit([make.raised("b")], from: twelve) == [.accepted])
        #expect(denial(bench.submit([make.raised("c")], from: nine)) == "urn:camera:12 belongs to cam12, not to cam9")
        make.source = "urn:door"
        #expect(
            denial(bench.submit([make.raised("d")], from: twelve))
                == "urn:door is none of the sources that cam12 was enrolled with (urn:camera:12*)")
        #expect(bench.submit([make.raised("e")], from: nine) == [.accepted])
    }

    @Test("a revoked machine's sources are the next one's; a released source as well")
    mutating func freed() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        _ = bench.submit([make.raised("a")], from: twelve)
        try bench.say(.identityRevoked, IdentityRevoked(keyID: #require(twelve.keyID), reason: "").write)
        #expect(bench.submit([make.raised("b")], from: nine) == [.accepted])
        let third = try sensor("cam3")
        #expect(denial(bench.submit([make.raised("c")], from: third)) != nil)
        try bench.say(.sourceReleased, SourceReleased(tenant: "police", source: make.source).write)
        #expect(bench.submit([make.raised("d")], from: third) == [.accepted])
        #expect(denial(bench.submit([make.raised("e")], from: nine)) != nil)
        try bench.say(.sourceReleased, SourceReleased(tenant: "police", source: make.source).write)
        #expect(bench.submit([make.raised("f")], from: nine) == [.accepted])
    }

    @Test("senders of syslog that are no members own what they bring, by address or certificate")
    mutating func devices() throws {
        func device(_ name: String) -> Submitter {
            Submitter(
                identity: Identity(actor: "syslog", role: .sensor, tenant: "police"), keyID: nil, device: name)
        }
        #expect(bench.submit([make.raised("a")], from: device("10.0.0.1")) == [.accepted])
        #expect(bench.submit([make.raised("b")], from: device("10.0.0.1")) == [.accepted])
        #expect(
            denial(bench.submit([make.raised("c")], from: device("10.0.0.2")))
                == "urn:camera:12 belongs to 10.0.0.1, not to 10.0.0.2")
        #expect(try faults().count == 1)
    }

    @Test("what hubs, consoles and exercises say of themselves is no machine's; the hub and a trial own all")
    mutating func house() throws {
        let relay = try sensor("relay", ["*"])
        let identity = Identity(actor: "x", role: .sensor, tenant: "police")
        for source in ["urn:impetus:syslog", "urn:impetus:console", "urn:impetus:exercise:drill"] {
            make.source = source
            #expect(
                denial(bench.submit([make.raised("a")], from: relay))
                    == "\(source.split(separator: ":").prefix(3).joined(separator: ":")) is no machine's source")
            for all in [
                Submitter(identity: identity, keyID: nil, isHub: true),
                Submitter(identity: identity, keyID: nil, isTrial: true),
            ] { #expect(bench.submit([make.raised("a")], from: all) == [.accepted]) }
        }
        make.source = "urn:impetus:syslog"
        let person = try bench.enrol("op7", .operator, of: "police").submitter
        #expect(denial(bench.submit([make.raised("a")], from: person)) == "urn:impetus:syslog is the hubs' own source")
        make.source = "urn:x (imported)"
        #expect(bench.submit([make.raised("a")], from: relay) != [.accepted])
    }

    @Test("an act is its signer's, whoever carries it, and pins nothing; none bears a machine's name")
    mutating func acts() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        let (opKey, op) = try bench.enrol("op7", .operator, of: "police")
        let (responderKey, responder) = try bench.enrol("resp", .responder, of: "police")
        #expect(bench.submit([make.raised("a")], from: twelve) == [.accepted])
        func signed(_ event: Event, _ key: SigningKey) throws -> Event {
            var event = event
            event.tenant = "police"
            try key.sign(&event)
            return event
        }
        var next = make
        for (actor, key, carrier) in [("resp", responderKey, responder), ("op7", opKey, nine), ("op7", opKey, op)] {
            #expect(
                denial(bench.submit([try signed(make.acknowledged("a", by: actor), key)], from: carrier))
                    == "urn:camera:12 belongs to cam12, not to who acts")
        }
        // The names that somebody wanted to use up are still the machine's.
        for _ in 0..<3 { #expect(bench.submit([next.raised("b", .critical)], from: twelve) == [.accepted]) }
        make.source = "urn:impetus:cad"
        #expect(bench.submit([try signed(make.acknowledged("a", by: "op7"), opKey)], from: nine) == [.accepted])
        make.source = "urn:impetus:console"
        for carrier in [twelve, nine, responder] {
            let act = try signed(make.acknowledged("a", by: "resp"), responderKey)
            #expect(bench.submit([act], from: carrier) == [.accepted])
        }
        #expect(try pins().count == 1)
    }

    @Test("what a person imports twice is a duplicate, also of a machine's source; an exercise is a realm of its own")
    mutating func imports() throws {
        let twelve = try sensor("cam12")
        let person = try bench.enrol("op7", .operator, of: "police").submitter
        let event = make.raised("a")
        #expect(bench.submit([event], from: twelve) == [.accepted])
        try bench.rest()
        #expect(bench.submit([event], from: person) == [.duplicate])
        #expect(
            denial(bench.submit([make.cleared("a")], from: person))
                == "a was raised by cam12, and is cleared by nobody else")
        var drill = make.raised("a")
        drill.exercise = "drill/1"
        let name = drill.id
        for verdict in [Central.Verdict.accepted, .duplicate] {
            #expect(bench.submit([drill], from: person) == [verdict])
            let kept = try #require(try bench.log("police").last)
            #expect(kept.extensions == ["via": "op7"] && kept.id == "imported/" + name)
        }
        // The name is still the machine's.
        var real = make.raised("real", .critical)
        real.id = name
        #expect(bench.submit([real], from: twelve) == [.accepted])
        try bench.rest()
        let view = try #require(try bench.view("police"))
        #expect(try view.alert(subject: "real", realm: .actual)?.alert.severity == .critical)
        // What the drill raised it may clear.
        var end = make.cleared("a")
        end.exercise = drill.exercise
        #expect(bench.submit([end], from: person) == [.accepted])
        try bench.rest()
        #expect(try view.alert(subject: "a", realm: .exercise("drill/1"))?.alert.active == false)
        #expect(try view.alert(subject: "a", realm: .actual)?.alert.active == true)
        // Nobody gives the mark but the hub.
        make.source = "urn:paper"
        var marked = make.raised("p")
        marked.extensions[Event.importedExtension] = "true"
        #expect(bench.submit([marked], from: person) == [.accepted])
        #expect(try bench.log("police").last?.extensions == ["via": "op7"])
    }

    @Test("a person's word that comes before the view has the alarm leaves it as it is")
    mutating func race() throws {
        let twelve = try sensor("cam12")
        let person = try bench.enrol("op7", .operator, of: "police").submitter
        _ = bench.submit([make.raised("a", .critical)], from: twelve)
        // The view has not folded it yet.
        let words = [
            make.cleared("a"), make.raised("a", .info), make.raised("b", .info, #""replaces":["a"]"#),
            make.event(.alertCancelled, "c", #"{"tool":"CAP","severity":"info","cancels":["a"]}"#),
        ]
        #expect(bench.submit(words, from: person) == words.map { _ in .accepted })
        try bench.rest()
        let alarm = try #require(try bench.view("police")?.alert(subject: "a", realm: .actual)?.alert)
        #expect(alarm.active && alarm.severity == .critical && alarm.occurrence == 1 && alarm.replacedBy == nil)
    }

    @Test("refused raises are told once a minute of each poster and source, and at once when they are worse")
    mutating func merged() throws {
        let (twelve, nine) = (try sensor("cam12"), try sensor("cam9"))
        _ = bench.submit([make.raised("a")], from: twelve)
        for _ in 0..<50 { _ = bench.submit([make.raised("x", .low)], from: nine) }
        #expect(try faults().map(\.occurrence) == [1] && faults().first?.severity == .low)
        _ = bench.submit([make.raised("x", .critical), make.raised("x", .low)], from: nine)
        #expect(try faults().first?.severity == .critical)
        bench.clock.advance(61)
        _ = bench.submit([make.raised("x", .low), make.cleared("x")], from: nine)
        let fault = try #require(try faults().first)
        #expect(try faults().count == 1 && fault.severity == .critical && fault.occurrence == 3)
        let told = try bench.log("police").filter { $0.source == "urn:impetus:hub:sources" }
        #expect(told.count == 3 && told.allSatisfy { bench.central.knownMembers.isHubs($0) })
    }
}
