public import ControlRoom
import Tenancy
import Trust

/// When a hub says how far it has followed the system log: a value that hears of each entry that asks for something.
struct FollowWord {
    /// The last entry for which somebody waits: about an agreement, or that a key counts no more.
    private var awaited: Int64 = 0
    private var said: (through: Int64, at: Timestamp)?

    /// It says so once a day at least: one that was silent for 25 hours (`HubFollowed.silentSeconds`) is not waited for.
    private static let mostSeconds = 86_400.0

    mutating func apply(_ effect: Register.Effect, at sequence: Int64) {
        if FollowWord.isAwaited(effect) { awaited = sequence }
    }

    static func isAwaited(_ effect: Register.Effect) -> Bool {
        switch effect {
        case .agreementMade, .agreementEnded, .revoked: true
        default: false
        }
    }

    func isDue(at now: Timestamp) -> Bool {
        guard let said else { return true }
        return said.through < awaited || abs(now.seconds(since: said.at)) >= FollowWord.mostSeconds
    }

    /// Up to where this hub has said last that it followed.
    var through: Int64 { said?.through ?? 0 }

    mutating func said(through sequence: Int64, at now: Timestamp) { said = (sequence, now) }
}

extension Central {
    /// Says in the system log how far this hub has followed it and carried out what it asks for, where it is time to say so: when
    /// it starts, after an agreement was made or has ended or a key was revoked, and once a day. Signed. On the thread that follows the system log.
    ///
    /// - Parameter place: where the hub runs, `MACHINE:PORT`.
    /// - Throws: what the log says; it is then tried again at the next call.
    public func sayFollowed(at place: String, now: Timestamp) throws {
        let due: Int64? = state.withLock { state in
            let isDone =
                !state.owed.contains(where: FollowWord.isAwaited)
                && !state.duties.values.contains(where: \.owesAwaited)
            return isDone && state.following.isDue(at: now) ? state.cursor : nil
        }
        guard let due else { return }
        try say(HubFollowed(place: place, through: due, serves: true), now: now)
        state.withLock { $0.following.said(through: due, at: now) }
    }

    /// Says that this hub stops: nobody waits for it any more.
    ///
    /// - Throws: what the log says.
    public func sayStopped(at place: String, now: Timestamp) throws {
        try say(HubFollowed(place: place, through: state.withLock { $0.cursor }, serves: false), now: now)
    }

    /// Tells the hubs on the same log of a tenant's consoles. On the thread that follows the system log.
    ///
    /// - Parameter place: where this hub runs.
    /// - Throws: what the log says.
    public func sayWatch(_ state: HubWatch.State, of tenant: String, at place: String, now: Timestamp) throws {
        let watch = HubWatch(tenant: tenant, state: state)
        try say(
            HubFollowed(
                place: place, through: self.state.withLock { $0.following.through }, serves: true, watch: watch),
            now: now)
        try followSystem(now: now)
    }

    /// Settles with the hubs on the same log who runs the site's command for a tenant; the log's order decides. On the thread that
    /// follows the system log.
    ///
    /// - Returns: whether this hub does, for the next `HubWatch.validSeconds`.
    /// - Throws: what the log says.
    public func claimEscalation(of tenant: String, at place: String, now: Timestamp) throws -> Bool {
        try followSystem(now: now)
        if let escalator = register.watches.escalator(of: tenant, at: now) { return escalator == place }
        try sayWatch(.escalating, of: tenant, at: place, now: now)
        return register.watches.escalator(of: tenant, at: now) == place
    }

    private func say(_ word: HubFollowed, now: Timestamp) throws {
        try introduce(now: now)
        let watch = word.watch.map { "/\($0.tenant)/\($0.state.rawValue)" } ?? ""
        let entry = try systemEntry(
            "followed/\(hub)/\(word.place)/\(word.through)/\(now.milliseconds)" + watch, .hubFollowed,
            JSONWriter.bytes(word.write), now: now)
        _ = try system.append([entry], now: now)
    }
}
