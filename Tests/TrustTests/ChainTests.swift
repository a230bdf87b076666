import ControlRoom
import TestSupport
import Testing
import Trust

@Suite("The hash chain")
struct ChainTests {
    private static func events() -> [Event] {
        var make = EventMaker()
        var events = [make.raised("a"), make.acknowledged("a"), make.cleared("a"), make.raised("b")]
        for index in events.indices {
            events[index].sequence = Int64(index + 1)
            events[index].recorded = EventMaker.noon.adding(seconds: Double(index))
        }
        return events
    }

    private static func head(_ events: [Event]) -> String {
        var chain = LogChain(logID: "log")
        for event in events { chain.add(event) }
        return chain.head
    }

    @Test("is the same for the same log, and another for another")
    func stable() {
        #expect(ChainTests.head(ChainTests.events()) == ChainTests.head(ChainTests.events()))
        #expect(LogChain(logID: "log").head != LogChain(logID: "log-2").head)
    }

    @Test("changes with every attribute, with the data, the order, and what is left out")
    func sensitive() {
        let events = ChainTests.events()
        let truth = ChainTests.head(events)
        let changes: [(inout Event) -> Void] = [
            { $0.id += "x" }, { $0.source += "x" }, { $0.subject = nil }, { $0.time = $0.time?.adding(seconds: 0.001) },
            { $0.tenant = "t" }, { $0.actor = "z" }, { $0.exercise = "e" }, { $0.signature = "s" },
            { $0.extensions["via"] = "x" }, { $0.data = .json(Array("{ }".utf8)) }, { $0.dataContentType = "a/b" },
            { $0.recorded = $0.recorded?.adding(seconds: 0.001) }, { $0.sequence = 9 },
            { $0.occurred = HybridTime(milliseconds: 1, counter: 1) },
        ]
        for (index, change) in changes.enumerated() {
            var altered = events
            change(&altered[1])
            #expect(ChainTests.head(altered) != truth, "change \(index)")
        }
        #expect(ChainTests.head([events[1], events[0], events[2], events[3]]) != truth)
        #expect(ChainTests.head(Array(events.dropFirst())) != truth)
    }

    @Test("no text flows from one attribute into the next")
    func boundaries() {
        var first = Event(id: "ab", source: "c", type: .alertRaised)
        var second = Event(id: "a", source: "bc", type: .alertRaised)
        #expect(EventDigest.signed(first) != EventDigest.signed(second))
        first = Event(id: "a", source: "s", type: .alertRaised, subject: "x")
        second = Event(id: "a", source: "s", type: .alertRaised)
        second.actor = "x"
        #expect(EventDigest.signed(first) != EventDigest.signed(second))
    }

    @Test("goes on from a head")
    func resumes() throws {
        let events = ChainTests.events()
        var first = LogChain(logID: "log")
        for event in events.prefix(2) { first.add(event) }
        var second = try #require(LogChain(sequence: first.sequence, head: first.head))
        for event in events.dropFirst(2) { second.add(event) }
        #expect(second.head == ChainTests.head(events) && second.sequence == 4)
        #expect(LogChain(sequence: 1, head: "abc") == nil && LogChain(sequence: 1, head: "00") == nil)
    }
}
