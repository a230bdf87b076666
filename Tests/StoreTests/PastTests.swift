import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("A list as it stood")
struct PastTests {
    @Test("is what a slow fold of the log up to then makes, whatever came after it", arguments: 1...25)
    func equalsReference(seed: UInt64) throws {
        let disk = try TemporaryStore()
        var history = RandomHistory(seed: seed, step: 120)
        var references: [(time: Timestamp, fold: ReferenceFold)] = []
        var reference = ReferenceFold()
        var times: [Timestamp] = []
        for round in 1...40 {
            var events = history.batch()
            // What a trim has forgotten by then is not there either.
            if seed % 3 == 0, round == 15 {
                let through = 1 + Int64(history.pick(times.count))
                let fact = LogTrimmed(through: through, head: "h", recorded: times[Int(through) - 1])
                events.append(
                    Event(
                        id: "trim", source: "urn:impetus:feed", type: .logTrimmed, subject: "log", time: history.now,
                        data: .json(JSONWriter.bytes(fact.write))))
            }
            times += events.map { _ in history.now }
            try disk.ingest(events, at: history.now)
            for event in events { try reference.fold(event, now: history.now) }
            history.start = reference.start
            if round >= 16, round % 4 == 0 { references.append((history.now, reference)) }
        }
        // As long as what a trim forgets has not left the file: of what goes on, its events before it do so too.
        for (index, (time, reference)) in references.enumerated() {
            var fold = reference
            fold.settled = time
            let past = try PastStore(
                of: disk.store, at: time, now: history.now, path: disk.folder.file("past-\(index)"))
            guard seed % 3 == 0 else {
                try ProjectionTests().compare(past.store, fold, now: time)
                past.store.close()
                continue
            }
            // Of messages that refer to what a trim has forgotten nobody knows in which order they did.
            for (line, realm) in try past.store.allAlerts(afterRow: 0, limit: 1_000)
            where line.alert.subject.hasPrefix("s") {
                #expect(fold.alerts[realm]?[line.alert.subject]?.asKept == line.alert)
            }
            past.store.close()
        }
    }

    @Test("has the detail and the log up to then, and its filters")
    func detail() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a", .low, headline: "Gas leak"), at: EventMaker.noon)
        try disk.ingest(make.raised("quiet", .low, headline: "Gas smell"), at: EventMaker.noon)
        // Of which nothing was heard since.
        try disk.ingest(make.raised("still", .low, headline: "Gas again"), at: EventMaker.noon)
        let then = EventMaker.noon.adding(seconds: 60)
        let later = then.adding(seconds: 60)
        make.time = later
        try disk.ingest(
            [make.raised("a", .critical, headline: "Gas explosion"), make.raised("b", headline: "Gas too")], at: later)
        try disk.ingest(make.acknowledged("quiet"), at: later)
        try disk.settle()
        let past = try PastStore(of: disk.store, at: then, now: later, path: disk.folder.file("past"))
        var query = AlertQuery(realm: .actual).at(then)
        try query.filter.read("gas", FilterVocabulary(now: then, zone: .utc))
        let lines = try past.store.alerts(query, at: .start, limit: 10).lines
        #expect(Set(lines.map(\.alert.headline)) == ["Gas leak", "Gas smell", "Gas again"])
        #expect(lines.allSatisfy { !$0.alert.acknowledged && $0.alert.severity == .low })
        let row = try #require(lines.first { $0.alert.subject == "a" }?.row)
        let detail = try #require(try past.detail(row: row, of: disk.store))
        #expect(detail.timeline.count == 1 && detail.line.alert.headline == "Gas leak")
        #expect(try past.log(.actual, limit: 10, of: disk.store).count == 3)
        #expect(try disk.store.recentLog(.actual, limit: 10).count == 6)
    }

    @Test("goes no further back than the log, and not forward")
    func bounds() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let later = EventMaker.noon.adding(seconds: 3_600)
        try disk.ingest([make.raised("a"), make.cleared("a"), make.acknowledged("a")])
        try disk.ingest([make.raised("b"), make.raised("c")], at: later)
        let fact = LogTrimmed(through: 3, head: "h", recorded: EventMaker.noon)
        try disk.ingest(
            Event(
                id: "trim", source: "urn:impetus:feed", type: .logTrimmed, subject: "log", time: later,
                data: .json(JSONWriter.bytes(fact.write))), at: later)
        #expect(throws: PastStore.Problem.before(later)) {
            try PastStore(
                of: disk.store, at: EventMaker.noon.adding(seconds: -5), now: later, path: disk.folder.file("p"))
        }
        #expect(throws: PastStore.Problem.future) {
            try PastStore(of: disk.store, at: later.adding(seconds: 1), now: later, path: disk.folder.file("q"))
        }
    }
}
