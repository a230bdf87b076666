import CNats
import Synchronization

/// What listens on a connection, for as long as it lasts.
///
/// libnats 3.4 still uses a subscription that was given up while a message for it was on its way, and corrupts memory. So none is given up
/// before the connection is closed: whoever listens no longer is only not told any more, and inboxes share one subscription.
final class Listeners: Sendable {
    /// Takes a message, which it must not keep.
    typealias Body = @Sendable (OpaquePointer?) -> Void

    private struct State {
        var subscriptions: [String: UInt] = [:]
        /// By subject, with the number of the listener; of an inbox by its name.
        var bodies: [String: (number: Int, body: Body)] = [:]
        var prefix: String?
        var count = 0
    }

    private let state = Mutex(State())

    /// Of what the library holds until it is taken in here; beyond it messages are dropped.
    private static let mostPending: Int32 = 131_072
    private static let mostPendingBytes: Int32 = 64 << 20

    /// Instead of whoever listened on the subject before.
    ///
    /// - Returns: the number of the listener.
    /// - Throws: `JetStreamFailure`.
    func listen(on subject: String, _ connection: OpaquePointer, _ body: @escaping Body) throws -> Int {
        let (number, isKnown) = state.withLock { state in
            state.count += 1
            state.bodies[subject] = (state.count, body)
            return (state.count, state.subscriptions[subject] != nil)
        }
        if !isKnown { try subscribe(to: subject, connection) }
        return number
    }

    /// A subject that nobody else on the servers has, and what a consumer has to be called that sends to it.
    struct Inbox {
        let subject: String
        let name: String
    }

    /// - Throws: `JetStreamFailure`.
    func inbox(_ connection: OpaquePointer, _ body: @escaping Body) throws -> Inbox {
        let prefix = try sharedPrefix(connection)
        return state.withLock { state in
            state.count += 1
            let name = "\(prefix.split(separator: ".").last ?? "inbox")-\(state.count)"
            state.bodies[name] = (state.count, body)
            return Inbox(subject: "\(prefix).\(name)", name: name)
        }
    }

    private func sharedPrefix(_ connection: OpaquePointer) throws -> String {
        if let known = state.withLock({ $0.prefix }) { return known }
        let made = try UniqueName.make()
        try subscribe(to: made + ".*", connection)
        return state.withLock { state in
            let prefix = state.prefix ?? made
            state.prefix = prefix
            return prefix
        }
    }

    /// What is still on its way to it comes to nobody.
    ///
    /// - Parameters:
    ///   - name: a subject, or an inbox's.
    ///   - number: of the listener, where another may listen there now; nil for whoever it is.
    func close(_ name: String, of number: Int? = nil) {
        state.withLock { state in
            if number == nil || state.bodies[name]?.number == number { state.bodies[name] = nil }
        }
    }

    private func subscribe(to subject: String, _ connection: OpaquePointer) throws {
        var made: OpaquePointer?
        // The library holds on to it until the subscription is gone.
        let closure = Unmanaged.passRetained(self).toOpaque()
        let status = natsConnection_Subscribe(
            &made, connection, subject, { _, _, message, closure in Listeners.took(message, closure) }, closure)
        guard status == NATS_OK, let made else {
            Unmanaged<Listeners>.fromOpaque(closure).release()
            try JetStreamFailure.check(status, "listening on \(subject)")
            throw JetStreamFailure("NATS: listening on \(subject)")
        }
        natsSubscription_SetOnCompleteCB(
            made, { closure in closure.map { Unmanaged<Listeners>.fromOpaque($0).release() } }, closure)
        natsSubscription_SetPendingLimits(made, Listeners.mostPending, Listeners.mostPendingBytes)
        state.withLock { $0.subscriptions[subject] = UInt(bitPattern: made) }
    }

    private static func took(_ message: OpaquePointer?, _ closure: UnsafeMutableRawPointer?) {
        defer { natsMsg_Destroy(message) }
        guard let closure, let name = name(of: message) else { return }
        let listeners = Unmanaged<Listeners>.fromOpaque(closure).takeUnretainedValue()
        let body = listeners.state.withLock { $0.bodies[name]?.body }
        body?(message)
    }

    /// A message of a stream comes under the subject it was published to, and names its consumer where it would be acknowledged.
    private static func name(of message: OpaquePointer?) -> String? {
        if let reply = natsMsg_GetReply(message), let consumer = consumer(in: String(cString: reply)) {
            return consumer
        }
        guard let subject = natsMsg_GetSubject(message).map({ String(cString: $0) }) else { return nil }
        guard subject.hasPrefix("_INBOX.") else { return subject }
        return subject.split(separator: ".").last.map(String.init)
    }

    /// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<nanoseconds>.<pending>`, with more in front where
    /// the servers have domains.
    static func consumer(in reply: String) -> String? {
        guard reply.hasPrefix("$JS.ACK.") else { return nil }
        let parts = reply.split(separator: ".")
        return parts.count >= 9 ? String(parts[parts.count - 6]) : nil
    }

    /// Behind the end of the connection, when nothing comes any more.
    func end() {
        let known = state.withLock { state in
            defer { state = State() }
            return state.subscriptions.values
        }
        for address in known { natsSubscription_Destroy(OpaquePointer(bitPattern: address)) }
    }
}
