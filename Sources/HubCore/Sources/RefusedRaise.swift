import ControlRoom

/// A raise that was refused for its source, as an alarm of the hub: a fault of the tool that posted it.
struct RefusedRaise {
    private let raise: AlertRaised
    private let poster: String
    private let reason: String
    private let severity: Severity

    static let source = "urn:impetus:hub:sources"
    static let kind = "source-refused"

    private static let wayOut =
        "What it posted is in no list. impetus-hub enrol --source gives a machine sources of its own, "
        + "impetus-hub sources --release frees one that is owned by use."

    /// Unicode scalars of a text that somebody posted.
    private static let most = 200

    /// - Parameter severity: of the alarm; at least that of the raise.
    init(_ raise: AlertRaised, by poster: String, reason: String, severity: Severity) {
        self.raise = raise
        self.poster = poster
        self.reason = reason
        self.severity = severity
    }

    /// - Parameter until: when the alarm ends by itself, unless another raise is refused.
    func data(until: Timestamp) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("tool", raise.tool.code)
                writer.member("kind", RefusedRaise.kind)
                writer.member("severity", severity.name)
                writer.member("headline", headline)
                writer.member("description", RefusedRaise.cut(reason, to: 1_000) + ". " + RefusedRaise.wayOut)
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
        "Refused of \(RefusedRaise.cut(poster)), a source of another: \(raise.severity.name) "
            + RefusedRaise.cut(raise.headline)
    }

    private static func cut(_ text: String, to most: Int = most) -> String {
        let scalars = text.unicodeScalars
        return scalars.count > most ? String(String.UnicodeScalarView(scalars.prefix(most - 1))) + "…" : text
    }
}
