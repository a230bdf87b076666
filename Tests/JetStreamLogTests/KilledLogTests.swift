import ControlRoom
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import JetStreamLog

/// Two hubs append the same and their own while one server after the other is killed. So many kills as IMPETUS_KILLS says.
@Suite("Two hubs on a log whose servers are killed", .serialized)
struct KilledLogTests {
    private static let kills = ProcessInfo.processInfo.environment["IMPETUS_KILLS"].flatMap { Int($0) } ?? 5
    private let hubs: Hubs

    init() throws { hubs = try Hubs() }

    @Test(
        "the current nats-server: all copies are equal, and each event stands there once, in the order of its line",
        .enabled(if: NatsServers.Version.current.path != nil, Comment(rawValue: NatsServers.Version.current.missing)))
    func current() throws { try story(.current) }

    private func story(_ version: NatsServers.Version) throws {
        let servers = try NatsServers(3, of: version)
        let writers = try (0..<2).map { number in
            Writer(number, try #require(hubs.openEventually(servers)))
        }
        for kill in 0..<KilledLogTests.kills {
            let victim = kill % 3
            let before = writers.map(\.rounds)
            servers.kill(victim)
            let hasGoneOn = eventually(within: 60) { zip(writers, before).allSatisfy { $0.rounds >= $1 + 2 } }
            #expect(hasGoneOn, "kill \(kill): \(writers.map(\.trouble))")
            try servers.start(victim)
            #expect(servers.ready(victim))
            let healed = writers.map(\.rounds)
            let isBack = eventually(within: 60) { zip(writers, healed).allSatisfy { $0.rounds >= $1 + 2 } }
            #expect(isBack, "healing \(kill): \(writers.map(\.trouble))")
        }
        let brought = writers.map { $0.end() }
        #expect(servers.settled("IMPETUS_city"))
        servers.stop()
        check(try servers.copies(of: "IMPETUS_city"), brought)
    }

    private func check(_ copies: [[StoredMessage]], _ brought: [Writer.Brought]) {
        #expect(copies.allSatisfy { $0 == copies[0] })
        #expect(copies[0].map(\.sequence) == Array(1...UInt64(copies[0].count)))
        let bodies = copies[0].map { String(decoding: $0.body, as: UTF8.self) }
        #expect(Set(bodies).count == bodies.count)
        for (number, brought) in brought.enumerated() {
            let own = bodies.filter { $0.contains("\"own\(number)-") }
            #expect(own == brought.own.map { String(decoding: $0.body, as: UTF8.self) })
            #expect(Set(bodies).isSuperset(of: brought.shared.map { String(decoding: $0.body, as: UTF8.self) }))
        }
        let accepted = brought.flatMap(\.accepted)
        #expect(Set(accepted.map(\.place)).count == accepted.count)
        // Each stands where its hub was told.
        for (place, body) in accepted { #expect(copies[0][Int(place) - 1].body == body, "\(place)") }
    }
}

/// A hub that appends without a pause, the same again until it is taken.
private final class Writer: Sendable {
    struct Brought: Sendable {
        var own: [NewEntry] = []
        var shared: [NewEntry] = []
        /// Places that were answered, and what is to stand there.
        var accepted: [(place: Int64, body: [UInt8])] = []
    }

    private let state = Mutex<(brought: Brought, rounds: Int, isOver: Bool, trouble: String)>((Brought(), 0, false, ""))
    private let done = DispatchGroup()

    init(_ number: Int, _ log: JetStreamLog) {
        done.enter()
        Thread.detachNewThread { [self] in
            var round = 0
            while !state.withLock({ $0.isOver }) {
                bring(round, number, log)
                round += 1
            }
            done.leave()
        }
    }

    /// What was begun is brought to its end.
    private func bring(_ round: Int, _ number: Int, _ log: JetStreamLog) {
        let own = (0..<30).map { EventLogContract.entry("own\(number)-\(round)-\($0)") }
        let shared = (0..<30).map { EventLogContract.entry("both-\(round)-\($0)") }
        var answers: [Appended] = []
        _ = eventually(within: 60) {
            do {
                answers = try log.append(own + shared, now: EventMaker.noon)
                return true
            } catch {
                state.withLock { $0.trouble = "\(error)" }
                return false
            }
        }
        guard answers.count == own.count + shared.count else { return }
        let accepted = zip(own + shared, answers).compactMap { entry, answer -> (place: Int64, body: [UInt8])? in
            if case .accepted(let place) = answer { (place, entry.body) } else { nil }
        }
        state.withLock { state in
            state.brought.own += own
            state.brought.shared += shared
            state.brought.accepted += accepted
            state.rounds += 1
        }
    }

    var rounds: Int { state.withLock { $0.rounds } }

    /// What an append said last that failed.
    var trouble: String { state.withLock { $0.trouble } }

    func end() -> Brought {
        state.withLock { $0.isOver = true }
        done.wait()
        return state.withLock { $0.brought }
    }
}
