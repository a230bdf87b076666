import ControlRoom
import Feed
import Foundation
import HubCore
import SQLiteLog
import Store
import TestSupport
import Testing
import Trust

/// After an upgrade that folds otherwise: the rows that an older version made are in the view, the first mornings of the log in files.
@Suite("A hub's view that another version folded, of a log whose beginning is archived")
struct RefoldFromArchiveTests {
    private let city: ArchivedCity
    private let first: String
    private let second: String
    private let path: String
    /// As this version folds the log.
    private let right: [String]

    init() throws {
        city = try ArchivedCity()
        first = try city.archive("1.segment")
        second = try city.archive("2.segment")
        let view = try #require(try city.bench.view("police"))
        path = view.path
        while try view.backgroundStep() {}
        view.close()
        right = try StoreDump.lines(path)
        try OldFold.mark(path)
    }

    /// What lies in the folder.
    private var archive: LogArchive.Finder {
        let (log, folder) = (city.log, city.bench.folder.path)
        return {
            guard let archived = try log.archived() else { return nil }
            let logID = try log.logID
            let found = try LogSegment.all(in: folder, of: logID)
            return LogArchive(
                end: Store.Cursor(logID: logID, sequence: archived.sequence, head: archived.head),
                files: found.segments, unreadable: found.unreadable)
        }
    }

    /// As a hub does that starts.
    ///
    /// - Returns: why the view was not folded anew; nil where it was.
    private func start(_ archive: LogArchive.Finder?) throws -> String? {
        let bench = city.bench
        let view = try Store(path: path, mirror: Store.Mirror(decode: { try CentralBench.wire.decode($0) })) { "v" }
        defer { view.close() }
        let feed = TenantFeed(
            tenant: "police", log: city.log, view: view, authority: bench.authority.certificate, key: bench.key,
            hub: "hub", wire: try bench.wire("police"), isOld: false, archive: archive, wake: {})
        // A refused step would be tried again for ever.
        for _ in 0..<1_000 {
            let isMore = try feed.step(register: bench.central.register, now: bench.clock.now)
            guard isMore else { break }
        }
        #expect(feed.trouble(at: bench.clock.now) == nil)
        return feed.refoldFailure
    }

    private func alerts() throws -> [String] { try StoreDump.lines(path).filter { $0.hasPrefix("alerts ") } }

    @Test("is folded anew from the archives and the log, as one, and is as this version folds it")
    func whole() throws {
        #expect(try StoreDump.lines(path) != right)
        #expect(try Store.foldNote(path: path)?.contains("until the hub folds them anew") == true)
        #expect(try start(archive) == nil)
        #expect(try StoreDump.lines(path) == right)
        #expect(try Store.foldNote(path: path) == nil && Store.foldedBy(path: path) == Store.foldVersion)
        // What was archived stays where it is.
        #expect(try city.log.firstSequence() > 20)
    }

    @Test(
        "stays as it was folded where an archive is missing, and says which entries; it is folded anew when it is back")
    func missing() throws {
        let old = try alerts()
        let away = second + ".away"
        let found = try LogSegment(path: second)
        try FileManager.default.moveItem(atPath: second, toPath: away)
        let fault = ArchiveFault.missing(after: found.first - 1, until: found.last)
        #expect(try start(archive) == "\(fault)")
        #expect(try alerts() == old)
        let note = try #require(try Store.foldNote(path: path))
        #expect(note.contains("could not be folded anew: no archive here goes on behind entry \(found.first - 1)"))
        try FileManager.default.moveItem(atPath: away, toPath: second)
        #expect(try start(archive) == nil)
        #expect(try StoreDump.lines(path) == right && Store.foldNote(path: path) == nil)
    }

    @Test("stays so as well where nobody knows of an archive")
    func none() throws {
        let end = try city.start().sequence
        #expect(try start(nil) == "\(ArchiveFault.missing(after: 0, until: end))")
        #expect(try start { nil } == "\(ArchiveFault.missing(after: 0, until: end))")
    }

    /// All but entries behind the end that the archive names, which nobody reads.
    static let damages = ArchiveTests.damages.filter { !$0.contains("+ 5000") }

    @Test("stays so where an archive was emptied, halved or altered", arguments: damages)
    func damaged(_ sql: String) throws {
        let old = try alerts()
        try city.alter(first, sql)
        let given = try start(archive)
        let reason = try #require(given)
        #expect(reason.contains("1.segment") || reason.contains("no archive here goes on behind entry"), "\(reason)")
        #expect(try alerts() == old && Store.foldedBy(path: path) != Store.foldVersion)
        #expect(!FileManager.default.fileExists(atPath: path + ".refold"))
    }

    @Test("names a file that is no archive any more")
    func unreadable() throws {
        try "x".write(toFile: first, atomically: true, encoding: .utf8)
        let fault = ArchiveFault.incomplete(path: first, reason: "it is no archive that can be read")
        #expect(try start(archive) == "\(fault)")
    }
}
