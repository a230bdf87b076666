import ControlRoom
import Store
import TestSupport
import Testing

/// Two sources that use one subject.
@Suite("A source speaks for itself alone")
struct SourceLawTests {
    private static let key = Alert.key(of: "a", from: Voice.otherSource, round: 0)

    private func alarm(_ store: Store, _ subject: String) throws -> Alert? {
        try store.alert(subject: subject, realm: .actual)?.alert
    }

    private func alarms(_ store: Store, of source: String) throws -> [Alert] {
        try store.allAlerts(afterRow: 0, limit: 1_000).map(\.line.alert).filter { $0.source == source }
    }

    @Test(
        "whatever another source says, once and again, an alarm stays as it is, in every state",
        arguments: AlarmStates.names)
    func unchanged(state: String) throws {
        let disk = try TemporaryStore()
        var states = AlarmStates()
        try disk.ingest([LawWalk.bound] + states.events(state, "a"))
        let sample = try #require(try alarm(disk.store, "a"))
        var count = 0
        for type in EventType.known where Voice.other.may(type) {
            for number in Saying.all(type, of: sample, logEnd: 0).indices {
                count += 1
                try check(type, number, state, "s\(count)", &states, disk)
            }
        }
        let faults = try disk.store.sourceFaults().filter { $0.kind == .foreign }
        #expect(faults.map(\.source) == [Voice.otherSource] && faults.first?.count ?? 0 >= 5)
    }

    @Test(
        "whatever is imported in the name of a machine's source, its alarm stays as it is, in every state",
        arguments: AlarmStates.names)
    func imported(state: String) throws {
        let disk = try TemporaryStore()
        var states = AlarmStates()
        try disk.ingest([LawWalk.bound] + states.events(state, "a"))
        let sample = try #require(try alarm(disk.store, "a"))
        var count = 0
        for type in [EventType.alertRaised, .alertCleared, .alertCancelled] {
            for number in Saying.all(type, of: sample, logEnd: 0).indices {
                count += 1
                let subject = "s\(count)"
                try disk.ingest(states.events(state, subject))
                let before = try #require(try alarm(disk.store, subject))
                let saying = Saying.all(type, of: before, logEnd: 0)[number]
                var event = saying.event(subject, by: .own)
                event.extensions[Event.importedExtension] = "true"
                try disk.ingest(event, at: Saying.now)
                #expect(try alarm(disk.store, subject) == before, "\(state): \(saying.name)")
            }
        }
        #expect(count >= 8)
    }

    @Test("what was imported of a source is cleared by what is imported of it")
    func importedAlone() throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        func imported(_ event: Event) -> Event {
            var event = event
            event.extensions[Event.importedExtension] = "true"
            return event
        }
        try disk.ingest([make.raised("a", headline: "Live"), imported(make.raised("a", headline: "Filed"))])
        let key = Alert.key(of: "a", from: imported(make.raised("a")).speaker, round: 0)
        #expect(try alarm(disk.store, key)?.headline == "Filed" && alarm(disk.store, "a")?.headline == "Live")
        try disk.ingest(imported(make.cleared("a")))
        #expect(try alarm(disk.store, key)?.active == false && alarm(disk.store, "a")?.active == true)
        try disk.ingest(make.cleared("a"))
        #expect(try alarm(disk.store, "a")?.active == false)
    }

    private func check(
        _ type: EventType, _ number: Int, _ state: String, _ subject: String, _ states: inout AlarmStates,
        _ disk: TemporaryStore
    ) throws {
        try disk.ingest(states.events(state, subject))
        let before = try #require(try alarm(disk.store, subject))
        let saying = Saying.all(type, of: before, logEnd: 0)[number]
        for round in 1...2 {
            var event = saying.event(subject, by: .other)
            event.id += "/\(round)"
            try disk.ingest(event, at: Saying.now)
            #expect(try alarm(disk.store, subject) == before, "\(state): \(saying.name)")
        }
    }

    @Test(
        "a raise under the subject of another source makes an alarm of its own, which waits",
        arguments: AlarmStates.names)
    func ownAlarm(state: String) throws {
        let disk = try TemporaryStore()
        var (states, other) = (AlarmStates(), EventMaker(source: Voice.otherSource))
        try disk.ingest([LawWalk.bound] + states.events(state, "a"))
        other.time = Saying.now
        try disk.ingest(other.raised("a", .low, headline: "Other"), at: Saying.now)
        let own = try #require(try alarm(disk.store, SourceLawTests.key))
        #expect(own.state(at: Saying.now) == .unacknowledged && own.severity == .low && own.headline == "Other")
        #expect(own.source == Voice.otherSource && own.occurrence == 1 && SourceLawTests.key != "a")
        #expect(try alarms(disk.store, of: Voice.otherSource).count == 1)
    }

    /// What both say: the first alarm goes on, that of the other is raised twice and over.
    private func history() -> [Event] {
        var (one, other) = (EventMaker(source: AlarmStates.source), EventMaker(source: Voice.otherSource))
        var events: [Event] = []
        func at(_ seconds: Double, _ event: (inout EventMaker) -> Event, _ make: inout EventMaker) {
            make.time = EventMaker.noon.adding(seconds: seconds)
            events.append(event(&make))
        }
        at(1, { $0.raised("a", .high) }, &one)
        at(2, { $0.raised("a", .low) }, &other)
        at(3, { $0.raised("a", .critical) }, &one)
        at(4, { $0.raised("a", .medium) }, &other)
        at(5, { $0.cleared("a") }, &other)
        return events
    }

    /// In batches that chance cuts; where it wants, the store is closed and opened between them.
    private func ingest(
        _ events: [Event], _ chance: inout SeededChance, path: String, _ check: (Store) throws -> Void
    ) throws {
        var (rest, isFirst) = (events[...], true)
        while !rest.isEmpty {
            let store = try Store(path: path) { "log" }
            defer { store.close() }
            repeat {
                let batch = rest.prefix(1 + Int(chance.next() % 3))
                rest = rest.dropFirst(batch.count)
                let head = isFirst ? [LawWalk.bound] : []
                isFirst = false
                let all = try (head + batch).map { try AdmittedEvent($0) }
                _ = try store.ingest(all, now: EventMaker.noon.adding(seconds: 10))
            } while !rest.isEmpty && chance.next() % 2 == 0
            if rest.isEmpty { try check(store) }
        }
    }

    @Test("clears and repeats reach the alarm of their own source, in whatever order both speak", arguments: 1...120)
    func anyOrder(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let folder = try TemporaryFolder()
        let events = history().shuffled(using: &chance)
        try ingest(events, &chance, path: folder.file("s")) { store in
            let (first, other) = (
                try alarms(store, of: AlarmStates.source), try alarms(store, of: Voice.otherSource)
            )
            #expect(first.count == 1 && other.count == 1)
            #expect(first.first?.state(at: Saying.now) == .unacknowledged && first.first?.severity == .critical)
            let order = events.map { "\($0.source.suffix(6)) \($0.type.shortName ?? "") \($0.time?.rfc3339 ?? "")" }
            #expect(other.first?.state(at: Saying.now) == .rtnUnacknowledged, "\(order)")
            #expect(other.first?.severity == .medium, "\(order)")
        }
    }

    @Test("a source that comes second keeps its alarm when the first was trimmed, and the first gets its key again")
    func trimmed() throws {
        let disk = try TemporaryStore()
        var (one, other) = (EventMaker(source: AlarmStates.source), EventMaker(source: Voice.otherSource))
        try disk.ingest([
            one.raised("a"), one.acknowledged("a"), one.cleared("a"), other.raised("a", .low), other.raised("last"),
        ])
        try disk.ingest(try trim(through: 3))
        #expect(try alarm(disk.store, "a") == nil && alarm(disk.store, SourceLawTests.key)?.occurrence == 1)
        let again = try disk.again()
        defer { again.close() }
        func ingest(_ event: Event) throws { _ = try again.ingest([try AdmittedEvent(event)], now: EventMaker.noon) }
        try ingest(other.raised("a", .high))
        #expect(try alarm(again, "a") == nil && alarm(again, SourceLawTests.key)?.occurrence == 2)
        try ingest(one.raised("a"))
        #expect(try alarm(again, "a")?.source == AlarmStates.source)
        try ingest(other.cleared("a"))
        #expect(try alarm(again, "a")?.active == true && alarm(again, SourceLawTests.key)?.active == false)
        try ingest(one.cleared("a"))
        #expect(try alarm(again, "a")?.active == false)
    }

    private func trim(through sequence: Int64) throws -> Event {
        let fact = LogTrimmed(through: sequence, head: "00", recorded: EventMaker.noon)
        return Event(
            id: "trimmed/\(sequence)", source: Event.feedSource, type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    @Test("copies of two sources of another tenant are two alarms, and each is withdrawn for itself")
    func shared() throws {
        let disk = try TemporaryStore()
        let subject = "police//a"
        var copies = ["one", "two"].map { EventMaker(source: "urn:impetus:hub:shared:\($0)") }
        func copy(_ event: Event) -> Event {
            var copy = event
            copy.extensions[Event.agreementExtension] = "agreement"
            return copy
        }
        try disk.ingest([copy(copies[0].raised(subject, .high)), copy(copies[1].raised(subject, .low))])
        let key = Alert.key(of: subject, from: copies[1].source, round: 0)
        #expect(try disk.state(subject) == .unacknowledged && disk.state(key) == .unacknowledged)
        let first = try #require(try alarm(disk.store, subject))
        try disk.ingest([
            copy(copies[1].raised("police//b", .info, "\"replaces\":[\"\(subject)\"]")),
            copy(copies[1].raised(subject, .critical)), copy(copies[1].cleared(subject)),
            copy(copies[1].event(.alertWithdrawn, subject, "{\"reason\":\"over\"}")),
        ])
        #expect(try alarm(disk.store, subject) == first)
        try disk.ingest(copy(copies[0].event(.alertWithdrawn, subject, "{\"reason\":\"over\"}")))
        #expect(try disk.state(subject) == .rtnUnacknowledged && alarm(disk.store, subject)?.severity == .high)
    }

    @Test("a message names sixty-four others at most, and what it names beyond is counted", arguments: [false, true])
    func references(isCancel: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker(source: AlarmStates.source)
        let named = (0..<70).map { "m\($0)" }
        try disk.ingest(named.map { make.raised($0) })
        let list = "[" + named.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        try disk.ingest(
            isCancel
                ? make.event(
                    .alertCancelled, "x",
                    "{\"tool\":\"CAP\",\"kind\":\"k\",\"severity\":\"info\",\"headline\":\"h\",\"cancels\":\(list)}")
                : make.raised("x", .high, "\"replaces\":\(list)"))
        let active = try named.filter { try alarm(disk.store, $0)?.active == true }
        #expect(active == Array(named.suffix(70 - Alert.mostReferences)) && Alert.mostReferences == 64)
        let faults = try disk.store.sourceFaults()
        #expect(faults.map(\.kind) == [.tooManyReferences] && faults.map(\.count) == [6])
        #expect(faults.map(\.source) == [AlarmStates.source] && faults.map(\.last) == [EventMaker.noon])
    }

    @Test("each alarm of another source that a message names is counted, and none of it ends")
    func foreignReferences() throws {
        let disk = try TemporaryStore()
        var (one, other) = (EventMaker(source: AlarmStates.source), EventMaker(source: Voice.otherSource))
        try disk.ingest([one.raised("a"), one.raised("b"), other.raised("x", .info, "\"replaces\":[\"a\",\"b\"]")])
        #expect(try disk.state("a") == .unacknowledged && disk.state("b") == .unacknowledged)
        try disk.ingest(other.cleared("a"))
        #expect(try disk.store.sourceFaults().map(\.count) == [3])
    }
}
