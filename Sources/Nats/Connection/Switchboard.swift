import NIOCore
import Synchronization

/// What is open on a connection, whichever server it leads to: subscriptions, requests that wait for their answers, and bytes on their way out.
///
/// Its calls wait for nobody, on any thread. Subscribers are called on the connection's own thread, one message after the other.
final class Switchboard: Sendable {
    typealias Subscriber = @Sendable (NatsMessage) -> Void

    // A function that stands in a tuple or a `Mutex` by itself is wrapped anew at each look.
    private struct Listener {
        var subject: String
        var body: Subscriber
    }

    private struct State {
        var channel: (any Channel)?
        var outgoing = ByteBuffer()
        /// A flush is coming.
        var isFlushing = false
        /// Bytes that the channel has and the server has not taken.
        var onTheWay = 0
        var largestPayload = 1 << 20
        var listeners: [Int: Listener] = [:]
        var requests: [Int64: (waiting: Answers, slot: Int)] = [:]
        var count = Switchboard.answers
        var asked: Int64 = 0
        var complaint: (text: String, number: Int)?
        var complaints = 0
        var server: ServerAddress?
    }

    private let state = Mutex(State())
    /// In front of what answers come to.
    private let inbox = "_INBOX." + UniqueName.make()
    private let whenHeard: @Sendable (ServerInfo, ServerAddress) -> Void
    private let whenLost: @Sendable () -> Void
    private let trouble: @Sendable () -> String?

    /// Of the subscription that answers come to.
    private static let answers = 1
    private static let mostBytes = 64 << 20
    private static let mostOfComplaint = 200

    /// - Parameters:
    ///   - whenHeard: what a server says of itself and the others, also when it is opened.
    ///   - whenLost: the connection is gone.
    ///   - trouble: why there is none; nil where nothing is known.
    init(
        whenHeard: @escaping @Sendable (ServerInfo, ServerAddress) -> Void, whenLost: @escaping @Sendable () -> Void,
        trouble: @escaping @Sendable () -> String?
    ) {
        (self.whenHeard, self.whenLost, self.trouble) = (whenHeard, whenLost, trouble)
    }

    var isConnected: Bool { state.withLock { $0.channel != nil } }

    /// Bytes of a message, headers included, that the server takes to which the connection leads, or last led.
    var largestPayload: Int { state.withLock { $0.largestPayload } }

    /// What a server complained of, such as a missing permission, since there had been so many complaints; nil where none did.
    func complaint(since count: Int) -> String? {
        state.withLock { state in state.complaint.flatMap { $0.number > count ? $0.text : nil } }
    }

    var complaints: Int { state.withLock { $0.complaints } }

    /// The server that is connected, or was last.
    var server: ServerAddress? { state.withLock { $0.server } }

    // MARK: - The connection

    func opened(_ channel: any Channel, _ info: ServerInfo, to server: ServerAddress) {
        state.withLock { state in
            (state.channel, state.server) = (channel, server)
            state.largestPayload = info.largestPayload
            (state.outgoing, state.onTheWay, state.complaint) = (ByteBuffer(), 0, nil)
            ClientOperation.subscribe(inbox + ".*", Switchboard.answers, in: &state.outgoing)
            for (number, listener) in state.listeners {
                ClientOperation.subscribe(listener.subject, number, in: &state.outgoing)
            }
            flush(&state)
        }
        whenHeard(info, server)
    }

    func heard(_ info: ServerInfo, from server: ServerAddress) {
        state.withLock { $0.largestPayload = info.largestPayload }
        whenHeard(info, server)
    }

    /// Whoever waits for an answer is told that none comes.
    func lost(_ channel: any Channel) {
        let lost: [(waiting: Answers, slot: Int)]? = state.withLock { state in
            guard state.channel === channel else { return nil }
            state.channel = nil
            defer { state.requests = [:] }
            return Array(state.requests.values)
        }
        guard let lost else { return }
        let failure = NatsFailure("NATS: the connection was lost before an answer came", isUnanswered: true)
        for (waiting, slot) in lost { waiting.settle(slot, .failure(failure)) }
        whenLost()
    }

    /// - Returns: as much of it as may be shown.
    func complained(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(Switchboard.mostOfComplaint).map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F ? Character(scalar) : "?"
        }
        return state.withLock { state in
            state.complaints += 1
            state.complaint = (String(shown), state.complaints)
            return String(shown)
        }
    }

    // MARK: - What goes out

    /// - Throws: `NatsFailure` without a connection, or where the server has not taken what came before; nothing is sent then.
    func publish(_ messages: [OutgoingMessage]) throws { try state.withLock { try send(messages, &$0) } }

    /// - Returns: what waits for an answer to each, on a subject of its own.
    /// - Throws: as `publish`.
    func ask(_ messages: [OutgoingMessage]) throws -> Answers {
        try state.withLock { state in
            let first = state.asked + 1
            let waiting = Answers(count: messages.count, first: first)
            let asked = messages.enumerated().map { slot, message in
                var message = message
                message.reply = "\(inbox).\(first + Int64(slot))"
                return message
            }
            try send(asked, &state)
            state.asked += Int64(messages.count)
            for slot in messages.indices { state.requests[first + Int64(slot)] = (waiting, slot) }
            return waiting
        }
    }

    /// Nobody waits any more.
    func forget(_ waiting: Answers) {
        state.withLock { state in for number in waiting.numbers { state.requests[number] = nil } }
    }

    private func send(_ messages: [OutgoingMessage], _ state: inout State) throws {
        guard state.channel != nil else { throw NatsFailure(trouble() ?? "NATS: no server is connected") }
        guard state.outgoing.readableBytes + state.onTheWay <= Switchboard.mostBytes else {
            throw NatsFailure("NATS: the server takes nothing at present")
        }
        for message in messages {
            guard ClientOperation.isSubject(message.subject), message.reply.map(ClientOperation.isSubject) ?? true,
                ClientOperation.areHeaders(message.headers)
            else { throw NatsFailure("NATS: a subject or header that cannot be sent") }
        }
        for message in messages { ClientOperation.publish(message, in: &state.outgoing) }
        flush(&state)
    }

    /// All that is written until the connection's thread comes to it goes out at once.
    private func flush(_ state: inout State) {
        guard !state.isFlushing, let channel = state.channel else { return }
        state.isFlushing = true
        channel.eventLoop.execute { [self] in pour() }
    }

    private func pour() {
        let (channel, buffer) = self.state.withLock { state in
            state.isFlushing = false
            let buffer = state.outgoing
            state.outgoing = ByteBuffer()
            state.onTheWay += buffer.readableBytes
            return (state.channel, buffer)
        }
        guard let channel, buffer.readableBytes > 0 else { return }
        let count = buffer.readableBytes
        channel.writeAndFlush(buffer).whenComplete { [self] _ in
            state.withLock { state in if state.channel === channel { state.onTheWay -= count } }
        }
    }

    // MARK: - What comes in

    /// Also without a connection: it is told to each server that there will be.
    ///
    /// - Returns: the number of the subscription.
    func subscribe(to subject: String, _ body: @escaping Subscriber) throws -> Int {
        guard ClientOperation.isSubject(subject) else { throw NatsFailure("NATS: \(subject) is no subject") }
        return state.withLock { state in
            state.count += 1
            state.listeners[state.count] = Listener(subject: subject, body: body)
            if state.channel != nil { ClientOperation.subscribe(subject, state.count, in: &state.outgoing) }
            flush(&state)
            return state.count
        }
    }

    /// What is on its way to it comes to nobody.
    func unsubscribe(_ number: Int) {
        state.withLock { state in
            guard state.listeners.removeValue(forKey: number) != nil, state.channel != nil else { return }
            ClientOperation.unsubscribe(number, in: &state.outgoing)
            flush(&state)
        }
    }

    func took(_ message: NatsMessage, _ subscription: Int) {
        guard subscription == Switchboard.answers else {
            let listener = state.withLock { $0.listeners[subscription] }
            listener?.body(message)
            return
        }
        guard message.subject.starts(with: inbox.utf8), let number = Numbers.last(1, of: message.subject).first,
            let (waiting, slot) = state.withLock({ $0.requests.removeValue(forKey: number) })
        else { return }
        let isNobody = message.body.isEmpty && message.headers.status == 503
        waiting.settle(
            slot,
            isNobody ? .failure(NatsFailure("NATS: nobody is there to answer", isUnanswered: true)) : .success(message))
    }
}
