/// A connection to a cluster of NATS servers, which any thread may use. Where it is lost, it is made again, for ever, with one server or another;
/// subscriptions go on there.
///
/// It is our own because Debian's library for C (libnats 3.4) uses subscriptions after they were freed, and corrupts memory; there is none for Swift
/// among the packages that this one is built from. It speaks the NATS client protocol with headers, TLS, and all kinds of credentials; it keeps no
/// messages for later, and knows no JetStream: `JetStreamLog` asks for that by requests.
///
/// ```swift
/// let nats = try NatsConnection(urls: ["nats://127.0.0.1:4222"], name: "example")
/// let subscription = try nats.subscribe(to: "greetings") { message in print(message.body.count) }
/// try nats.publish(OutgoingMessage(subject: "greetings", body: Array("hello".utf8)))
/// ```
public final class NatsConnection: Sendable {
    private let switchboard: Switchboard
    private let dialler: Dialler

    /// Connects, or fails after a few seconds for each server.
    ///
    /// - Parameters:
    ///   - urls: `nats://HOST:PORT`, without a password: they stand in what is thrown.
    ///   - name: under which the servers list it.
    ///   - access: TLS and credentials.
    /// - Throws: `NatsFailure` where none of the servers can be reached; `NatsRefused` where a file cannot be used, a server is
    ///   not believed, or does not let the hub in. Neither holds a secret.
    public init(urls: [String], name: String, access: NatsAccess = NatsAccess()) throws {
        let servers = try urls.map { url in
            guard let server = ServerAddress(url) else { throw NatsFailure("NATS: \(url) is no address of a server") }
            return server
        }
        let start = Int(UniqueName.make().prefix(4), radix: 16) ?? 0
        let dialler = Dialler(servers, start: start, name: name, access: access)
        self.dialler = dialler
        switchboard = Switchboard(
            whenHeard: { [weak dialler] info, server in dialler?.discovered(info.others, by: server) },
            whenLost: { [weak dialler] in dialler?.again() }, trouble: { [weak dialler] in dialler?.trouble })
        // Files that cannot be used are told before anybody is asked.
        do {
            _ = try access.tls.map { _ in try access.context() }
            try dialler.connect(switchboard)
        } catch {
            dialler.end()
            throw error
        }
    }

    deinit { dialler.end() }

    /// The server that is connected, or was last, as `HOST:PORT`.
    var server: String? { switchboard.server?.shown }

    public var isConnected: Bool { switchboard.isConnected }

    /// Why nothing can be asked now; nil while a server is connected.
    public var trouble: String? {
        isConnected ? nil : dialler.trouble
    }

    /// Bytes of a message, headers included, that the server takes to which the connection leads, or last led.
    public var largestPayload: Int { switchboard.largestPayload }

    // MARK: - Messages

    /// Sends a message without waiting; where the connection is lost at that moment, it may not arrive.
    ///
    /// - Throws: `NatsFailure` without a connection, where the server has not taken 64 MiB that came before, or for a subject or header that
    ///   cannot be sent.
    public func publish(_ message: OutgoingMessage) throws { try switchboard.publish([message]) }

    /// Sends messages together, in their order.
    ///
    /// - Throws: as for one; then none of them is sent.
    public func publish(_ messages: [OutgoingMessage]) throws { try switchboard.publish(messages) }

    /// Sends a message and waits for its answer. Never call it where a subscriber is called.
    ///
    /// - Throws: `NatsFailure`, also where nobody answers.
    public func request(_ message: OutgoingMessage, milliseconds: Int) throws -> NatsMessage {
        guard let answer = try request([message], milliseconds: milliseconds).first else {
            throw NatsFailure("NATS: nothing was asked")
        }
        return try answer.get()
    }

    /// Sends messages together and waits for an answer to each, in their order, for so long in all.
    ///
    /// - Throws: `NatsFailure` where nothing was sent.
    public func request(
        _ messages: [OutgoingMessage], milliseconds: Int
    ) throws -> [Result<NatsMessage, NatsFailure>] {
        let complaints = switchboard.complaints
        let waiting = try switchboard.ask(messages)
        defer { switchboard.forget(waiting) }
        return zip(messages, waiting.wait(milliseconds: milliseconds)).map { message, answer in
            answer ?? .failure(silence(message.subject, since: complaints))
        }
    }

    private func silence(_ subject: String, since complaints: Int) -> NatsFailure {
        let complaint = switchboard.complaint(since: complaints).map { " (a server said: \($0))" } ?? ""
        return NatsFailure("NATS: no answer from \(subject) in time\(complaint)", isUnanswered: true)
    }

    // MARK: - Subscriptions

    /// Calls `body` with each message of a subject, one after the other, until the subscription is ended.
    ///
    /// - Parameters:
    ///   - subject: `*` stands for one part of it.
    ///   - body: called on the connection's thread: while it runs, nothing else comes.
    /// - Throws: `NatsFailure` where it is no subject.
    public func subscribe(
        to subject: String, _ body: @escaping @Sendable (NatsMessage) -> Void
    ) throws -> NatsSubscription {
        NatsSubscription(
            subject: subject, number: try switchboard.subscribe(to: subject, body), switchboard: switchboard)
    }
}

/// What listens on a subject.
public final class NatsSubscription: Sendable {
    public let subject: String
    private let number: Int
    private let switchboard: Switchboard

    init(subject: String, number: Int, switchboard: Switchboard) {
        (self.subject, self.number, self.switchboard) = (subject, number, switchboard)
    }

    /// Nothing comes any more; can be called again.
    public func end() { switchboard.unsubscribe(number) }

    deinit { end() }
}
