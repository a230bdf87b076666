/// `log.trusted.v1`: an administrator's word for what stands in a log from before its entries bore a hub's word. Up to the place that
/// it names everything counts as it did then. Signed with the authority's key, and with no other.
public struct LogTrusted: Equatable, Sendable {
    /// The tenant whose log it is, or `systemLog`.
    public var log: String
    /// The log's id: a log of another id that was not restored from this one is another.
    public var logID: String
    /// The last place that counts as it is; 0 for none.
    public var sequence: Int64
    /// The head of the hash chain there, SHA-256, hexadecimal.
    public var head: String

    /// How the hub's own log is named, which no tenant can be.
    public static let systemLog = "system"

    public init(log: String, logID: String, sequence: Int64, head: String) {
        self.log = log
        self.logID = logID
        self.sequence = sequence
        self.head = head
    }

    init(reading reader: inout JSONReader) throws {
        self.init(log: "", logID: "", sequence: -1, head: "")
        try reader.object { key, reader in
            switch key {
            case "log": log = try reader.string()
            case "log_id": logID = try reader.string()
            case "sequence": sequence = Int64(try reader.integer())
            case "head": head = try reader.string()
            default: try reader.skip()
            }
        }
        guard !log.isEmpty, !logID.isEmpty, sequence >= 0, !head.isEmpty else {
            throw reader.failure("what is trusted of a log is named by log, its id, a place, and the head there")
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("log", log)
            writer.member("log_id", logID)
            writer.member("sequence", Int(sequence))
            writer.member("head", head)
        }
    }
}
