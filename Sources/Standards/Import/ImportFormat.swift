/// The formats that can be imported; the raw value is the name on the command line.
public enum ImportFormat: String, CaseIterable, Sendable {
    case cap, atom, rss
    case edxl = "edxl-de"
    case cloudevents, geojson, kev

    /// The format with a name of the command line; case does not count.
    public static func named(_ name: String) -> ImportFormat? { ImportFormat(rawValue: name.lowercased()) }

    var isXML: Bool {
        switch self {
        case .cap, .atom, .rss, .edxl: true
        case .cloudevents, .geojson, .kev: false
        }
    }

    /// As it is named in a sentence.
    var title: String {
        switch self {
        case .cap: "CAP 1.0, 1.1 or 1.2"
        case .atom: "Atom"
        case .rss: "RSS 2.0"
        case .edxl: "EDXL-DE 1.0"
        case .cloudevents: "CloudEvents 1.0"
        case .geojson: "GeoJSON"
        case .kev: "CISA KEV"
        }
    }

    static func mismatch(_ expected: ImportFormat, _ found: ImportFormat) -> String {
        "\(expected.title) was expected, but this is \(found.title)"
    }

    /// What to say of a file that is none of them.
    static func unknown(_ found: String) -> String {
        let known = allCases.map(\.title).joined(separator: ", ")
        return "the format is not known (\(found)); understood are \(known)"
    }
}
