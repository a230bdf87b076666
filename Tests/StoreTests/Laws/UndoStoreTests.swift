import ControlRoom
import TestSupport
import Testing

@testable import Store

/// Acts that are taken back after they went through a file.
@Suite("What is taken back, in the store")
struct UndoStoreTests {
    /// Acts that name what their authors saw, and undos of acts that were done, of one alarm of one source.
    private struct History {
        var make = EventMaker(source: AlarmStates.source)
        var chance: SeededChance
        var acts: [Event] = []
        var (raises, severity) = (0, Severity.low)

        init(seed: UInt64) { chance = SeededChance(seed: seed) }

        mutating func pick(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }

        mutating func next() -> Event {
            make.time = make.time.adding(seconds: chance.unit() * 60)
            switch pick(10) {
            case 0, 1, 2: return raised()
            case 3: return make.cleared("a")
            case 4: return rule()
            case 5, 6: return undo()
            default: return act()
            }
        }

        private mutating func raised() -> Event {
            raises += 1
            severity = Severity.allCases[pick(5)]
            let stale = pick(4) == 0 ? ",\"stale\":\"\(make.time.adding(seconds: 90).rfc3339)\"" : ""
            return make.raised("a", severity, "\"latching\":\(raises % 3 == 0)" + stale)
        }

        private mutating func rule() -> Event {
            let seen = "\"occurrence\":\(raises),\"severity\":\"critical\",\"rule\":\"r\""
            var event =
                pick(2) == 0
                ? make.event(.alertSuppressed, "a", "{\(seen)}")
                : make.event(.alertUnsuppressed, "a", "{\"rule\":\"r\"}")
            event.source = Event.feedSource
            return event
        }

        private mutating func act() -> Event {
            let (person, seen) = ("op\(pick(3))", "\"occurrence\":\(raises),\"severity\":\"critical\"")
            let until = make.time.adding(seconds: 120).rfc3339
            let all: [(EventType, String)] = [
                (.alertAcknowledged, seen), (.alertAcknowledged, seen), (.alertClosed, seen),
                (.alertAssessed, seen + ",\"verdict\":\"rejected\",\"disposition\":\"duplicate\""), (.alertReset, seen),
                (.alertShelved, seen + ",\"reason\":\"r\",\"once\":\(pick(2) == 0),\"until\":\"\(until)\""),
                (.alertRemovedFromService, seen + ",\"reason\":\"r\""), (.alertReturnedToService, ""),
                (.alertTaken, ""), (.alertAssigned, "\"to\":\"op9\""),
                (.alertLinked, "\"occurrence\":\(raises),\"cause\":\"power\""),
                (.approvalRequested, seen + ",\"wish\":\"remove_from_service\",\"reason\":\"r\""),
            ]
            let (type, members) = all[pick(all.count)]
            let event = make.event(type, "a", "{\(members)}", by: person)
            acts.append(event)
            return event
        }

        private mutating func undo() -> Event {
            guard let act = acts.suffix(4).randomElement(using: &chance) else { return raised() }
            let fact = ActUndone(
                act: act.id, type: act.type, seen: Seen(occurrence: raises, severity: .critical))
            return make.event(
                .actUndone, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: act.actor)
        }
    }

    private func ingest(_ events: [Event], _ store: Store) throws -> [Admission] {
        try events.flatMap { try store.ingest([try AdmittedEvent($0)], now: $0.happened) }
    }

    /// With the acts that can be taken back.
    private func whole(_ store: Store) throws -> Alert? {
        try store.read { reader in
            try reader.statements("SELECT \(AlertRows.allColumns) FROM alerts").first { AlertRows.readAll($0).alert }
        }
    }

    @Test(
        "acts and their undos do the same in the domain, in one run of the store, and with it closed and opened among them",
        arguments: 1...60)
    func equal(seed: UInt64) throws {
        var history = History(seed: seed)
        var first = history.make.raised("a", .medium)
        first.time = EventMaker.noon
        let events = [LawWalk.bound, first] + (0..<40).map { _ in history.next() }
        let (run, folder) = (try TemporaryStore(), try TemporaryFolder())
        let outcomes = try ingest(events, run.store)
        var (store, plain): (Store, Alert?) = (try Store(path: folder.file("s")) { "log" }, nil)
        defer { store.close() }
        for (index, event) in events.enumerated() {
            if history.pick(3) == 0 {
                store.close()
                store = try Store(path: folder.file("s")) { "log" }
            }
            #expect(try ingest([event], store) == [outcomes[index]])
            try UndoStoreTests.fold(event, into: &plain)
            #expect(try whole(store) == plain, "\(index) \(event.type.rawValue)")
        }
        #expect(try whole(run.store) == plain)
    }

    @Test("one batch does the same as many", arguments: 1...40)
    func batches(seed: UInt64) throws {
        var history = History(seed: seed)
        let events = [LawWalk.bound] + (0..<60).map { _ in history.next() }
        let now = history.make.time
        let (one, many) = (try TemporaryStore(), try TemporaryStore())
        try one.ingest(events, at: now)
        for event in events { try many.ingest(event, at: now) }
        let (left, right) = (try whole(one.store), try whole(many.store))
        #expect(left == right && left != nil)
    }

    @Test(
        "an undo names what the close saw, is refused where the alarm came anew since, and names nothing that nobody saw"
    )
    func seen() throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        let close = make.closed("a")
        try disk.ingest([LawWalk.bound, make.raised("a", .high), make.acknowledged("a", .high), close])
        func undo(_ seen: Seen?) -> Event {
            let fact = ActUndone(act: close.id, type: close.type, seen: seen)
            return make.event(
                .actUndone, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: close.actor)
        }
        let early = undo(try disk.store.seen(of: [close], .actual)["a"])
        try disk.ingest(make.raised("a", .high))
        guard case .accepted(_, .refused(let reason))? = try ingest([early], disk.store).first else {
            Issue.record("the undo took effect")
            return
        }
        #expect(reason == .newerOccurrence(2))
        #expect(try disk.state("a") == .unacknowledged)
        #expect(try disk.store.seen(of: [close], .actual).isEmpty)
        guard case .accepted(_, .refused)? = try ingest([undo(nil)], disk.store).first else {
            Issue.record("an undo that names nothing took effect")
            return
        }
        let seen = Seen(occurrence: 2, severity: .high)
        guard case .accepted(_, .applied)? = try ingest([undo(seen)], disk.store).first else {
            Issue.record("the undo was refused")
            return
        }
        #expect(try disk.state("a") == .acknowledged)
    }

    @Test(
        "an acknowledgement is taken back after a message took the alarm's place: as if it had never been",
        arguments: Severity.allCases, [false, true])
    func replaced(severity: Severity, isHeirAcknowledged: Bool) throws {
        let (undone, never) = (try TemporaryStore(), try TemporaryStore())
        var make = EventMaker(source: AlarmStates.source)
        let first = make.raised("a", .high)
        let ack = make.acknowledged("a", .high)
        var after = [make.raised("b", severity, "\"replaces\":[\"a\"]")]
        if isHeirAcknowledged { after.append(make.acknowledged("b", severity)) }
        let fact = ActUndone(act: ack.id, type: ack.type, seen: nil)
        let undo = make.event(
            .actUndone, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: ack.actor)
        try undone.ingest([LawWalk.bound, first, ack] + after + [undo])
        try never.ingest([LawWalk.bound, first] + after)
        for subject in ["a", "b"] {
            let (one, other) = (
                try #require(try undone.store.alert(subject: subject, realm: .actual)?.alert),
                try #require(try never.store.alert(subject: subject, realm: .actual)?.alert)
            )
            #expect(one.acknowledged == other.acknowledged && one.active == other.active, "\(subject)")
            #expect(one.latchedSeverity == other.latchedSeverity, "\(subject)")
        }
        let asks = !isHeirAcknowledged || severity < .high
        #expect(try undone.store.alert(subject: "b", realm: .actual)?.alert.acknowledged == !asks)
    }

    @Test("two messages that took each other's place: what is taken back asks again")
    func circle() throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        let first = make.raised("b", .high, "\"replaces\":[\"a\"]")
        var second = make.raised("a", .high, "\"replaces\":[\"b\"]")
        second.time = first.time
        try disk.ingest([LawWalk.bound, first, second])
        let ack = make.acknowledged("b", .high)
        try disk.ingest([ack, make.acknowledged("a", .high)])
        #expect(try ["a", "b"].allSatisfy { try alert($0, disk).acknowledged })
        let fact = ActUndone(act: ack.id, type: ack.type, seen: nil)
        try disk.ingest(
            make.event(.actUndone, "b", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: ack.actor))
        #expect(try ["a", "b"].contains { try !alert($0, disk).acknowledged })
    }

    /// Two answers of one person, of which the second took the place of the first.
    enum Twice: String, CaseIterable {
        case verdicts, acknowledgements, verdictAndClose

        /// What comes before both, the first, what comes between them, and the second.
        func events(_ make: inout EventMaker) -> [[Event]] {
            let times = (0..<4).map { EventMaker.noon.adding(seconds: Double($0) * 7) }
            func at<Value>(_ index: Int, _ body: (inout EventMaker) -> Value) -> Value {
                make.time = times[index]
                return body(&make)
            }
            func assessed(_ verdict: String) -> (inout EventMaker) -> Event {
                let seen = "\"occurrence\":1,\"severity\":\"critical\","
                let data = "{\(seen)\"verdict\":\"\(verdict)\",\"disposition\":\"duplicate\"}"
                return { make in make.event(.alertAssessed, "a", data, by: "op1") }
            }
            let raised = at(0) { make in make.raised("a", self == .acknowledgements ? .low : .critical) }
            let acknowledged = at(1) { make in make.acknowledged("a") }
            switch self {
            case .verdicts: return [[raised], [at(1, assessed("confirmed"))], [], [at(3, assessed("rejected"))]]
            case .acknowledgements:
                let rise = at(2) { make in make.raised("a", .high) }
                return [[raised], [acknowledged], [rise], [at(3) { make in make.acknowledged("a", occurrence: 2) }]]
            case .verdictAndClose:
                let first = at(2, assessed("confirmed"))
                return [[raised, acknowledged], [first], [], [at(3) { make in make.closed("a") }]]
            }
        }
    }

    @Test(
        "an answer that was replaced is taken back after the alarm came anew: the figures count what replaced it, once",
        arguments: Twice.allCases)
    func replacedFigures(_ twice: Twice) throws {
        let (undone, never) = (try TemporaryStore(), try TemporaryStore())
        var make = EventMaker(source: AlarmStates.source)
        let parts = twice.events(&make)
        let first = try #require(parts[1].first)
        let anew = [make.cleared("a"), make.raised("a", .critical)]
        let fact = ActUndone(act: first.id, type: first.type, seen: nil)
        let undo = make.event(
            .actUndone, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: first.actor)
        let outcomes = try ingest(parts.flatMap { $0 } + anew + [undo], undone.store)
        #expect(outcomes.last?.isApplied == true)
        _ = try ingest(parts[0] + parts[2] + parts[3] + anew, never.store)
        let end = make.time.adding(seconds: 60)
        func figures(_ store: Store) throws -> AlarmMetrics {
            try store.metrics(.actual, from: EventMaker.noon.adding(seconds: -60), now: end)
        }
        let (left, right) = (try figures(undone.store), try figures(never.store))
        for figure in [\AlarmMetrics.acknowledged, \.assessed] {
            #expect(left[keyPath: figure].mapValues(\.count) == right[keyPath: figure].mapValues(\.count))
        }
        #expect(left.verdicts == right.verdicts)
        let counts = (right.acknowledged.values.map(\.count), right.assessed.values.map(\.count))
        #expect(counts.0 + counts.1 == [1] || twice == .verdictAndClose && counts == ([1], [1]))
    }

    private func alert(_ subject: String, _ disk: TemporaryStore) throws -> Alert {
        try #require(try disk.store.alert(subject: subject, realm: .actual)?.alert)
    }

    @Test("what was acknowledged after it fell goes on as bad as it was, once that is taken back")
    func lowered() throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        let ack = make.acknowledged("a", .critical)
        let fact = ActUndone(act: ack.id, type: ack.type, seen: nil)
        let first = make.raised("a", .critical)
        try disk.ingest([LawWalk.bound, first, ack, make.cleared("a"), make.raised("a", .info)])
        try disk.ingest(make.raised("b", .info, "\"replaces\":[\"a\"]"))
        try disk.ingest(
            make.event(.actUndone, "a", String(decoding: JSONWriter.bytes(fact.write), as: UTF8.self), by: ack.actor))
        let asking = try ["a", "b"].compactMap { try disk.store.alert(subject: $0, realm: .actual)?.alert }.filter {
            !$0.acknowledged
        }
        #expect(asking.map(\.latchedSeverity).max() == .critical)
    }

    @discardableResult
    private static func fold(_ event: Event, into alert: inout Alert?) throws -> Outcome {
        let word = Alert.Word(
            id: event.id, source: event.source, actor: event.actor, time: event.happened, now: event.happened)
        let fact = try Fact(of: event)
        if case .alertRaised(let raised) = fact {
            if let outcome = alert?.raise(raised, word) { return outcome }
            alert = Alert(subject: "a", raised: raised, word)
            return .applied
        }
        guard alert != nil, var there = alert else { return .unchanged(.unknownSubject) }
        defer { alert = there }
        return Alert.fold(fact, into: &there, word)
    }
}

extension Admission {
    fileprivate var isApplied: Bool {
        guard case .accepted(_, .applied) = self else { return false }
        return true
    }
}
