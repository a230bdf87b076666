public import ControlRoom
import Standards
import Trust

/// What stands in a bundle between its head and its seal: what the log holds, in order, then what its maker brings.
enum BundleRecord {
    /// An event of the log, with its sequence.
    case event(Event)
    /// A place in the log where an event stands a second time.
    case ghost(sequence: Int64, digest: [UInt8])
    /// An act that no hub has yet.
    case act([UInt8])
    /// The hub refused somebody's act.
    case refusal(BundleRefusal)
    case other

    init(_ bytes: [UInt8]) throws {
        var (sequence, made) = (Int64(0), BundleRecord.other)
        try JSONReader.read(bytes) { reader in
            try reader.object { key, reader in
                switch key {
                case "event": made = .event(try CloudEventReader.kept(try reader.raw()))
                case "act": made = .act(try reader.raw())
                case "place": sequence = Int64(try reader.integer())
                case "digest":
                    guard let digest = Hex.bytes(try reader.string()) else {
                        throw JSONError(offset: reader.position, reason: "no digest")
                    }
                    made = .ghost(sequence: sequence, digest: digest)
                case "refused": made = .refusal(try BundleRefusal(&reader))
                default: try reader.skip()
                }
            }
        }
        self = made
    }

    var bytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                switch self {
                case .event(let event): writer.member("event", raw: CloudEventWriter.json(event))
                case .act(let act): writer.member("act", raw: act)
                case .ghost(let sequence, let digest):
                    writer.member("place", Int(sequence))
                    writer.member("digest", Hex.text(digest))
                case .refusal(let refusal): writer.member("refused", raw: JSONWriter.bytes(refusal.write))
                case .other: break
                }
            }
        }
    }
}

/// What a hub said to an act, carried to who made it.
struct BundleRefusal: Equatable, Sendable {
    var id = ""
    var reason = ""
    var isDenied = false

    init(id: String, reason: String, isDenied: Bool) {
        self.id = id
        self.reason = reason
        self.isDenied = isDenied
    }

    init(_ reader: inout JSONReader) throws {
        var made = BundleRefusal(id: "", reason: "", isDenied: false)
        try reader.object { key, reader in
            switch key {
            case "id": made.id = try reader.string()
            case "reason": made.reason = try reader.string()
            case "denied": made.isDenied = try reader.bool()
            default: try reader.skip()
            }
        }
        self = made
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("reason", reason)
            writer.member("denied", isDenied)
        }
    }
}

/// The first record of a bundle.
public struct BundleHead: Equatable, Sendable {
    public static let version = 1

    public var tenant: String
    public var logID: String
    /// The events are those behind this place.
    public var after: Int64
    /// Where the maker's store stands: who answers begins there.
    public var last: Int64
    public var made: Timestamp
    public var by: String

    var bytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("impetus_bundle", BundleHead.version)
                writer.member("tenant", tenant)
                writer.member("log", logID)
                writer.member("after", Int(after))
                writer.member("last", Int(last))
                writer.member("made", made.rfc3339)
                writer.member("by", by)
            }
        }
    }

    init(tenant: String, logID: String, after: Int64, last: Int64, made: Timestamp, by: String) {
        self.tenant = tenant
        self.logID = logID
        self.after = after
        self.last = last
        self.made = made
        self.by = by
    }

    init(_ bytes: [UInt8]) throws {
        var version = 0
        var made = BundleHead(
            tenant: "", logID: "", after: 0, last: 0, made: Timestamp(milliseconds: 0), by: "")
        try JSONReader.read(bytes) { reader in
            try reader.object { key, reader in
                switch key {
                case "impetus_bundle": version = try reader.integer()
                case "tenant": made.tenant = try reader.string()
                case "log": made.logID = try reader.string()
                case "after": made.after = Int64(try reader.integer())
                case "last": made.last = Int64(try reader.integer())
                case "made": made.made = Timestamp(rfc3339: try reader.string()) ?? made.made
                case "by": made.by = try reader.string()
                default: try reader.skip()
                }
            }
        }
        guard version > 0, !made.logID.isEmpty else { throw BundleFailure("it is no bundle") }
        guard version == BundleHead.version else {
            throw BundleFailure("it was made by a newer version of impetus; update this one")
        }
        self = made
    }
}

/// Why a bundle was not made, or not taken.
public struct BundleFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
