import ControlRoom
import HubCore
public import Logging
import NIOCore
import NIOPosix
import NIOSSL
public import ServiceLifecycle
import Standards
import Trust

/// Takes syslog messages (RFC 5424) for one tenant, and posts them as alerts: over TLS with certificates on both sides and
/// octet counting (RFC 5425), or in plain text over TCP (RFC 6587) where the settings allow it.
public struct SyslogListener: Service {
    /// What the hub shows on this address, and whom it believes there.
    public struct Security: Sendable {
        /// PEM: the certificate with its chain, and its key.
        public var certificate: String
        public var key: String
        /// PEM: the authority of members, and others that vouch for devices.
        public var authority: String
        public var devices: String?

        public init(certificate: String, key: String, authority: String, devices: String?) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
            self.devices = devices
        }
    }

    private let engine: HubEngine
    private let configuration: HubConfiguration.Syslog
    private let tls: NIOSSLContext?
    private let takesDevices: Bool
    private let limiter: ConnectionLimiter
    private let silence: SilenceAlarm?
    private let poster: SyslogPoster
    private let logger: Logger

    private static let most = 2_000
    private static let mostOfOne = 200
    private static let lookSeconds: Int64 = 5

    /// - Parameter security: nil for plain text.
    /// - Throws: where a certificate or key cannot be read.
    public init(
        _ engine: HubEngine, _ configuration: HubConfiguration.Syslog, security: Security?, logger: Logger
    ) throws {
        self.engine = engine
        self.configuration = configuration
        self.logger = logger
        tls = try security.map { try NIOSSLContext(configuration: SyslogListener.configuration($0)) }
        takesDevices = security?.devices != nil
        limiter = ConnectionLimiter(
            .init(most: SyslogListener.most, mostOfOne: SyslogListener.mostOfOne), now: engine.surroundings.now,
            journal: engine.journal)
        silence =
            configuration.silenceSeconds == 0
            ? nil
            : SilenceAlarm(
                engine, tenant: configuration.tenant, leastSeconds: Double(configuration.silenceSeconds))
        poster = SyslogPoster(engine, tenant: configuration.tenant, silence: silence)
    }

    /// Devices have no better than TLS 1.2 and keys of RSA; the suites are those of RFC 9662, which takes the place of RFC 5425's.
    private static func configuration(_ security: Security) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(security.certificate.utf8)).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(security.key.utf8), format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        let believed = [security.authority, security.devices].compactMap { $0 }
        configuration.trustRoots = .certificates(
            try believed.flatMap { try NIOSSLCertificate.fromPEMBytes(Array($0.utf8)) })
        // Of a server this asks for a certificate and insists on it.
        configuration.certificateVerification = .noHostnameVerification
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }

    /// Listens until the service group stops.
    ///
    /// - Throws: where the address cannot be listened at.
    public func run() async throws {
        await silence?.begin()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture { try setUp(channel) }
            }
        logger.info(
            "syslog",
            metadata: [
                "port": "\(server.channel.localAddress?.port ?? 0)", "security": "\(tls == nil ? "plain" : "tls")",
            ])
        let looks = server.channel.eventLoop.scheduleRepeatedTask(
            initialDelay: .seconds(1), delay: .seconds(SyslogListener.lookSeconds)
        ) { [silence] _ in
            if let silence { Task { await silence.look() } }
        }
        defer { looks.cancel() }
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await poster.run() }
                try await server.executeThenClose { connections in
                    for try await connection in connections { group.addTask { await serve(connection) } }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    // MARK: - Connections

    private struct TurnedAway: Error {}

    private struct Accepted: Sendable {
        let parts: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        let ticket: Ticket
    }

    private func setUp(_ channel: any Channel) throws -> Accepted {
        guard let ticket = limiter.admit(channel, hasHandshake: tls != nil) else {
            channel.close(promise: nil)
            throw TurnedAway()
        }
        if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
            try channel.pipeline.syncOperations.addHandler(HandshakeWatch(ticket, limit: .seconds(5)))
        }
        return Accepted(parts: try NIOAsyncChannel(wrappingChannelSynchronously: channel), ticket: ticket)
    }

    private func serve(_ accepted: Accepted) async {
        let address = accepted.ticket.address
        var hasSent = false
        do {
            try await accepted.parts.executeThenClose { inbound, _ in
                var (framing, peer) = (SyslogFraming(countsOnly: tls != nil), SyslogPeer?.none)
                let held = engine.memory.hold(0, for: .syslog)
                for try await buffer in inbound {
                    // With the first bytes the handshake is finished.
                    hasSent = true
                    let sender = if let peer { peer } else { try await find(accepted.parts.channel, accepted.ticket) }
                    peer = sender
                    try await hold(buffer.readableBytes, held)
                    var messages: [[UInt8]] = []
                    try framing.read(buffer.readableBytesView) { messages.append($0) }
                    try await poster.post(messages, sender)
                    held?.shrink(to: framing.waiting)
                }
            }
        } catch is NoMemory {
            engine.journal.note(.outOfMemory, ["from": address])
        } catch {
            // A handshake that failed is told as that.
            guard hasSent else { return }
            engine.journal.note(.syslog, ["from": address, "why": "\(error)"])
        }
    }

    private struct NoMemory: Error {}

    /// Holds what was read of a connection. Where there is no memory left it is not read on meanwhile, and ends after 5 s: what others
    /// have begun to send would wait for it, and it for theirs. Its sender knows by that what to send again.
    private func hold(_ bytes: Int, _ held: Held?) async throws {
        for _ in 0..<50 {
            if held?.grow(by: bytes) ?? false { return }
            await SyslogPoster.pause(.milliseconds(100))
        }
        throw NoMemory()
    }

    private func find(_ channel: any Channel, _ ticket: Ticket) async throws -> SyslogPeer {
        guard tls != nil else { return .plain(address: ticket.address) }
        let certificate = try await channel.nioSSL_peerCertificate().get()
        let peer = try SyslogPeer.find(
            certificate.map { try $0.toDERBytes() }, engine.central, tenant: configuration.tenant,
            takesDevices: takesDevices, now: engine.surroundings.now())
        // It keeps its place.
        ticket.serve()
        return peer
    }
}
