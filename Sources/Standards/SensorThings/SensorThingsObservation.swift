public import ControlRoom

/// Observations of the OGC SensorThings API 1.1 (8.2.6), as a service posts them: one, or a list under `value`.
public enum SensorThingsObservation {
    /// Names that do not fit into 480 bytes of an event's attributes end in their hash; a longer unit than 8,000 bytes is cut.
    ///
    /// - Throws: `JSONError` where it is no observation.
    public static func events(_ body: [UInt8], now: Timestamp) throws -> [Event] {
        try JSONReader.read(body) { reader in
            var list: [Event]?
            let start = reader
            try reader.object { key, reader in
                guard key == "value", try reader.peek() == .array else {
                    try reader.skip()
                    return
                }
                var events: [Event] = []
                try reader.array { events.append(try one(&$0, now: now)) }
                list = events
            }
            if let list { return list }
            var single = start
            return [try one(&single, now: now)]
        }
    }

    private static func one(_ reader: inout JSONReader, now: Timestamp) throws -> Event {
        var result: Double?
        var time: Timestamp?
        var (id, stream, unit) = ("", "", "")
        let start = reader
        try reader.object { key, reader in
            switch key {
            case "result": result = try reader.double()
            case "phenomenonTime":
                // An interval is written with a slash; its end counts.
                let text = try reader.string()
                time = text.split(separator: "/").last.flatMap { Timestamp(rfc3339: String($0)) }
            case "@iot.id": id = try text(&reader)
            case "Datastream": (stream, unit) = try datastream(&reader)
            default: try reader.skip()
            }
        }
        guard let result else { throw start.failure("an observation has a number as its result") }
        guard !stream.isEmpty else { throw start.failure("an observation names its Datastream") }
        let at = time ?? now
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("value", result)
                writer.member("unit", unit.isEmpty ? nil : TextBound.cut(unit, to: TextBound.line))
            }
        }
        let name = id.isEmpty ? ContentID.of("\(stream) \(at.milliseconds) \(result)".utf8) : id
        var event = Event(
            id: TextBound.name(name), source: TextBound.name("urn:sensorthings:" + PercentEncoding.encode(stream)),
            type: .observationRecorded, subject: TextBound.name(stream), time: at, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }

    private static func datastream(_ reader: inout JSONReader) throws -> (name: String, unit: String) {
        var (id, name, unit) = ("", "", "")
        try reader.object { key, reader in
            switch key {
            case "@iot.id": id = try text(&reader)
            case "name": name = try reader.string()
            case "unitOfMeasurement":
                try reader.object { key, reader in
                    if key == "symbol" { unit = try reader.optionalString() ?? "" } else { try reader.skip() }
                }
            default: try reader.skip()
            }
        }
        return (name.isEmpty ? (id.isEmpty ? "" : "datastream/" + id) : name, unit)
    }

    /// Ids are numbers or texts.
    private static func text(_ reader: inout JSONReader) throws -> String {
        if try reader.peek() == .string { return try reader.string() }
        return String(decoding: reader.bytes[try reader.skip()], as: UTF8.self)
    }
}
