import ControlRoom
import Feed
import HubCore
import Logging
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Hub

/// Two hubs on the same logs, whose looks are called by hand.
@Suite("Escalation of two hubs on one log")
struct SharedEscalationTests {
    /// What the site's command was told, and by which hub.
    private final class Told: Sendable {
        private let hubs = Mutex<[String]>([])
        private let failure = Mutex<String?>(nil)

        var all: [String] { hubs.withLock { $0 } }

        func fail(_ reason: String?) { failure.withLock { $0 = reason } }

        func run(_ hub: String) -> String? {
            hubs.withLock { $0.append(hub) }
            return failure.withLock { $0 }
        }
    }

    private let pair: HubPair
    private let told = Told()

    init() throws { pair = try HubPair() }

    private func service(_ engine: HubEngine, _ name: String, sharesLog: Bool = true) -> EscalationService {
        EscalationService(
            engine, .init(command: ["/bin/true"], afterSeconds: 300), sharesLog: sharesLog, logger: Logger(label: name),
            command: { [told] _ in told.run(name) })
    }

    private func watchers(_ engine: HubEngine) throws -> Watchers {
        try #require(engine.engine(of: "police")).watchers
    }

    private func word(_ engine: HubEngine, of place: String) -> HubWatch.State? {
        engine.central.register.watches.word(of: place, on: "police", at: pair.clock.now)?.state
    }

    /// Looks for a while, so that what is begun has time to end.
    private func look(_ services: [EscalationService]) async throws {
        for _ in 0..<10 {
            for service in services { await service.look() }
            try await Task.sleep(nanoseconds: 20_000_000)
        }
    }

    /// Looks, for a bounded time, until something has come of it.
    private func look(_ services: [EscalationService], until what: String, _ condition: () throws -> Bool) async throws
    {
        for _ in 0..<1_000 {
            if try condition() { return }
            for service in services { await service.look() }
            try await Task.sleep(nanoseconds: 20_000_000)
        }
        throw HubPair.Trouble("in vain: " + what)
    }

    @Test("a console at the other hub is somebody who watches; when it has gone, one hub runs the command for both")
    func watched() async throws {
        let (a, b) = (service(pair.first, "a"), service(pair.second, "b"))
        defer { pair.stop() }
        let console = try watchers(pair.first).came("op7", answers: false, at: pair.clock.now)
        try await pair.raise("gate", .critical)
        pair.clock.advance(1)
        await a.look()
        try await pair.until("the word of a") { word(pair.second, of: "a:1") == .watched }
        pair.clock.advance(400)
        try watchers(pair.first).took(console, at: pair.clock.now)
        try await look([b])
        #expect(told.all.isEmpty)
        // It goes on, and is said again before it is over.
        await a.look()
        pair.clock.advance(400)
        try watchers(pair.first).took(console, at: pair.clock.now)
        try await pair.until("the word to hold") { word(pair.second, of: "a:1") == .watched }
        try await look([b, a])
        #expect(told.all.isEmpty)

        try watchers(pair.first).left(console, at: pair.clock.now)
        pair.clock.advance(31)
        await a.look()
        try await pair.until("the word to be taken back") { word(pair.second, of: "a:1") == .unwatched }
        pair.clock.advance(200)
        try await look([a, b])
        #expect(told.all.isEmpty)
        pair.clock.advance(100)
        try await look([b, a], until: "the command") { told.all.count == 1 }
        try await look([b, a])
        #expect(told.all.count == 1)
        // What goes on waiting is told again by the same hub, which renews its word.
        for _ in 0..<4 {
            pair.clock.advance(230)
            try await look([a, b])
        }
        try await look([a, b], until: "the command again") { told.all.count == 2 }
        #expect(Set(told.all).count == 1)
    }

    @Test("a hub that dies holds up the other's command for no longer than its word holds")
    func dead() async throws {
        let (a, b) = (service(pair.first, "a"), service(pair.second, "b"))
        defer { pair.stop() }
        try await pair.raise("gate", .critical)
        pair.clock.advance(301)
        try await look([a], until: "the command") { told.all == ["a"] }
        try await pair.until("the word of a") { word(pair.second, of: "a:1") == .escalating }
        try await look([b])
        #expect(told.all == ["a"])
        pair.clock.advance(HubWatch.validSeconds)
        try await look([b], until: "the other's command") { told.all == ["a", "b"] }
    }

    @Test("a hub whose command fails leaves it to the other")
    func failing() async throws {
        let (a, b) = (service(pair.first, "a"), service(pair.second, "b"))
        defer { pair.stop() }
        told.fail("it ended with 1")
        try await pair.raise("gate", .critical)
        pair.clock.advance(301)
        try await look([a], until: "the command") { told.all == ["a"] }
        told.fail(nil)
        try await pair.until("the word of a") { word(pair.second, of: "a:1") == .unwatched }
        try await look([b], until: "the other's command") { told.all == ["a", "b"] }
    }

    @Test("an alarm on escalation that a hub raised before it was started anew ends when a run works again")
    func restarted() async throws {
        let before = service(pair.first, "a", sharesLog: false)
        defer { pair.stop() }
        told.fail("it ended with 1")
        try await pair.raise("gate", .critical)
        pair.clock.advance(301)
        try await look([before], until: "the command") { told.all.count == 1 }
        try await look([before])
        pair.clock.advance(601)
        let subject = "escalation-failed/hub"
        try await look([before], until: "the alarm") { try HubPair.alert(subject, pair.first)?.active == true }
        // Nothing has run since: it goes on.
        let after = service(pair.first, "a", sharesLog: false)
        await after.look()
        #expect(try HubPair.alert(subject, pair.first)?.active == true)
        told.fail(nil)
        // What failed meanwhile is tried again.
        pair.clock.advance(700)
        try await look([after], until: "its end") { try HubPair.alert(subject, pair.first)?.active == false }
    }
}
