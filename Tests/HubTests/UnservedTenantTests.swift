import ControlRoom
import Dispatch
import Feed
import HubCore
import Logging
import Nats
import SQLiteLog
import Standards
import Store
import Synchronization
import TestSupport
import Testing
import Trust

@testable import Hub

/// A hub of two tenants, of which one cannot be opened at first.
@Suite("A tenant that cannot be opened")
struct UnservedTenantTests {
    private final class Ground: Sendable {
        private let state = Mutex((isBroken: true, tries: 0))

        var tries: Int { state.withLock { $0.tries } }

        func mend() { state.withLock { $0.isBroken = false } }

        func open() throws {
            let isBroken = state.withLock { state in
                state.tries += 1
                return state.isBroken
            }
            if isBroken { throw StoreError.damaged(path: "/hub/police.log.sqlite", reason: "file is not a database") }
        }
    }

    private let folder: TemporaryFolder
    private let clock = ManualClock(EventMaker.noon)
    private let ground = Ground()
    private let lines = Lines()

    private final class Lines: Sendable {
        private let all = Mutex<[[String: String]]>([])

        /// What was said as an error.
        var errors: [[String: String]] { all.withLock { $0 } }

        func add(_ event: LogEvent) {
            guard event.level == .error else { return }
            all.withLock { $0.append((event.metadata ?? [:]).mapValues { "\($0)" }) }
        }
    }

    init() throws { folder = try TemporaryFolder() }

    private static let wire = Wire(decode: { try CloudEventReader.kept($0) }, encode: { CloudEventWriter.json($0) })

    private func engine(_ tenants: [String], plain: PlainLogNotice? = nil) throws -> HubEngine {
        let (key, secret, wire) = (SigningKey(), LogSecret(), UnservedTenantTests.wire)
        let authority = try Authority.make(name: "a", key: SigningKey(), now: clock.now)
        let certificate = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: clock.now)
        let system = try SQLiteLog(path: folder.file("system")) { "system" }
        let introduction = try SystemEvents.introduction(of: certificate, secret, wire, signedBy: key, now: clock.now)
        let added = try tenants.map { tenant in
            try SystemEvents.entry(
                tenant, .tenantAdded, JSONWriter.bytes(TenantAdded(tenant: tenant, title: tenant).write), wire,
                signedBy: key, now: clock.now)
        }
        _ = try system.append([introduction] + added, now: clock.now)
        var parts = HubEngine.Parts(
            name: "hub", key: key, certificate: certificate, authorityCertificate: authority.certificate,
            authority: authority, system: system, wire: wire, secret: secret,
            ground: { [folder, ground] tenant in
                if tenant == "police" { try ground.open() }
                return Central.Ground(
                    log: try SQLiteLog(path: folder.file(tenant + ".log")) { tenant + "-log" },
                    view: try Store(
                        path: folder.file(tenant + ".view"),
                        mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
                    ) { "v" })
            }, definitions: { _ in [] })
        parts.plainLog = plain
        return try HubEngine(
            parts,
            surroundings: Surroundings(
                now: { [clock] in clock.now }, makeID: { ContentID.of("x".utf8) }, sleep: { _ in }),
            logger: Logger(label: "hub") { [lines] _ in RecordingHandler { lines.add($0) } })
    }

    private func post(_ engine: HubEngine, to tenant: String) async -> Result<[Central.Verdict], Appender.Failure> {
        var make = EventMaker(source: "urn:camera:" + tenant)
        make.time = clock.now
        let machine = Submitter(
            identity: Identity(actor: "cam", role: .sensor, tenant: tenant), keyID: nil, isHub: true)
        return await engine.submit([make.raised("a")], from: machine)
    }

    /// Waits, for a bounded time, until the queues of the hub have done something.
    private func until(_ what: String, _ condition: () -> Bool) async throws {
        for _ in 0..<1_000 {
            if condition() { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw HubPair.Trouble("in vain: " + what)
    }

    @Test("is named to who asks whether the hub is ready, told in the journal once, and served when it can be")
    func beside() async throws {
        let engine = try engine(["fire", "police"])
        defer { engine.stop() }
        #expect(engine.servesAnybody && engine.followTrouble?.hasPrefix("police: the hub cannot open") == true)
        #expect(try await post(engine, to: "fire").get() == [.accepted])
        guard case .failure = await post(engine, to: "police") else {
            Issue.record("it was decided")
            return
        }
        // Tried again and again within the minute, and told once.
        for tries in 2...4 {
            clock.advance(10)
            try await until("another try") { ground.tries >= tries }
        }
        #expect(lines.errors.count == 1)
        let line = try #require(lines.errors.first)
        #expect(line["tenant"] == "police" && line["error"]?.contains("impetus-hub check") == true)

        ground.mend()
        clock.advance(10)
        try await until("the tenant to be served") { engine.followTrouble == nil }
        #expect(try await post(engine, to: "police").get() == [.accepted])
    }

    @Test("a log that has been plain for 30 days takes nothing more while the hub runs, which says how it does again")
    func plain() async throws {
        let server = try #require(NatsAddress("nats://a"))
        let log = try #require(PlainLog([server], .init()))
        let end = clock.now.adding(seconds: 30 * 86_400)
        let engine = try engine(["fire"], plain: PlainLogNotice(log, .until(end)))
        defer { engine.stop() }
        #expect(try await post(engine, to: "fire").get() == [.accepted])
        #expect(engine.plainTrouble == nil)
        clock.advance(30 * 86_400)
        #expect(engine.plainTrouble?.contains("[nats] plain = true") == true)
        guard case .failure(let failure) = await post(engine, to: "fire") else {
            Issue.record("it was taken")
            return
        }
        #expect(failure.isPassing && failure.description.contains("[nats] plain = true"))
        // Who runs nothing of the hub is not told what is wrong with its servers.
        for (role, isTold) in [(Role.sensor, false), (.supervisor, false), (.admin, true)] {
            let poster = Submitter(identity: Identity(actor: "a", role: role, tenant: "fire"), keyID: "k")
            let answer = PostedEvents([]).answer(.failure(failure), from: poster, engine)
            let text = String(decoding: answer.text, as: UTF8.self)
            #expect(answer.status == 503 && text.contains("[nats] plain = true") == isTold, "\(role): \(text)")
            #expect(text.contains(HubEngine.takesNothing) != isTold)
        }
    }

    @Test("signatures of one tenant that are checked keep no other tenant's waiting")
    func checking() async throws {
        let engine = try engine(["fire", "transport"])
        defer { engine.stop() }
        let (busy, other) = (try #require(engine.engine(of: "fire")), try #require(engine.engine(of: "transport")))
        let gate = DispatchSemaphore(value: 0)
        let isDone = Mutex(false)
        busy.checking.async { gate.wait() }
        defer { gate.signal() }
        other.checking.async { isDone.withLock { $0 = true } }
        try await until("the other's") { isDone.withLock { $0 } }
    }

    @Test("leaves nobody who is served, where there is no other")
    func alone() throws {
        let engine = try engine(["police"])
        defer { engine.stop() }
        #expect(!engine.servesAnybody && engine.followTrouble?.hasPrefix("police: ") == true)
    }
}
