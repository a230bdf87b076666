import ControlRoom
import NIOCore
import NIOSSL
import NIOTLS

/// One connection to one server: it introduces itself, over TLS where that was asked for, and then hands on what comes. It hangs up where
/// the server has said nothing for a while, asked whether it is there.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// The server has to speak first.
        case waiting
        /// Introduced, and not yet let in.
        case introduced
        case open
        case over
    }

    private let server: ServerAddress
    private let access: NatsAccess
    private let introduction: Introduction
    private let switchboard: Switchboard
    private let ready: EventLoopPromise<ServerInfo>
    private var phase = Phase.waiting
    private var info: ServerInfo?
    private var hasHandshake = false
    private var unanswered = 0
    private var decoder = ServerOperationDecoder()
    /// What has come of an operation that is not there whole.
    private var received = ByteBuffer()

    private static let patience = TimeAmount.seconds(5)
    private static let pingInterval = TimeAmount.seconds(2)
    private static let mostUnanswered = 2
    /// Servers that take less are none for a log: what is larger would be refused, and its author would give it up. What a server says of
    /// itself comes before TLS, so that anybody on the way can change it: with TLS less than the standard of NATS is not believed.
    private static let leastPayload = (plain: 64 << 10, overTLS: 1 << 20)
    private static let mostConsumed = 64 << 10

    /// - Parameter ready: fulfilled when the server has let the client in; fails with `NatsRefused`, `NatsFailure` or what NIO says.
    init(
        _ server: ServerAddress, _ access: NatsAccess, _ introduction: Introduction, _ switchboard: Switchboard,
        ready: EventLoopPromise<ServerInfo>
    ) {
        (self.server, self.access, self.introduction) = (server, access, introduction)
        (self.switchboard, self.ready) = (switchboard, ready)
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.assumeIsolated().scheduleTask(in: LinkHandler.patience) { [self] in
            guard phase == .waiting || phase == .introduced else { return }
            leave(channel, NatsFailure("NATS: \(server.shown) does not answer"))
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .over else { return }
        unanswered = 0
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        do {
            while phase != .over, let operation = try decoder.next(in: &received) { try took(operation, context) }
        } catch {
            return leave(context.channel, error)
        }
        // NIO goes on writing into what nobody else holds.
        if received.readableBytes == 0 {
            received = ByteBuffer()
        } else if received.readerIndex > LinkHandler.mostConsumed {
            received.discardReadBytes()
        }
    }

    /// - Throws: `NatsProtocolError` for what a server does not say at this time, and what makes it unfit.
    private func took(_ operation: ServerOperation, _ context: ChannelHandlerContext) throws {
        switch (operation, phase) {
        case (.info(let info), .waiting): try introduce(to: info, context)
        case (.info(let info), .open):
            try check(info)
            switchboard.heard(info, from: server)
        // What stands before the end of the handshake may be by anybody on the way.
        case (_, .waiting),
            (_, .introduced) where isTLS && !hasHandshake:
            throw NatsProtocolError(description: "words before their time")
        case (.info(let info), .introduced): self.info = info
        case (.message(let message, let subscription), .open): switchboard.took(message, subscription)
        case (.ping, _): send(context) { $0.writeStaticString(ClientOperation.pong) }
        case (.pong, .introduced): try open(context)
        case (.error(let text), _): heard(error: text, context)
        case (.ok, _), (.pong, _), (.info, .over), (.message, _): break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(TLSUserEvent.handshakeCompleted) = event as? TLSUserEvent { hasHandshake = true }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        leave(context.channel, refusal(error, context) ?? error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let isRefusal = phase == .introduced && hasHandshake && wantsCertificate
        let reason: any Error =
            isRefusal ? NatsRefused.hungUp(access.tls) : NatsFailure("NATS: \(server.shown) hung up")
        leave(context.channel, reason)
        context.fireChannelInactive()
    }

    // MARK: - Being let in

    private var isTLS: Bool { access.tls != nil || info?.wantsTLS ?? false }

    /// The server lets in nobody without a certificate.
    private var wantsCertificate: Bool { info?.verifiesClients ?? false }

    private func introduce(to info: ServerInfo, _ context: ChannelHandlerContext) throws {
        self.info = info
        if isTLS {
            guard info.wantsTLS || info.offersTLS else { throw NatsRefused.noTLS }
            guard received.readableBytes == 0 else { throw NatsProtocolError(description: "words before TLS") }
            let handler = try NIOSSLClientHandler(
                context: try access.context(), serverHostname: access.expectedName(of: server))
            try context.pipeline.syncOperations.addHandler(handler, position: .first)
        }
        let line = try introduction.line(to: info, isTLS: isTLS)
        phase = .introduced
        send(context) { buffer in
            buffer.writeBytes(line)
            buffer.writeStaticString(ClientOperation.ping)
        }
    }

    private func open(_ context: ChannelHandlerContext) throws {
        guard let info else { return }
        try check(info)
        phase = .open
        switchboard.opened(context.channel, info, to: server)
        ready.succeed(info)
        ping(context.channel)
    }

    private func check(_ info: ServerInfo) throws {
        let least = isTLS ? LinkHandler.leastPayload.overTLS : LinkHandler.leastPayload.plain
        guard info.largestPayload < least else { return }
        throw NatsFailure(
            "NATS: \(server.shown) takes messages of \(info.largestPayload) bytes: its max_payload has to be \(least) at least"
        )
    }

    private func ping(_ channel: any Channel) {
        channel.eventLoop.assumeIsolated().scheduleTask(in: LinkHandler.pingInterval) { [self] in
            guard phase == .open else { return }
            guard unanswered < LinkHandler.mostUnanswered else {
                return leave(channel, NatsFailure("NATS: \(server.shown) says nothing"))
            }
            unanswered += 1
            var buffer = channel.allocator.buffer(capacity: 8)
            buffer.writeStaticString(ClientOperation.ping)
            channel.writeAndFlush(buffer, promise: nil)
            ping(channel)
        }
    }

    private func heard(error text: String, _ context: ChannelHandlerContext) {
        let shown = switchboard.complained(text)
        guard phase == .introduced else { return }
        let isRefusal = LinkHandler.refusals.contains { text.lowercased().contains($0) }
        leave(
            context.channel,
            isRefusal ? NatsRefused.unknown(access) : NatsFailure("NATS: \(server.shown) says: \(shown)"))
    }

    /// A timeout is none: a server that is busy says it as well.
    private static let refusals = [
        "authorization violation", "authentication expired", "authentication revoked", "account authentication",
    ]

    private func send(_ context: ChannelHandlerContext, _ write: (inout ByteBuffer) -> Void) {
        var buffer = context.channel.allocator.buffer(capacity: 512)
        write(&buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Gives the link up, for the first reason alone. Whoever waits for an answer is told at once, however long TLS takes to end.
    private func leave(_ channel: any Channel, _ reason: any Error) {
        guard phase != .over else { return }
        let isLetIn = phase == .open
        phase = .over
        received = ByteBuffer()
        if isLetIn { switchboard.lost(channel) } else { ready.fail(reason) }
        channel.close(promise: nil)
    }

    // MARK: - What is said of TLS

    /// Nil where it is no question of settings.
    private func refusal(_ error: any Error, _ context: ChannelHandlerContext) -> NatsRefused? {
        guard phase == .introduced else { return nil }
        if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
            return .otherName(error)
        }
        if let error = error as? NIOSSLError, error == .uncleanShutdown {
            return hasHandshake && wantsCertificate ? .hungUp(access.tls) : nil
        }
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        let words = "\(error)"
        if words.contains("CERTIFICATE_VERIFY_FAILED") { return .notBelieved(access, term: term(context)) }
        let isOfMine = words.contains("_ALERT_") && (words.contains("CERT") || words.contains("UNKNOWN_CA"))
        if isOfMine || hasHandshake && wantsCertificate { return .hungUp(access.tls) }
        // A server that died in the middle says nothing of settings, nor one that had something to say before TLS.
        let isPassing = LinkHandler.isEnd(error) || words.contains("WRONG_VERSION_NUMBER")
        return words.contains("sslError") && !isPassing ? .noHandshake(error) : nil
    }

    private static func isEnd(_ error: any Error) -> Bool {
        guard let error = error as? NIOSSLError, case .handshakeFailed(.sslError(let stack)) = error else {
            return false
        }
        return stack.contains(.eofDuringHandshake)
    }

    private func term(_ context: ChannelHandlerContext) -> (from: Timestamp, to: Timestamp)? {
        guard let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate() else { return nil }
        return (
            Timestamp(milliseconds: Int64(certificate.notValidBefore) * 1_000),
            Timestamp(milliseconds: Int64(certificate.notValidAfter) * 1_000)
        )
    }
}
