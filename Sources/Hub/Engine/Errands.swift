import Dispatch
import Synchronization

/// What the system log asks of tenants, on a queue of each tenant's own: one whose log takes nothing holds up no other, nor the
/// system log. While the hub begins it is done at once, so that tenants are there before anybody asks for them.
final class Errands: Sendable {
    private let state = Mutex<(queues: [String: DispatchQueue], isBegun: Bool)>(([:], false))

    /// In the order in which it came, one at a time of each tenant.
    func run(_ tenant: String, _ body: @escaping @Sendable () -> Void) {
        guard let queue = queue(of: tenant) else { return body() }
        queue.async(execute: body)
    }

    /// From now on nothing is done at once.
    func begin() { state.withLock { $0.isBegun = true } }

    /// Returns when all is done that was asked of a tenant until now.
    func settle(_ tenant: String) async {
        guard let queue = queue(of: tenant) else { return }
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    /// Returns when nothing of it runs any more.
    func stop() {
        for queue in state.withLock({ Array($0.queues.values) }) { queue.sync {} }
    }

    private func queue(of tenant: String) -> DispatchQueue? {
        state.withLock { state in
            guard state.isBegun else { return nil }
            if let known = state.queues[tenant] { return known }
            let made = DispatchQueue(label: "errand \(tenant)")
            state.queues[tenant] = made
            return made
        }
    }
}
