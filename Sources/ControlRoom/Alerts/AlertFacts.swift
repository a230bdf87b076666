/// A source says that an abnormal condition began, or goes on (`alert.raised.v1`).
public struct AlertRaised: Equatable, Sendable {
    public var tool: Tool
    public var kind: String
    public var severity: Severity
    public var headline: String
    public var description: String?
    /// From 0 to 1.
    public var confidence: Double?
    public var place: Coordinate?
    /// Around `place`, in metres.
    public var radiusMetres: Double?
    public var area: MultiPolygon?
    public var district: String?
    /// The area in its source's own words, where that is none of our districts.
    public var areaName: String?
    public var site: String?
    /// When it ends by itself, unless it is said again.
    public var stale: Timestamp?
    public var status: MessageStatus
    public var latching: Bool
    public var externalID: String?
    /// Keys of the alerts that this one takes the place of (CAP Update).
    public var replaces: [String]
    /// How many more it named than count.
    public var lostReferences = 0

    public init(tool: Tool, kind: String, severity: Severity, headline: String) {
        self.tool = tool
        self.kind = kind
        self.severity = severity
        self.headline = headline
        status = .actual
        latching = false
        replaces = []
    }

    /// Reads the data of `alert.raised.v1`. It must name a tool and a severity; a confidence lies between 0 and 1, a
    /// place on the Earth; members that this version does not know are passed over.
    public init(reading reader: inout JSONReader) throws {
        self.init(tool: .other, kind: "", severity: .info, headline: "")
        var hasTool = false
        var latitude: Double?
        var longitude: Double?
        var hasSeverity = false
        try reader.object { key, reader in
            switch key {
            case "tool":
                let code = try reader.string()
                hasTool = !code.isEmpty
                tool = Tool(code: code)
            case "kind": kind = try reader.name()
            case "severity":
                severity = try reader.named("severity", Severity.init(name:))
                hasSeverity = true
            case "headline": headline = try reader.line()
            case "description": description = try reader.optionalProse()
            case "confidence": confidence = try reader.optionalDouble()
            case "lat": latitude = try reader.optionalDouble()
            case "lon": longitude = try reader.optionalDouble()
            case "radius_m": radiusMetres = try reader.optionalDouble()
            case "area": area = reader.null() ? nil : try MultiPolygon(reading: &reader)
            case "district": district = try reader.optionalName()
            case "area_name": areaName = try reader.optionalLine()
            case "site": site = try reader.optionalLine()
            case "stale": stale = try reader.optionalTime("stale")
            case "status": status = try reader.named("status", MessageStatus.init(rawValue:))
            case "latching": latching = try reader.bool()
            case "external_id": externalID = try reader.optionalName()
            case "replaces": (replaces, lostReferences) = try reader.references()
            default: try reader.skip()
            }
        }
        try settle(latitude, longitude, isNamed: hasTool && hasSeverity, reader)
    }

    private mutating func settle(
        _ latitude: Double?, _ longitude: Double?, isNamed: Bool, _ reader: JSONReader
    ) throws {
        guard isNamed else { throw reader.failure("an alert without tool or severity") }
        if let confidence, !(0...1).contains(confidence) {
            throw reader.failure("confidence lies between 0 and 1")
        }
        guard let latitude, let longitude else { return }
        let point = Coordinate(latitude: latitude, longitude: longitude)
        guard point.isValid else { throw reader.failure("a place outside the Earth: \(latitude), \(longitude)") }
        place = point
    }
}

/// `alert.acknowledged.v1`: what the person saw travels with it, so that it never silences what came after.
public struct AlertAcknowledged: Equatable, Sendable {
    public var occurrence: Int
    public var severity: Severity
    public var note: String?

    public init(occurrence: Int, severity: Severity, note: String?) {
        self.occurrence = occurrence
        self.severity = severity
        self.note = note
    }

    init(reading reader: inout JSONReader) throws {
        var occurrence: Int?
        var severity: Severity?
        var note: String?
        try reader.object { key, reader in
            switch key {
            case "occurrence": occurrence = try reader.integer()
            case "severity": severity = try reader.named("severity", Severity.init(name:))
            case "note": note = try reader.optionalProse()
            default: try reader.skip()
            }
        }
        guard let occurrence, let severity else {
            throw reader.failure("an acknowledgement names occurrence and severity")
        }
        self.init(occurrence: occurrence, severity: severity, note: note)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("occurrence", occurrence)
            writer.member("severity", severity.name)
            writer.member("note", note)
        }
    }
}

/// `alert.assessed.v1` and `alert.closed.v1`: a person's judgement.
public struct AlertAssessed: Equatable, Sendable {
    public var occurrence: Int
    public var verdict: Verdict?
    public var disposition: Disposition
    public var note: String?
    /// As its author saw it; a close names it.
    public var severity: Severity?

    public init(
        occurrence: Int, severity: Severity? = nil, verdict: Verdict?, disposition: Disposition, note: String?
    ) {
        self.occurrence = occurrence
        self.severity = severity
        self.verdict = verdict
        self.disposition = disposition
        self.note = note
    }

    init(reading reader: inout JSONReader) throws {
        var occurrence: Int?
        var verdict: Verdict?
        var disposition: Disposition?
        var note: String?
        var severity: Severity?
        try reader.object { key, reader in
            switch key {
            case "occurrence": occurrence = try reader.integer()
            case "severity": severity = try reader.named("severity", Severity.init(name:))
            case "verdict": verdict = try reader.named("verdict", Verdict.init(rawValue:))
            case "disposition": disposition = try reader.named("disposition", Disposition.init(rawValue:))
            case "note": note = try reader.optionalProse()
            default: try reader.skip()
            }
        }
        guard let occurrence else { throw reader.failure("an assessment names the occurrence") }
        self.init(
            occurrence: occurrence, severity: severity, verdict: verdict, disposition: disposition ?? .none, note: note)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("occurrence", occurrence)
            writer.member("severity", severity?.name)
            writer.member("verdict", verdict?.rawValue)
            writer.member("disposition", disposition.rawValue)
            writer.member("note", note)
        }
    }
}

/// `alert.shelved.v1`: not annunciated until a time (ISA-18.2, 11.7).
public struct AlertShelved: Equatable, Sendable {
    /// When it ends by itself, at the latest `longestSeconds` ahead.
    public var until: Timestamp
    /// One-shot: only until it returns to normal, and no longer than until the time.
    public var once: Bool
    /// Needed for more than `reasonlessSeconds`.
    public var reason: SuppressionReason?
    /// Nil in acts from before `acts.bound.v1`.
    public var seen: Seen?

    /// Shelves longer than a shift need review by the next shift.
    public static let shiftSeconds = 8 * 3_600
    /// A week: what is wrong for longer goes out of service.
    public static let longestSeconds = 7 * 86_400
    /// What is shelved longer than an hour says why.
    public static let reasonlessSeconds = 3_600

    public init(until: Timestamp, once: Bool = false, reason: SuppressionReason?, seen: Seen?) {
        self.until = until
        self.once = once
        self.reason = reason
        self.seen = seen
    }

    init(reading reader: inout JSONReader) throws {
        var until: Timestamp?
        var once = false
        var reason = ReasonMembers()
        var seen = SeenMembers()
        try reader.object { key, reader in
            switch key {
            case "until": until = try reader.optionalTime("until")
            case "once": once = try reader.bool()
            default:
                if try reason.take(key, &reader) { return }
                if try !seen.take(key, &reader) { try reader.skip() }
            }
        }
        guard let until else { throw reader.failure("a shelf has an end (until)") }
        self.init(until: until, once: once, reason: reason.value, seen: seen.seen)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("until", until.rfc3339)
            if once { writer.member("once", once) }
            writer.members(reason)
            writer.members(seen)
        }
    }
}

/// `alert.cancelled.v1`: a message that takes back others (CAP Cancel).
public struct AlertCancelled: Equatable, Sendable {
    /// Keys of alerts; at most `Alert.mostReferences`.
    public var cancels: [String]
    /// How many more it named than count.
    public var lostReferences: Int
    public var message: AlertRaised

    init(reading reader: inout JSONReader) throws {
        let start = reader
        var found: (named: [String], lost: Int) = ([], 0)
        try reader.object { key, reader in
            if key == "cancels" { found = try reader.references() } else { try reader.skip() }
        }
        (cancels, lostReferences) = found
        var again = start
        message = try AlertRaised(reading: &again)
    }
}

extension JSONReader {
    /// Keys of other alerts: the first `Alert.mostReferences`, and how many there were beyond, or too long to be a key.
    fileprivate mutating func references() throws -> (named: [String], lost: Int) {
        let all = try strings()
        let named = all.lazy.filter { $0.utf8.count <= TextBound.key }.prefix(Alert.mostReferences)
        return (Array(named), all.count - named.count)
    }
}

/// `act.undone.v1`: takes back one act of a person; the act itself stays in the log.
public struct ActUndone: Equatable, Sendable {
    /// Id of the event that is taken back.
    public var act: String
    public var type: EventType
    /// To take back a close can make quiet what came anew since: only what its author saw.
    public var seen: Seen?

    public init(act: String, type: EventType, seen: Seen? = nil) {
        self.act = act
        self.type = type
        self.seen = seen
    }

    init(reading reader: inout JSONReader) throws {
        var act: String?
        var type = ""
        var seen = SeenMembers()
        try reader.object { key, reader in
            switch key {
            case "act": act = try reader.string()
            case "type": type = try reader.string()
            default: if try !seen.take(key, &reader) { try reader.skip() }
            }
        }
        guard let act else { throw reader.failure("an undo names the act") }
        self.init(act: act, type: EventType(rawValue: type), seen: seen.seen)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("act", act)
            writer.member("type", type.rawValue)
            writer.members(seen)
        }
    }
}
