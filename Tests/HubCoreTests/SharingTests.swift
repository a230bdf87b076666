import ControlRoom
import Feed
import HubCore
import Standards
import Store
import Tenancy
import TestSupport
import Testing
import Trust

@Suite("What tenants share")
struct SharingTests {
    private let bench: CentralBench
    private let camera: Submitter
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police", "fire", "transport"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
    }

    private func agree(
        _ id: String = "a1", to: String = "fire", categories: [String] = ["*"], removed: [String] = [],
        until: Timestamp? = nil
    ) throws {
        let agreement = Agreement(
            id: id, from: "police", to: to, categories: categories, purpose: "rescue", removed: removed, until: until)
        try bench.say(.agreementMade, agreement.write)
    }

    private func shared(_ tenant: String = "fire") throws -> [Event] {
        try bench.log(tenant).filter { $0.extensions["agreement"] != nil }
    }

    private mutating func post(_ events: [Event]) throws {
        _ = bench.submit(events, from: camera)
        try bench.rest()
    }

    @Test("is nothing without an agreement, and nothing from before it")
    mutating func none() throws {
        try post([make.raised("a")])
        #expect(try shared().isEmpty)
        try agree()
        try bench.rest()
        #expect(try shared().isEmpty)
        try post([make.raised("b")])
        #expect(try shared().map(\.subject) == ["police//b"])
        #expect(try shared("transport").isEmpty)
    }

    @Test("is a copy without what is personal or was agreed away, signed by the hub, under its agreement")
    mutating func copy() throws {
        try agree(removed: ["confidence"])
        let event = make.raised(
            "a", .high, tool: .fd, headline: "Weapon",
            #""confidence":0.9,"lat":45.4,"lon":11.8,"personal":{"name":"x"},"evidence":["https://x"]"#)
        try post([event])
        let copy = try #require(try shared().first)
        let text = String(decoding: copy.data.bytes, as: UTF8.self)
        #expect(text == #"{"tool":"FD","kind":"crowd","severity":"high","headline":"Weapon","lat":45.4,"lon":11.8}"#)
        #expect(copy.tenant == "fire" && copy.actor == nil && copy.extensions["purpose"] == "rescue")
        #expect(bench.central.knownMembers.isHubs(copy) && copy.extensions["original"]?.count == 64)
        let all = try bench.log("fire").map { "\($0)" }.joined()
        #expect(!all.contains(event.id + "\"") && !all.contains("urn:test") && !all.contains("cam"))
        #expect(try bench.view("fire")?.alert(subject: "police//a", realm: .actual)?.alert.headline == "Weapon")
    }

    @Test("is of the agreed kinds; updates and clears follow their alert")
    mutating func kinds() throws {
        try agree(categories: ["FD"])
        try post([make.raised("a", tool: .fd), make.raised("b", tool: .uad)])
        #expect(try shared().map(\.subject) == ["police//a"])
        try post([make.cleared("a"), make.cleared("b"), make.raised("a", .critical, tool: .fd)])
        #expect(try shared().map(\.type) == [.alertRaised, .alertCleared, .alertRaised])
        // An acknowledgement is one's own.
        #expect(try shared().allSatisfy { $0.subject == "police//a" })
    }

    @Test("is never passed on again, nor back")
    mutating func onward() throws {
        try agree("a1", to: "fire")
        for (id, from, to) in [("a2", "fire", "transport"), ("a3", "fire", "police")] {
            let agreement = Agreement(
                id: id, from: from, to: to, categories: ["*"], purpose: "p", removed: [], until: nil)
            try bench.say(.agreementMade, agreement.write)
        }
        try post([make.raised("a")])
        #expect(try shared("fire").count == 1 && shared("transport").isEmpty && shared("police").isEmpty)
    }

    @Test("is taken back when the agreement ends, or its time is over")
    mutating func withdrawn() throws {
        try agree("a1")
        try agree("a2", to: "transport", until: bench.clock.now.adding(seconds: 100))
        try post([make.raised("a"), make.raised("b")])
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "no longer needed").write)
        bench.clock.advance(1)
        try bench.rest()
        let fire = try shared().filter { $0.type == .alertWithdrawn }
        #expect(
            Set(fire.map(\.subject)) == ["police//a", "police//b"]
                && fire.allSatisfy { bench.central.knownMembers.isHubs($0) })
        let alert = try bench.view("fire")?.alert(subject: "police//a", realm: .actual)?.alert
        #expect(alert?.state(at: bench.clock.now) == .rtnUnacknowledged && alert?.replacedBy == "no longer needed")
        #expect(try shared("transport").allSatisfy { $0.type == .alertRaised })
        bench.clock.advance(101)
        try bench.rest()
        #expect(try shared("transport").filter { $0.type == .alertWithdrawn }.count == 2)
        // Nothing more is shared, and nothing is withdrawn twice.
        try post([make.raised("c"), make.raised("a")])
        #expect(try shared().count == 4 && shared("transport").count == 4)
    }

    @Test("keeps its realm")
    mutating func realm() throws {
        try agree()
        var drill = make.raised("a")
        drill.exercise = "drill/1"
        try post([drill])
        #expect(try shared().first?.exercise == "drill/1")
        #expect(try bench.view("fire")?.alert(subject: "police//a", realm: .actual) == nil)
    }

    @Test("terms do not change under a name")
    mutating func terms() throws {
        try agree("a1", categories: ["FD"])
        try agree("a1", categories: ["*"])
        #expect(bench.central.register.agreements["a1"]?.categories == ["FD"])
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "x").write)
        try agree("a1", categories: ["*"])
        try post([make.raised("a", tool: .fd)])
        #expect(try shared().isEmpty)
    }

    @Test("an alert under two agreements is one copy that names both, and is withdrawn with the last of them")
    mutating func two() throws {
        try agree("a1")
        try agree("a2", categories: ["FD"])
        try post([make.raised("a", tool: .fd)])
        #expect(try shared().map { $0.extensions["agreement"] } == ["a1, a2"])
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "over").write)
        bench.clock.advance(1)
        try bench.rest()
        let alert = { [bench] in try bench.view("fire")?.alert(subject: "police//a", realm: .actual)?.alert }
        #expect(try shared().map(\.type) == [.alertRaised])
        #expect(try alert()?.state(at: bench.clock.now) == .unacknowledged)
        try post([make.raised("a", .critical, tool: .fd)])
        #expect(try shared().last?.extensions["agreement"] == "a2")
        try bench.say(.agreementEnded, AgreementEnded(id: "a2", reason: "over").write)
        bench.clock.advance(1)
        try bench.rest()
        #expect(try shared().map(\.type) == [.alertRaised, .alertRaised, .alertWithdrawn])
        #expect(try alert()?.state(at: bench.clock.now) == .rtnUnacknowledged)
    }

    @Test("what is shared when another agreement begins that covers it stays with that one")
    mutating func handedOver() throws {
        try agree("a1")
        try post([make.raised("a", tool: .fd), make.raised("b", tool: .uad)])
        try agree("a2", categories: ["FD"])
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "over").write)
        try bench.rest()
        #expect(try shared().filter { $0.type == .alertWithdrawn }.map(\.subject) == ["police//b"])
        try post([make.cleared("a"), make.cleared("b")])
        #expect(try shared().last?.type == .alertCleared && shared().last?.subject == "police//a")
        try bench.say(.agreementEnded, AgreementEnded(id: "a2", reason: "over").write)
        try bench.rest()
        #expect(
            try shared().filter { $0.type == .alertWithdrawn }.map(\.subject) == ["police//b", "police//a"])
    }

    /// Somebody else's alarm under a subject that the first camera has raised, as another tool of another machine sees it.
    private mutating func raiseBeside() throws -> (first: String, second: String) {
        let other = try bench.enrol("cam2", .sensor, of: "police").submitter
        var theirs = EventMaker(source: "urn:other")
        try post([make.raised("x", tool: .fd)])
        _ = bench.submit([theirs.raised("x", .critical, tool: .uad)], from: other)
        try bench.rest()
        return (
            Forwarding.source(ofCopiesOf: "urn:test", from: "police"),
            Forwarding.source(ofCopiesOf: "urn:other", from: "police")
        )
    }

    @Test(
        "of two alarms under one subject each is kept by the agreement that covers it, and the other withdrawn",
        arguments: ["FD", "UAD"])
    mutating func beside(category: String) throws {
        try agree("a1")
        let (first, second) = try raiseBeside()
        #expect(try shared().map(\.source) == [first, second])
        try agree("a2", categories: [category])
        try bench.say(.agreementEnded, AgreementEnded(id: "a1", reason: "over").write)
        try bench.rest()
        let gone = category == "FD" ? second : first
        #expect(try shared().filter { $0.type == .alertWithdrawn }.map(\.source) == [gone])
        let view = try #require(try bench.view("fire"))
        let subject = "police//x"
        let states = try [subject, Alert.key(of: subject, from: second, round: 0)].map {
            try view.alert(subject: $0, realm: .actual)?.alert.state(at: bench.clock.now)
        }
        #expect(
            states
                == (category == "FD" ? [.unacknowledged, .rtnUnacknowledged] : [.rtnUnacknowledged, .unacknowledged]))
        try bench.say(.agreementEnded, AgreementEnded(id: "a2", reason: "over").write)
        try bench.rest()
        #expect(try Set(shared().filter { $0.type == .alertWithdrawn }.map(\.source)) == [first, second])
    }

    /// Puts an event into the log of the police as their hub would, whatever its admission says.
    private func put(_ event: Event, via actor: String, named name: String) throws {
        var event = event
        event.tenant = "police"
        event.extensions[EventDigest.via] = actor
        let words = bench.secret.word(of: "police-log")
        let entry = NewEntry(
            source: "", id: name, body: words.said(of: CloudEventWriter.json(event)),
            content: ContentHash.of(event), data: event.data.bytes)
        _ = try #require(bench.central.feed(of: "police")).log.append([entry], now: bench.clock.now)
    }

    @Test("of what the sender's own view has not believed, or has known by its name before, no copy is made")
    mutating func untaken() throws {
        _ = try bench.enrol("resp7", .responder, of: "police")
        try agree()
        try bench.rest()
        try put(make.raised("by-nobody-who-may"), via: "resp7", named: "1")
        let good = make.raised("a")
        try put(good, via: "cam", named: "2")
        // As a log on several servers may have it, which knows names for a while only.
        var second = make.raised("b", .critical)
        second.id = good.id
        try put(second, via: "cam", named: "3")
        try put(make.raised("c"), via: "cam", named: "4")
        try bench.rest()
        let view = try #require(try bench.view("police"))
        #expect(try view.alert(subject: "by-nobody-who-may", realm: .actual) == nil)
        #expect(try shared().map(\.subject) == ["police//a", "police//c"])
    }

    @Test("under two agreements only what both remove is left out")
    mutating func removedByBoth() throws {
        try agree("a1", removed: ["confidence", "lat"])
        try agree("a2", removed: ["lat", "lon"])
        try post([make.raised("a", .high, #""confidence":0.9,"lat":45.4,"lon":11.8"#)])
        let text = String(decoding: try #require(try shared().first).data.bytes, as: UTF8.self)
        #expect(text.contains("confidence") && text.contains("lon") && !text.contains("lat"))
    }

    @Test("names no alert that no agreement covers")
    mutating func references() throws {
        try agree(categories: ["FD"])
        try post([make.raised("secret", tool: .uad), make.raised("a", tool: .fd)])
        try post([make.raised("b", .high, tool: .fd, #""replaces":["secret","a"]"#)])
        let replacing = try #require(try shared().last)
        let text = String(decoding: replacing.data.bytes, as: UTF8.self)
        #expect(replacing.subject == "police//b" && text.contains(#""replaces":["police//a"]"#))
        try post([make.raised("c", .high, tool: .fd, #""replaces":["secret"]"#)])
        #expect(try !shared().map { String(decoding: $0.data.bytes, as: UTF8.self) }.joined().contains("secret"))
    }
}
