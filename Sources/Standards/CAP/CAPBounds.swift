internal import ControlRoom

/// How long texts of CAP may be, in bytes of UTF-8. The standard has no bounds; a log, its copies and a screen need some.
enum CAPBounds {
    /// What stands in a line of a list.
    static let shortText = TextBound.line
    /// What is read in a pane of its own.
    static let longText = TextBound.prose
    /// Lists of names: some hundred references.
    static let list = 16 << 10
    /// Names of messages and senders. They are never cut, for two that differ at their end would become one.
    static let name = 8 << 10
    /// A polygon is a list of places: some 50,000.
    static let outline = 1 << 20
    /// An alert that stands as escaped text in an entry, its markup included.
    static let innerAlert = 8 << 20

    static func bytes(of element: CAPElement) -> Int {
        switch element {
        case .identifier, .sender: name
        case .polygon: outline
        case .references, .addresses, .incidents: list
        case .note, .description, .instruction, .value, .eventCode, .parameter, .geocode: longText
        default: shortText
        }
    }

    /// Words of a list and times, which take no room and decide what an alert asks for: they are read however long the alert is.
    static func isWord(_ element: CAPElement) -> Bool {
        switch element {
        case .sent, .status, .msgType, .scope, .category, .responseType, .urgency, .severity, .certainty, .effective,
            .onset, .expires:
            true
        default: false
        }
    }

    /// Whether what is left of a text that was cut can be read; of the others the last part would be a wrong one.
    static func isProse(_ element: CAPElement) -> Bool {
        switch element {
        case .source, .restriction, .note, .event, .audience, .senderName, .headline, .description, .instruction,
            .contact, .resourceDesc, .areaDesc, .valueName, .value:
            true
        default: false
        }
    }
}

/// Names of senders and messages, as they stand in the keys of our alerts.
enum CAPName {
    /// A longer one would make an attribute of more than the 500 bytes that a feed takes.
    private static let longest = 200

    /// CAP 1.2, 3.2.1: no spaces, commas, `<` or `&`.
    static func isPlain(_ name: String) -> Bool {
        !name.utf8.contains { byte in
            DecimalScanner.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "<")
                || byte == UInt8(ascii: "&")
        }
    }

    /// The name where it fits into a key; one that would be taken for two names is escaped, and a long one ends in its hash.
    static func key(_ name: String) -> String {
        TextBound.name(isPlain(name) ? name : PercentEncoding.encode(name), to: longest)
    }
}
