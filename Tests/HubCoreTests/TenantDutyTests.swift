import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Store
import Synchronization
import Tenancy
import TestSupport
import Testing
import Trust

/// What the system log asks of several tenants, of which one can be in trouble.
@Suite("What is asked of one tenant waits for no other")
struct TenantDutyTests {
    private let trouble = Trouble()
    private let folder: TemporaryFolder
    private let clock = ManualClock(EventMaker.noon)
    private let key = SigningKey()
    private let system: SQLiteLog
    private let central: Central

    /// What goes wrong at present with the tenant police.
    private final class Trouble: Sendable {
        struct State {
            var opening: StoreError?
            var serving: StoreError?
            var appending: StoreError?
            var opened = 0
            /// What is asked of police waits here.
            var isHeld = false
            var held: [@Sendable () -> Void] = []
        }

        let state = Mutex(State())

        func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

        func open() throws {
            let failure = state.withLock { state in
                state.opened += 1
                return state.opening
            }
            if let failure { throw failure }
        }

        func run(_ tenant: String, _ body: @escaping @Sendable () -> Void) {
            let isHeld = state.withLock { state in
                guard tenant == "police", state.isHeld else { return false }
                state.held.append(body)
                return true
            }
            if !isHeld { body() }
        }

        func letGo() {
            let held = state.withLock { state in
                defer { (state.held, state.isHeld) = ([], false) }
                return state.held
            }
            for body in held { body() }
        }
    }

    /// Takes nothing while there is trouble.
    private final class FailingLog: EventLog {
        private let log: any EventLog
        private let trouble: Trouble

        init(_ log: any EventLog, _ trouble: Trouble) { (self.log, self.trouble) = (log, trouble) }

        var logID: String { get throws { try log.logID } }

        func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
            if let failure = trouble.state.withLock({ $0.appending }) { throw failure }
            return try log.append(entries, now: now)
        }

        func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
            try log.read(after: sequence, limit: limit)
        }

        func entry(at sequence: Int64) throws -> LogEntry? { try log.entry(at: sequence) }
        func lastSequence() throws -> Int64 { try log.lastSequence() }
        func firstSequence() throws -> Int64 { try log.firstSequence() }
        func onAppend(_ body: @escaping @Sendable () -> Void) { log.onAppend(body) }
    }

    init() throws {
        folder = try TemporaryFolder()
        let authority = try Authority.make(name: "a", now: EventMaker.noon)
        let certificate = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: EventMaker.noon)
        system = try SQLiteLog(path: folder.file("system")) { "system" }
        central = try Central(
            hub: "hub", key: key, certificate: certificate, authorityCertificate: authority.certificate,
            authority: authority, system: system, wire: CentralBench.wire, secret: LogSecret(),
            ground: { [folder, trouble] tenant in
                if tenant == "police" { try trouble.open() }
                let log = try SQLiteLog(path: folder.file(tenant + ".log")) { tenant + "-log" }
                let mirror = Store.Mirror(decode: { try CentralBench.wire.decode($0) })
                return Central.Ground(
                    log: tenant == "police" ? FailingLog(log, trouble) : log,
                    view: try Store(path: folder.file(tenant + ".view"), mirror: mirror) { "v" })
            }, definitions: { _ in [] },
            onTenant: { [trouble] feed in
                guard feed.tenant == "police" else { return }
                if let failure = trouble.state.withLock({ $0.serving }) { throw failure }
            }, wake: { _ in }, errand: { [trouble] in trouble.run($0, $1) })
        try central.introduce(now: clock.now)
    }

    private func say(_ id: String, _ type: EventType, _ write: (inout JSONWriter) -> Void) throws {
        let entry = try SystemEvents.entry(
            id, type, JSONWriter.bytes(write), CentralBench.wire, signedBy: key, now: clock.now)
        _ = try system.append([entry], now: clock.now)
        try central.followSystem(now: clock.now)
    }

    private func add(_ tenants: String...) throws {
        for tenant in tenants {
            try say("add \(tenant)", .tenantAdded, TenantAdded(tenant: tenant, title: tenant).write)
        }
    }

    private func carryOut() -> [Unmet] { central.carryOutOwed(now: clock.now) }

    private func log(_ tenant: String) throws -> [Event] {
        let log = try #require(central.feed(of: tenant)).log
        return try log.read(after: 0, limit: 100).map { try CentralBench.wire.event($0) }
    }

    /// The keys that a tenant's log says are revoked.
    private func revoked(_ tenant: String) throws -> [String] {
        try log(tenant).compactMap { event in
            guard case .identityRevoked(let fact) = try Fact(of: event) else { return nil }
            return fact.keyID
        }
    }

    private func post(to tenant: String) -> Result<[Central.Verdict], Appender.Failure>? {
        var make = EventMaker(source: "urn:camera:" + tenant)
        let answer = Mutex<Result<[Central.Verdict], Appender.Failure>?>(nil)
        let machine = Submitter(
            identity: Identity(actor: "cam", role: .sensor, tenant: tenant), keyID: nil, isHub: true)
        central.submit([make.raised("a")], from: machine, now: clock.now) { result in answer.withLock { $0 = result } }
        for feed in central.feeds { while feed.appender.drain(now: clock.now) {} }
        return answer.withLock { $0 }
    }

    private static let damaged = StoreError.damaged(path: "/hub/police.log.sqlite", reason: "file is not a database")

    @Test("a tenant whose log cannot be opened is to be posted to again, is named, and is opened when it can be")
    func opening() throws {
        trouble.set { $0.opening = TenantDutyTests.damaged }
        try add("police", "fire")
        let unmet = carryOut()
        #expect(unmet.map(\.tenant) == ["police"] && unmet.first?.isServed == false)
        #expect(unmet.first?.reason.contains("impetus-hub check") == true)
        #expect(unmet.first?.reason.contains("start impetus again") == false)
        #expect(central.unserved.map(\.tenant) == ["police"])
        #expect(central.openTrouble(of: "police")?.contains("cannot open") == true)
        #expect(central.openTrouble(of: "fire") == nil && central.openTrouble(of: "nobody") == nil)
        #expect(try post(to: "fire")?.get() == [.accepted])
        guard case .failure(let failure)? = post(to: "police") else {
            Issue.record("it was decided")
            return
        }
        #expect(failure.isPassing && failure.description.contains("post the same again"))
        // Of one that nobody has added nothing is to be posted again.
        guard case .success(let verdicts)? = post(to: "nobody"), case .rejected(_, isDenied: true)? = verdicts.first
        else {
            Issue.record("not rejected")
            return
        }

        // It is not tried again at once, and then told anew.
        #expect(carryOut().isEmpty && trouble.state.withLock { $0.opened } == 1)
        clock.advance(1)
        #expect(carryOut().count == 1 && trouble.state.withLock { $0.opened } == 2)
        trouble.set { $0.opening = nil }
        clock.advance(10)
        #expect(carryOut().isEmpty && central.unserved.isEmpty)
        #expect(try post(to: "police")?.get() == [.accepted])
    }

    @Test("one whose feed is there and that nobody serves yet is tried again, until then it takes no posts")
    func serving() throws {
        trouble.set { $0.serving = .locked(path: "p") }
        try add("police")
        #expect(carryOut().map(\.isServed) == [false])
        #expect(central.feed(of: "police") == nil && central.openTrouble(of: "police") != nil)
        guard case .failure? = post(to: "police") else {
            Issue.record("it was decided")
            return
        }
        trouble.set { $0.serving = nil }
        clock.advance(1)
        #expect(carryOut().isEmpty && central.feed(of: "police") != nil)
        // It was opened once.
        #expect(trouble.state.withLock { $0.opened } == 1)
    }

    @Test("what a log was to say when it was opened, and did not take, it says before anybody is served")
    func saying() throws {
        trouble.set { $0.appending = .locked(path: "p") }
        try add("police")
        try say("r", .identityRevoked, IdentityRevoked(keyID: "an old hub's", reason: "").write)
        let agreement = Agreement(
            id: "a1", from: "police", to: "fire", categories: ["*"], purpose: "p", removed: [], until: nil)
        try add("fire")
        try say("a1", .agreementMade, agreement.write)
        #expect(carryOut().map(\.tenant) == ["police"])
        #expect(central.feed(of: "police") == nil)
        trouble.set { $0.appending = nil }
        clock.advance(1)
        #expect(carryOut().isEmpty)
        #expect(try revoked("police") == ["an old hub's"])
        #expect(try log("police").contains { $0.type == .agreementMade })
        #expect(try log("police").contains { $0.type == .identityEnrolled })
    }

    @Test("a revocation reaches the logs that take it, and the one that does not when it does")
    func revocation() throws {
        try add("fire", "police", "transport")
        #expect(carryOut().isEmpty)
        trouble.set { $0.appending = .locked(path: "p") }
        try say("r", .identityRevoked, IdentityRevoked(keyID: "a hub's", reason: "").write)
        let unmet = carryOut()
        #expect(unmet.map(\.tenant) == ["police"] && unmet.first?.isServed == true)
        for tenant in ["fire", "transport"] { #expect(try revoked(tenant) == ["a hub's"], "\(tenant)") }
        #expect(try revoked("police").isEmpty)
        // The others are asked for what comes, however long this one fails.
        try say("r2", .identityRevoked, IdentityRevoked(keyID: "another's", reason: "").write)
        #expect(carryOut().isEmpty)
        #expect(try revoked("fire") == ["a hub's", "another's"])
        trouble.set { $0.appending = nil }
        clock.advance(1)
        #expect(carryOut().isEmpty)
        #expect(try revoked("police") == ["a hub's", "another's"])
    }

    @Test("one log that does not take a revocation keeps no word back by which others wait for it")
    func followed() throws {
        try add("fire", "police")
        #expect(carryOut().isEmpty)
        try central.sayFollowed(at: "a:1", now: clock.now)
        try central.followSystem(now: clock.now)
        trouble.set { $0.appending = .locked(path: "p") }
        try say("r", .identityRevoked, IdentityRevoked(keyID: "a hub's", reason: "").write)
        let place = try system.lastSequence()
        // No duty was carried out since.
        try central.sayFollowed(at: "a:1", now: clock.now)
        try central.followSystem(now: clock.now)
        #expect(central.register.hubs(behind: place, at: clock.now) == ["a:1"])
        #expect(carryOut().map(\.tenant) == ["police"])
        try central.sayFollowed(at: "a:1", now: clock.now)
        try central.followSystem(now: clock.now)
        #expect(central.register.hubs(behind: place, at: clock.now).isEmpty)
    }

    @Test("a log that does not answer holds up nothing of the system log's, and no other tenant")
    func waiting() throws {
        try add("police", "fire")
        #expect(carryOut().isEmpty)
        trouble.set { $0.isHeld = true }
        try say("r", .identityRevoked, IdentityRevoked(keyID: "a hub's", reason: "").write)
        #expect(carryOut().isEmpty)
        #expect(try revoked("fire") == ["a hub's"])
        #expect(try central.claimEscalation(of: "fire", at: "a:1", now: clock.now))
        // However often it is asked, one errand waits for it.
        try say("r2", .identityRevoked, IdentityRevoked(keyID: "another's", reason: "").write)
        #expect(carryOut().isEmpty && trouble.state.withLock { $0.held.count } == 1)
        #expect(try revoked("fire") == ["a hub's", "another's"])
        trouble.letGo()
        #expect(try revoked("police") == ["a hub's", "another's"])
    }
}
