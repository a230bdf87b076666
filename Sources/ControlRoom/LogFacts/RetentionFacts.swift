/// `log.trimmed.v1`: what ended at or before a place of the log has served its time, and is forgotten by everybody at the same
/// place of the log. What is still active, latched or set aside stays, whatever its age.
///
/// Only whoever orders the log says so: were each reader to forget by its own clock, an alarm that is raised again would be
/// another occurrence here than there.
public struct LogTrimmed: Equatable, Sendable {
    /// The last place that is forgotten.
    public var through: Int64
    /// The head of the hash chain there, hexadecimal SHA-256: what is left of the log is checked from it on.
    public var head: String
    /// When the event at that place was recorded.
    public var recorded: Timestamp
    /// Whether an alarm that is new behind this place of the log counts its occurrences from behind `through`. Each occurrence is
    /// an event, and the first number is below the place of its raise: so no alarm that was forgotten can have had as great a number,
    /// and an act on it never fits the new one. False in trims of an older version: behind these the numbers begin as before.
    public var beginsBehind: Bool

    public init(through: Int64, head: String, recorded: Timestamp, beginsBehind: Bool = true) {
        self.through = through
        self.head = head
        self.recorded = recorded
        self.beginsBehind = beginsBehind
    }

    init(reading reader: inout JSONReader) throws {
        var (through, head) = (Int64(0), "")
        var recorded: Timestamp?
        var beginsBehind = false
        try reader.object { key, reader in
            switch key {
            case "begins_behind": beginsBehind = try reader.bool()
            case "through": through = Int64(try reader.integer())
            case "head": head = try reader.string()
            case "recorded": recorded = try reader.optionalTime("recorded")
            default: try reader.skip()
            }
        }
        guard through > 0, !head.isEmpty, !head.contains(" "), let recorded else {
            throw reader.failure("a trim names a place, the head there, and when that was recorded")
        }
        self.init(through: through, head: head, recorded: recorded, beginsBehind: beginsBehind)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("through", Int(through))
            writer.member("head", head)
            writer.member("recorded", recorded.rfc3339)
            if beginsBehind { writer.member("begins_behind", true) }
        }
    }
}

/// `retention.set.v1`: for how long a tenant keeps what has ended.
public struct RetentionSet: Equatable, Sendable {
    public var tenant: String
    /// Nil to keep everything.
    public var days: Int?

    /// In days; a hundred years at most.
    public static let range = 1...36_500

    public init(tenant: String, days: Int?) {
        self.tenant = tenant
        self.days = days
    }

    init(reading reader: inout JSONReader) throws {
        self.init(tenant: "", days: nil)
        try reader.object { key, reader in
            switch key {
            case "tenant": tenant = try reader.string()
            case "days": days = try reader.integer()
            default: try reader.skip()
            }
        }
        if let days, !RetentionSet.range.contains(days) {
            throw reader.failure(
                "a retention is \(RetentionSet.range.lowerBound) to \(RetentionSet.range.upperBound) days")
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", tenant)
            writer.member("days", days)
        }
    }
}
