import ControlRoom
import Feed
import Store
import TestSupport
import Testing
import Trust

@testable import HubCore

/// A real hub core with real logs and views; its clock stands still, so that nobody's bucket fills by itself.
@Suite("Beyond a machine's rate")
struct RateTests {
    private let bench: CentralBench
    private var make = EventMaker(source: "urn:camera:1")
    private let camera: Submitter
    /// A burst smaller than any that can be set, so that few events empty it.
    private static let limits = {
        var limits = RateLimits(eventsPerSecond: 10)
        limits.burst = 50
        return limits
    }()

    init() throws {
        bench = try CentralBench(rates: RateTests.limits)
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
    }

    /// Takes all that the camera has left.
    private mutating func exhaust() {
        var noise = EventMaker(source: "urn:noise:\(bench.clock.now.milliseconds)")
        while true {
            let events = (0..<60).map { _ in noise.event(.observationRecorded, "x", #"{"value":1}"#) }
            if bench.submit(events, from: camera).last != .accepted { return }
        }
    }

    private func isLater(_ verdict: Central.Verdict?) -> Bool {
        if case .later(let seconds)? = verdict { seconds >= 1 } else { false }
    }

    private func send(_ event: Event) -> Central.Verdict? { bench.submit([event], from: camera).first }

    @Test("Observations and repeats are sent back; a first occurrence, a rise and a clear never are")
    mutating func machine() throws {
        exhaust()
        #expect(isLater(send(make.event(.observationRecorded, "x", #"{"value":1}"#))))
        #expect(isLater(send(make.event(EventType(rawValue: "org.example.unknown"), "x"))))
        #expect(send(make.raised("a", .medium)) == .accepted)
        // Until the view has it, it is let in again rather than held up.
        try bench.rest()
        #expect(isLater(send(make.raised("a", .medium))) && isLater(send(make.raised("a", .low))))
        #expect(send(make.raised("b", .low)) == .accepted)
        #expect(send(make.raised("a", .high)) == .accepted)
        #expect(send(make.cleared("a")) == .accepted && send(make.cleared("a")) == .accepted)
        // The view is behind and has it active still: what its source says now is new all the same.
        #expect(send(make.raised("a", .medium)) == .accepted)
        #expect(isLater(send(make.raised("a", .medium))))
        #expect(send(make.raised("a", .high)) == .accepted)
    }

    @Test("A repeat that takes the place of others goes in until they have heard of it")
    mutating func replacing() throws {
        #expect(send(make.raised("old", .high)) == .accepted && send(make.raised("a", .high)) == .accepted)
        try bench.rest()
        exhaust()
        #expect(isLater(send(make.raised("a", .high))))
        #expect(send(make.raised("a", .high, #""replaces":["old"]"#)) == .accepted)
        #expect(isLater(send(make.raised("a", .high, #""replaces":["old"]"#))))
        #expect(send(make.raised("old", .high)) == .accepted)
    }

    @Test("What a tool reports of itself goes in when it is another state than the last")
    mutating func tools() {
        exhaust()
        func report(_ state: String) -> Event { make.event(.toolReported, "FD", #"{"state":"\#(state)"}"#) }
        #expect(send(report("ok")) == .accepted && isLater(send(report("ok"))))
        #expect(send(report("off")) == .accepted && send(report("ok")) == .accepted)
    }

    @Test("In a batch what is urgent goes in, and what is sent back is told apart and taken later")
    mutating func batch() throws {
        #expect(send(make.raised("a", .high)) == .accepted)
        try bench.rest()
        exhaust()
        let batch = [make.raised("a", .high), make.raised("new", .low), make.raised("a", .critical)]
        let verdicts = bench.submit(batch, from: camera)
        #expect(isLater(verdicts[0]) && verdicts[1...] == [.accepted, .accepted])
        bench.clock.advance(5)
        #expect(bench.submit(batch, from: camera) == [.accepted, .duplicate, .duplicate])
    }

    @Test(
        "Who is noisy empties their own bucket: another machine, another device of the same name and a person do not wait"
    )
    mutating func others() throws {
        exhaust()
        let (key, operatorAtWork) = try bench.enrol("op7", .operator, of: "police")
        let other = try bench.enrol("cam2", .sensor, of: "police").submitter
        let observation = make.event(.observationRecorded, "x", #"{"value":2}"#)
        #expect(isLater(send(observation)))
        var theirs = observation
        theirs.source = "urn:camera:2"
        #expect(bench.submit([theirs], from: other) == [.accepted])
        #expect(send(make.raised("a")) == .accepted)
        try bench.rest()
        // A person who imports is no machine, and an act is a person's whoever brings it.
        var brought = make.raised("a")
        brought.source = "urn:archive"
        #expect(bench.submit([brought], from: operatorAtWork) == [.accepted])
        var act = make.acknowledged("a", by: "op7")
        (act.source, act.tenant) = ("urn:impetus:console", "police")
        try key.sign(&act)
        #expect(bench.submit([act], from: camera) == [.accepted])
    }

    @Test("After a person has closed an alarm its source is heard at once, though the view is behind")
    mutating func closed() throws {
        let (key, person) = try bench.enrol("op7", .operator, of: "police")
        #expect(send(make.raised("a", .high)) == .accepted)
        try bench.rest()
        exhaust()
        #expect(isLater(send(make.raised("a", .high))))
        for var act in [make.acknowledged("a", by: "op7"), make.closed("a", by: "op7")] {
            (act.source, act.tenant) = ("urn:impetus:console", "police")
            try key.sign(&act)
            #expect(bench.submit([act], from: person) == [.accepted])
        }
        #expect(send(make.raised("a", .high)) == .accepted)
    }

    @Test("An alarm that has gone stale begins anew, and is let in")
    mutating func stale() throws {
        let until = bench.clock.now.adding(seconds: 60).rfc3339
        #expect(send(make.raised("a", .high, "\"stale\":\"\(until)\"")) == .accepted)
        try bench.rest()
        bench.clock.advance(59)
        exhaust()
        #expect(isLater(send(make.raised("a", .high))))
        bench.clock.advance(2)
        exhaust()
        #expect(send(make.raised("a", .high)) == .accepted)
    }

    @Test("What is sent back adds nothing to the alarm, whatever came before it", arguments: 1...6)
    mutating func law(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let (key, person) = try bench.enrol("op7", .operator, of: "police")
        exhaust()
        // All that was let in, folded at once: the hub's own view is behind by chance.
        let reference = try TemporaryStore()
        var sentBack = 0
        for _ in 0..<400 {
            let subject = "s\(chance.next() % 3)"
            let severity = Severity.allCases[Int(chance.next() % 5)]
            let standing = try reference.store.alert(subject: subject, realm: .actual)?.alert
            var event: Event
            switch chance.next() % 10 {
            case 0: event = make.cleared(subject)
            case 1: event = make.acknowledged(subject, occurrence: standing?.occurrence ?? 1, by: "op7")
            case 2: event = make.closed(subject, occurrence: standing?.occurrence ?? 1, by: "op7")
            default: event = make.raised(subject, severity)
            }
            event.tenant = "police"
            if event.isAct {
                event.source = "urn:impetus:console"
                try key.sign(&event)
            }
            let verdict = bench.submit([event], from: event.isAct ? person : camera).first
            if verdict == .accepted {
                try reference.ingest(event, at: bench.clock.now)
            } else {
                #expect(isLater(verdict) && event.type == .alertRaised)
                let alert = try #require(standing)
                #expect(alert.isActive(at: bench.clock.now) && severity <= alert.currentSeverity)
                sentBack += 1
            }
            if chance.next() % 4 == 0 { try bench.rest() }
        }
        #expect(sentBack > 20)
    }

    @Test(
        "When a tenant's machines post more than they may together, the noisiest is sent back; others, what is urgent, and other tenants are not"
    )
    func shared() throws {
        var limits = RateLimits(eventsPerSecond: 0, tenantEventsPerSecond: 20)
        limits.tenantBurst = 20
        let bench = try CentralBench(rates: limits)
        let noisy = try bench.enrol("noisy", .sensor, of: "police").submitter
        let quiet = try bench.enrol("quiet", .sensor, of: "police").submitter
        let other = try bench.enrol("other", .sensor, of: "fire").submitter
        var makers = ["noisy", "quiet", "other"].map { EventMaker(source: "urn:camera:" + $0) }
        func observations(_ count: Int, of maker: Int) -> [Event] {
            (0..<count).map { _ in makers[maker].event(.observationRecorded, "x", #"{"value":1}"#) }
        }
        for second in 0..<5 {
            let verdicts = bench.submit(observations(200, of: 0), from: noisy)
            #expect(verdicts.count { $0 == .accepted } == (second == 0 ? 200 : 15))
            #expect(bench.submit(observations(5, of: 1), from: quiet).allSatisfy { $0 == .accepted })
            #expect(bench.submit(observations(15, of: 2), from: other).allSatisfy { $0 == .accepted })
            #expect(bench.submit([makers[0].raised("a\(second)", .low)], from: noisy) == [.accepted])
            bench.clock.advance(1)
        }
    }

    @Test(
        "What is refused for its source uses up the rate as well, and beyond it is put off; its alarm shows all the same"
    )
    mutating func foreign() throws {
        _ = try bench.enrol("owner", .sensor, of: "police", sources: ["urn:owned*"])
        var theirs = EventMaker(source: "urn:owned:1")
        let verdicts = (0..<60).map { _ in send(theirs.event(.observationRecorded, "x", #"{"value":1}"#)) }
        let rejected = verdicts.prefix {
            if case .rejected(_, isDenied: true)? = $0 { true } else { false }
        }
        #expect(rejected.count == 50 && verdicts.dropFirst(50).allSatisfy(isLater))
        #expect(isLater(send(theirs.raised("gate", .critical))))
        bench.drain()
        let told = try bench.log("police").filter { $0.source == "urn:impetus:hub:sources" }
        #expect(told.count == 1 && told.first?.subject?.hasPrefix("source-refused/cam/") == true)
        // An act that somebody brings by this machine is a person's.
        let (key, _) = try bench.enrol("op7", .operator, of: "police")
        var act = make.acknowledged("nothing", by: "op7")
        (act.source, act.tenant) = ("urn:impetus:console", "police")
        try key.sign(&act)
        #expect(send(act) == .accepted)
    }

    @Test("A machine on a loopback trial, and every machine where the rate is 0, is never sent back")
    mutating func off() throws {
        exhaust()
        var trial = camera
        trial.isTrial = true
        let observations = (0..<20).map { _ in make.event(.observationRecorded, "x", #"{"value":1}"#) }
        #expect(bench.submit(observations, from: trial).allSatisfy { $0 == .accepted })
        let keeper = RateKeeper(.off)
        let noise = (0..<200).map { _ in make.event(.observationRecorded, "x", #"{"value":1}"#) }
        #expect(
            try noise.allSatisfy {
                keeper.letsIn($0, try Fact(of: $0), of: "cam", tenant: "t", now: bench.clock.now) { _, _ in nil }
            })
    }
}
