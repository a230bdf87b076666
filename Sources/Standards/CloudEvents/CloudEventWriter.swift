public import ControlRoom
import FoundationEssentials

/// Writes events in the JSON format of CloudEvents 1.0.2.
public enum CloudEventWriter {
    /// Digits of `sequence`, so that the texts sort as the numbers do.
    public static let sequenceWidth = 19

    /// One structured event; JSON data stands in it as the bytes that it came with.
    public static func json(_ event: Event) -> [UInt8] {
        var writer = JSONWriter()
        write(event, to: &writer)
        return writer.bytes
    }

    /// The same, as a value inside of other JSON.
    public static func write(_ event: Event, to writer: inout JSONWriter) {
        writer.object { writer in
            writeAttributes(event, &writer)
            writeExtensions(event, &writer)
            writeData(event.data, &writer)
        }
    }

    private static func writeAttributes(_ event: Event, _ writer: inout JSONWriter) {
        writer.member("specversion", "1.0")
        writer.member("id", event.id)
        writer.member("source", event.source)
        writer.member("type", event.type.rawValue)
        writer.member("subject", event.subject)
        writer.member("time", event.time?.rfc3339)
        writer.member("datacontenttype", event.dataContentType)
        writer.member("dataschema", event.dataSchema)
    }

    private static func writeExtensions(_ event: Event, _ writer: inout JSONWriter) {
        writer.member("tenant", event.tenant)
        writer.member("actor", event.actor)
        writer.member("occurred", event.occurred?.text)
        writer.member("exercise", event.exercise)
        writer.member("sequence", event.sequence.map { Timestamp.padded($0, sequenceWidth) })
        writer.member("recordedtime", event.recorded?.rfc3339)
        writer.member("signature", event.signature)
        for (name, value) in event.extensions.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
    }

    private static func writeData(_ data: Event.Payload, _ writer: inout JSONWriter) {
        switch data {
        case .none: break
        case .json(let bytes): writer.member("data", raw: bytes)
        case .bytes(let bytes, base64: true): writer.member("data_base64", Data(bytes).base64EncodedString())
        case .bytes(let bytes, base64: false): writer.member("data", String(decoding: bytes, as: UTF8.self))
        }
    }
}
