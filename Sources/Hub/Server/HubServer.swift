import ControlRoom
public import Feed
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOPosix
import NIOSSL
public import ServiceLifecycle

/// The hub's HTTP/1.1 server: connections are counted, TLS asks for a certificate without insisting on one (an enrolment has
/// none), and each request is answered by the responder with who is behind its connection.
public enum HubServer {
    public struct Security: Sendable {
        /// PEM: the hub's certificate, its key, and the authority's certificate.
        public var certificate: String
        public var key: String
        public var authority: String

        public init(certificate: String, key: String, authority: String) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
    }

    public enum Access: Sendable {
        case tls(Security)
        /// Plain HTTP on a loopback address; everybody is this one.
        case trial(Submitter)
    }

    /// - Parameter onRunning: called with the port it listens on.
    public static func make(
        _ engine: HubEngine, access: Access, configuration: HubConfiguration, metrics: PrometheusMetrics,
        logger: Logger, onRunning: @escaping @Sendable (Int) -> Void
    ) throws -> any Service {
        let responder = Responder(engine: engine, metrics: metrics, bodyBytes: configuration.limits.bodyBytes)
        let limiter = ConnectionLimiter(
            configuration.limits.places, now: engine.surroundings.now, journal: engine.journal)
        let seconds = Int64(configuration.limits.requestSeconds)
        // Idle connections are the RequestClock's affair: it sees what goes by the short way as well.
        let http = HTTP1Channel.Configuration(
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))
        let address = ServerConfiguration(
            address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1_024)
        let running: @Sendable (any Channel) async -> Void = { onRunning($0.localAddress?.port ?? 0) }
        let loops = MultiThreadedEventLoopGroup.singleton
        let bodyBytes = configuration.limits.bodyBytes
        let lane: @Sendable (Ticket, Submitter?) -> Lane = { ticket, trial in
            let look = MemberLook(engine: engine, ticket: ticket)
            return Lane(
                look: look, clock: RequestClock(limit: .seconds(seconds), idle: .seconds(60)),
                ingest: IngestLane(look, trial: trial, bodyBytes: bodyBytes))
        }
        let plain = HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http)
        switch access {
        case .trial(let submitter):
            return AnsweringChannel(
                base: plain, http: http, responder: responder, limiter: limiter, trial: submitter, lane: lane
            ).server(configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
        case .tls(let security):
            return AnsweringChannel(
                base: try TLSChannel(plain, tlsConfiguration: tls(security)), http: http, responder: responder,
                limiter: limiter, trial: nil, lane: lane
            ).server(configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
        }
    }

    private static func tls(_ security: Security) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(security.certificate.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(security.key.utf8), format: .pem)))
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(
            [try NIOSSLCertificate(bytes: Array(security.authority.utf8), format: .pem)])
        configuration.certificateVerification = .optionalVerification
        configuration.shutdownTimeout = .seconds(1)
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}

/// The handlers of one connection.
private struct Lane {
    let look: MemberLook
    let clock: RequestClock
    let ingest: IngestLane
}

/// A connection that has a place.
private struct Placed: ServerChildChannelValue {
    let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    let look: MemberLook

    var channel: any Channel { parts.channel }
}

/// Gives each connection its place, and a responder that knows it.
private struct AnsweringChannel<Base: ServerChildChannel>: ServerChildChannel
where Base.Value == NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
    typealias Value = Placed
    let base: Base
    let http: HTTP1Channel.Configuration
    let responder: Responder
    let limiter: ConnectionLimiter
    let trial: Submitter?
    let lane: @Sendable (Ticket, Submitter?) -> Lane

    private struct TurnedAway: Error {}

    /// A handshake that takes longer than this is cut off.
    private static var handshakeLimit: TimeAmount { .seconds(5) }

    /// The lane stands where requests are cut from bytes, and before the responder sees them.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let ticket = limiter.admit(channel, hasHandshake: trial == nil) else {
            // A failed future alone would leave the socket open.
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(TurnedAway())
        }
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let lane = lane(ticket, trial)
            if trial == nil {
                let watch = HandshakeWatch(ticket, limit: AnsweringChannel.handshakeLimit)
                try pipeline.addHandler(watch, position: .before(decoder))
            }
            try pipeline.addHandler(lane.ingest, position: .after(decoder))
            try pipeline.addHandler(lane.clock, position: .after(decoder))
            return Placed(parts: value, look: lane.look)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let connection = Connection(value.channel, value.look, trial: trial)
        let handler = HTTP1Channel(
            responder: { [responder] (request, writer: consuming ResponseWriter, _) in
                let response = await responder.respond(to: request, on: connection)
                try await writer.write(response: response.head, body: response.body)
            }, configuration: http)
        await handler.handleHTTP(asyncChannel: value.parts, logger: logger)
    }
}
