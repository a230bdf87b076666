/// An alert of CAP 1.2 that is valid, to be spoilt in one place at a time.
enum AlertText {
    static let plain = """
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
        <identifier>A1</identifier>
        <sender>met@example.org</sender>
        <sent>2026-03-01T10:00:00+01:00</sent>
        <status>Actual</status>
        <msgType>Alert</msgType>
        <scope>Public</scope>
        <info>
        <language>en-GB</language>
        <category>Met</category>
        <event>Storm</event>
        <urgency>Immediate</urgency>
        <severity>Severe</severity>
        <certainty>Likely</certainty>
        <expires>2026-03-01T22:00:00+01:00</expires>
        <headline>Storm over the fjord</headline>
        <area>
        <areaDesc>Inner fjord</areaDesc>
        <polygon>59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0</polygon>
        </area>
        </info>
        </alert>
        """

    /// The alert with one text in place of another.
    static func with(_ old: String, _ new: String) -> String {
        let pieces = plain.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        precondition(pieces.count == 2, "\(old) is not in the alert")
        return pieces.joined(separator: new)
    }

    static let old = """
        <alert xmlns="http://www.incident.com/cap/1.0">
        <identifier>O1</identifier><sender>met@example.org</sender><sent>2004-03-01T10:00:00-05:00</sent>
        <status>Actual</status><msgType>Update</msgType><password>hunter2</password>
        <references>O0/met@example.org</references>
        <info><event>Storm</event><urgency>Immediate</urgency><severity>Minor</severity>
        <certainty>Very Likely</certainty><eventCode>SAME=SVR</eventCode>
        <area><areaDesc>Here</areaDesc><geocode>FIPS6=006109</geocode></area></info>
        </alert>
        """

    /// Without the XML declaration, to stand inside another document.
    static var inner: String { String(plain.drop { $0 != "\n" }.dropFirst()) }
}
