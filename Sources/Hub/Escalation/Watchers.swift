import ControlRoom
import Synchronization

/// How many consoles of a tenant are open here: streams of people who may acknowledge, and whose program says that it shows them
/// to somebody. Mirrors (`impetus sync`) and machines follow as well, and watch nothing.
final class Watchers: Sendable {
    private let state: Mutex<(count: Int, last: Timestamp)>

    /// - Parameter now: whoever watched before the hub began is given time to come back.
    init(now: Timestamp) { state = Mutex((0, now)) }

    func came() { state.withLock { $0.count += 1 } }

    func left(at now: Timestamp) { state.withLock { $0 = (max(0, $0.count - 1), now) } }

    /// Since when no console is open; nil while one is.
    var unwatchedSince: Timestamp? { state.withLock { $0.count > 0 ? nil : $0.last } }
}
