import ControlRoom
import Feed
import Store
import TestSupport
import Testing

/// What holds of every feed: the one in a console and a hub's.
@Suite("A feed, embedded or a hub's")
struct FeedStories {
    @Test("takes acts in order, and tells the loser of a race", arguments: FeedKind.allCases)
    func race(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", .low))
        let acts = [
            make.acknowledged("a", .low, by: "op1"), make.acknowledged("a", .low, by: "sup1"),
            make.closed("a", by: "resp1"), make.closed("a", by: "sup1"),
        ]
        try bench.enqueue(acts)
        try bench.rest()
        #expect(
            try bench.told(acts) == [
                .applied, .refused("already-acknowledged:op1"), .denied("the role responder may not close"), .applied,
            ])
        // What had no effect stays in the log where a hub had taken it before it was known to have none.
        let kept = try bench.log().dropFirst().map(\.id).filter { $0 != acts[1].id }
        #expect(kept == [acts[0].id, acts[3].id])
        #expect(try bench.state("a") == .normal)
    }

    @Test("does not let an acknowledgement that comes late silence what came in between", arguments: FeedKind.allCases)
    func late(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a", .low))
        let act = make.acknowledged("a", .low)
        try bench.enqueue([act])
        try bench.report(make.raised("a", .critical))
        try bench.rest()
        #expect(try bench.state("a") == .unacknowledged)
        #expect(try bench.told([act]) == [.refused("newer-occurrence:2")])
    }

    @Test("takes what is undone back, and lets nobody undo what is another's", arguments: FeedKind.allCases)
    func undo(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a"))
        let ack = make.acknowledged("a", by: "op1")
        let (others, own) = (make.undone(ack, by: "sup1"), make.undone(ack, by: "op1"))
        try bench.enqueue([ack, others])
        try bench.rest()
        #expect(try bench.state("a") == .acknowledged)
        try bench.enqueue([own])
        try bench.rest()
        #expect(try bench.state("a") == .unacknowledged)
        let told = try bench.told([ack, others, own])
        #expect(told[0] == .applied && told[2] == .applied)
        guard case .refused = told[1] else {
            Issue.record("the other's undo was \(told)")
            return
        }
    }

    @Test("keeps a checklist as those who follow it left it", arguments: FeedKind.allCases)
    func checklist(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.enqueue([make.playbook("fire")])
        try bench.report(make.raised("a"))
        // What is not a machine's is said by a source of its own.
        make.source = "urn:impetus:console"
        let (start, step) = (make.started("run/1", playbook: "fire"), make.step("run/1", 1, "done", by: "resp1"))
        try bench.enqueue([start, step, make.step("run/1", 2, "done"), make.undone(step, by: "resp1")])
        try bench.rest()
        let run = try #require(try bench.shown.run("run/1"))
        #expect(!run.state(of: 1).isSettled && run.state(of: 2) == .done)
    }

    @Test("counts an event once, however often it comes", arguments: FeedKind.allCases)
    func twice(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let event = make.raised("a")
        try bench.report([event, event])
        try bench.enqueue([event])
        try bench.rest()
        #expect(try bench.shown.alert(subject: "a", realm: .actual)?.alert.occurrence == 1)
        #expect(try bench.log().count { $0.id == event.id } == 1)
    }

    @Test("takes any number of waiting acts, in order", arguments: FeedKind.allCases)
    func many(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        let events = (0..<1_203).map { make.event(.observationRecorded, "o", "{\"value\":\($0)}") }
        try bench.enqueue(events)
        try bench.rest()
        #expect(try bench.log().map(\.id) == events.map(\.id) && bench.shown.waitingCount() == 0)
    }

    @Test("refuses what is no event, and takes what stands behind it", arguments: FeedKind.allCases)
    func nonsense(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.shown.enqueue([("bad", nil, Array("{".utf8)), ("none", nil, [])], now: bench.clock.now)
        let act = make.raised("a")
        try bench.enqueue([act])
        try bench.rest()
        for id in ["bad", "none"] {
            guard case .rejected = try bench.shown.settlement(of: id) else {
                Issue.record("\(id) was not rejected")
                continue
            }
        }
        #expect(try bench.told([act]) == [.applied])
    }

    @Test(
        "asks the same form of an event, and says in the same words what is wrong with it", arguments: FeedKind.allCases
    )
    func form(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        func event(_ change: (inout Event) -> Void) -> Event {
            var event = make.raised("a")
            change(&event)
            return event
        }
        let large = Event(
            id: "l", source: "s", type: EventType(rawValue: "x"),
            data: .bytes(Array(repeating: 65, count: 1 << 20 + 1), base64: false))
        let faults: [(Event, String)] = [
            (event { $0.exercise = String(repeating: "x", count: 501) }, "an attribute is longer than 500 bytes"),
            (event { $0.source = "urn:impetus:feed" }, "the source urn:impetus:feed is the feed's own"),
            (
                event { event in for number in 0..<31 { event.extensions["e\(number)"] = "x" } },
                "too many or too long extensions"
            ),
            (event { $0.extensions[String(repeating: "e", count: 41)] = "x" }, "too many or too long extensions"),
            (event { $0.extensions["e"] = String(repeating: "x", count: 2_001) }, "too many or too long extensions"),
            (large, ""), (event { $0.data = .json(Array("{}".utf8)) }, "eu.impetus.alert.raised.v1: "),
        ]
        try bench.enqueue(faults.map(\.0))
        try bench.rest()
        for ((event, words), told) in zip(faults, try bench.told(faults.map(\.0))) {
            guard case .rejected(let reason) = told else {
                Issue.record("\(event.id): \(String(describing: told)), not: \(words)")
                continue
            }
            #expect(reason.hasPrefix(words))
        }
        // A hub shows on consoles that a machine's alarms are refused.
        #expect(try bench.log().allSatisfy { $0.source == "urn:impetus:hub:sources" })
    }

    @Test("lets nobody say what is a feed's to say, nor act in a name that is not known", arguments: FeedKind.allCases)
    func rights(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a"))
        let trim = LogTrimmed(through: 1, head: "00", recorded: EventMaker.noon)
        var nameless = make.acknowledged("a")
        nameless.actor = nil
        let acts = [
            make.event(.logTrimmed, "log", String(decoding: JSONWriter.bytes(trim.write), as: UTF8.self)), nameless,
            make.acknowledged("a", by: "stranger"), make.undone(make.acknowledged("a"), by: "stranger"),
        ]
        try bench.enqueue(acts)
        try bench.rest()
        let told = try bench.told(acts)
        #expect(
            told.prefix(2) == [
                .denied("eu.impetus.log.trimmed.v1 is made by a feed alone"), .denied("an act names its actor"),
            ])
        for told in told.dropFirst(2) {
            guard case .denied(let reason)? = told else {
                Issue.record("\(String(describing: told))")
                continue
            }
            #expect(reason.hasSuffix("stranger is not known here"))
        }
        #expect(try bench.log().count == 1 && bench.state("a") == .unacknowledged)
    }

    @Test(
        "lets nobody shelve for longer than a shift alone, nor for more than an hour without a reason",
        arguments: FeedKind.allCases)
    func shelves(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report(make.raised("a"))
        func shelf(_ hours: Double, _ reason: String?) -> Event {
            let fact = AlertShelved(
                until: bench.clock.now.adding(seconds: hours * 3_600),
                reason: SuppressionReason(reason: reason, note: nil),
                seen: Seen(occurrence: 1, severity: .critical))
            return make.event(
                .alertShelved, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: "op1")
        }
        let acts = [shelf(169, "works"), shelf(9, "works"), shelf(4, nil), shelf(4, ""), shelf(8, "works")]
        try bench.enqueue(acts)
        try bench.rest()
        let silent = Store.Settlement.rejected("what is shelved for more than an hour says why")
        #expect(
            try bench.told(acts) == [
                .rejected("nothing is shelved for more than 7 days"), .refused("needs-approval"), silent, silent,
                .applied,
            ])
        #expect(try bench.shown.alert(subject: "a", realm: .actual)?.alert.shelving?.reason == "works")
    }

    @Test(
        "forgets what ended long ago, where somebody said how long that is, and nothing else",
        arguments: FeedKind.allCases)
    func retention(_ kind: FeedKind) throws {
        let bench = try kind.bench()
        var make = EventMaker()
        try bench.report([make.raised("over"), make.cleared("over"), make.raised("on")])
        try bench.report([make.raised("unseen"), make.cleared("unseen")])
        try bench.enqueue([make.acknowledged("over")])
        try bench.rest()
        bench.clock.advance(3 * 86_400)
        try bench.report(make.raised("new"))
        try bench.rest()
        #expect(try bench.state("over") != nil)
        try bench.keep(days: 2)
        bench.clock.advance(7_200)
        try bench.rest()
        bench.clock.advance(7_200)
        try bench.rest()
        #expect(try bench.state("over") == nil)
        // What nobody has acknowledged waits however old it is.
        #expect(try bench.state("unseen") == .rtnUnacknowledged)
        #expect(try bench.state("on") == .unacknowledged && bench.state("new") == .unacknowledged)
        #expect(try bench.shown.base().sequence > 0)
        // What somebody says late of the one that is forgotten silences no other.
        try bench.report(make.raised("over"))
        let late = make.acknowledged("over")
        try bench.enqueue([late])
        try bench.rest()
        #expect(try bench.told([late]) == [.refused("forgotten-alarm")])
        #expect(try bench.state("over") == .unacknowledged)
    }
}
