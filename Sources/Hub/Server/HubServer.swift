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
            most: configuration.limits.connections, mostOfOne: configuration.limits.connectionsPerAddress)
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
        let lane: @Sendable (Submitter?) -> @Sendable () -> Lane = { trial in
            {
                Lane(
                    clock: RequestClock(limit: .seconds(seconds), idle: .seconds(60)),
                    ingest: IngestLane(engine: engine, trial: trial, bodyBytes: bodyBytes))
            }
        }
        switch access {
        case .trial(let submitter):
            let base = AnsweringChannel(
                base: HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http),
                http: http,
                responder: responder, trial: submitter, lane: lane(submitter))
            return GuardedChannel(base: base, limiter: limiter).server(
                configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
        case .tls(let security):
            let plain = HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http)
            let base = AnsweringChannel(
                base: try TLSChannel(plain, configuration: tls(security, engine.central)), http: http,
                responder: responder,
                trial: nil, lane: lane(nil))
            return GuardedChannel(base: base, limiter: limiter).server(
                configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
        }
    }

    /// A certificate of another authority ends the handshake. Whether one of ours is in force is looked up with each request
    /// (`Connection`): one that has just ended can still be renewed.
    private static func tls(_ security: Security, _ central: Central) throws -> TLSChannelConfiguration {
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
        return TLSChannelConfiguration(tlsConfiguration: configuration) { certificates, verdict in
            let der = certificates.first.flatMap { try? $0.toDERBytes() }
            verdict.succeed(der.map(central.hasIssued) == true ? .certificateVerified : .failed)
        }
    }
}

/// The handlers of one connection.
private struct Lane {
    let clock: RequestClock
    let ingest: IngestLane
}

/// Gives each connection a responder that knows it.
private struct AnsweringChannel<Base: ServerChildChannel>: ServerChildChannel
where Base.Value == NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
    typealias Value = Base.Value
    let base: Base
    let http: HTTP1Channel.Configuration
    let responder: Responder
    let trial: Submitter?
    let lane: @Sendable () -> Lane

    /// The lane stands where requests are cut from bytes, and before the responder sees them.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let lane = lane()
            try pipeline.addHandler(lane.ingest, position: .after(decoder))
            try pipeline.addHandler(lane.clock, position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        let connection = Connection(value.channel, trial: trial)
        let handler = HTTP1Channel(
            responder: { [responder] (request, writer: consuming ResponseWriter, _) in
                let response = await responder.respond(to: request, on: connection)
                try await writer.write(response: response.head, body: response.body)
            }, configuration: http)
        await handler.handleHTTP(asyncChannel: value, logger: logger)
    }
}
