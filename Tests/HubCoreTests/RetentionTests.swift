import ControlRoom
import Feed
import HubCore
import Standards
import Store
import TestSupport
import Testing
import Trust

@Suite("How long is kept what has ended")
struct RetentionTests {
    private var make = EventMaker()

    private static let day = 86_400.0

    /// Alarms that were raised, acknowledged and cleared: they need nobody.
    ///
    /// - Parameter key: of whoever acknowledges; nil where nobody signs.
    private mutating func events(_ count: Int, prefix: String, signedBy key: SigningKey? = nil) throws -> [Event] {
        try (0..<count).flatMap { number in
            let name = "\(prefix)\(number)"
            let raise = make.raised(name)
            var ack = make.acknowledged(name)
            (ack.source, ack.tenant) = ("urn:impetus:console", "police")
            try key?.sign(&ack)
            return [raise, ack, make.cleared(name)]
        }
    }

    @Test("a hub trims what is older, and whoever follows has the same and can check the rest of the chain")
    mutating func hub() throws {
        let bench = try CentralBench()
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        try bench.say(.retentionSet, RetentionSet(tenant: "police", days: 2).write)
        let (key, _) = try bench.enrol("op1", .operator, of: "police")
        _ = bench.submit(try events(5, prefix: "old", signedBy: key) + [make.raised("goes on")], from: camera)
        try bench.rest()
        bench.clock.advance(3 * RetentionTests.day)
        _ = bench.submit(try events(2, prefix: "new", signedBy: key), from: camera)
        try bench.rest()
        let view = try #require(try bench.view("police"))
        let base = try view.base()
        #expect(try view.alert(subject: "old3", realm: .actual) == nil)
        #expect(
            try view.alert(subject: "goes on", realm: .actual) != nil
                && view.alert(subject: "new0", realm: .actual) != nil)
        #expect(base.recorded < bench.clock.now.adding(seconds: -2 * RetentionTests.day) && base.sequence > 10)
        #expect(
            try view.read(after: 0, limit: 99).count { $0.sequence ?? 0 <= base.sequence && $0.type == .alertCleared }
                == 0)
        // Of the other tenant nothing was said.
        #expect(try #require(try bench.view("fire")).base().sequence == 0)
        let folder = try TemporaryFolder()
        let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })
        let console = try Store(path: folder.file("console"), mirror: mirror) { "c" }
        var verifier = LogVerifier(
            knownMembers: KnownMembers(authority: bench.authority.certificate), from: .start(of: "police-log"))
        for event in try bench.log("police") {
            let next = verifier.take(event)
            let taken = try #require(next)
            #expect(taken.finding == nil)
            let cursor = Store.Cursor(
                logID: "police-log", sequence: verifier.chain.sequence, head: verifier.chain.head)
            _ = try console.ingest(mirrored: [taken.event], to: cursor)
        }
        #expect(try console.base() == base && console.cursor()?.head == view.cursor()?.head)
        while try console.backgroundStep() {}
        var walk = LogWalk(
            KnownMembers(authority: bench.authority.certificate, known: try console.identities()),
            from: .base(base, of: "police-log"))
        let isWhole = try console.places(after: base.sequence, limit: 1_000).allSatisfy { walk.take($0) }
        #expect(isWhole)
        #expect(try walk.report.findings.isEmpty && walk.chain.head == console.cursor()?.head)
    }

    @Test("a trim that no hub signed has no effect")
    func forged() throws {
        let bench = try CentralBench()
        let fact = LogTrimmed(through: 1, head: "h", recorded: EventMaker.noon)
        var event = Event(
            id: "trimmed/1", source: "urn:impetus:feed", type: .logTrimmed, subject: "log", time: EventMaker.noon,
            data: .json(JSONWriter.bytes(fact.write)))
        event.sequence = 1
        var verifier = LogVerifier(
            knownMembers: KnownMembers(authority: bench.authority.certificate), from: .start(of: "l"))
        let next = verifier.take(event)
        let taken = try #require(next)
        #expect(taken.finding == .notTheHubs(sequence: 1) && taken.event.fact == .unknown)
    }

    @Test("a store of its own trims as its owner said, in portions, and keeps everything where the owner said nothing")
    mutating func embedded() throws {
        let bench = try Bench()
        let early = try events(2_000, prefix: "old")
        try bench.disk.ingest(early, at: bench.clock.now)
        bench.clock.advance(40 * RetentionTests.day)
        try bench.disk.ingest(try events(2, prefix: "new"), at: bench.clock.now)
        try bench.rest()
        #expect(try bench.disk.store.base().sequence == 0)
        try bench.disk.store.setRetention(days: 30)
        for _ in 0..<3 {
            bench.clock.advance(3_601)
            try bench.rest()
        }
        #expect(try bench.disk.store.base().sequence == 6_000)
        #expect(try bench.disk.store.totals(.actual, now: bench.clock.now, midnight: bench.clock.now).total == 2)
        #expect(try bench.log().count { $0.type == .logTrimmed } == 2)
        // What was trimmed is not asked for again.
        bench.clock.advance(3_601)
        try bench.rest()
        #expect(try bench.log().count { $0.type == .logTrimmed } == 2)
    }

    @Test("a store that was trimmed and damaged is rebuilt as it was")
    mutating func rebuilt() throws {
        let disk = try TemporaryStore()
        try disk.ingest([make.city("c", set: "s"), make.district("d", set: "s", south: 45, west: 11)])
        try disk.ingest(try events(10, prefix: "old") + [make.raised("goes on")])
        let trim = LogTrimmed(through: 12, head: "h", recorded: EventMaker.noon)
        try disk.ingest(
            Event(
                id: "t", source: "urn:impetus:feed", type: .logTrimmed, subject: "log", time: EventMaker.noon,
                data: .json(JSONWriter.bytes(trim.write))))
        try disk.settle()
        let before = try disk.store.read(after: 0, limit: 99)
        disk.store.close()
        Recovery.markDamaged(disk.path)
        let (store, report) = try Recovery.open(path: disk.path, now: EventMaker.noon, makeLogID: { "log-2" })
        #expect(report?.gaps == 0)
        #expect(try store.read(after: 0, limit: 99) == before)
        #expect(try store.base().sequence == 12 && store.city()?.id == "c")
        #expect(try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).total == 8)
    }
}
