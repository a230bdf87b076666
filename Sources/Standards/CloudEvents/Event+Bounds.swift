internal import ControlRoom

/// What a source says at length, as a log can keep it: no alert is refused for the length of its texts or names.
///
/// Names beyond `TextBound.key` bytes (id, source, subject, and the alerts that it refers to) keep their start and end in a hash
/// of the whole: what repeats, clears or refers to a long name still finds it, and a duplicate is still one. Texts are cut
/// only where the data has more than `mostData` bytes, the longest first. What is signed stays as it is.
extension Event {
    /// Data beyond this is shortened: half of what a log takes, which leaves room for what a log and a copy add.
    private static let mostData = CloudEventReader.maximumBytes / 2

    func withinBounds() -> Event {
        guard actor == nil, signature == nil else { return self }
        var event = self
        event.id = TextBound.name(id, to: TextBound.key)
        event.source = TextBound.name(source, to: TextBound.key)
        event.subject = subject.map { TextBound.name($0, to: TextBound.key) }
        guard case .json(let json) = data, json.count > TextBound.key else { return event }
        guard type == .alertRaised || type == .alertCancelled || json.count > Event.mostData else { return event }
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

    /// The members in their order, texts cut and references shortened; nil where it is no object of such members.
    private static func rewritten(_ json: [UInt8], textsTo limit: Int) -> [UInt8]? {
        try? JSONReader.read(json) { reader in
            var members: [(name: String, value: [UInt8])] = []
            try reader.object { name, reader in
                var writer = JSONWriter()
                let kind = try reader.peek()
                if kind == .array, references.contains(name) {
                    let names = try reader.strings().map { TextBound.name($0, to: TextBound.key) }
                    writer.array { writer in for name in names { writer.string(name) } }
                } else if kind == .string {
                    writer.string(TextBound.cut(try reader.string(), to: limit))
                } else {
                    writer.raw(try reader.raw())
                }
                members.append((name, writer.bytes))
            }
            var writer = JSONWriter()
            writer.object { writer in for (name, value) in members { writer.member(name, raw: value) } }
            return writer.bytes
        }
    }
}
