import ControlRoom
import Store
import TestSupport
import Testing

@Suite("References between CAP messages")
struct ReferenceTests {
    private static func message(
        _ make: inout EventMaker, _ subject: String, replaces others: [String] = [], realm: String? = nil
    ) -> Event {
        make.exercise = realm
        let list = others.map { "\"\($0)\"" }.joined(separator: ",")
        return make.raised(subject, .high, tool: .cap, "\"replaces\":[\(list)]")
    }

    private static func cancel(_ make: inout EventMaker, _ subject: String, of other: String, realm: String? = nil)
        -> Event
    {
        make.exercise = realm
        let data = "{\"tool\":\"CAP\",\"kind\":\"k\",\"severity\":\"high\",\"cancels\":[\"\(other)\"]}"
        return make.event(.alertCancelled, subject, data)
    }

    @Test("an update takes the place of its original, whichever comes first", arguments: [false, true], [false, true])
    func update(originalFirst: Bool, together: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let original = ReferenceTests.message(&make, "one")
        let update = ReferenceTests.message(&make, "two", replaces: ["one"])
        let order = originalFirst ? [original, update] : [update, original]
        if together { try disk.ingest(order) } else { for event in order { try disk.ingest(event) } }
        let replaced = try disk.store.alert(subject: "one", realm: .actual)?.alert
        #expect(replaced?.replacedBy == "two" && replaced?.state(at: EventMaker.noon) == .normal)
        #expect(try disk.state("two") == .unacknowledged)
        #expect(try disk.store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).open == 1)
    }

    @Test(
        "a cancel ends its original, whichever comes first; nobody who had not seen it misses it",
        arguments: [false, true])
    func cancel(originalFirst: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let original = ReferenceTests.message(&make, "one")
        let cancel = ReferenceTests.cancel(&make, "two", of: "one")
        for event in originalFirst ? [original, cancel] : [cancel, original] { try disk.ingest(event) }
        let ended = try disk.store.alert(subject: "one", realm: .actual)?.alert
        #expect(ended?.active == false && ended?.replacedBy == "two")
        #expect(try disk.state("one") == .rtnUnacknowledged && disk.state("two") == .normal)
    }

    @Test("a reference has no effect across realms", arguments: [false, true], ["x", nil])
    func acrossRealms(originalFirst: Bool, realm: String?) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let original = ReferenceTests.message(&make, "one", realm: realm == nil ? "x" : nil)
        let update = ReferenceTests.message(&make, "two", replaces: ["one"], realm: realm)
        let cancel = ReferenceTests.cancel(&make, "three", of: "one", realm: realm)
        try disk.ingest(originalFirst ? [original, update, cancel] : [update, cancel, original])
        #expect(try disk.state("one", realm == nil ? .exercise("x") : .actual) == .unacknowledged)
    }

    @Test("a chain of updates leaves one open, in any order", arguments: 1...12)
    func chain(seed: UInt64) throws {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        let events = (0..<5).map { number in
            ReferenceTests.message(&make, "m\(number)", replaces: (0..<number).map { "m\($0)" })
        }
        for event in events.shuffled(using: &chance) { try disk.ingest(event) }
        #expect(try (0..<4).allSatisfy { try disk.state("m\($0)") == .normal })
        #expect(try disk.state("m4") == .unacknowledged)
    }
}
