import ControlRoom
import Feed
import Standards
import Store

extension FeedCore {
    /// The feed of a store that belongs to no hub: acts are CloudEvents, and these people may act.
    convenience init(store: Store, identities: [Identity]) {
        self.init(
            store: store, admitter: Admitter(identities: identities), decode: { try CloudEventReader.kept($0) })
    }

    /// The same with the people who are known without a hub.
    static func embedded(in store: Store) throws -> FeedCore {
        FeedCore(store: store, identities: Identity.embedded(tenant: try store.city()?.tenant ?? ""))
    }

    /// Settles what waits in the outbox, where no other process runs the feed of this store; otherwise does nothing. However much
    /// it is, the consoles on the store hear how it goes.
    static func settleWaiting(in store: Store, _ surroundings: Surroundings) throws {
        guard let voice = try Lease.take(storePath: store.path).map({ FeedVoice($0) }) else { return }
        let core = try FeedCore.embedded(in: store)
        while try store.waitingCount() > 0 {
            voice.sayLive(at: surroundings.now())
            _ = try core.step(now: surroundings.now())
        }
        withExtendedLifetime(voice) {}
    }
}
