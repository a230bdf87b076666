public import ControlRoom

/// Events as HTTP requests carry them: the structured, batched and binary modes of the CloudEvents HTTP binding 1.0.2, 3.
public enum CloudEventHTTP {
    /// A request that holds no events, whatever is in it.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// The media type is none of the three modes.
        case unsupportedMediaType(String)
        /// With what could be read of it, where it says that it raises an alert.
        case malformed(String, raise: Event? = nil)

        public var description: String {
            switch self {
            case .unsupportedMediaType(let type):
                "\"\(type)\" holds no events: application/cloudevents+json, application/cloudevents-batch+json, "
                    + "or any type with ce- headers is taken"
            case .malformed(let reason, _): reason
            }
        }
    }

    /// One event of a request, or why it is none.
    public enum Item: Sendable {
        case event(Event)
        /// The id, where that could be read, and what could be read of what says that it raises an alert.
        case rejected(id: String, reason: String, raise: Event? = nil)
    }

    public static let structured = "application/cloudevents+json"
    public static let batch = "application/cloudevents-batch+json"

    /// The events of one request, in their order. In a batch each stands for itself: one that is none is an item of its
    /// own.
    ///
    /// - Parameters:
    ///   - headers: names in lower case, in their order; only those that begin with `ce-` are looked at.
    ///   - most: events of one batch.
    /// - Throws: `Failure`: the media type holds no events, the body or its headers are not what that type asks for, or
    ///   a batch is longer than `most`.
    public static func events(
        contentType: String?, headers: [(name: String, value: String)], body: [UInt8], most: Int = 10_000
    ) throws -> [Item] {
        let type = ContentType.essence(contentType ?? "")
        switch type {
        case structured: return [try single(body)]
        case batch: return try many(body, most: most)
        case _ where type.hasPrefix("application/cloudevents"):
            throw Failure.unsupportedMediaType(contentType ?? "")
        default:
            guard headers.contains(where: { $0.name == "ce-specversion" }) else {
                throw Failure.unsupportedMediaType(contentType ?? "")
            }
            return [try binary(contentType, headers, body)]
        }
    }

    private static func single(_ body: [UInt8]) throws -> Item {
        do {
            return .event(try CloudEventReader.event(body))
        } catch let error as JSONError {
            throw Failure.malformed("at byte \(error.offset): \(error.reason)", raise: UnreadRaise.read(body))
        }
    }

    private static func many(_ body: [UInt8], most: Int) throws -> [Item] {
        do {
            return try body.withUnsafeBufferPointer { bytes in
                guard UTF8Check.isValid(bytes) else { throw JSONError(offset: 0, reason: "the text is not UTF-8") }
                var items: [Item] = []
                var reader = JSONReader(bytes)
                try reader.array { reader in
                    guard items.count < most else { throw reader.failure("more than \(most) events in one batch") }
                    reader.skipWhitespace()
                    let range = try reader.skip()
                    items.append(item(UnsafeBufferPointer(rebasing: bytes[range]), items.count))
                }
                try reader.end()
                return items
            }
        } catch let error as JSONError {
            throw Failure.malformed("at byte \(error.offset): \(error.reason)")
        }
    }

    private static func item(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Item {
        do {
            return .event(try CloudEventReader.event(bytes))
        } catch let error as JSONError {
            var reader = JSONReader(bytes)
            let id = try? reader.member("id")
            return .rejected(id: id ?? "#\(index)", reason: error.reason, raise: UnreadRaise.read(bytes))
        } catch {
            return .rejected(id: "#\(index)", reason: "\(error)")
        }
    }

    /// Binary mode, 3.1: attributes are headers, and the body is the data.
    private static func binary(
        _ contentType: String?, _ headers: [(name: String, value: String)], _ body: [UInt8]
    ) throws -> Item {
        var attributes: [(String, String)] = []
        var names: Set<String> = []
        for (name, value) in headers where name.hasPrefix("ce-") {
            let attribute = String(name.dropFirst(3))
            guard attribute != "data", attribute != "datacontenttype", names.insert(attribute).inserted else {
                throw Failure.malformed("the header \(name) stands twice, or is no attribute")
            }
            attributes.append((attribute, PercentEncoding.decode(value)))
        }
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in attributes { writer.member(name, value) }
            writer.member("datacontenttype", contentType)
        }
        do {
            var event = try CloudEventReader.event(writer.bytes)
            if !body.isEmpty { event.data = try data(body, contentType) }
            return .event(event.withinBounds())
        } catch let error as JSONError {
            let read = Dictionary(attributes) { first, _ in first }
            throw Failure.malformed(error.reason, raise: UnreadRaise.event(read, body))
        }
    }

    private static func data(_ body: [UInt8], _ contentType: String?) throws -> Event.Payload {
        guard ContentType.isJSON(contentType ?? "application/json") else { return .bytes(body, base64: true) }
        return try body.withUnsafeBufferPointer { bytes in
            guard UTF8Check.isValid(bytes) else { throw JSONError(offset: 0, reason: "the text is not UTF-8") }
            var reader = JSONReader(bytes)
            reader.skipWhitespace()
            let range = try reader.skip()
            try reader.end()
            return .json(Array(bytes[range]))
        }
    }
}
