import ControlRoom
import Feed
import Foundation
import HubCore
import SQLiteLog
import Store
import TestSupport
import Testing
import Trust

@Suite("What was archived of a log, and the log, are one chain")
struct ArchiveTests {
    private let city: ArchivedCity

    init() throws { city = try ArchivedCity() }

    @Test("archives and log are walked as one, from the first entry to the last")
    func whole() throws {
        let all = try city.log.read(after: 0, limit: 10_000)
        let before = try city.audit()
        #expect(before.findings.isEmpty && before.events == all.count && before.checkpoints >= 3)
        try city.archive("1.segment")
        try city.archive("2.segment")
        let start = try city.start()
        #expect(try city.segments().map(\.last).last == start.sequence && city.log.firstSequence() > 20)
        #expect(try city.audit(city.segments()) == before)
        let rest = try city.audit()
        #expect(rest.findings.isEmpty && rest.events == all.count - Int(start.sequence))
        // Among others, and in any order.
        #expect(try city.audit(city.segments().reversed() + city.segments()) == before)
    }

    static let damages = [
        "DELETE FROM entries",
        "DELETE FROM entries WHERE sequence > 9",
        "DELETE FROM entries WHERE sequence = 7",
        "DELETE FROM entries WHERE sequence = 1",
        "UPDATE entries SET sequence = 5000 WHERE sequence = 7",
        "INSERT INTO entries SELECT sequence + 5000, recorded, name, content, body, content_hash FROM entries WHERE sequence = 7",
        "UPDATE entries SET recorded = recorded + 1 WHERE sequence = 7",
        """
        UPDATE entries SET body = CAST(replace(CAST(body AS TEXT), 'Crowd', 'Cloud') AS BLOB)
        WHERE sequence = (SELECT max(sequence) FROM entries WHERE CAST(body AS TEXT) LIKE '%Crowd%')
        """,
        "UPDATE entries SET body = x'00' WHERE sequence = 7",
        "UPDATE segment SET value = CAST(CAST(value AS INTEGER) - 1 AS TEXT) WHERE key = 'last'",
        "UPDATE segment SET value = substr(value, 2) || '0' WHERE key = 'after'",
        "UPDATE segment SET value = substr(value, 2) || '0' WHERE key = 'before'",
        "UPDATE segment SET value = '2' WHERE key = 'first'",
    ]

    @Test(
        "an archive that was emptied, halved or altered is not whole, and nothing of it is put back", arguments: damages
    )
    func damaged(_ sql: String) throws {
        let file = try city.archive("1.segment")
        try city.archive("2.segment")
        let (rest, archived) = (try city.log.read(after: 0, limit: 10_000), try city.log.archived()?.sequence)
        try city.alter(file, sql)
        let report = try city.audit(city.segments())
        #expect(report.findings.count == 1)
        // The log itself is looked at all the same.
        #expect(report.events == rest.count)
        #expect(throws: ArchiveFault.self) { try city.putBack() }
        #expect(try city.log.read(after: 0, limit: 10_000) == rest && city.log.archived()?.sequence == archived)
    }

    @Test("an archive of which a file is gone, or is none any more, is not whole, and says from where on")
    func gone() throws {
        let first = try city.archive("1.segment")
        let between = try city.start().sequence
        let second = try city.archive("2.segment")
        let end = try city.start().sequence
        try FileManager.default.removeItem(atPath: second)
        #expect(
            try city.audit(city.segments()).findings == [
                "no archive here goes on behind entry \(between); entries \(between + 1) to \(end) are missing"
            ])
        #expect(throws: ArchiveFault.missing(after: between, until: end)) { try city.putBack() }
        try "x".write(toFile: first, atomically: true, encoding: .utf8)
        let found = try LogSegment.all(in: city.bench.folder.path, of: city.log.logID)
        #expect(found.segments.isEmpty && found.unreadable == [first])
        #expect(throws: ArchiveFault.missing(after: 0, until: end)) { try city.putBack() }
    }

    @Test("a forged archive beside the right one is passed over")
    func beside() throws {
        let file = try city.archive("1.segment")
        try FileManager.default.copyItem(atPath: file, toPath: city.bench.folder.file("0.segment"))
        try city.alter(city.bench.folder.file("0.segment"), ArchiveTests.damages[6])
        #expect(try city.segments().count == 2 && city.audit(city.segments()).findings.isEmpty)
        try city.putBack()
        #expect(try city.log.archived() == nil && city.audit().findings.isEmpty)
    }

    @Test(
        "what is put back is what was there; to put it back again does nothing; names and contents are those of the entries"
    )
    func putBack() throws {
        let all = try city.log.read(after: 0, limit: 10_000)
        let first = try city.archive("1.segment")
        try city.archive("2.segment")
        try city.alter(first, "UPDATE entries SET name = 'x' || sequence, content = 7")
        for _ in 0..<2 {
            try city.putBack()
            #expect(try city.log.archived() == nil && city.log.read(after: 0, limit: 10_000) == all)
        }
        #expect(try city.audit().findings.isEmpty)
        let known = all.map { CentralBench.wire.kept($0) }
        #expect(try city.log.append(known, now: city.bench.clock.now).allSatisfy { $0 == .duplicate })
        // It can be archived anew, elsewhere cut.
        try city.archive("again.segment", atLeast: 25)
        #expect(try city.audit(city.segments()).findings.isEmpty)
    }

    @Test("who is stopped on the way has put nothing back, and can begin again")
    func interrupted() throws {
        let all = try city.log.read(after: 0, limit: 10_000)
        try city.archive("1.segment")
        try city.archive("2.segment")
        let (end, rest) = (try city.start(), try city.log.read(after: 0, limit: 10_000))
        struct Stopped: Error {}
        #expect(throws: Stopped.self) {
            try city.log.putBack(city.segments()) { entry in
                if entry.sequence == end.sequence { throw Stopped() }
                return CentralBench.wire.kept(entry)
            }
        }
        #expect(try city.start() == end && city.log.read(after: 0, limit: 10_000) == rest)
        #expect(try city.log.append([EventLogContract.entry("n")], now: city.bench.clock.now).first != .duplicate)
        try city.putBack()
        #expect(try city.log.read(after: 0, limit: 10_000).dropLast() == all[...])
    }

    @Test("segments that do not follow on each other, or on the log, are not put back")
    func disorder() throws {
        try city.archive("1.segment")
        try city.archive("2.segment")
        let (segments, end) = (try city.segments(), try city.start())
        for wrong in [[segments[1], segments[0]], [segments[0]]] {
            #expect(throws: StoreError.self) { try city.log.putBack(wrong) { CentralBench.wire.kept($0) } }
        }
        #expect(try city.start() == end)
    }

    @Test("nothing leaves a log before its file was verified, and no file takes the place of another")
    func refused() throws {
        let all = try city.log.read(after: 0, limit: 10_000)
        let head = try city.start().head
        struct Unfit: Error {}
        let file = city.bench.folder.file("1.segment")
        #expect(throws: Unfit.self) {
            try city.log.archive(upTo: 5, before: head, after: head, into: file) { _ in throw Unfit() }
        }
        // A head that is not the chain's.
        #expect(throws: ArchiveFault.altered(path: "x", from: 1, to: 5)) {
            try city.log.archive(upTo: 5, before: head, after: head, into: file) { segment in
                do { try city.archives.check(segment) } catch ArchiveFault.altered(_, let first, let last) {
                    throw ArchiveFault.altered(path: "x", from: first, to: last)
                }
            }
        }
        #expect(!FileManager.default.fileExists(atPath: file))
        try "another's".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try city.archive("1.segment") }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "another's")
        #expect(try city.log.read(after: 0, limit: 10_000) == all && city.log.archived() == nil)
        let names = try FileManager.default.contentsOfDirectory(atPath: city.bench.folder.path)
        #expect(!names.contains { $0.contains("partial") })
    }

    @Test("a log behind which the hub's checkpoint names another head does not go on from its archive")
    func otherLog() throws {
        try city.archive("1.segment")
        let end = try city.start()
        #expect(throws: Never.self) { try city.archives.goesOn(city.log, behind: end, knownMembers: city.knownMembers) }
        let other = Store.Cursor(logID: end.logID, sequence: end.sequence, head: LogChain(logID: "other").head)
        #expect(throws: ArchiveFault.otherLog(at: end.sequence)) {
            try city.archives.goesOn(city.log, behind: other, knownMembers: city.knownMembers)
        }
        try city.alter(city.log.path, "DELETE FROM entries WHERE sequence = \(end.sequence + 1)")
        #expect(throws: ArchiveFault.otherLog(at: end.sequence)) {
            try city.archives.goesOn(city.log, behind: end, knownMembers: city.knownMembers)
        }
    }
}

@Suite("A log whose end was cut off")
struct CutLogTests {
    private let city: ArchivedCity

    init() throws { city = try ArchivedCity() }

    private func cut(_ count: Int64) throws -> Int64 {
        let last = try city.log.lastSequence() - count
        try city.alter(city.log.path, "DELETE FROM entries WHERE sequence > \(last)")
        return last
    }

    @Test("is not whole for who has seen more of it, archived or not")
    func seen() throws {
        let hub = try city.hub()
        #expect(try city.audit(seenBy: [hub]).findings.isEmpty)
        try city.archive("1.segment")
        let last = try cut(3)
        let words = "the log ends at entry \(last), and the hub has seen entry \(hub.sequence): its end was cut off"
        #expect(try city.audit(seenBy: [hub]).findings == [words])
        #expect(try city.audit(city.segments(), seenBy: [hub]).findings == [words])
        // By itself it looks whole.
        #expect(try city.audit(city.segments()).findings.isEmpty)
    }

    @Test("and was overtaken by others is another history for who has seen it")
    func overtaken() throws {
        let hub = try city.hub()
        _ = try cut(3)
        _ = try city.log.append(city.others(9), now: city.bench.clock.now)
        let words =
            "the hub has seen another history up to entry \(hub.sequence): entries were altered, removed or moved"
        #expect(try city.audit(seenBy: [hub]).findings.contains(words))
    }

    @Test("is known to its own index once names were poured into it")
    func index() throws {
        #expect(try city.log.lastNamed() == 0)
        try city.archive("1.segment")
        let named = try city.log.lastNamed()
        #expect(try named == city.log.lastSequence())
        let index = LogAudit.Witness(name: "the index", logID: try city.log.logID, sequence: named)
        #expect(try city.audit(seenBy: [index]).findings.isEmpty)
        _ = try cut(1)
        #expect(try city.audit(seenBy: [index]).findings.count == 1)
    }

    @Test(
        "is compared with what was seen of it alone: of what was archived, and of the log before it was restored, nothing is said"
    )
    func others() throws {
        let hub = try city.hub()
        try city.archive("1.segment")
        var early = hub
        (early.sequence, early.head) = (3, "00")
        #expect(try city.audit(seenBy: [early]).findings.isEmpty)
        #expect(try city.audit(city.segments(), seenBy: [early]).findings.count == 1)
        var restored = hub
        (restored.logID, restored.sequence) = (hub.logID + ".later", 9_999)
        #expect(try city.audit(seenBy: [restored]).findings.isEmpty)
        var other = hub
        other.logID = "another"
        #expect(try city.audit(seenBy: [other]).findings == ["the hub has seen another log, another"])
    }
}
