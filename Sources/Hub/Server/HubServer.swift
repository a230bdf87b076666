public import Feed
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
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
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline(.seconds(seconds))], idleTimeout: .seconds(max(60, seconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))
        let address = ServerConfiguration(
            address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1_024)
        let running: @Sendable (any Channel) async -> Void = { onRunning($0.localAddress?.port ?? 0) }
        let loops = MultiThreadedEventLoopGroup.singleton
        switch access {
        case .trial(let submitter):
            let base = AnsweringChannel(
                base: HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http),
                http: http,
                responder: responder, trial: submitter)
            return GuardedChannel(base: base, limiter: limiter).server(
                configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
        case .tls(let security):
            let plain = HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http)
            let base = AnsweringChannel(
                base: try TLSChannel(plain, tlsConfiguration: tls(security)), http: http, responder: responder,
                trial: nil)
            return GuardedChannel(base: base, limiter: limiter).server(
                configuration: address, onServerRunning: running, eventLoopGroup: loops, logger: logger)
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

/// Gives each connection a responder that knows it.
private struct AnsweringChannel<Base: ServerChildChannel>: ServerChildChannel
where Base.Value == NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
    typealias Value = Base.Value
    let base: Base
    let http: HTTP1Channel.Configuration
    let responder: Responder
    let trial: Submitter?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger)
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
