internal import ControlRoom

/// What a source says at length, as a log can keep it: no alert is refused for the length of its texts or names.
///
/// Names beyond `TextBound.key` bytes (id, source, subject, and the alerts that it refers to) keep their start and end in a hash
/// of the whole: what repeats, clears or refers to a long name still finds it, and a duplicate is still one. Texts of alerts are cut
/// only where the data has more than `mostData` bytes, the longest first. What is signed stays as it is, and the data of all
/// other types.
extension Event {
    /// Data beyond this is shortened: what a log takes, with room for what it and a copy add.
    static let mostData = CloudEventReader.maximumBytes - (128 << 10)

    func withinBounds() -> Event {
        guard actor == nil, signature == nil else { return self }
        var event = self
        event.id = TextBound.name(id, to: TextBound.key)
        event.source = TextBound.name(source, to: TextBound.key)
        event.subject = subject.map { TextBound.name($0, to: TextBound.key) }
        guard type == .alertRaised || type == .alertCancelled, case .json(let json) = data, json.count > TextBound.key
        else { return event }
        event.data = .json(Event.shortened(json))
        return event
    }

    /// The data with short references, and with shorter texts where it is too large; as it stands where it is no object.
    private static func shortened(_ json: [UInt8]) -> [UInt8] {
        var short = hasLongReference(json) ? rewritten(json, textsTo: .max) ?? json : json
        for limit in [TextBound.prose, TextBound.line, TextBound.attribute] where short.count > mostData {
            short = rewritten(short, textsTo: limit) ?? short
        }
        return short
    }

    private static let references: Set<String> = ["replaces", "cancels"]

    private static func hasLongReference(_ json: [UInt8]) -> Bool {
        (try? JSONReader.read(json) { reader in
            var isLong = false
            try reader.object { name, reader in
                // The bytes of a list with a long name are more than those of the name.
                let range = try reader.skip()
                if range.count > TextBound.key, references.contains(name) { isLong = true }
            }
            return isLong
        }) ?? false
    }

    /// The members in their order, texts cut wherever they stand and references shortened; nil where it is no object, or a list of
    /// references holds anything else.
    private static func rewritten(_ json: [UInt8], textsTo limit: Int) -> [UInt8]? {
        try? JSONReader.read(json) { reader in
            try members(&reader) { name, reader in
                guard references.contains(name) else { return try cut(&reader, to: limit) }
                let names = try reader.strings().map { TextBound.name($0, to: TextBound.key) }
                return JSONWriter.bytes { writer in
                    writer.array { writer in for name in names { writer.string(name) } }
                }
            }
        }
    }

    /// A value with its texts cut, as deep as a reader goes (`JSONReader.maximumDepth`).
    private static func cut(_ reader: inout JSONReader, to limit: Int) throws -> [UInt8] {
        var writer = JSONWriter()
        switch try reader.peek() {
        case .object: return try members(&reader) { _, reader in try cut(&reader, to: limit) }
        case .array:
            var values: [[UInt8]] = []
            try reader.array { reader in values.append(try cut(&reader, to: limit)) }
            writer.array { writer in for value in values { writer.raw(value) } }
        case .string: writer.string(TextBound.cut(try reader.string(), to: limit))
        default: writer.raw(try reader.raw())
        }
        return writer.bytes
    }

    /// An object written anew, each of its values as `value` makes it.
    private static func members(
        _ reader: inout JSONReader, _ value: (String, inout JSONReader) throws -> [UInt8]
    ) throws -> [UInt8] {
        var members: [(name: String, value: [UInt8])] = []
        try reader.object { name, reader in members.append((name, try value(name, &reader))) }
        return JSONWriter.bytes { writer in
            writer.object { writer in for (name, value) in members { writer.member(name, raw: value) } }
        }
    }
}
