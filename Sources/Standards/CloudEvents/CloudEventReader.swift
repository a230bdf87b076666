public import ControlRoom
import FoundationEssentials

/// Reads one event in the JSON format of CloudEvents 1.0.2.
public struct CloudEventReader {
    /// Of the data; the standard asks for 64 KiB at least, and alerts with outlines need more.
    public static let maximumBytes = 1 << 20

    /// Attributes of the standard and of this system, each in its place; all others among the extensions. No table of names:
    /// events come by the tens of thousands a second.
    private var known = [String?](repeating: nil, count: Attribute.allCases.count)
    private var seen: UInt32 = 0
    private var extensions: [String: String] = [:]
    private var empty: Set<String> = []
    private var data: [UInt8]?
    private var dataText: String?
    private var base64: [UInt8]?

    private enum Attribute: String, CaseIterable {
        case specversion, id, source, type, subject, time, datacontenttype, dataschema, tenant, actor, exercise,
            signature,
            occurred, sequence, recordedtime

        var bit: UInt32 { 1 << UInt32(place) }

        var place: Int {
            switch self {
            case .specversion: 0
            case .id: 1
            case .source: 2
            case .type: 3
            case .subject: 4
            case .time: 5
            case .datacontenttype: 6
            case .dataschema: 7
            case .tenant: 8
            case .actor: 9
            case .exercise: 10
            case .signature: 11
            case .occurred: 12
            case .sequence: 13
            case .recordedtime: 14
            }
        }
    }

    private static let dataBit: UInt32 = 1 << 30
    private static let base64Bit: UInt32 = 1 << 31

    private init() {}

    /// The event of a JSON object, from somebody else: what is longer than a log takes is shortened (`Event.withinBounds`).
    ///
    /// - Throws: `JSONError` saying which rule is broken, and at which byte.
    public static func event(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Event {
        let event = try read(bytes).withinBounds()
        guard event.data.bytes.count <= maximumBytes else {
            let reason = "data of \(event.data.bytes.count) bytes; at most \(maximumBytes >> 20) MiB is taken"
            throw JSONError(offset: 0, reason: reason)
        }
        return event
    }

    /// The same of bytes in an array.
    ///
    /// - Throws: `JSONError` saying which rule is broken, and at which byte.
    public static func event(_ bytes: [UInt8]) throws -> Event {
        try bytes.withUnsafeBufferPointer { try event($0) }
    }

    /// An event of a log or an outbox, which was admitted before; `data` is kept as the bytes that stand there.
    ///
    /// - Throws: `JSONError`.
    public static func kept(_ bytes: [UInt8]) throws -> Event { try bytes.withUnsafeBufferPointer { try read($0) } }

    /// As it stands there. At most four times `maximumBytes`: that bounds the data alone, and a text is shortened only here.
    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Event {
        let limit = 4 * maximumBytes
        guard bytes.count <= limit else {
            throw JSONError(offset: 0, reason: "an event of \(bytes.count) bytes; at most \(limit >> 20) MiB is read")
        }
        guard UTF8Check.isValid(bytes) else { throw JSONError(offset: 0, reason: "the text is not UTF-8") }
        var json = JSONReader(bytes)
        var reader = CloudEventReader()
        try json.object { name, json in try reader.member(name, &json) }
        try json.end()
        return try reader.event()
    }

    // MARK: - Members

    private mutating func member(_ name: String, _ json: inout JSONReader) throws {
        json.skipWhitespace()
        let start = json.position
        if name == "data" {
            try see(CloudEventReader.dataBit, name, start)
            return try readData(&json)
        }
        if let attribute = Attribute(rawValue: name) {
            try see(attribute.bit, name, start)
            known[attribute.place] = try CloudEventReader.value(name, &json)
            return
        }
        if name == "data_base64" {
            try see(CloudEventReader.base64Bit, name, start)
            return try readBase64(&json)
        }
        guard CloudEventReader.isName(name) else {
            let reason = "\"\(name.prefix(40))\" is no attribute name; they are lower-case letters and digits"
            throw JSONError(offset: start, reason: reason)
        }
        guard extensions[name] == nil, !empty.contains(name) else { throw CloudEventReader.twice(name, start) }
        extensions[name] = try CloudEventReader.value(name, &json)
        if extensions[name] == nil { empty.insert(name) }
    }

    private mutating func see(_ bit: UInt32, _ name: String, _ start: Int) throws {
        guard seen & bit == 0 else { throw CloudEventReader.twice(name, start) }
        seen |= bit
    }

    private static func twice(_ name: String, _ start: Int) -> JSONError {
        JSONError(offset: start, reason: "\"\(name.prefix(40))\" stands twice")
    }

    /// CloudEvents 1.0.2, "Naming conventions".
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
            }
    }

    /// The text of an attribute; nil for null, which the JSON format takes as absent.
    private static func value(_ name: String, _ json: inout JSONReader) throws -> String? {
        switch try json.peek() {
        case .null: return try json.optionalString()
        case .string: return try json.string()
        case .bool: return try json.bool() ? "true" : "false"
        case .number: return String(decoding: json.bytes[try json.skip()], as: UTF8.self)
        case .object, .array: throw json.failure("attribute \"\(name)\" is neither text, number nor truth value")
        case nil: throw json.failure("the text ends where a value was expected")
        }
    }

    private mutating func readData(_ json: inout JSONReader) throws {
        if json.null() { return }
        var again = json
        data = try json.raw()
        if try again.peek() == .string { dataText = try again.string() }
    }

    private mutating func readBase64(_ json: inout JSONReader) throws {
        let start = json.position
        guard let text = try json.optionalString() else { return }
        guard CloudEventReader.isPadded(text), let bytes = Data(base64Encoded: text) else {
            throw JSONError(offset: start, reason: "data_base64 is not base64 (RFC 4648, 4)")
        }
        base64 = Array(bytes)
    }

    /// Whether padding stands where RFC 4648, 4 has it: Foundation takes `====` and `AA=A` as well.
    private static func isPadded(_ text: String) -> Bool {
        let padding = text.utf8.drop { $0 != UInt8(ascii: "=") }
        return text.utf8.count % 4 == 0 && padding.count <= 2 && padding.allSatisfy { $0 == UInt8(ascii: "=") }
    }

    // MARK: - The event

    private func event() throws -> Event {
        let version = self[.specversion]
        guard version == "1.0" else {
            throw fault(version.map { "specversion is \"\($0.prefix(20))\"; 1.0 is understood" } ?? "no specversion")
        }
        var event = Event(
            id: try needed(.id), source: try needed(.source), type: EventType(rawValue: try needed(.type)))
        event.subject = try filled(.subject)
        event.time = try parsed(.time, Timestamp.init(rfc3339:))
        event.dataContentType = try filled(.datacontenttype)
        event.dataSchema = try filled(.dataschema)
        event.data = try payload(event.dataContentType)
        try extend(&event)
        return event
    }

    private func extend(_ event: inout Event) throws {
        event.tenant = self[.tenant]
        event.actor = self[.actor]
        event.exercise = self[.exercise]
        event.signature = self[.signature]
        event.occurred = try parsed(.occurred, HybridTime.init)
        event.sequence = try parsed(.sequence, CloudEventReader.sequence)
        event.recorded = try parsed(.recordedtime, Timestamp.init(rfc3339:))
        event.extensions = extensions
    }

    private subscript(attribute: Attribute) -> String? { known[attribute.place] }

    private static func sequence(_ text: String) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text)
    }

    /// CloudEvents JSON format, 3.1: text of another content type than JSON stands as a string.
    private func payload(_ contentType: String?) throws -> Event.Payload {
        if data != nil, base64 != nil { throw fault("both data and data_base64") }
        if let base64 { return .bytes(base64, base64: true) }
        guard let data else { return .none }
        if let dataText, let contentType, !ContentType.isJSON(contentType) {
            return .bytes(Array(dataText.utf8), base64: false)
        }
        return .json(data)
    }

    // MARK: - Attributes

    private func needed(_ attribute: Attribute) throws -> String {
        guard let value = self[attribute] else { throw fault("no \(attribute.rawValue)") }
        guard !value.isEmpty else { throw fault("\(attribute.rawValue) is empty") }
        return value
    }

    private func filled(_ attribute: Attribute) throws -> String? {
        guard let value = self[attribute] else { return nil }
        guard !value.isEmpty else { throw fault("\(attribute.rawValue) is empty") }
        return value
    }

    private func parsed<Value>(_ attribute: Attribute, _ make: (String) -> Value?) throws -> Value? {
        guard let text = self[attribute] else { return nil }
        guard let value = make(text) else {
            throw fault("\(attribute.rawValue) \"\(text.prefix(40))\" cannot be read")
        }
        return value
    }

    private func fault(_ reason: String) -> JSONError { JSONError(offset: 0, reason: reason) }
}
