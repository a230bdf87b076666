/// `log.rekeyed.v1`: behind a place of a log, entries bear the word of another secret of the hubs. One says so of each tenant's log,
/// and a last one of the system log, from which on all of them hold. Signed with the authority's key, and with no other.
public struct LogRekeyed: Equatable, Sendable {
    /// The tenant whose log it is, or `LogTrusted.systemLog`.
    public var log: String
    /// The last place under the secret before; 0 for none.
    public var sequence: Int64
    /// Names the secret before, and the one behind the place, without telling them: 16 hexadecimal digits each.
    public var before: String
    public var after: String

    public init(log: String, sequence: Int64, before: String, after: String) {
        self.log = log
        self.sequence = sequence
        self.before = before
        self.after = after
    }

    init(reading reader: inout JSONReader) throws {
        self.init(log: "", sequence: -1, before: "", after: "")
        try reader.object { key, reader in
            switch key {
            case "log": log = try reader.string()
            case "sequence": sequence = Int64(try reader.integer())
            case "before": before = try reader.string()
            case "after": after = try reader.string()
            default: try reader.skip()
            }
        }
        guard !log.isEmpty, sequence >= 0, !before.isEmpty, !after.isEmpty, before != after else {
            throw reader.failure("another key of a log is named by log, a place, and the names of both keys")
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("log", log)
            writer.member("sequence", Int(sequence))
            writer.member("before", before)
            writer.member("after", after)
        }
    }
}
