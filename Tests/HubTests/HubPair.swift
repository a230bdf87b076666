import ControlRoom
import Feed
import HubCore
import Logging
import SQLiteLog
import Standards
import Store
import Synchronization
import TestSupport
import Trust

@testable import Hub

/// Two hubs with queues of their own on the same logs, each with a view of its own, and a clock that is set by hand.
final class HubPair: Sendable {
    let clock = ManualClock(EventMaker.noon)
    let first: HubEngine
    let second: HubEngine
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let (key, secret, wire) = (SigningKey(), LogSecret(), HubPair.wire)
        let authority = try Authority.make(name: "a", key: SigningKey(), now: clock.now)
        let certificate = try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["h"], now: clock.now)
        let system = try SQLiteLog(path: folder.file("system")) { "system" }
        let tenant = TenantAdded(tenant: "police", title: "Police")
        _ = try system.append(
            [
                try SystemEvents.introduction(of: certificate, secret, wire, signedBy: key, now: clock.now),
                try SystemEvents.entry(
                    "tenant", .tenantAdded, JSONWriter.bytes(tenant.write), wire, signedBy: key, now: clock.now),
            ], now: clock.now)
        let make = { [folder, clock] (name: String) in
            let parts = HubEngine.Parts(
                name: "hub", key: key, certificate: certificate, authorityCertificate: authority.certificate,
                authority: authority, system: try SQLiteLog(path: folder.file("system")) { "system" }, wire: wire,
                secret: secret,
                ground: { tenant in
                    Central.Ground(
                        log: try SQLiteLog(path: folder.file(tenant + ".log")) { tenant + "-log" },
                        view: try Store(
                            path: folder.file(tenant + name),
                            mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
                        ) { "v" })
                }, definitions: { _ in [] })
            let engine = try HubEngine(
                parts,
                surroundings: Surroundings(now: { clock.now }, makeID: { ContentID.of(name.utf8) }, sleep: { _ in }),
                logger: Logger(label: name))
            engine.listens(at: name + ":1")
            return engine
        }
        first = try make("a")
        second = try make("b")
    }

    private static let wire = Wire(decode: { try CloudEventReader.kept($0) }, encode: { CloudEventWriter.json($0) })

    /// Nothing of it runs any more.
    func stop() {
        first.stop()
        second.stop()
    }

    /// Keeps an alarm of a machine, and waits until both views have it.
    func raise(_ subject: String, _ severity: Severity) async throws {
        var make = EventMaker(source: "urn:camera:" + subject)
        make.time = clock.now
        let machine = Submitter(
            identity: Identity(actor: "cam", role: .sensor, tenant: "police"), keyID: nil, isHub: true)
        let verdicts = try await first.submit([make.raised(subject, severity)], from: machine).get()
        guard verdicts == [.accepted] else { throw Trouble("\(verdicts)") }
        for engine in [first, second] {
            try await until("\(subject) to be in the view") { try HubPair.alert(subject, engine) != nil }
        }
    }

    static func alert(_ subject: String, _ engine: HubEngine) throws -> Alert? {
        try engine.central.feed(of: "police")?.view.alert(subject: subject, realm: .actual)?.alert
    }

    struct Trouble: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// Waits, for a bounded time, until the queues of the hubs have done something.
    func until(_ what: String, _ condition: () throws -> Bool) async throws {
        for _ in 0..<2_000 {
            if try condition() { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw Trouble("in vain: " + what)
    }
}
