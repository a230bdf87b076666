public import ControlRoom
import Crypto
import FoundationEssentials

/// The bytes that stand for an event where it is signed or chained: every attribute as it is written, each with its length
/// before it, and `data` as the exact bytes that came. They do not depend on how any version writes JSON.
public enum EventDigest {
    /// Extension that a hub adds: by whom the event came to it.
    public static let via = Event.viaExtension
    /// Extension that names the key of the signature.
    public static let keyID = Event.keyIDExtension

    /// What a person signs: all but what the hub adds.
    public static func signed(_ event: Event) -> [UInt8] {
        var bytes = Bytes()
        writeSigned(event, to: &bytes)
        return bytes.all
    }

    /// What a second event of the same name is compared by, see `ContentHash.of`: the pair `content`, `1`, which begins nothing that is
    /// signed, and behind it what of the event counts.
    static func content(_ event: Event) -> [UInt8] {
        var bytes = Bytes()
        bytes.add("content", "1")
        writeSigned(event.content, to: &bytes)
        return bytes.all
    }

    private static func writeSigned(_ event: Event, to bytes: inout Bytes) {
        write(event, to: &bytes)
        for (name, value) in event.extensions.sorted(by: { $0.key < $1.key }) where name != via {
            bytes.add(name, value)
        }
        bytes.add(event.data)
    }

    /// What the chain runs over: all, the hub's own words included.
    public static func chained(_ event: Event, sequence: Int64, recorded: Timestamp) -> [UInt8] {
        var bytes = Bytes()
        bytes.add(UInt64(bitPattern: sequence))
        bytes.add(UInt64(bitPattern: recorded.milliseconds))
        write(event, to: &bytes)
        bytes.add("signature", event.signature)
        for (name, value) in event.extensions.sorted(by: { $0.key < $1.key }) { bytes.add(name, value) }
        bytes.add(event.data)
        return bytes.all
    }

    private static func write(_ event: Event, to bytes: inout Bytes) {
        bytes.add("id", event.id)
        bytes.add("source", event.source)
        bytes.add("type", event.type.rawValue)
        bytes.add("subject", event.subject)
        bytes.add("time", event.time.map { String($0.milliseconds) })
        bytes.add("datacontenttype", event.dataContentType)
        bytes.add("dataschema", event.dataSchema)
        bytes.add("tenant", event.tenant)
        bytes.add("actor", event.actor)
        bytes.add("occurred", event.occurred?.text)
        bytes.add("exercise", event.exercise)
    }

    private struct Bytes {
        var all: [UInt8] = []

        init() { all.reserveCapacity(768) }

        mutating func add(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { all.append(contentsOf: $0) }
        }

        mutating func add(_ name: String, _ value: String?) {
            guard let value else { return }
            add(name)
            add(value)
        }

        private mutating func add(_ text: String) {
            add(UInt64(text.utf8.count))
            all.append(contentsOf: text.utf8)
        }

        mutating func add(_ data: Event.Payload) {
            switch data {
            case .none: all.append(0)
            case .json: all.append(1)
            case .bytes: all.append(2)
            }
            add(UInt64(data.bytes.count))
            all.append(contentsOf: data.bytes)
        }
    }
}

/// A hash chain over a log: each head stands for everything before it, in its order. SHA-256 (FIPS 180-4).
public struct LogChain: Equatable, Sendable {
    /// The place of the last entry that it stands for; 0 for an empty log.
    public private(set) var sequence: Int64
    private var value: [UInt8]

    /// The chain of an empty log. A log that was restored from a backup has another id behind a point, and the same chain.
    public init(logID: String) {
        sequence = 0
        value = Array(SHA256.hash(data: Array(LogChain.lineage(of: logID).utf8)))
    }

    /// What a log and all that were restored from it have in common.
    public static func lineage(of logID: String) -> String { String(logID.prefix { $0 != "." }) }

    /// A chain taken up again; nil where the head is no SHA-256 in hexadecimal.
    public init?(sequence: Int64, head: String) {
        guard let value = Hex.bytes(head), value.count == SHA256.byteCount else { return nil }
        self.sequence = sequence
        self.value = value
    }

    /// Hexadecimal.
    public var head: String { Hex.text(value) }

    /// Takes in the next event of the log. Its sequence may leave numbers out, but never goes back.
    ///
    /// - Returns: the digest of the event, by which `add(digest:)` can take its place.
    @discardableResult
    public mutating func add(_ event: Event) -> [UInt8] {
        let digest = LogChain.digest(of: event)
        add(digest: digest, sequence: event.sequence ?? 0)
        return digest
    }

    /// What the chain takes in for an event: it does not depend on what came before.
    public static func digest(of event: Event) -> [UInt8] {
        let bytes = EventDigest.chained(
            event, sequence: event.sequence ?? 0, recorded: event.recorded ?? event.happened)
        return Array(SHA256.hash(data: bytes))
    }

    /// Takes in an event of which only the digest is kept.
    public mutating func add(digest: [UInt8], sequence: Int64) {
        var hash = SHA256()
        hash.update(data: value)
        hash.update(data: digest)
        value = Array(hash.finalize())
        self.sequence = sequence
    }
}
