import ControlRoom
import Foundation
import Nats
import Synchronization
import TestSupport
import Testing

@testable import JetStreamLog

@Suite("What is published, and what is said of it", .serialized)
struct RacedPublishersTests {
    private static let rounds = 40
    private static let count = 50

    private func race(_ version: NatsServers.Version) throws -> (isAtomic: Bool, stored: [Int]) {
        let servers = try NatsServers(1, of: version)
        let sides = try (0..<2).map { _ in
            let nats = try NatsConnection(urls: servers.urls, name: "test")
            let stream = try Stream(nats, log: "city", replicas: 1)
            return (stream: stream, publisher: Publisher(nats, stream))
        }
        var stored: [Int] = []
        for round in 0..<RacedPublishersTests.rounds {
            let end = try sides[0].stream.info().last
            let brought = (0..<2).map { side in
                (0..<RacedPublishersTests.count).map { EventLogContract.entry("\(side)-\(round)-\($0)") }
            }
            let outcomes = Mutex([Int](repeating: 0, count: 2))
            DispatchQueue.concurrentPerform(iterations: 2) { side in
                let found = sides[side].publisher.publish(brought[side][...], after: end)
                outcomes.withLock { $0[side] = found.stored }
            }
            for (side, count) in outcomes.withLock({ $0 }).enumerated() {
                for place in 0..<count {
                    let kept = try sides[0].stream.message(end + Int64(place) + 1)?.entry.body
                    try #require(kept == brought[side][place].body, "round \(round), side \(side), place \(place)")
                }
                stored.append(count)
            }
        }
        return (sides.allSatisfy { $0.stream.isAtomic }, stored)
    }

    @Test(
        "two hubs publish for the same place at the same time: one is stored whole, the other not at all",
        .enabled(if: NatsServers.Version.current.path != nil, Comment(rawValue: NatsServers.Version.current.missing)))
    func atomic() throws {
        let (isAtomic, stored) = try race(.current)
        #expect(isAtomic && stored.count == 2 * RacedPublishersTests.rounds)
        for pair in 0..<RacedPublishersTests.rounds {
            #expect([stored[2 * pair], stored[2 * pair + 1]].sorted() == [0, RacedPublishersTests.count])
        }
    }

    @Test(
        "a server without atomic batches: what is said to be stored stands at its place",
        .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
    func torn() throws {
        let (isAtomic, stored) = try race(.debian)
        #expect(!isAtomic && stored.contains { $0 > 0 })
    }

    @Test(
        "a stream whose batches are switched off while it is open takes what is brought again, and its index what is brought late",
        .enabled(if: NatsServers.Version.current.path != nil, Comment(rawValue: NatsServers.Version.current.missing)))
    func switchedOff() throws {
        let servers = try NatsServers(1, of: .current)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let stream = try Stream(nats, log: "city", replicas: 1)
        let publisher = Publisher(nats, stream)
        let info = try JetStreamAPI.ask(nats, "STREAM.INFO.IMPETUS_city")
        let known = String(decoding: try #require(Stream.configuration(in: info)), as: UTF8.self)
        let off = known.replacingOccurrences(of: "\"allow_atomic\":true", with: "\"allow_atomic\":false")
        _ = try JetStreamAPI.ask(nats, "STREAM.UPDATE.IMPETUS_city", Array(off.utf8))
        let entries = (0..<5).map { EventLogContract.entry("e\($0)") }
        #expect(publisher.publish(entries[...], after: 0).stored == 0 && !stream.isAtomic)
        #expect(publisher.publish(entries[...], after: 0) == Publisher.Outcome(stored: 5, failure: nil))
    }

    @Test(
        "a stream that an older version made takes batches from its first opening on",
        .enabled(if: NatsServers.Version.current.path != nil, Comment(rawValue: NatsServers.Version.current.missing)))
    func older() throws {
        let servers = try NatsServers(1, of: .current)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let made = #"{"name":"IMPETUS_city","subjects":["impetus.city"],"storage":"file","retention":"limits"}"#
        _ = try JetStreamAPI.ask(nats, "STREAM.CREATE.IMPETUS_city", Array(made.utf8))
        #expect(try Stream(nats, log: "city", replicas: 1).isAtomic)
        #expect(try Stream(nats, log: "city", replicas: 1).isAtomic)
    }

    @Test("an answer of the servers is a place, another end of the stream, or a reason; anything else is none")
    func answers() throws {
        func read(_ text: String) throws -> PublishAnswer { try PublishAnswer(Array(text.utf8)) }
        let batch = PublishAnswer.Batch(name: "b", count: 60)
        #expect(try read(#"{"stream":"S","seq":60,"batch":"b","count":60}"#) == .stored(60, batch: batch))
        #expect(try read(#"{"stream":"S","seq":60}"#) == .stored(60))
        for code in JetStreamRefusal.wrongLastSequence {
            let text = #"{"error":{"code":400,"err_code":\#(code),"description":"wrong last sequence: 5"}}"#
            #expect(try read(text) == .overtaken)
        }
        #expect(
            try read(#"{"error":{"code":400,"err_code":10176,"description":"incomplete"}}"#) == .failed("incomplete"))
        #expect(try read(#"{"error":{"code":400,"err_code":10174,"description":"disabled"}}"#) == .takesNoBatches)
        for text in ["", "{}", "[]", "{\"seq\":\"x\"}", "{\"seq\":0}", "{\"error\":5}", "+OK"] {
            #expect(throws: NatsFailure.self, "\(text)") { try read(text) }
        }
    }

    @Test("a time of the servers is read to the nanosecond, which a log's name goes by")
    func times() {
        let base: Int64 = 1_795_435_200
        #expect(JetStreamAPI.nanoseconds("2026-11-23T12:00:00Z") == base * 1_000_000_000)
        #expect(JetStreamAPI.nanoseconds("2026-11-23T12:00:00.000000007Z") == base * 1_000_000_000 + 7)
        #expect(JetStreamAPI.nanoseconds("2026-11-23T12:00:00.12Z") == base * 1_000_000_000 + 120_000_000)
        #expect(JetStreamAPI.nanoseconds("2026-11-23T14:00:00.123456789+02:00") == base * 1_000_000_000 + 123_456_789)
        for far in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9Z", "1500-01-01T00:00:00Z"] {
            #expect(JetStreamAPI.nanoseconds(far) == nil)
        }
        #expect(JetStreamAPI.nanoseconds("soon") == nil && JetStreamAPI.nanoseconds("") == nil)
    }

    @Test("a place that no message can have is none of a stream")
    func places() {
        func delivered(_ place: String) -> LogEntry? {
            let reply = "$JS.ACK.S.c.1.\(place).1.1795435200000000000.0"
            return LogEntry(delivered: NatsMessage(subject: [], reply: Array(reply.utf8)))
        }
        #expect(delivered("7")?.sequence == 7)
        for place in ["0", "9223372036854775807", "99999999999999999999"] { #expect(delivered(place) == nil) }
        #expect(LogEntry(delivered: NatsMessage(subject: [], reply: Array("a.1.2.3.4".utf8))) == nil)
    }

    @Test("a message that its leader gives is read with its header, and anything else is none")
    func messages() {
        func read(_ text: String) -> StreamMessage? { StreamMessage(Array(text.utf8), sequence: 7) }
        let headers = "TkFUUy8xLjANCkltcGV0dXMtQ29udGVudDogYWJjDQoNCg=="
        let whole = read(
            #"{"message":{"subject":"s","seq":7,"hdrs":"\#(headers)","data":"aGVsbG8=","time":"2026-11-23T12:00:00.0019Z"}}"#
        )
        #expect(
            whole?.entry
                == LogEntry(
                    sequence: 7, recorded: Timestamp(milliseconds: 1_795_435_200_001), body: Array("hello".utf8)))
        #expect(whole?.content == "abc")
        let empty = read(#"{"message":{"time":"2026-11-23T12:00:00Z"}}"#)
        #expect(empty?.entry.body == [] && empty.map { $0.content } == .some(nil))
        for text in ["", "{}", #"{"message":5}"#, #"{"message":{"data":"&","time":"2026-11-23T12:00:00Z"}}"#] {
            #expect(read(text) == nil)
        }
    }
}
