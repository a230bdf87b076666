public import ControlRoom
import Standards

/// What stands in a bundle between its head and its seal: what the log holds, in order, then what its maker brings.
enum BundleRecord {
    /// An event of the log, with its sequence.
    case event(Event)
    /// A place of the log that holds no event.
    case junk(JunkEntry)
    /// An act that no hub has yet.
    case act([UInt8])
    /// The hub refused somebody's act.
    case refusal(BundleRefusal)
    case other

    init(_ bytes: [UInt8]) throws {
        var made = BundleRecord.other
        try JSONReader.read(bytes) { reader in
            try reader.object { key, reader in
                switch key {
                case "event": made = .event(try CloudEventReader.kept(try reader.raw()))
                case "junk": made = .junk(try JunkEntry(&reader))
                case "act": made = .act(try reader.raw())
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
                case .junk(let junk): writer.member("junk", raw: junk.json)
                case .act(let act): writer.member("act", raw: act)
                case .refusal(let refusal): writer.member("refused", raw: JSONWriter.bytes(refusal.write))
                case .other: break
                }
            }
        }
    }
}

/// What a hub said to an act, as whoever carries it says: a remark, because no hub has signed it.
struct BundleRefusal: Equatable, Sendable {
    var id = ""
    var reason = ""

    init(id: String, reason: String) {
        self.id = id
        self.reason = reason
    }

    init(_ reader: inout JSONReader) throws {
        var made = BundleRefusal(id: "", reason: "")
        try reader.object { key, reader in
            switch key {
            case "id": made.id = try reader.string()
            case "reason": made.reason = try reader.string()
            default: try reader.skip()
            }
        }
        self = made
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("reason", reason)
        }
    }
}

/// The first record of a bundle.
public struct BundleHead: Equatable, Sendable {
    /// A bundle of another version is not read.
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

    public init(_ description: String) { self.description = description }
}
