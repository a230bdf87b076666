/// A message as a server delivers it.
public struct NatsMessage: Equatable, Sendable {
    public var subject: [UInt8]
    /// The subject on which an answer is waited for, or on which the message would be acknowledged; empty where there is none.
    public var reply: [UInt8]
    /// With their first line, `NATS/1.0`; empty where there are none.
    public var headerBytes: [UInt8]
    public var body: [UInt8]

    public init(subject: [UInt8], reply: [UInt8] = [], headerBytes: [UInt8] = [], body: [UInt8] = []) {
        self.subject = subject
        self.reply = reply
        self.headerBytes = headerBytes
        self.body = body
    }

    public var headers: NatsHeaders { NatsHeaders(headerBytes) }
}

/// A message to be published.
public struct OutgoingMessage: Sendable {
    /// Without spaces and control characters.
    public var subject: String
    /// Names and values without line breaks.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// Where others are to answer; nil where nobody has to.
    public var reply: String?

    public init(
        subject: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [], reply: String? = nil
    ) {
        self.subject = subject
        self.headers = headers
        self.body = body
        self.reply = reply
    }
}
