import ControlRoom
public import HubCore
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
    /// What the hub shows to whoever connects, and by which authority it knows those who have a certificate.
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

    /// Who is let in, and as whom.
    public enum Access: Sendable {
        case tls(Security)
        /// Plain HTTP on a loopback address; everybody is this one.
        case trial(Submitter)
    }

    /// The server for all routes.
    ///
    /// - Parameter onRunning: called with the port it listens on.
    /// - Throws: where certificate or key cannot be read.
    public static func make(
        _ engine: HubEngine, access: Access, configuration: HubConfiguration, metrics: PrometheusMetrics,
        logger: Logger, onRunning: @escaping @Sendable (Int) -> Void
    ) throws -> any Service {
        let limits = configuration.limits
        return try Plan(
            engine: engine, access: access, host: configuration.host, port: configuration.port,
            responder: Responder(engine: engine, metrics: metrics, bodyBytes: limits.bodyBytes),
            places: limits.places, requestSeconds: limits.requestSeconds, logger: logger, onRunning: onRunning
        ).service()
    }

    /// A server for `/metrics` alone: plain HTTP for whoever reaches a loopback address, TLS and members of the role admin
    /// elsewhere.
    ///
    /// - Parameter onRunning: called with the port it listens on.
    /// - Throws: `PlainBeyondLoopback` where there is no certificate to show; where it cannot be read.
    public static func makeMetrics(
        _ engine: HubEngine, access: Access, at address: HubConfiguration.Metrics, metrics: PrometheusMetrics,
        logger: Logger, onRunning: @escaping @Sendable (Int) -> Void
    ) throws -> any Service {
        let isOpen = HostPort.isLoopback(address.host)
        if !isOpen, case .trial = access { throw PlainBeyondLoopback(host: address.host) }
        let nobody = Submitter(identity: Identity(actor: "metrics", role: .hub, tenant: ""), keyID: nil)
        let responder = Responder(
            engine: engine, metrics: metrics, bodyBytes: 0, scope: .metrics(isOpen: isOpen))
        return try Plan(
            engine: engine, access: isOpen ? .trial(nobody) : access, host: address.host, port: address.port,
            responder: responder, places: .init(most: mostReaders, mostOfOne: mostReaders),
            requestSeconds: secondsOfReader, logger: logger, onRunning: onRunning
        ).service()
    }

    private static let mostReaders = 64
    private static let secondsOfReader = 20

    /// Nothing is read in plain text by other machines.
    public struct PlainBeyondLoopback: Error, CustomStringConvertible {
        let host: String

        public var description: String {
            "\(host) is no loopback address, and a trial has no certificate: [metrics] listen = \"127.0.0.1:PORT\""
        }
    }

    /// One address that is listened at.
    private struct Plan {
        let engine: HubEngine
        let access: Access
        let host: String
        let port: Int
        let responder: Responder
        let places: ConnectionPlaces.Limits
        let requestSeconds: Int
        let logger: Logger
        let onRunning: @Sendable (Int) -> Void

        // Idle connections are the RequestClock's affair: it sees what goes by the short way as well.
        private var http: HTTP1Channel.Configuration {
            HTTP1Channel.Configuration(
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))
        }

        private func lane(_ ticket: Ticket, _ trial: Submitter?) -> Lane {
            let look = MemberLook(engine: engine, ticket: ticket)
            let clock = RequestClock(limit: .seconds(Int64(requestSeconds)), idle: .seconds(60))
            // Where only metrics are read nothing is posted.
            guard case .all = responder.scope else { return Lane(look: look, clock: clock, ingest: nil) }
            return Lane(
                look: look, clock: clock, ingest: IngestLane(look, trial: trial, bodyBytes: responder.bodyBytes))
        }

        func service() throws -> any Service {
            let plain = HTTP1Channel(responder: { (_, _: consuming ResponseWriter, _) in }, configuration: http)
            switch access {
            case .trial(let submitter): return service(plain, trial: submitter)
            case .tls(let security):
                let tls = try HubServer.tls(security, engine.central)
                return service(try TLSChannel(plain, configuration: tls), trial: nil)
            }
        }

        private func service<Base: ServerChildChannel>(_ base: Base, trial: Submitter?) -> any Service
        where Base.Value == NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
            let limiter = ConnectionLimiter(places, now: engine.surroundings.now, journal: engine.journal)
            let address = ServerConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: 1_024)
            let running: @Sendable (any Channel) async -> Void = { [onRunning] in onRunning($0.localAddress?.port ?? 0)
            }
            return AnsweringChannel(
                base: base, http: http, responder: responder, limiter: limiter, trial: trial, lane: lane
            ).server(
                configuration: address, onServerRunning: running,
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        }
    }

    /// A certificate of another authority ends the handshake. Whether one of ours is in force is looked up with each request
    /// (`MemberLook`): one that has just ended can still be renewed.
    fileprivate static func tls(_ security: Security, _ central: Central) throws -> TLSChannelConfiguration {
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
    let look: MemberLook
    let clock: RequestClock
    let ingest: IngestLane?
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
        CutLine.notice(on: channel)
        return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let lane = lane(ticket, trial)
            if trial == nil {
                let watch = HandshakeWatch(ticket, limit: AnsweringChannel.handshakeLimit)
                try pipeline.addHandler(watch, position: .before(decoder))
            }
            if let ingest = lane.ingest { try pipeline.addHandler(ingest, position: .after(decoder)) }
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
