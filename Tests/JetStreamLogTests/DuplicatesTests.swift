import ControlRoom
import Foundation
import Nats
import Synchronization
import TestSupport
import Testing

@testable import JetStreamLog

@Suite(
    "Duplicates, sizes and reads of a log on JetStream", .serialized,
    .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct DuplicatesTests {
    private let hubs: Hubs

    init() throws { hubs = try Hubs() }

    private func entries(_ range: Range<Int>, content: UInt8 = 1) -> [NewEntry] {
        range.map { EventLogContract.entry("e\($0)", content: content) }
    }

    /// An entry whose body has so many bytes.
    private func entry(_ id: String, bytes: Int) -> NewEntry {
        var entry = EventLogContract.entry(id)
        entry.body += Array(repeating: 0x20, count: max(0, bytes - entry.body.count))
        return entry
    }

    @Test(
        "no message has an id that a server could know it by, and it is a duplicate all the same on each hub and after a restart"
    )
    func late() throws {
        let servers = try NatsServers(1)
        let names = hubs.names()
        do {
            let (one, other) = (try hubs.open(servers, names: names), try hubs.open(servers))
            _ = try one.append(entries(0..<500), now: EventMaker.noon)
            for log in [one, other] {
                #expect(try log.append(entries(0..<500), now: EventMaker.noon).allSatisfy { $0 == .duplicate })
                #expect(try log.append(entries(7..<8, content: 2), now: EventMaker.noon) == [.conflicting])
            }
        }
        // What the server itself knows of names goes with it.
        servers.kill(0)
        try servers.start(0)
        #expect(servers.ready(0))
        for file in [names, hubs.names()] {
            let log = try hubs.open(servers, names: file)
            #expect(try log.append(entries(0..<500), now: EventMaker.noon).allSatisfy { $0 == .duplicate })
            #expect(try log.append(entries(499..<500, content: 2), now: EventMaker.noon) == [.conflicting])
            #expect(try log.lastSequence() == 500)
        }
        servers.stop()
        #expect(try servers.copies(of: "IMPETUS_city")[0].map(\.body) == entries(0..<500).map(\.body))
    }

    @Test("more names than are kept in memory are known, also by a hub that reads them for the first time")
    func many() throws {
        let servers = try NatsServers(1)
        let names = hubs.names()
        let count = 130_000
        do {
            let log = try hubs.open(servers, names: names)
            for start in stride(from: 0, to: count, by: 5_000) {
                _ = try log.append(entries(start..<start + 5_000), now: EventMaker.noon)
            }
        }
        for file in [names, hubs.names()] {
            let log = try hubs.open(servers, names: file)
            let looks = stride(from: 0, to: count, by: 977).map { entries($0..<$0 + 1)[0] }
            #expect(
                try log.append(looks + entries(count..<count + 1), now: EventMaker.noon).dropLast().allSatisfy {
                    $0 == .duplicate
                })
        }
    }

    @Test("what another hub, or anybody, puts in between is read on from, and order and answers stay true")
    func raced() async throws {
        let servers = try NatsServers(1)
        let logs = [try hubs.open(servers), try hubs.open(servers)]
        // Both bring the same, and each something of its own.
        let answers = try await withThrowingTaskGroup(of: [Appended].self) { group in
            for (number, log) in logs.enumerated() {
                group.addTask {
                    try (0..<40).flatMap { round in
                        let own = (0..<20).map { EventLogContract.entry("own\(number)-\(round)-\($0)") }
                        let shared = (0..<20).map { EventLogContract.entry("both\(round)-\($0)") }
                        return try log.append(own + shared, now: EventMaker.noon)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        try servers.publish(Array("junk".utf8), to: "impetus.city")
        #expect(answers.count { $0 == .duplicate } == 800)
        let places = answers.compactMap { if case .accepted(let place) = $0 { place } else { nil } }
        #expect(Set(places) == Set(1...2_400) && places.count == 2_400)
        #expect(try logs[0].append(entries(0..<1), now: EventMaker.noon) == [.accepted(sequence: 2_402)])
        servers.stop()
        let bodies = try servers.copies(of: "IMPETUS_city")[0].map { String(decoding: $0.body, as: UTF8.self) }
        #expect(Set(bodies).count == 2_402)
        for line in ["own0-", "own1-", "both"] {
            let brought = (0..<40).flatMap { round in
                (0..<20).map { EventLogContract.entry("\(line)\(round)-\($0)").body }
            }
            #expect(bodies.filter { $0.contains("\"\(line)") } == brought.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    @Test("junk that stands in a stream under somebody's name takes the name from nobody")
    func junkName() throws {
        let servers = try NatsServers(1)
        let log = try hubs.open(servers)
        try servers.publish(Array("{\"id\":\"e0\",\"source\":\"s\"}".utf8), to: "impetus.city")
        #expect(try log.append(entries(0..<1), now: EventMaker.noon) == [.accepted(sequence: 2)])
    }

    @Test("a line of many entries is a few round trips")
    func rounds() throws {
        let servers = try NatsServers(1)
        let log = try hubs.open(servers)
        _ = try log.append(entries(0..<8_000), now: EventMaker.noon)
        #expect(log.turn.withLock { $0.rounds } == 8_000 / Publisher.mostEntries)
        #expect(try log.read(after: 0, limit: 9_000).first?.body == entries(0..<1)[0].body)
    }

    @Test(
        "what the servers would not take is refused alone, whatever their max_payload is",
        arguments: ["64KB", "1MB", "8MB"])
    func sizes(_ most: String) throws {
        let servers = try NatsServers(1, maxPayload: most)
        let log = try hubs.open(servers)
        let largest = log.largestEntry
        let answers = try log.append(
            [
                entry("a", bytes: 100), entry("b", bytes: largest + 1), entry("c", bytes: largest),
                entry("d", bytes: 9 << 20), entry("e", bytes: 100),
            ], now: EventMaker.noon)
        #expect(answers[0] == .accepted(sequence: 1) && answers[2] == .accepted(sequence: 2))
        #expect(answers[4] == .accepted(sequence: 3))
        for place in [1, 3] {
            guard case .refused(let reason) = answers[place] else {
                Issue.record("\(answers[place])")
                continue
            }
            #expect(reason.contains("\(largest)") && reason.contains("max_payload"))
        }
        #expect(try log.entry(at: 2)?.body.count == largest)
    }

    @Test("a read ends at some megabytes, or with one entry that is larger, from the tail and from the stream")
    func readBytes() throws {
        let servers = try NatsServers(1)
        let log = try hubs.open(servers)
        let large =
            (0..<40).map { entry("l\($0)", bytes: 1 << 20) } + [entry("huge", bytes: 6 << 20), entry("end", bytes: 9)]
        _ = try log.append(large, now: EventMaker.noon)
        for log in [log, try hubs.open(servers)] {
            var read: [LogEntry] = []
            while true {
                let page = try log.read(after: read.last?.sequence ?? 0, limit: 1_000)
                if page.isEmpty { break }
                #expect(page.count == 1 || page.reduce(0) { $0 + $1.body.count } <= Stream.pageBytes)
                read += page
            }
            #expect(read.map(\.sequence) == (1...42).map { Int64($0) } && read.map(\.body) == large.map(\.body))
        }
    }

    @Test("damage in the middle of an index of names is found when it is opened, and the index made again")
    func damagedInside() throws {
        let servers = try NatsServers(1)
        let names = hubs.names()
        do {
            let log = try hubs.open(servers, names: names)
            for part in 0..<6 {
                _ = try log.append(entries(part * 1_000..<(part + 1) * 1_000), now: EventMaker.noon)
            }
        }
        let (file, page) = (URL(fileURLWithPath: names), 16_384)
        // Whoever lets go of the log last closes the file, which may be the queue that reads names.
        #expect(eventually { (try? Data(contentsOf: file).count) ?? 0 > 4 * page })
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange((bytes.count - page)..<(bytes.count - 64), with: Data(repeating: 0x41, count: page - 64))
        try bytes.write(to: file)
        let again = try hubs.open(servers, names: names).append(entries(0..<6_000), now: EventMaker.noon)
        #expect(again.allSatisfy { $0 == .duplicate })
    }

    @Test("an index of names that is damaged, or of another stream, is made again")
    func damaged() throws {
        let servers = try NatsServers(1)
        let names = hubs.names()
        do { _ = try hubs.open(servers, names: names).append(entries(0..<300), now: EventMaker.noon) }
        try Data(repeating: 0x41, count: 40_000).write(to: URL(fileURLWithPath: names))
        for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: names + ending) }
        #expect(
            try hubs.open(servers, names: names).append(entries(0..<300), now: EventMaker.noon).allSatisfy {
                $0 == .duplicate
            })
        let other = try hubs.open(servers, "other", names: names)
        #expect(try other.append(entries(0..<1), now: EventMaker.noon) == [.accepted(sequence: 1)])
    }
}

@Suite("What is known of messages that were sent together")
struct PublisherTests {
    private typealias Answer = Result<PublishAnswer, any Error>

    private let lost = Answer.failure(NatsFailure("lost"))
    private let overtaken = Answer.success(.overtaken)

    private func stored(_ place: Int64) -> Answer { .success(.stored(place)) }

    private func outcome(_ answers: [Answer]) -> (stored: Int, isFailure: Bool) {
        let outcome = Publisher.outcome(answers, after: 10)
        return (outcome.stored, outcome.failure != nil)
    }

    @Test(
        "entries are stored up to the first that has no acknowledgement of its own, whatever is said of those behind it"
    )
    func outcomes() {
        #expect(outcome([]) == (0, false) && outcome([stored(11), stored(12)]) == (2, false))
        #expect(outcome([lost, stored(12), lost]) == (0, true))
        #expect(outcome([stored(11), overtaken, lost]) == (1, false))
        #expect(outcome([overtaken, overtaken]) == (0, false) && outcome([lost, overtaken]) == (0, true))
        #expect(outcome([stored(11), .success(.failed("full"))]) == (1, true))
        // Another hub's stands where the first was to be.
        #expect(outcome([overtaken, stored(12)]) == (0, false) && outcome([stored(99)]) == (0, false))
    }

    @Test("a window holds so many, and so many bytes, and one at least")
    func windows() {
        func entries(_ count: Int, _ bytes: Int) -> ArraySlice<NewEntry> {
            Array(
                repeating: NewEntry(
                    source: "s", id: "i", body: Array(repeating: 0, count: bytes),
                    content: EventLogContract.content(0)),
                count: count)[...]
        }
        #expect(Publisher.window(entries(5_000, 10)) == Publisher.mostEntries)
        #expect(Publisher.window(entries(3, Publisher.mostBytes + 1)) == 1)
        #expect(Publisher.window(entries(100, 1 << 20)) == Publisher.mostBytes >> 20)
        #expect(Publisher.window([]) == 0)
    }
}
