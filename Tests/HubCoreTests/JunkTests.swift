import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import TestSupport
import Testing
import Trust

@Suite("What is no event in a log")
struct JunkTests {
    private let city: ArchivedCity
    private var bench: CentralBench { city.bench }

    init() throws { city = try ArchivedCity() }

    private func feed() throws -> TenantFeed { try #require(bench.central.feed(of: "police")) }

    /// As somebody does who can write to a log past its hubs.
    ///
    /// - Returns: its place.
    @discardableResult
    private func put(_ body: [UInt8], _ id: String = "junk") throws -> Int64 {
        _ = try city.log.append(
            [NewEntry(source: "", id: id, body: body, content: .ofDataAlone(body))], now: bench.clock.now)
        return try city.log.lastSequence()
    }

    @discardableResult
    private func putAll() throws -> [JunkEntry] {
        for (number, kind) in JunkBytes.all.enumerated() { try put(kind.body, "junk-\(number)") }
        let entries = try city.log.read(after: 0, limit: 10_000).map { CentralBench.wire.admitted($0) }
        return entries.compactMap(\.junk)
    }

    private func raise(_ subject: String) {
        var make = EventMaker()
        var event = make.raised(subject)
        event.id = "behind " + subject
        #expect(bench.submit([event], from: city.camera) == [.accepted])
    }

    @Test("is passed over at its place, counted and named; what comes behind it is folded", arguments: JunkBytes.all)
    func passed(_ kind: JunkBytes.Kind) throws {
        _ = try feed().takeJunk()
        let place = try put(kind.body)
        raise("behind")
        try city.settle()
        let view = try feed().view
        #expect(try view.alert(subject: "behind", realm: .actual) != nil)
        #expect(try view.cursor()?.sequence == city.log.lastSequence())
        let junk = try #require(try view.junk(after: 0, limit: 10).first)
        #expect(junk.sequence == place && junk.bytes == kind.body.count)
        #expect("\(junk)" == "entry \(place) is no event: \(kind.body.count) bytes")
        let told = try feed().takeJunk()
        #expect(told.count == 1 && told.first == [junk])
        #expect(try feed().takeJunk().count == 0)
    }

    @Test("an event larger than any may be is passed over as well")
    func large() throws {
        try put(JunkBytes.tooLarge.body)
        raise("behind")
        try city.settle()
        #expect(try feed().view.junk(after: 0, limit: 10).map(\.bytes) == [JunkBytes.tooLarge.body.count])
        #expect(try feed().view.alert(subject: "behind", realm: .actual) != nil)
    }

    @Test("stands in the chain that the hub signs: one bit of it altered is found")
    func chained() throws {
        let place = try put(JunkBytes.all[0].body)
        try city.settle()
        let report = try city.audit(seenBy: [city.hub()])
        #expect(report.findings.isEmpty && report.junk == 1)
        #expect(report.junkNotes == ["entry \(place) is no event: 10 bytes"])
        try city.alter(city.log.path, "UPDATE entries SET body = x'01ff' WHERE sequence = \(place)")
        #expect(try city.audit(seenBy: [city.hub()]).findings.isEmpty == false)
        for _ in 0..<200 { try feed().compare(now: bench.clock.now) }
        #expect(try feed().health == .altered("entry \(place) cannot be read any more"))
    }

    @Test("is the same when the log is looked at again and again")
    func healthy() throws {
        try putAll()
        raise("behind")
        try city.settle()
        for _ in 0..<200 { #expect(try feed().compare(now: bench.clock.now) == .good) }
    }

    @Test("an event cannot be passed off as one, nor one as an event")
    func passedOff() throws {
        let entry = try #require(try city.log.entry(at: 3))
        let event = CentralBench.wire.admitted(entry)
        let junk = LogVerifier.read(JunkEntry(entry))
        #expect(event.junk == nil && event.digest != junk.digest)
        var (verifier, other) = (try reader(), try reader())
        for entry in try city.log.read(after: 0, limit: 10_000) {
            let read = CentralBench.wire.admitted(entry)
            if case .altered? = verifier.take(read: read)?.finding { Issue.record("the log is whole") }
            let lie = entry.sequence == 3 ? junk : read
            if case .altered? = other.take(read: lie)?.finding { return }
        }
        Issue.record("the reader believed that event 3 is none")
    }

    private func reader() throws -> LogVerifier {
        LogVerifier(knownMembers: try city.knownMembers, from: .start(of: try city.log.logID))
    }

    @Test("a reader takes it from what the hub sends, and has the hub's chain and places")
    func followed() throws {
        let junk = try putAll()
        raise("behind")
        try city.settle()
        var verifier = try reader()
        for entry in try city.log.read(after: 0, limit: 10_000) {
            let read: AdmittedEvent
            switch CentralBench.wire.travelling(entry) {
            case .event(let bytes): read = LogVerifier.read(try CentralBench.wire.decode(bytes))
            case .junk(let sent): read = LogVerifier.read(try JunkEntry(json: sent.json))
            }
            let taken = verifier.take(read: read)
            #expect(taken != nil && taken?.finding == nil)
        }
        #expect(verifier.chain.head == (try feed().head()?.head))
        #expect(try feed().view.junk(after: 0, limit: 100) == junk && junk.count == JunkBytes.all.count)
    }

    @Test("is archived, proved and put back with the rest")
    func archived() throws {
        let junk = try putAll()
        for morning in ["x", "y", "z"] {
            raise(morning)
            try city.settle()
        }
        let all = try city.log.read(after: 0, limit: 10_000)
        let last = try #require(junk.last?.sequence)
        try city.archive("1.segment", atLeast: last)
        #expect(try city.start().sequence >= last)
        let report = try city.audit(city.segments(), seenBy: [city.hub()])
        #expect(report.findings.isEmpty && report.junk == junk.count)
        try city.putBack()
        #expect(try city.log.read(after: 0, limit: 10_000) == all)
        #expect(try city.audit(seenBy: [city.hub()]).findings.isEmpty)
    }

    @Test("comes with a snapshot, and the older events behind it lead to the same head")
    func filled() throws {
        let junk = try putAll()
        try city.settle()
        for number in 0..<40 { raise("late \(number)") }
        try city.settle()
        let view = try feed().view
        while try view.backgroundStep() {}
        let path = bench.folder.file("late")
        try view.copy(to: path, floor: try feed().floor(keeping: 10))
        let store = try Store(path: path, mirror: view.mirror) { "" }
        let gap = try #require(try store.backFill())
        #expect(try gap.floor.sequence >= #require(junk.last).sequence)
        #expect(try store.junk(after: 0, limit: 100) == junk)
        let older = try city.log.read(after: gap.after.sequence, limit: 10_000).map { CentralBench.wire.admitted($0) }
        #expect(try store.fill(read: older, in: gap) == nil)
        #expect(try store.places(after: 0, limit: 10_000) == view.places(after: 0, limit: 10_000))
        var walk = LogWalk(nil, from: .start(of: try city.log.logID))
        for place in try store.places(after: 0, limit: 10_000) {
            let follows = walk.take(place)
            #expect(follows)
        }
        #expect(walk.chain.head == (try view.cursor()?.head) && walk.report.junk == junk.count)
        store.close()
    }

    @Test("in the system log is passed over, counted, and hinders no member")
    func system() throws {
        _ = bench.central.takeJunk()
        for (number, kind) in JunkBytes.all.enumerated() {
            let entry = NewEntry(source: "", id: "junk-\(number)", body: kind.body, content: .ofDataAlone(kind.body))
            _ = try bench.system.append([entry], now: bench.clock.now)
        }
        let (_, camera) = try bench.enrol("cam2", .sensor, of: "police")
        var make = EventMaker(source: "urn:cam2")
        var event = make.raised("after")
        event.id = "after"
        #expect(bench.submit([event], from: camera) == [.accepted])
        let told = bench.central.takeJunk()
        #expect(told.count == JunkBytes.all.count && told.first.first?.bytes == JunkBytes.all[0].body.count)
    }

    @Test("a hub that cannot follow a log refuses its posts with the reason, and takes them when it can again")
    func stuck() throws {
        let (last, now) = (try city.log.lastSequence(), bench.clock.now)
        _ = try city.log.append((0..<3).map { EventLogContract.entry("n\($0)") }, now: now)
        try city.alter(
            city.log.path,
            "CREATE TABLE aside AS SELECT * FROM entries WHERE sequence = \(last + 1);"
                + "DELETE FROM entries WHERE sequence = \(last + 1)")
        #expect(throws: (any Error).self) { try bench.rest() }
        // An election takes as long; nobody is sent away.
        #expect(try feed().trouble(at: bench.clock.now) == nil)
        bench.clock.advance(7)
        #expect(throws: (any Error).self) { try bench.rest() }
        let trouble = try #require(try feed().trouble(at: bench.clock.now))
        #expect(trouble.contains("cannot follow") && trouble.contains("entries \(last + 1) to \(last + 1) are missing"))
        var make = EventMaker()
        var event = make.raised("meanwhile")
        event.id = "meanwhile"
        #expect(bench.submit([event], from: city.camera).isEmpty)
        #expect(try bench.central.feed(of: "police")?.log.lastSequence() == last + 3)

        try city.alter(city.log.path, "INSERT INTO entries SELECT * FROM aside; DROP TABLE aside")
        try bench.rest()
        #expect(try feed().trouble(at: bench.clock.now) == nil)
        #expect(bench.submit([event], from: city.camera) == [.accepted])
    }
}
