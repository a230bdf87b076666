import ControlRoom
import Feed
import GRDB
import HubCore
import SQLiteLog
import Store
import TestSupport
import Testing
import Trust

/// A tenant of a hub with a log of three mornings, of which the first two can be archived.
final class ArchivedCity {
    let bench: CentralBench
    let log: SQLiteLog
    let camera: Submitter
    private var make = EventMaker()
    /// What the camera raised.
    let subjects = ["a", "b", "c"].flatMap { morning in (0..<10).map { "\(morning)\($0)" } }

    init() throws {
        bench = try CentralBench(tenants: ["police"])
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        log = try #require(bench.central.feed(of: "police")?.log as? SQLiteLog)
        for morning in ["a", "b", "c"] {
            #expect(bench.submit((0..<10).map { make.raised("\(morning)\($0)") }, from: camera).count == 10)
            try settle()
        }
    }

    /// Until all is folded, and a checkpoint vouches for it.
    func settle() throws {
        for _ in 0..<3 {
            bench.clock.advance(3)
            try bench.rest()
        }
    }

    var knownMembers: KnownMembers {
        get throws {
            let knownMembers = KnownMembers(authority: bench.authority.certificate)
            knownMembers.learn(pem: try bench.central.certificate.pem())
            return knownMembers
        }
    }

    var archives: ArchiveChain { ArchiveChain(wire: CentralBench.wire) }

    func start() throws -> Store.Cursor {
        let archived = try log.archived()
        return try archived.map { Store.Cursor(logID: try log.logID, sequence: $0.sequence, head: $0.head) }
            ?? .start(of: log.logID)
    }

    /// Archives up to the first checkpointed place behind which there are as many entries at least.
    @discardableResult
    func archive(_ name: String, atLeast count: Int64 = 10) throws -> String {
        let start = try start()
        var walk = LogWalk(try knownMembers, from: start)
        for entry in try log.read(after: start.sequence, limit: 10_000) {
            let follows = walk.take(read: CentralBench.wire.admitted(entry))
            #expect(follows)
            if let end = walk.vouched, end.sequence >= start.sequence + count { break }
        }
        let end = try #require(walk.vouched)
        let file = bench.folder.file(name)
        try log.archive(upTo: end.sequence, before: start.head, after: end.head, into: file, verify: archives.check)
        return file
    }

    func segments() throws -> [LogSegment] { try LogSegment.all(in: bench.folder.path, of: log.logID).segments }

    func audit(_ archive: [LogSegment]? = nil, seenBy witnesses: [LogAudit.Witness] = []) throws -> LogWalk.Report {
        let audit = LogAudit(knownMembers: try knownMembers, wire: CentralBench.wire, witnesses: witnesses)
        return try archive.map { try audit.audit(log, from: start(), archive: $0) } ?? audit.audit(log, from: start())
    }

    /// As `impetus-hub unarchive` does it.
    func putBack() throws {
        let end = try start()
        let segments = try archives.proved(segments(), from: .start(of: end.logID), to: end)
        try log.putBack(segments) { CentralBench.wire.kept($0) }
    }

    /// As somebody does who gets at a file.
    func alter(_ file: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Entries that no hub has let in.
    func others(_ count: Int) -> [NewEntry] {
        (0..<count).map {
            let event = make.raised("other\($0)")
            return NewEntry(
                source: event.source, id: event.id, body: CentralBench.wire.encode(event),
                content: EventLogContract.content(1))
        }
    }

    /// What the hub has seen of its log.
    func hub() throws -> LogAudit.Witness {
        let seen = try #require(try bench.view("police")?.cursor())
        return LogAudit.Witness(name: "the hub", logID: seen.logID, sequence: seen.sequence, head: seen.head)
    }
}
