import NIOCore
import NIOPosix
import Synchronization

/// Connects to one of the servers, and again to one after the connection was lost, for ever.
final class Dialler: Sendable {
    private struct State {
        var pool: ServerPool
        /// Failures in a row.
        var failures = 0
        var refused: NatsRefused?
        /// By one at least of those that were tried since the first of them.
        var wasRefused = false
        var isOver = false
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let access: NatsAccess
    private let introduction: Introduction
    private let state: Mutex<State>
    // Set once, before anything is dialled.
    private let board = Mutex<Switchboard?>(nil)

    private static let connectTimeout = TimeAmount.seconds(2)
    private static let pause = TimeAmount.milliseconds(250)
    /// Who was refused is seldom let in a moment later.
    private static let pauseOfRefused = TimeAmount.seconds(5)

    init(_ servers: [ServerAddress], start: Int, name: String, access: NatsAccess) {
        self.access = access
        introduction = Introduction(name: name, credentials: access.credentials)
        state = Mutex(State(pool: ServerPool(servers, start: start)))
    }

    /// Tries each server once.
    ///
    /// - Throws: `NatsRefused` where one answered and refused; `NatsFailure` where none could be reached.
    func connect(_ board: Switchboard) throws {
        self.board.withLock { $0 = board }
        var (refused, failure): (NatsRefused?, (any Error)?)
        for _ in 0..<state.withLock({ $0.pool.count }) {
            guard let server = state.withLock({ $0.pool.next() }) else { break }
            do {
                return try dial(server, board).wait()
            } catch let error as NatsRefused {
                refused = error
            } catch {
                failure = error
            }
        }
        throw refused ?? NatsFailure("NATS: no server can be reached: \(failure.map { "\($0)" } ?? "none was named")")
    }

    /// Why no server is connected, as far as the last tries tell.
    var trouble: String {
        guard let refused = state.withLock({ $0.refused }) else { return "NATS: no server can be reached" }
        return "\(refused) (it is tried again every \(Dialler.pauseOfRefused.nanoseconds / 1_000_000_000) s)"
    }

    func discovered(_ others: [String], by server: ServerAddress) {
        guard access.followsDiscovered else { return }
        state.withLock { $0.pool.discover(others, by: server) }
    }

    /// The connection was lost.
    func again() {
        guard !state.withLock({ $0.isOver }) else { return }
        // A server that hangs up at once is not asked at once.
        group.next().scheduleTask(in: Dialler.pause) { [weak self] in self?.redial() }
    }

    /// Hangs up for good.
    func end() {
        state.withLock { $0.isOver = true }
        // Closes what is open. It may be called on the group's own thread.
        group.shutdownGracefully { _ in }
    }

    // MARK: - On the connection's thread

    private func redial() {
        let (server, isOver) = state.withLock { ($0.pool.next(), $0.isOver) }
        guard !isOver, let server, let board = board.withLock({ $0 }) else { return }
        dial(server, board).whenFailure { [weak self] error in self?.failed(error) }
    }

    private func failed(_ error: any Error) {
        let pause: TimeAmount = state.withLock { state in
            state.failures += 1
            let isRound = state.failures % max(1, state.pool.count) == 0
            if let refused = error as? NatsRefused { (state.refused, state.wasRefused) = (refused, true) }
            if isRound {
                // Where none that refused can be reached any more, that is the trouble.
                if !state.wasRefused { state.refused = nil }
                state.wasRefused = false
            }
            return isRound ? (state.refused == nil ? Dialler.pause : Dialler.pauseOfRefused) : .nanoseconds(0)
        }
        group.next().scheduleTask(in: pause) { [weak self] in self?.redial() }
    }

    private func dial(_ server: ServerAddress, _ board: Switchboard) -> EventLoopFuture<Void> {
        let ready = group.next().makePromise(of: ServerInfo.self)
        let (access, introduction) = (access, introduction)
        ClientBootstrap(group: group)
            .connectTimeout(Dialler.connectTimeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        LinkHandler(server, access, introduction, board, ready: ready))
                }
            }
            .connect(host: server.host, port: server.port)
            // The handler has failed it already where it was added; a promise takes the first word alone.
            .whenFailure { ready.fail($0) }
        return ready.futureResult.map { [weak self] _ in
            self?.state.withLock { ($0.failures, $0.refused, $0.wasRefused) = (0, nil, false) }
        }
    }
}
