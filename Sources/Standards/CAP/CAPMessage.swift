public import ControlRoom

/// An alert message of the Common Alerting Protocol, with every element of its versions 1.0, 1.1 and 1.2.
///
/// An element that is there but empty counts as absent, save where the standard asks for a value.
public struct CAPMessage: Equatable, Sendable {
    public var version: CAPVersion
    public var identifier: String
    public var sender: String
    public var sent: CAPTime
    public var status: CAPStatus
    public var messageType: CAPMessageType
    public var source: String?
    /// Optional in 1.0 alone.
    public var scope: CAPScope?
    public var restriction: String?
    /// For whom a private message is (3.2.1 `addresses`).
    public var addresses: [String] = []
    public var codes: [String] = []
    public var note: String?
    public var references: [CAPReference] = []
    public var incidents: [String] = []
    public var infos: [CAPInfo] = []
    /// It holds an XML signature. That is noted, not verified.
    public var isSigned = false
    /// What of it could not be read, in words; at most 21, each of at most 300 characters.
    public var unread: [String] = []
    /// Nil where it was read to its end.
    public var cutOff: CutOff?

    /// The document ended, or could not be read on, in the middle of the message.
    public enum CutOff: Equatable, Sendable {
        /// The severity of all that was read was read as well.
        case withSeverity
        /// It ends before a severity: how bad it is stands in what is missing.
        case withoutSeverity
    }

    public init(
        version: CAPVersion = .v12, identifier: String, sender: String, sent: CAPTime, status: CAPStatus,
        messageType: CAPMessageType, scope: CAPScope?
    ) {
        self.version = version
        self.identifier = identifier
        self.sender = sender
        self.sent = sent
        self.status = status
        self.messageType = messageType
        self.scope = scope
    }
}

/// A dateTime as it was written, and the instant that it names.
public struct CAPTime: Equatable, Sendable {
    public var text: String
    public var instant: Timestamp

    /// Nil where the text is no dateTime with a zone (CAP 1.2, 3.3.2).
    public init?(_ text: String) {
        guard let instant = Timestamp(rfc3339: text) else { return nil }
        self.text = text
        self.instant = instant
    }
}

/// An earlier message, named by sender, identifier and sent (CAP 1.2, 3.2.1 `references`).
public struct CAPReference: Equatable, Sendable {
    public var sender: String
    public var identifier: String
    /// Nil in 1.0, whose references are `identifier/sender`.
    public var sent: CAPTime?

    public init(sender: String, identifier: String, sent: CAPTime?) {
        self.sender = sender
        self.identifier = identifier
        self.sent = sent
    }
}

/// A name with a value: `eventCode`, `parameter` and `geocode`.
public struct CAPNamedValue: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
