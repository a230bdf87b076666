import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// How many connections there are, in all and from each address.
final class ConnectionLimiter: Sendable {
    private let counts = Mutex<(all: Int, byAddress: [String: Int])>((0, [:]))
    private let most: Int
    private let mostOfOne: Int

    init(most: Int, mostOfOne: Int) {
        self.most = most
        self.mostOfOne = mostOfOne
    }

    func take(_ address: String) -> Bool {
        counts.withLock { counts in
            guard counts.all < most, counts.byAddress[address, default: 0] < mostOfOne else { return false }
            counts.all += 1
            counts.byAddress[address, default: 0] += 1
            return true
        }
    }

    func giveBack(_ address: String) {
        counts.withLock { counts in
            counts.all -= 1
            let left = (counts.byAddress[address] ?? 1) - 1
            counts.byAddress[address] = left > 0 ? left : nil
        }
    }

    var all: Int { counts.withLock { $0.all } }
}

/// Turns connections away before anything is read from them.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value
    let base: Base
    let limiter: ConnectionLimiter

    struct TurnedAway: Error {}

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let address = channel.remoteAddress?.ipAddress ?? "-"
        guard limiter.take(address) else {
            // A failed future alone would leave the socket open.
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(TurnedAway())
        }
        channel.closeFuture.whenComplete { [limiter] _ in limiter.giveBack(address) }
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
