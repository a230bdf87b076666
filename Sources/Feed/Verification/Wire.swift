public import ControlRoom
public import Store
import Trust

/// How events are written and read: given by the shell, because a feed knows no format.
public struct Wire: Sendable {
    public var decode: @Sendable ([UInt8]) throws -> Event
    /// Without `sequence` and `recordedtime`, which a log gives.
    public var encode: @Sendable (Event) -> [UInt8]
    /// By what the entries of the log are known as a hub's. Nil where nobody can tell: on a loopback trial, which has no keys, and for
    /// a reader without the hubs' secret, who takes an entry with a word behind it as one that a hub wrote.
    public var words: EntryWords?

    public init(
        decode: @escaping @Sendable ([UInt8]) throws -> Event, encode: @escaping @Sendable (Event) -> [UInt8]
    ) {
        self.decode = decode
        self.encode = encode
    }

    /// The same for a log whose entries bear a hub's word.
    public func speaking(with words: EntryWords?) -> Wire {
        var wire = self
        wire.words = words
        return wire
    }

    /// An entry as a log takes it, with the hub's word behind it where its entries bear one.
    package func entry(_ event: Event, content: ContentHash) -> NewEntry {
        let bytes = encode(event)
        return NewEntry(
            source: event.source, id: event.id, body: words?.said(of: bytes) ?? bytes, content: content,
            data: event.data.bytes)
    }

    /// What a log keeps of an entry beside its body, made again from the body alone: for an entry that comes back from a place where
    /// somebody could have changed what stood beside it. What is no event gets a name that no event can have.
    public func kept(_ entry: LogEntry) -> NewEntry {
        guard let event = try? event(entry) else {
            let junk = junk(entry)
            return NewEntry(
                source: "", id: "\(junk.sequence) \(junk.digest)", body: entry.body, content: .ofDataAlone(entry.body),
                data: entry.body)
        }
        return NewEntry(
            source: event.source, id: event.id, body: entry.body, content: ContentHash.of(event),
            data: event.data.bytes)
    }

    /// By which a log on servers knows its events: what no hub has written takes no event's name.
    public var naming: EventNaming {
        { entry in
            let kept = kept(entry)
            return kept.source.isEmpty ? nil : kept
        }
    }

    /// An event as a log has it.
    ///
    /// Whether an entry is one is found out of what a reader far away is given for it, so that both say the same: a body
    /// that brings a sequence of its own, or that cannot travel in a stream as it is, is none.
    ///
    /// - Throws: `NoEvent`, or what `decode` throws, where it is no event, or one that no hub vouches for.
    public func event(_ entry: LogEntry) throws -> Event { try read(entry).event }

    private func read(_ entry: LogEntry) throws -> (event: Event, bytes: [UInt8]) {
        guard let words else { return try read(LogWord.event(of: entry.body), of: entry) }
        guard let body = words.proved(entry) else { throw NoEvent() }
        return try read(body, of: entry)
    }

    /// What has no effect at a place of a log: no event, or one without a hub's word.
    private func junk(_ entry: LogEntry) -> JunkEntry {
        let isEvent = words != nil && (try? read(LogWord.event(of: entry.body), of: entry)) != nil
        return JunkEntry(entry, kind: isEvent ? .unproved : .noEvent)
    }

    private func read(_ body: [UInt8], of entry: LogEntry) throws -> (event: Event, bytes: [UInt8]) {
        guard body.first == UInt8(ascii: "{"), !body.contains(0x0D) else { throw NoEvent() }
        let bytes = entry.wire(body)
        let event = try decode(bytes)
        guard event.sequence == entry.sequence, event.recorded == entry.recorded else { throw NoEvent() }
        return (event, bytes)
    }

    /// What a reader is given for a place of a log.
    public enum Travelling: Equatable, Sendable {
        /// A CloudEvent in its JSON format, with its sequence and the time at which it was recorded.
        case event([UInt8])
        case junk(JunkEntry)

        /// JSON, whichever it is.
        public var json: [UInt8] {
            switch self {
            case .event(let bytes): bytes
            case .junk(let junk): junk.json
            }
        }
    }

    /// The bytes by which a place of a log travels. Reads the whole entry.
    public func travelling(_ entry: LogEntry) -> Travelling {
        (try? read(entry)).map { .event($0.bytes) } ?? .junk(junk(entry))
    }

    /// What stands at a place of a log: an event, or what has no effect there, with its digest as the chain has it.
    public func admitted(_ entry: LogEntry) -> AdmittedEvent {
        (try? event(entry)).map { LogVerifier.read($0) } ?? LogVerifier.read(junk(entry))
    }

    /// The bytes of an entry are not a CloudEvent as a hub writes one into a log, or no hub wrote them there.
    public struct NoEvent: Error, CustomStringConvertible {
        public var description: String { "this is no event" }
    }
}

extension LogEntry {
    /// Digits of a sequence in an event that travels.
    fileprivate static let sequenceWidth = 19

    /// The event as it travels: what the log gave it stands first. For an entry that is an event.
    fileprivate func wire(_ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + 100)
        bytes.append(contentsOf: "{\"sequence\":\"".utf8)
        bytes.append(contentsOf: Timestamp.padded(sequence, LogEntry.sequenceWidth).utf8)
        bytes.append(contentsOf: "\",\"recordedtime\":\"".utf8)
        bytes.append(contentsOf: recorded.rfc3339.utf8)
        bytes.append(contentsOf: "\",".utf8)
        bytes.append(contentsOf: body.dropFirst())
        return bytes
    }
}
