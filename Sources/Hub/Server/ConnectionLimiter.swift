import ControlRoom
import NIOCore
import NIOHTTP1
import NIOTLS
import Synchronization

/// The connections that a hub has open, each with its place; whoever has to go for another is closed.
final class ConnectionLimiter: Sendable {
    private let state: Mutex<(places: ConnectionPlaces, channels: [Int: any Channel])>
    private let now: @Sendable () -> Timestamp
    private let journal: RefusalJournal

    init(_ limits: ConnectionPlaces.Limits, now: @escaping @Sendable () -> Timestamp, journal: RefusalJournal) {
        state = Mutex((ConnectionPlaces(limits), [:]))
        self.now = now
        self.journal = journal
    }

    /// Gives a connection its place before anything is read from it.
    ///
    /// - Parameter hasHandshake: false where nothing is to be shown first: plain HTTP on loopback.
    /// - Returns: nil where there is no place.
    func admit(_ channel: any Channel, hasHandshake: Bool) -> Ticket? {
        let (address, time) = (channel.remoteAddress?.ipAddress ?? "-", now())
        let group = channel.remoteAddress?.group ?? "-"
        let (number, hasPlace, gone) = state.withLock { state in
            let number: Int
            var (hasPlace, goes) = (true, [Int]())
            if hasHandshake {
                (number, goes) = state.places.arrive(group, now: time)
            } else {
                (number, hasPlace, goes) = state.places.arriveOpen(group, now: time)
            }
            if hasPlace { state.channels[number] = channel }
            return (number, hasPlace, goes.compactMap { state.channels.removeValue(forKey: $0) })
        }
        sendAway(gone, hasPlace ? nil : address)
        guard hasPlace else { return nil }
        channel.closeFuture.whenComplete { [self] _ in leave(number) }
        return Ticket(limiter: self, number: number, address: address, renewal: Renewal(now: now))
    }

    /// Whether there is a place for it now that its handshake is finished.
    fileprivate func finish(_ number: Int, _ address: String) -> Bool {
        let time = now()
        let (hasPlace, gone) = state.withLock { state in
            let (hasPlace, goes) = state.places.finish(number, now: time)
            if !hasPlace { state.channels[number] = nil }
            return (hasPlace, goes.compactMap { state.channels.removeValue(forKey: $0) })
        }
        sendAway(gone, hasPlace ? nil : address)
        return hasPlace
    }

    fileprivate func serve(_ number: Int) {
        let time = now()
        state.withLock { $0.places.serve(number, now: time) }
    }

    fileprivate func failed(_ address: String, _ reason: String) {
        journal.note(.handshake, ["from": address, "why": String(reason.prefix(200))])
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.places.leave(number)
            state.channels[number] = nil
        }
    }

    private func sendAway(_ gone: [any Channel], _ turnedAway: String?) {
        for channel in gone {
            journal.note(.tooManyConnections, ["from": channel.remoteAddress?.ipAddress ?? "-"])
            channel.close(promise: nil)
        }
        if let turnedAway { journal.note(.tooManyConnections, ["from": turnedAway]) }
    }
}

/// One connection's place.
struct Ticket: Sendable {
    fileprivate let limiter: ConnectionLimiter
    fileprivate let number: Int
    let address: String
    fileprivate let renewal: Renewal

    /// A member is served over it: with a certificate in force, or with one that ended and can be renewed. To be said of each request:
    /// the address keeps its own places for an hour after the last.
    func serve() {
        if renewal.isDue() { limiter.serve(number) }
    }
}

/// Lets what is said of each request through once a minute, so that it costs next to nothing.
final class Renewal: Sendable {
    private let now: @Sendable () -> Timestamp
    private let last = Mutex<Timestamp?>(nil)

    static let seconds = 60.0

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    func isDue() -> Bool {
        let time = now()
        return last.withLock { last in
            if let last, abs(time.seconds(since: last)) < Renewal.seconds { return false }
            last = time
            return true
        }
    }
}

/// Waits for the end of a TLS handshake, for some seconds; bytes that trickle keep nothing open.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let ticket: Ticket
    private let limit: TimeAmount
    private var isFinished = false
    private var timer: Scheduled<Void>?

    init(_ ticket: Ticket, limit: TimeAmount) {
        self.ticket = ticket
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
            guard !isFinished else { return }
            isFinished = true
            ticket.limiter.failed(ticket.address, "the handshake was not finished in time")
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent, !isFinished {
            isFinished = true
            timer?.cancel()
            guard ticket.limiter.finish(ticket.number, ticket.address) else { return context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isFinished {
            isFinished = true
            ticket.limiter.failed(ticket.address, "\(error)")
        }
        context.fireErrorCaught(error)
    }
}
