/// `alert.suppressed.v1`: a rule of the site keeps it from being annunciated.
public struct AlertSuppressed: Equatable, Sendable {
    public var rule: String
    /// What the rule saw: it does not hold against what is worse.
    public var severity: Severity
    /// The occurrence that the rule saw; nil in events from before `acts.bound.v1`.
    public var occurrence: Int?
    public var reason: SuppressionReason?
    /// It ends by itself then, also where no feed is at hand to say so.
    public var until: Timestamp?
    /// The alarm that explains it, by its key, where the rule names one.
    public var cause: String?

    public init(
        rule: String, severity: Severity, occurrence: Int?, reason: SuppressionReason?, until: Timestamp? = nil,
        cause: String? = nil
    ) {
        self.rule = rule
        self.severity = severity
        self.occurrence = occurrence
        self.reason = reason
        self.until = until
        self.cause = cause
    }

    init(reading reader: inout JSONReader) throws {
        var rule = ""
        var severity: Severity?
        var cause: String?
        var reason = ReasonMembers()
        var until: Timestamp?
        var occurrence: Int?
        try reader.object { key, reader in
            switch key {
            case "occurrence": occurrence = try reader.integer()
            case "until": until = try reader.optionalTime("until")
            case "cause": cause = try reader.optionalString()
            case "rule": rule = try reader.string()
            case "severity": severity = try reader.named("severity", Severity.init(name:))
            default: if try !reason.take(key, &reader) { try reader.skip() }
            }
        }
        guard let severity, !rule.isEmpty else { throw reader.failure("a suppression names its rule and a severity") }
        self.init(
            rule: rule, severity: severity, occurrence: occurrence, reason: reason.value, until: until, cause: cause)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("rule", rule)
            writer.member("severity", severity.name)
            writer.member("occurrence", occurrence)
            writer.members(reason)
            writer.member("until", until?.rfc3339)
            writer.member("cause", cause)
        }
    }
}

/// `alert.removed_from_service.v1`: what it says is not to be believed for a while (ISA-18.2, 11.9).
public struct AlertRemoved: Equatable, Sendable {
    /// Nil where the event gives none: it is not admitted.
    public var reason: SuppressionReason?
    /// Nil in acts from before `acts.bound.v1`.
    public var seen: Seen?

    public init(reason: SuppressionReason?, seen: Seen?) {
        self.reason = reason
        self.seen = seen
    }

    init(reading reader: inout JSONReader) throws {
        var reason = ReasonMembers()
        var seen = SeenMembers()
        try reader.object { key, reader in
            if try reason.take(key, &reader) { return }
            if try !seen.take(key, &reader) { try reader.skip() }
        }
        self.init(reason: reason.value, seen: seen.seen)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.members(reason)
            writer.members(seen)
        }
    }
}

/// `alert.linked.v1`: an alarm explains it, as a power cut explains dead cameras (parent and child); or none does, whatever
/// was said before. It stays in the lists and waits as before: only a rule suppresses by design.
public struct AlertLinked: Equatable, Sendable {
    /// The occurrence that its author saw: what began anew is not explained by what explained it before.
    public var occurrence: Int
    /// The alarm that explains it, by its key.
    public var cause: String?

    public init(occurrence: Int, cause: String?) {
        self.occurrence = occurrence
        self.cause = cause
    }

    init(reading reader: inout JSONReader) throws {
        var (occurrence, cause): (Int?, String??) = (nil, nil)
        try reader.object { key, reader in
            switch key {
            case "occurrence": occurrence = try reader.integer()
            case "cause": cause = .some(try reader.optionalString())
            default: try reader.skip()
            }
        }
        guard let occurrence, let cause else {
            throw reader.failure("a link names an occurrence and its cause, or null")
        }
        self.init(occurrence: occurrence, cause: cause)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("occurrence", occurrence)
            if let cause { writer.member("cause", cause) } else { writer.member("cause", raw: Array("null".utf8)) }
        }
    }
}

/// `alert.assigned.v1`: a supervisor gives it to somebody, or to nobody.
public struct AlertAssigned: Equatable, Sendable {
    public var to: String?

    public init(to: String?) { self.to = to }

    init(reading reader: inout JSONReader) throws {
        var to: String?
        try reader.object { key, reader in
            if key == "to" { to = try reader.optionalString() } else { try reader.skip() }
        }
        self.init(to: to)
    }

    public func write(to writer: inout JSONWriter) { writer.object { $0.member("to", to) } }
}

/// `alert.escalated.v1`: nobody answered; it goes to the next.
public struct AlertEscalated: Equatable, Sendable {
    /// From 1.
    public var level: Int
    public var to: String
    /// The occurrence that wanted an acknowledgement: what came after waits anew.
    public var occurrence: Int

    public init(level: Int, to: String, occurrence: Int) {
        self.level = level
        self.to = to
        self.occurrence = occurrence
    }

    init(reading reader: inout JSONReader) throws {
        var (level, to, occurrence) = (0, "", 0)
        try reader.object { key, reader in
            switch key {
            case "level": level = try reader.integer()
            case "to": to = try reader.string()
            case "occurrence": occurrence = try reader.integer()
            default: try reader.skip()
            }
        }
        guard level > 0, !to.isEmpty else { throw reader.failure("an escalation names its level and to whom") }
        self.init(level: level, to: to, occurrence: occurrence)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("level", level)
            writer.member("to", to)
            writer.member("occurrence", occurrence)
        }
    }
}

/// What a second person is asked for.
public enum ApprovalWish: Equatable, Sendable {
    case shelve(until: Timestamp, isOnce: Bool)
    case removeFromService

    fileprivate init(_ members: WishMembers, _ reader: JSONReader) throws {
        switch members.wish {
        case "shelve":
            guard let until = members.until else { throw reader.failure("a shelf has an end (until)") }
            self = .shelve(until: until, isOnce: members.once)
        case "remove_from_service": self = .removeFromService
        default: throw reader.failure("the wish is shelve or remove_from_service")
        }
    }

    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .shelve(let until, let isOnce):
            writer.member("wish", "shelve")
            writer.member("until", until.rfc3339)
            if isOnce { writer.member("once", true) }
        case .removeFromService: writer.member("wish", "remove_from_service")
        }
    }
}

private struct WishMembers {
    var wish = ""
    var until: Timestamp?
    var once = false

    /// - Returns: false for a member that is none of these.
    mutating func take(_ key: String, _ reader: inout JSONReader) throws -> Bool {
        switch key {
        case "wish": wish = try reader.string()
        case "until": until = try reader.optionalTime("until")
        case "once": once = try reader.bool()
        default: return false
        }
        return true
    }
}

/// `approval.requested.v1`.
public struct ApprovalRequested: Equatable, Sendable {
    public var wish: ApprovalWish
    /// As its author saw it.
    public var severity: Severity
    /// The occurrence that its author saw; nil in requests from before `acts.bound.v1`.
    public var occurrence: Int?
    public var reason: SuppressionReason

    public init(wish: ApprovalWish, severity: Severity, occurrence: Int?, reason: SuppressionReason) {
        self.wish = wish
        self.severity = severity
        self.occurrence = occurrence
        self.reason = reason
    }

    init(reading reader: inout JSONReader) throws {
        var members = WishMembers()
        var severity: Severity?
        var occurrence: Int?
        var reason = ReasonMembers()
        try reader.object { key, reader in
            switch key {
            case "occurrence": occurrence = try reader.integer()
            case "severity": severity = try reader.named("severity", Severity.init(name:))
            default:
                if try members.take(key, &reader) { return }
                if try !reason.take(key, &reader) { try reader.skip() }
            }
        }
        guard let severity, let reason = reason.value else {
            throw reader.failure("a request names a severity and says why")
        }
        self.init(
            wish: try ApprovalWish(members, reader), severity: severity, occurrence: occurrence, reason: reason)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            wish.write(to: &writer)
            writer.member("severity", severity.name)
            writer.member("occurrence", occurrence)
            writer.members(reason)
        }
    }
}

/// `approval.granted.v1` and `approval.refused.v1`: it names what was asked for, by whom and by which event, so that nobody
/// approves what they have not seen.
public struct ApprovalDecided: Equatable, Sendable {
    public var wish: ApprovalWish
    public var author: String
    /// Id of the event that asked; nil in decisions from before `acts.bound.v1`.
    public var request: String?
    public var note: String?

    public init(wish: ApprovalWish, author: String, request: String?, note: String?) {
        self.wish = wish
        self.author = author
        self.request = request
        self.note = note
    }

    init(reading reader: inout JSONReader) throws {
        var members = WishMembers()
        var (author, request, note): (String, String?, String?) = ("", nil, nil)
        try reader.object { key, reader in
            switch key {
            case "request": request = try reader.optionalString()
            case "author": author = try reader.string()
            case "note": note = try reader.optionalString()
            default: if try !members.take(key, &reader) { try reader.skip() }
            }
        }
        guard !author.isEmpty else { throw reader.failure("an approval names who asked") }
        self.init(wish: try ApprovalWish(members, reader), author: author, request: request, note: note)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            wish.write(to: &writer)
            writer.member("author", author)
            writer.member("request", request)
            writer.member("note", note)
        }
    }
}
