import ControlRoom
import Feed
import HubCore
import Store
import Trust

/// A hub that can die: what it had not written is gone, and so is whoever waited for its answer.
final class SimulatedHub {
    /// What stands whether or not a hub lives: the logs.
    struct Logs {
        var city: any EventLog
        /// Of the tenant with whom the city shares; nil in most runs.
        var receiver: (any EventLog)?
        var system: any EventLog
    }

    let number: Int
    private let cast: Cast
    private let logs: Logs
    private let wire: Wire
    private(set) var central: Central?
    let view: Store
    /// Of the receiver's log.
    let receiverView: Store?
    /// How far this machine's clock is off.
    let skew: Double
    /// There was more to share at its last step.
    private(set) var isSharing = false

    init(_ number: Int, cast: Cast, files: Cast.Files, logs: Logs, wire: Wire, skew: Double) throws {
        self.number = number
        self.cast = cast
        self.logs = logs
        self.wire = wire
        self.skew = skew
        view = try files.store("view-\(number)")
        receiverView = logs.receiver == nil ? nil : try files.store("receiver-view-\(number)")
    }

    var isUp: Bool { central != nil }

    func here(_ now: Timestamp) -> Timestamp { now.adding(seconds: skew) }

    /// Its log and view of a tenant are not there.
    struct NoGround: Error {}

    func start(now: Timestamp) throws {
        let (logs, view, receiverView) = (logs, view, receiverView)
        let (key, certificate) = cast.hubs[number]
        let made = try Central(
            hub: "hub-\(number)", key: key, certificate: certificate,
            authorityCertificate: cast.authority.certificate, authority: cast.authority, system: logs.system,
            wire: wire, secret: cast.secret,
            ground: { tenant in
                guard tenant == Cast.receiver else { return Central.Ground(log: logs.city, view: view) }
                guard let log = logs.receiver, let view = receiverView else { throw NoGround() }
                return Central.Ground(log: log, view: view)
            }, definitions: { _ in [] }, onTenant: { _ in },
            wake: { _ in })
        try made.followSystem(now: here(now))
        try made.introduce(now: here(now))
        _ = made.carryOutOwed(now: here(now))
        central = made
    }

    func crash() { central = nil }

    /// One round of each of its queues.
    ///
    /// - Parameter followsSystem: whether it hears of what is new in the system log.
    func step(now: Timestamp, followsSystem: Bool = false) throws {
        guard let central else { return }
        let here = here(now)
        if followsSystem {
            try central.followSystem(now: here)
            _ = central.carryOutOwed(now: here)
        }
        isSharing = false
        for feed in central.feeds {
            _ = feed.appender.drain(now: here)
            _ = try feed.step(register: central.register, now: here, limit: 50)
            let round = try feed.share(register: central.register, now: here, limit: 50) {
                try central.deliver($0, $1, now: here)
            }
            isSharing = isSharing || round.isMore || !round.troubles.isEmpty
        }
    }

    var feed: TenantFeed? { central?.feed(of: Cast.tenant) }

    /// Its views are up to date, and all is shared that is to be.
    func isQuiet(_ end: Int64) throws -> Bool {
        guard !isSharing, try view.cursor()?.sequence ?? 0 == end else { return false }
        guard let receiverView, let log = logs.receiver else { return true }
        return try receiverView.cursor()?.sequence ?? 0 == log.lastSequence()
            && feed.map { try $0.sharingBacklog() == 0 } ?? true
    }
}
