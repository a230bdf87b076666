import ControlRoom

/// A raise that was refused, as an alarm of the hub: a fault of the tool that posted it, or of how it is set up. Whoever posts alone
/// reads the answer, and a camera reads none.
struct RefusedRaise {
    /// For what it was refused.
    enum Cause: Hashable {
        /// Its source is another's.
        case source
        /// Its name, source and id, stands for another event.
        case name
        case size
        case form
    }

    private let raise: AlertRaised
    private let poster: String
    private let cause: Cause
    private let reason: String
    private let severity: Severity

    static let source = "urn:impetus:hub:sources"

    /// Unicode scalars of a text that somebody posted.
    private static let most = 200

    /// - Parameter severity: of the alarm; at least that of the raise.
    init(_ raise: AlertRaised, by poster: String, for cause: Cause, reason: String, severity: Severity) {
        self.raise = raise
        self.poster = poster
        self.cause = cause
        self.reason = reason
        self.severity = severity
    }

    /// What a raise says, as far as it can be read; nil where it is none. One whose severity cannot be read may be the worst.
    static func read(_ event: Event) -> AlertRaised? {
        guard event.type == .alertRaised else { return nil }
        if case .alertRaised(let raise)? = try? Fact(of: event) { return raise }
        var (tool, headline, severity) = ("", "", nil as Severity?)
        // What stands before a fault counts.
        try? JSONReader.read(event.data.bytes) { reader in
            try reader.object { key, reader in
                switch (key, try reader.peek()) {
                case ("tool", .string): tool = try reader.string()
                case ("headline", .string): headline = try reader.string()
                case ("severity", .string): severity = Severity(name: try reader.string().lowercased())
                default: try reader.skip()
                }
            }
        }
        return AlertRaised(
            tool: tool.isEmpty ? .other : Tool(code: tool), kind: "", severity: severity ?? .critical,
            headline: headline)
    }

    /// - Parameter until: when the alarm ends by itself, unless another raise is refused.
    func data(until: Timestamp) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tool", raise.tool.code)
                writer.member("kind", cause.kind)
                writer.member("severity", severity.name)
                writer.member("headline", headline)
                writer.member("description", RefusedRaise.cut(reason, to: 1_000) + ". " + cause.wayOut)
                writer.member("lat", raise.place?.latitude)
                writer.member("lon", raise.place?.longitude)
                writer.member("district", raise.district.map { RefusedRaise.cut($0) })
                writer.member("site", raise.site.map { RefusedRaise.cut($0) })
                writer.member("status", raise.status.rawValue)
                writer.member("stale", until.rfc3339)
            }
        }
    }

    private var headline: String {
        "Refused of \(RefusedRaise.cut(poster)), \(cause.words): \(raise.severity.name) "
            + RefusedRaise.cut(raise.headline)
    }

    private static func cut(_ text: String, to most: Int = most) -> String {
        let scalars = text.unicodeScalars
        return scalars.count > most ? String(String.UnicodeScalarView(scalars.prefix(most - 1))) + "…" : text
    }
}

extension RefusedRaise.Cause {
    var kind: String { self == .source ? "source-refused" : "raise-refused" }

    fileprivate var words: String {
        switch self {
        case .source: "a source of another"
        case .name: "a name that was used before"
        case .size: "too large"
        case .form: "not of the form of an alarm"
        }
    }

    fileprivate var wayOut: String {
        let what =
            switch self {
            case .source:
                "impetus-hub enrol --source gives a machine sources of its own, "
                    + "impetus-hub sources --release frees one that is owned by use."
            case .name: "A tool gives each event an id of its own, also after it was started again."
            case .size, .form: "The tool is to be set up otherwise, or mended."
            }
        return "What it posted is in no list. " + what
    }
}
