import CNats
import Synchronization

/// A connection to a cluster of NATS servers, for all logs of a hub. It reconnects for ever.
public final class NatsConnection: Sendable {
    // libnats' calls are safe on any thread; the pointers themselves never change.
    nonisolated(unsafe) let connection: OpaquePointer

    private let access: NatsAccess

    /// - Parameters:
    ///   - urls: `nats://HOST:PORT`, without a password: they stand in what is thrown.
    ///   - access: TLS and credentials.
    /// - Throws: `JetStreamFailure` where none of the servers can be reached; `NatsRefused` where a file cannot be used, a server is
    ///   not believed, or does not let the hub in. Neither holds a secret.
    public init(urls: [String], name: String, access: NatsAccess = NatsAccess()) throws {
        self.access = access
        var options: OpaquePointer?
        natsOptions_Create(&options)
        defer { natsOptions_Destroy(options) }
        try Texts.with(urls) { servers in
            try JetStreamFailure.check(
                natsOptions_SetServers(options, servers, Int32(urls.count)), "the servers' addresses")
        }
        natsOptions_SetName(options, name)
        natsOptions_SetMaxReconnect(options, -1)
        natsOptions_SetReconnectWait(options, 250)
        natsOptions_SetPingInterval(options, 5_000)
        natsOptions_SetMaxPingsOut(options, 2)
        // What is published without a connection fails at once: its author is told to come again, and does.
        natsOptions_SetReconnectBufSize(options, 1)
        // Missed heartbeats are the ordered consumer's affair, which heals itself: no word on standard error.
        natsOptions_SetErrorHandler(options, { _, _, _, _ in }, nil)
        try access.set(on: options)
        var made: OpaquePointer?
        let status = natsConnection_Connect(&made, options)
        if let refused = NatsRefused(status, access) { throw refused }
        try JetStreamFailure.check(status, "connecting to " + urls.joined(separator: ","))
        guard let made else { throw JetStreamFailure("no connection") }
        connection = made
    }

    deinit { natsConnection_Destroy(connection) }

    var isConnected: Bool { natsConnection_Status(connection) == NATS_CONN_STATUS_CONNECTED }

    /// Why nothing can be asked now; nil while a server is connected.
    ///
    /// libnats gives a connection up for good once the servers have refused its credentials twice.
    var trouble: String? {
        switch natsConnection_Status(connection) {
        case NATS_CONN_STATUS_CONNECTED: nil
        case NATS_CONN_STATUS_CLOSED:
            "NATS: the servers do not let this hub in any more (\(access.credentials)): check them, then start the hub again"
        default: "NATS: no server can be reached"
        }
    }
}

/// Why the log could not be asked.
public struct JetStreamFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }

    static func check(_ status: natsStatus, _ what: String, _ code: jsErrCode = jsErrCode(0)) throws {
        guard status != NATS_OK else { return }
        let text = natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
        throw JetStreamFailure("NATS: \(what): \(text)" + (code.rawValue == 0 ? "" : " (\(code.rawValue))"))
    }
}

/// Texts as C has them, for the time of a call.
enum Texts {
    static func with<Value>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) throws -> Value
    ) rethrows -> Value {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var pointers = copies.map { UnsafePointer($0) } + [nil]
        return try pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return try body(UnsafeMutablePointer.allocate(capacity: 1)) }
            return try body(start)
        }
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
