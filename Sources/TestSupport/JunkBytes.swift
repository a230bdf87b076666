import ControlRoom
public import Testing

/// What can stand in a log and is no event.
public enum JunkBytes {
    public struct Kind: Sendable, CustomTestStringConvertible {
        public let name: String
        public let body: [UInt8]

        public var testDescription: String { name }
    }

    /// All kinds that are small.
    public static let all: [Kind] = [
        Kind(name: "no text", body: [0x00, 0xFF] + Array("not json".utf8)),
        Kind(name: "nothing", body: []),
        text("half an object", "{"), text("an empty object", "{}"), text("a list", "[1,2]"), text("a text", "\"x\""),
        text("an object that is no CloudEvent", "{\"temperature\":21}"),
        text("a later version of CloudEvents", event(version: "2.0")),
        text("an event behind a blank", " " + event()), text("two events", event() + event()),
        text("an event with a place of its own", event(more: ",\"sequence\":\"0000000000000000001\"")),
        text("an event with an empty place of its own", event(more: ",\"sequence\":\"\"")),
        text("an event with a time of its own", event(more: ",\"recordedtime\":\"2026-01-01T00:00:00Z\"")),
        text("an event over lines that a stream would change", event(more: ",\r\n\"subject\":\"a\"")),
    ]

    /// Larger than any event of a log may be.
    public static var tooLarge: Kind {
        let fill = String(repeating: "x", count: 4 << 20)
        return text("an event that is too large", event(more: ",\"data\":\"\(fill)\""))
    }

    private static func text(_ name: String, _ body: String) -> Kind { Kind(name: name, body: Array(body.utf8)) }

    private static func event(version: String = "1.0", more: String = "") -> String {
        "{\"specversion\":\"\(version)\",\"id\":\"j\",\"source\":\"urn:junk\",\"type\":\"eu.impetus.alert.raised.v1\"\(more)}"
    }
}
