public import ControlRoom

/// How events are written and read: given by the shell, because a feed knows no format.
public struct Wire: Sendable {
    public var decode: @Sendable ([UInt8]) throws -> Event
    /// Without `sequence` and `recordedtime`, which a log gives.
    public var encode: @Sendable (Event) -> [UInt8]

    public init(
        decode: @escaping @Sendable ([UInt8]) throws -> Event, encode: @escaping @Sendable (Event) -> [UInt8]
    ) {
        self.decode = decode
        self.encode = encode
    }

    func entry(_ event: Event, content: Int64) -> NewEntry {
        NewEntry(
            source: event.source, id: event.id, body: encode(event), content: content, line: Wire.line(of: event))
    }

    /// What a log keeps of an entry beside its body, made again from the body alone: for an entry that comes back from a place where
    /// somebody could have changed what stood beside it.
    ///
    /// - Throws: where the body is no event.
    public func kept(_ entry: LogEntry) throws -> NewEntry {
        let event = try decode(entry.body)
        return NewEntry(
            source: event.source, id: event.id, body: entry.body, content: ContentHash.of(event),
            line: Wire.line(of: event))
    }

    /// What one source says of one subject, a person's acts as well: what they do to other subjects stands apart from it.
    private static func line(of event: Event) -> String? { event.subject.map { event.source + "\u{1F}" + $0 } }

    /// An event as a log has it.
    public func event(_ entry: LogEntry) throws -> Event {
        var event = try decode(entry.body)
        event.sequence = entry.sequence
        event.recorded = entry.recorded
        return event
    }
}
