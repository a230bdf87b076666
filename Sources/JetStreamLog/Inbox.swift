import CNats

/// A subject that nobody else on the servers has, and what is sent to it until somebody takes it.
final class Inbox {
    let name: String
    private let subscription: OpaquePointer

    /// - Throws: `JetStreamFailure`.
    init(_ nats: NatsConnection) throws {
        name = try Inbox.name()
        var made: OpaquePointer?
        try JetStreamFailure.check(natsConnection_SubscribeSync(&made, nats.connection, name), "an inbox")
        guard let made else { throw JetStreamFailure("NATS: no inbox") }
        subscription = made
    }

    /// A name alone.
    ///
    /// - Throws: `JetStreamFailure`.
    static func name() throws -> String {
        var inbox: UnsafeMutablePointer<natsInbox>?
        try JetStreamFailure.check(natsInbox_Create(&inbox), "a name")
        defer { natsInbox_Destroy(inbox) }
        return inbox.map { String(cString: $0) } ?? ""
    }

    /// The next message, which is the caller's to destroy; nil where none came in time.
    func next(milliseconds: Int64) -> OpaquePointer? {
        var message: OpaquePointer?
        guard natsSubscription_NextMsg(&message, subscription, milliseconds) == NATS_OK else { return nil }
        return message
    }

    func close() {
        natsSubscription_Unsubscribe(subscription)
        natsSubscription_Destroy(subscription)
    }
}
