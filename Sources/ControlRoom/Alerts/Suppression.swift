/// A rule of the site that suppresses alarms by design (ISA-18.2), while something is so that explains them: a site is
/// evacuated, the power is cut (`suppression.started.v1`).
public struct SuppressionStarted: Equatable, Sendable {
    /// Which alarms, in the filter language; read anew whenever the feed looks.
    public var filter: String
    public var reason: SuppressionReason
    /// It ends by itself then; nil where somebody ends it.
    public var until: Timestamp?
    /// The alarm that explains the others, by its key: it ends with it, and never suppresses it.
    public var cause: String?

    public init(filter: String, reason: SuppressionReason, until: Timestamp? = nil, cause: String? = nil) {
        self.filter = filter
        self.reason = reason
        self.until = until
        self.cause = cause
    }

    /// Reads the data of `suppression.started.v1`. Filter and reason are wanted; whether the filter can be read is not
    /// looked at here.
    public init(reading reader: inout JSONReader) throws {
        self.init(filter: "", reason: SuppressionReason(.other))
        var members = ReasonMembers()
        try reader.object { key, reader in
            switch key {
            case "filter": filter = try reader.string()
            case "until": until = try reader.optionalTime("until")
            case "cause": cause = try reader.optionalString()
            default: if try !members.take(key, &reader) { try reader.skip() }
            }
        }
        guard !filter.isEmpty, let reason = members.value else {
            throw reader.failure("a suppression says of what, and why")
        }
        self.reason = reason
    }

    /// Without what its author wrote to the reason.
    public var open: SuppressionStarted {
        SuppressionStarted(filter: filter, reason: SuppressionReason(reason.code), until: until, cause: cause)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("filter", filter)
            writer.members(reason)
            writer.member("until", until?.rfc3339)
            writer.member("cause", cause)
        }
    }
}

/// A rule that runs.
public struct Suppression: Equatable, Sendable {
    public var id: String
    public var realm: Realm
    public var act: Alert.Act
    public var rule: SuppressionStarted

    public init(id: String, realm: Realm, act: Alert.Act, rule: SuppressionStarted) {
        self.id = id
        self.realm = realm
        self.act = act
        self.rule = rule
    }

    /// The subject of its events.
    public static let subjectPrefix = "suppression/"
}
