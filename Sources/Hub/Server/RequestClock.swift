import NIOCore
import NIOHTTP1

/// Cuts off whoever keeps a connection without using it: a request that is not sent within its time is answered with 408, a
/// connection on which nothing happens is closed. Bytes that trickle keep nothing open, nor do those that the other side does not
/// take.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limit: TimeAmount
    private let idle: TimeAmount
    private var deadline: NIODeadline?
    private var moved = NIODeadline.now()
    private var isAnswering = false
    /// Something that was written waits to be taken, and is looked at.
    private var isLooking = false
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - limit: from the end of a request's head to the end of its body.
    ///   - idle: between two parts of whatever goes over the connection.
    init(limit: TimeAmount, idle: TimeAmount) {
        self.limit = limit
        self.idle = idle
    }

    func handlerAdded(context: ChannelHandlerContext) { look(context, in: min(limit, idle)) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        moved = .now()
        switch unwrapInboundIn(data) {
        case .head:
            deadline = moved + limit
            isAnswering = false
        case .body: break
        case .end: deadline = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        isAnswering = true
        guard !isLooking else { return context.write(data, promise: promise) }
        isLooking = true
        let taken = promise ?? context.eventLoop.makePromise()
        taken.futureResult.assumeIsolated().whenComplete { [self] result in
            isLooking = false
            if case .success = result { moved = .now() }
        }
        context.write(data, promise: taken)
    }

    private func look(_ context: ChannelHandlerContext, in time: TimeAmount) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            let now = NIODeadline.now()
            if let deadline, deadline <= now { return refuse(context) }
            if now - moved >= idle { return context.close(promise: nil) }
            look(context, in: max(.milliseconds(10), min((deadline ?? now + idle) - now, moved + idle - now)))
        }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        if !isAnswering {
            let headers = HTTPHeaders([("connection", "close"), ("content-length", "0")])
            let head = HTTPResponseHead(version: .http1_1, status: .requestTimeout, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.close(promise: nil)
    }
}
