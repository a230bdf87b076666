import ControlRoom
import Standards
import TestSupport
import Testing

@testable import Store

@Suite("What has served its time")
struct TrimTests {
    private static func trim(
        _ through: Int64, recorded: Timestamp = EventMaker.noon, beginsBehind: Bool = true
    ) -> Event {
        let fact = LogTrimmed(
            through: through, head: "h\(through)", recorded: recorded, beginsBehind: beginsBehind)
        return Event(
            id: "trimmed/\(through)", source: "urn:impetus:feed", type: .logTrimmed, subject: "log",
            time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
    }

    @Test(
        "is forgotten at a place of the log, as a slow fold forgets it, whenever its events leave the file",
        arguments: 1...25)
    func equalsReference(seed: UInt64) throws {
        let disk = try TemporaryStore()
        let swept = try TemporaryStore()
        var (history, reference) = (RandomHistory(seed: seed), ReferenceFold())
        var times: [Timestamp] = []
        for round in 1...60 {
            var events = history.batch()
            if round % 5 == 0 {
                let through = 1 + Int64(history.pick(times.count))
                // Some of an older version.
                let isOld = seed % 3 == 0 && history.pick(2) == 0
                events.append(
                    TrimTests.trim(through, recorded: times[Int(through) - 1], beginsBehind: !isOld))
            }
            times += events.map { _ in history.now }
            for store in [disk, swept] { try store.ingest(events, at: history.now) }
            if history.pick(3) == 0 { try swept.settle() }
            for event in events { try reference.fold(event, now: history.now) }
            history.start = reference.start
            guard round % 6 == 0 else { continue }
            let checks = ProjectionTests()
            try checks.compare(disk.store, reference, now: history.now)
            try checks.compare(swept.store, reference, now: history.now)
        }
        try disk.settle()
        try swept.settle()
        let base = try disk.store.base().sequence
        #expect(try disk.store.read(after: base, limit: 10_000) == swept.store.read(after: base, limit: 10_000))
        for store in [disk.store, swept.store] { #expect(try store.integrityProblems().isEmpty) }
        let left = try disk.store.read(after: 0, limit: 10_000).count { $0.sequence ?? 0 <= base }
        #expect(base > 0 && left < base)
    }

    @Test("what goes on or was set aside stays, whatever its age, with what its detail shows")
    func stays() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let until = EventMaker.noon.adding(seconds: 9_000)
        try disk.ingest([
            make.raised("active"), make.raised("shelved"), make.shelved("shelved", until: until),
            make.cleared("shelved"),
            make.raised("latched", .high, "\"latching\":true"), make.cleared("latched"), make.raised("over"),
            make.raised("active"), make.acknowledged("active", occurrence: 2), make.cleared("over"),
            make.acknowledged("over"), make.raised("unseen"), make.cleared("unseen"), make.raised("last"),
        ])
        try disk.ingest(TrimTests.trim(14))
        try disk.settle()
        for subject in ["active", "shelved", "latched", "unseen", "last"] {
            #expect(try disk.state(subject) != nil, "\(subject)")
        }
        #expect(try disk.state("over") == nil)
        let row = try #require(try disk.store.alert(subject: "active", realm: .actual)).row
        // From when it was raised last on.
        #expect(try disk.store.detail(row: row)?.timeline.map(\.type) == [.alertRaised, .alertAcknowledged])
        // The detail says why there is nothing before.
        let removed = try ["active", "latched", "unseen", "last"].map { subject in
            let row = try #require(try disk.store.alert(subject: subject, realm: .actual)).row
            return try disk.store.detail(row: row)?.isPastRetention
        }
        #expect(removed == [true, true, true, false])
        #expect(try disk.store.read(after: 0, limit: 99).compactMap(\.sequence) == [2, 3, 4, 8, 9, 14, 15])
        // What nobody has seen or reset waits on; what its events said beyond its row has served its time.
        #expect(try disk.state("latched") == .latchedUnacknowledged && disk.store.waitingBeyondRetention().latched == 1)
        #expect(try disk.state("unseen") == .rtnUnacknowledged && disk.store.waitingBeyondRetention().unseen == 1)
    }

    @Test("of an exercise that has ended goes what nobody acknowledged, and not what goes on or waits for a reset")
    func endedExercise() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let realm = Realm.exercise("x")
        var events = [
            make.raised("unseen"), make.cleared("unseen"), make.raised("active"),
            make.raised("latched", .high, "\"latching\":true"), make.cleared("latched"), make.raised("last"),
        ]
        events.insert(make.event(.exerciseStarted, "exercise/x", "{}"), at: 0)
        events.append(make.event(.exerciseEnded, "exercise/x", "{}"))
        for index in events.indices { events[index].exercise = "x" }
        try disk.ingest(events)
        try disk.ingest(TrimTests.trim(Int64(events.count)))
        let left = try ["unseen", "active", "latched"].map { try disk.store.alert(subject: $0, realm: realm) != nil }
        #expect(left == [false, true, true])
    }

    @Test("what people wrote to acts ends with them, also beside an alert that nobody has acknowledged")
    func notes() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let seen = #""occurrence":1,"severity":"critical","reason":"other","note":"MARKER""#
        let until = EventMaker.noon.adding(seconds: 9_000).rfc3339
        try disk.ingest([
            make.raised("unseen", .critical),
            make.event(.alertShelved, "unseen", "{\(seen),\"until\":\"\(until)\"}", by: "op1"),
            make.event(.alertUnshelved, "unseen", "{}", by: "op1"),
            make.event(.alertRemovedFromService, "unseen", "{\(seen)}", by: "op1"),
            make.event(.alertReturnedToService, "unseen", "{}", by: "op1"), make.cleared("unseen"),
            make.raised("last"),
        ])
        #expect(try marked(disk) == [true, true])
        try disk.ingest(TrimTests.trim(7, recorded: make.time))
        try disk.settle()
        #expect(try disk.state("unseen") == .rtnUnacknowledged)
        #expect(try marked(disk) == [false, false])
    }

    /// Whether what people wrote stands in rows of alerts, and in events.
    private func marked(_ disk: TemporaryStore) throws -> [Bool] {
        let rows = try disk.store.read { reader in
            try reader.statements("SELECT coalesce(undoables, '') || coalesce(acts, '') FROM alerts").all { $0.text(0) }
        }
        let events = try disk.store.read(after: 0, limit: 99).map { String(decoding: $0.data.bytes, as: UTF8.self) }
        return [rows, events].map { texts in texts.contains { $0.contains("MARKER") } }
    }

    @Test("an event of it that comes once more is known; an alarm of its name is another, annunciated once")
    func again() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let (raise, clear) = (make.raised("a"), make.cleared("a"))
        try disk.ingest([raise, raise, make.acknowledged("a"), clear, make.raised("b")])
        try disk.ingest(TrimTests.trim(3))
        for isSwept in [false, true] {
            if isSwept { try disk.settle() }
            #expect(try disk.ingest([raise, clear]) == [.duplicate, .duplicate])
            #expect(try disk.state("a") == nil)
        }
        #expect(try disk.ingest(make.raised("a"))?.isAccepted == true)
        let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
        #expect(alert.timesAnnunciated == 1 && alert.occurrence == 4)
    }

    @Test("its text is found no more, and a row that takes its number is not taken for it")
    func text() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised("a", headline: "zebra"), make.acknowledged("a"), make.cleared("a"),
            make.raised("b", headline: "lion"),
        ])
        try disk.settle()
        try disk.ingest(TrimTests.trim(3))
        var query = AlertQuery(realm: .actual, filter: AlertFilter(show: .all))
        query.filter = try .reading("zebra")
        #expect(try disk.store.alerts(query, at: .start, limit: 9).lines.isEmpty)
        let before = try #require(try disk.store.alert(subject: "b", realm: .actual)).row
        try disk.ingest(make.raised("c", headline: "gnu"))
        #expect(try #require(try disk.store.alert(subject: "c", realm: .actual)).row > before)
    }

    @Test("a checklist goes with its alarm, and no act on it wakes it again")
    func checklists() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.playbook("p"), make.raised("a"), make.started("run/1", playbook: "p"), make.step("run/1", 1, "done"),
            make.acknowledged("a"), make.cleared("a"), make.started("run/2", playbook: "p"), make.raised("b"),
        ])
        try disk.ingest(TrimTests.trim(6))
        #expect(try disk.store.runs(.actual).map(\.id) == ["run/2"])
        try disk.ingest(make.step("run/1", 2, "done"))
        #expect(try disk.store.run("run/1") == nil && disk.store.runs(.actual).map(\.id) == ["run/2"])
        #expect(try disk.store.playbooks().map(\.id) == ["p"])
    }

    @Test("a trim of what was trimmed, or of what is yet to come, changes nothing")
    func inVain() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a"), make.cleared("a"), make.raised("b")])
        try disk.ingest(TrimTests.trim(99))
        #expect(try disk.state("a") != nil && disk.store.base() == .none)
        try disk.ingest(TrimTests.trim(2))
        try disk.ingest(TrimTests.trim(1))
        #expect(try disk.store.base().sequence == 2)
    }

    @Test("acts that are not settled do not keep it, and are told to be about nothing")
    func covered() throws {
        let folder = try TemporaryFolder()
        let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })
        let store = try Store(path: folder.file("store"), mirror: mirror) { "local" }
        var make = EventMaker()
        func ingest(_ events: [Event], from first: Int64) throws {
            var sequence = first - 1
            let sequenced = events.map { event in
                var event = event
                sequence += 1
                event.sequence = sequence
                return AdmittedEvent(fromLog: event)
            }
            _ = try store.ingest(
                mirrored: sequenced, to: Store.Cursor(logID: "hub", sequence: sequence, head: "h"))
        }
        try ingest([make.raised("a"), make.acknowledged("a"), make.cleared("a"), make.raised("b")], from: 1)
        let act = make.shelved("a", until: EventMaker.noon.adding(seconds: 600))
        try store.enqueue([(act.id, act.subject, CloudEventWriter.json(act))], now: EventMaker.noon)
        #expect(try store.alert(subject: "a", realm: .actual)?.alert.shelving != nil)
        try ingest([TrimTests.trim(3)], from: 5)
        #expect(try store.alert(subject: "a", realm: .actual) == nil && store.waitingCount() == 1)
        try ingest([act], from: 6)
        #expect(try store.settlement(of: act.id) == .refused("unknown-subject"))
        #expect(try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).total == 1)
    }

    @Test("the file does not grow with what came and went")
    func bounded() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        var (sizes, last, first): ([Int], Int64, Int) = ([], 0, 1)
        for _ in 0..<6 {
            let events = (0..<2_000).flatMap { _ in
                let subject = "camera/\(make.raised("x").id)"
                return [make.raised(subject), make.acknowledged(subject, occurrence: first), make.cleared(subject)]
            }
            try disk.ingest(events)
            try disk.ingest(TrimTests.trim(last + 6_000))
            first = Int(last) + 6_001
            last = try disk.store.lastSequence()
            try disk.settle()
            sizes.append(try disk.store.bytes())
        }
        // Names of 36,000 events stay.
        #expect(sizes[5] - sizes[1] < 24_000 * 60, "\(sizes)")
    }
}
