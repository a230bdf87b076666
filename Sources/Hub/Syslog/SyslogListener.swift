import ControlRoom
import CoreMetrics
import Feed
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Standards

/// Takes syslog messages (RFC 5424 over TCP, RFC 6587) for one tenant, and posts them as alerts.
public struct SyslogListener: Service {
    private let engine: HubEngine
    private let configuration: HubConfiguration.Syslog
    private let logger: Logger

    public init(_ engine: HubEngine, _ configuration: HubConfiguration.Syslog, logger: Logger) {
        self.engine = engine
        self.configuration = configuration
        self.logger = logger
    }

    public func run() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        logger.info("syslog", metadata: ["port": "\(server.channel.localAddress?.port ?? 0)"])
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    for try await connection in connections { group.addTask { await serve(connection) } }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        let machine = Submitter(
            identity: Identity(actor: "syslog", role: .sensor, tenant: configuration.tenant), keyID: nil)
        do {
            try await connection.executeThenClose { inbound, _ in
                var framing = SyslogFraming()
                for try await buffer in inbound {
                    var messages: [[UInt8]] = []
                    try framing.read(buffer.readableBytesView) { messages.append($0) }
                    try await post(messages, machine)
                }
            }
        } catch {
            logger.warning("syslog sender was cut off", metadata: ["error": "\(error)"])
        }
    }

    private func post(_ messages: [[UInt8]], _ machine: Submitter) async throws {
        let now = engine.surroundings.now()
        let events = messages.compactMap { bytes -> Event? in
            do {
                return try SyslogMessage(bytes).event(now: now)
            } catch {
                engine.rejections.increment()
                logger.warning("no syslog message", metadata: ["reason": "\(error)"])
                return nil
            }
        }
        guard !events.isEmpty else { return }
        switch await engine.submit(events, from: machine) {
        case .success(let verdicts):
            let rejected = verdicts.count { if case .rejected = $0 { true } else { false } }
            engine.count(accepted: verdicts.count - rejected, duplicate: 0, rejected: rejected)
        case .failure(let failure):
            // The sender's connection ends: it knows what to send again.
            throw Busy(description: failure.description)
        }
    }

    private struct Busy: Error, CustomStringConvertible {
        let description: String
    }
}
