import ControlRoom
import Feed
import HubCore
import Store
import Trust

/// A hub that can die: what it had not written is gone, and so is whoever waited for its answer.
final class SimulatedHub {
    let number: Int
    private let files: Cast.Files
    private let cast: Cast
    private let log: any EventLog
    private let system: any EventLog
    private(set) var central: Central?
    private(set) var view: Store
    /// How far this machine's clock is off.
    let skew: Double

    init(_ number: Int, cast: Cast, files: Cast.Files, log: any EventLog, system: any EventLog, skew: Double) throws {
        self.number = number
        self.cast = cast
        self.files = files
        self.log = log
        self.system = system
        self.skew = skew
        view = try files.store("view-\(number)")
    }

    var isUp: Bool { central != nil }

    func start(now: Timestamp) throws {
        let (log, view) = (log, view)
        let (key, certificate) = cast.hubs[number]
        let made = try Central(
            hub: "hub-\(number)", key: key, certificate: certificate,
            authorityCertificate: cast.authority.certificate, authority: cast.authority, system: system,
            wire: Cast.wire, secret: cast.secret,
            ground: { _ in Central.Ground(log: log, view: view) }, definitions: { _ in [] }, onTenant: { _ in },
            wake: { _ in })
        try made.followSystem(now: now.adding(seconds: skew))
        try made.introduce(now: now.adding(seconds: skew))
        _ = made.carryOutOwed(now: now.adding(seconds: skew))
        central = made
    }

    func crash() { central = nil }

    /// One round of each of its queues.
    func step(now: Timestamp) throws {
        guard let central, let feed = central.feed(of: Cast.tenant) else { return }
        let here = now.adding(seconds: skew)
        _ = feed.appender.drain(now: here)
        _ = try feed.step(register: central.register, now: here, limit: 50)
        _ = try feed.share(register: central.register, now: here, limit: 50) {
            try central.deliver($0, $1, now: here)
        }
    }

    var feed: TenantFeed? { central?.feed(of: Cast.tenant) }
}
