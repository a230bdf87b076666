import ControlRoom
import Feed
import GRDB
import HubCore
import Store
import TestSupport
import Testing
import Trust

@Suite("Whether the log is the one that was seen")
struct LogHealthTests {
    private let bench: CentralBench
    private var make = EventMaker()

    init() throws { bench = try CentralBench() }

    private mutating func filled() throws -> TenantFeed {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        for number in 0..<40 { #expect(bench.submit([make.raised("a\(number)")], from: camera) == [.accepted]) }
        try bench.rest()
        return try #require(bench.central.feed(of: "police"))
    }

    /// As somebody does who gets at the file, or a cluster that heals wrongly.
    private func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: bench.folder.file("police.log"))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("all is well as long as nothing was changed")
    mutating func good() throws {
        let feed = try filled()
        for _ in 0..<50 { #expect(feed.compare(now: bench.clock.now) == .good) }
        let view = try #require(try bench.view("police")?.cursor())
        #expect(view.sequence == (try feed.log.lastSequence()))
    }

    @Test("an end that is lost is found, and nobody is served or posts any more")
    mutating func shorter() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        try damage("DELETE FROM entries WHERE sequence > \(last - 5)")
        guard case .altered(let what) = feed.compare(now: bench.clock.now) else {
            Issue.record("not found")
            return
        }
        #expect(what == "entry \(last) was seen and is gone; the log ends at \(last - 5)")
        #expect(feed.health.trouble(at: bench.clock.now) != nil)
        let (_, camera) = try bench.enrol("cam2", .sensor, of: "police")
        #expect(bench.submit([make.raised("later")], from: camera).isEmpty)
        // It stays so: what comes now would make the end look right again.
        #expect(feed.compare(now: bench.clock.now) != .good)
        let head = try feed.head()
        try bench.rest()
        #expect(try feed.head() == head)
    }

    private func loss(_ feed: TenantFeed) throws -> LogLoss {
        try LogLoss(
            of: LogLoss.Ground(
                feed.log, feed.wire, authority: bench.authority.certificate, start: .start(of: feed.log.logID),
                isMended: true), seenBy: feed.view)
    }

    @Test("what a log has lost is counted and named, up to twenty, and nothing that stands elsewhere in it")
    mutating func lost() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        let whole = try loss(feed)
        #expect(whole.count == 0 && whole.firstDifference == nil && whole.end == last && whole.seen == last)
        #expect(whole.head == (try feed.view.cursor()?.head))
        try damage("DELETE FROM entries WHERE sequence = \(last - 3)")
        try damage("UPDATE entries SET sequence = sequence - 1 WHERE sequence > \(last - 3)")
        let one = try loss(feed)
        #expect(one.firstDifference == last - 3 && one.count == 1 && one.end == last - 1 && one.head != whole.head)
        #expect(one.examples.map(\.sequence) == [last - 3])
        try damage("DELETE FROM entries WHERE sequence > \(last - 30)")
        let many = try loss(feed)
        #expect(many.firstDifference == last - 29 && many.count == 30 && many.examples.count == LogLoss.mostExamples)
    }

    @Test("where the hub's own introduction is ruined, it is said how much of the log nobody would believe")
    mutating func unbelieved() throws {
        let feed = try filled()
        #expect(try loss(feed).unbelieved == 0)
        try damage("UPDATE entries SET body = x'00' WHERE sequence = 1")
        let ruined = try loss(feed)
        #expect(ruined.firstDifference == 1 && ruined.count == 1 && ruined.unbelieved > 0)
    }

    @Test("what is missing is lost as well: with an empty entry in its place, or with all that stands before it")
    mutating func holes() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        try damage("DELETE FROM entries WHERE sequence = \(last - 9)")
        let mended = try loss(feed)
        #expect(mended.first == 1 && mended.firstDifference == last - 9 && mended.count == 1 && mended.end == last)
        let cut = try LogLoss(
            of: LogLoss.Ground(
                feed.log, feed.wire, authority: bench.authority.certificate, start: .start(of: feed.log.logID),
                isMended: false), seenBy: feed.view)
        #expect(cut.first == last - 8 && cut.end == last && cut.before == Int(last - 9))
    }

    @Test("entries that stand elsewhere than before are found at the end, one that was changed in the middle in time")
    mutating func other() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        try damage("UPDATE entries SET recorded = recorded + 1 WHERE sequence = \(last - 16)")
        let rounds = (0..<40).prefix { _ in feed.compare(now: bench.clock.now) == .good }
        // The first round went with the folding.
        #expect(rounds.count == 3)
        #expect(feed.health == .altered("entry \(last - 16) is another"))
    }

    @Test("one that was changed anywhere in a log to which nothing comes is found when each place was looked at once")
    mutating func anywhere() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        // No place that is a power of two before the end.
        try damage("UPDATE entries SET recorded = recorded + 1 WHERE sequence = \(last - 13)")
        for _ in 0..<last { feed.compare(now: bench.clock.now) }
        #expect(feed.health == .altered("entry \(last - 13) is another"))
    }

    @Test("an end that was lost and overtaken by others is not folded on, signed, or passed on to")
    mutating func overtaken() throws {
        let feed = try filled()
        let (last, head) = (try feed.log.lastSequence(), try feed.head())
        try damage("DELETE FROM entries WHERE sequence > \(last - 3)")
        let others = (0..<9).map { EventLogContract.entry("other\($0)") }
        _ = try feed.log.append(others, now: bench.clock.now)
        #expect(try feed.log.lastSequence() > last)
        bench.clock.advance(2)
        try bench.rest()
        #expect(try feed.head() == head)
        guard case .altered = feed.health else {
            Issue.record("not found")
            return
        }
        #expect(throws: Central.Undelivered.self) {
            try bench.central.deliver("police", [make.raised("copy")], now: bench.clock.now)
        }
    }

    @Test("that is found also where the log was looked at within the same second")
    mutating func overtakenAtOnce() throws {
        let feed = try filled()
        let (last, head) = (try feed.log.lastSequence(), try feed.head())
        #expect(feed.compare(now: bench.clock.now) == .good)
        try damage("DELETE FROM entries WHERE sequence > \(last - 3)")
        _ = try feed.log.append((0..<9).map { EventLogContract.entry("other\($0)") }, now: bench.clock.now)
        #expect(try !feed.step(register: bench.central.register, now: bench.clock.now))
        #expect(try feed.head() == head && feed.health == .altered("entry \(last) cannot be read any more"))
    }

    @Test("an end that is lost is found within the same second as well")
    mutating func shorterAtOnce() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        #expect(feed.compare(now: bench.clock.now) == .good)
        try damage("DELETE FROM entries WHERE sequence > \(last - 3)")
        #expect(try !feed.step(register: bench.central.register, now: bench.clock.now))
        #expect(feed.health == .altered("entry \(last) was seen and is gone; the log ends at \(last - 3)"))
    }

    @Test("nothing is folded on behind a hole")
    mutating func hole() throws {
        let feed = try filled()
        let (last, head) = (try feed.log.lastSequence(), try feed.head())
        _ = try feed.log.append((0..<5).map { EventLogContract.entry("n\($0)") }, now: bench.clock.now)
        try damage("DELETE FROM entries WHERE sequence = \(last + 1)")
        #expect(throws: (any Error).self) { try bench.rest() }
        #expect(try feed.head() == head)
    }

    @Test("a source that differs only in how it is composed keeps its bytes")
    mutating func composed() throws {
        let (_, camera) = try bench.enrol("cam", .sensor, of: "police")
        for source in ["urn:caf\u{E9}", "urn:cafe\u{301}"] {
            var event = make.raised("a" + source)
            event.source = source
            #expect(bench.submit([event], from: camera) == [.accepted])
        }
        try bench.rest()
        let feed = try #require(bench.central.feed(of: "police"))
        for _ in 0..<40 { #expect(feed.compare(now: bench.clock.now) == .good) }
        let kept = try #require(
            try bench.view("police")?.read(after: 0, limit: 100).filter { $0.source.hasPrefix("urn:caf") })
        #expect(
            kept.map { Array($0.source.utf8) } == [
                Array("urn:caf\u{E9}".utf8), Array("urn:cafe\u{301}".utf8),
            ])
    }

    @Test("one that cannot be read any more is no log that is away")
    mutating func unreadable() throws {
        let feed = try filled()
        let last = try feed.log.lastSequence()
        try damage("UPDATE entries SET body = x'00' WHERE sequence = \(last)")
        #expect(feed.compare(now: bench.clock.now) == .altered("entry \(last) cannot be read any more"))
    }

    @Test("a log that does not answer is waited for, then said to be away, and is well again when it answers")
    func away() throws {
        let now = EventMaker.noon
        let failing = LogHealth.good.failing("no majority", at: now)
        #expect(failing.trouble(at: now.adding(seconds: 5)) == nil)
        #expect(failing.failing("x", at: now.adding(seconds: 5)) == .unreachable(since: now, reason: "x"))
        #expect(failing.trouble(at: now.adding(seconds: 7))?.contains("no majority") == true)
        #expect(LogHealth.altered("x").failing("y", at: now) == .altered("x"))
    }
}
