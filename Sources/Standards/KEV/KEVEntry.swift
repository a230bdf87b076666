internal import ControlRoom

/// One entry of CISA's catalogue of Known Exploited Vulnerabilities as an event.
enum KEVEntry {
    static let source = "urn:cisa:kev"

    /// The entry's bytes are the data, exactly. A changed entry has another id, an unchanged one the same.
    /// - Throws: `JSONError` where it is none.
    static func event(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Event {
        guard UTF8Check.isValid(bytes) else { throw JSONError(offset: 0, reason: "the text is not UTF-8") }
        var reader = JSONReader(bytes)
        let vulnerability = try Vulnerability(reading: &reader)
        try reader.end()
        guard isCVE(vulnerability.cve) else {
            throw JSONError(offset: 0, reason: "\"\(vulnerability.cve.prefix(40))\" is no CVE identifier")
        }
        let data = Array(bytes)
        var event = Event(
            id: ContentID.of(data), source: source, type: .vulnerabilityListed,
            subject: "vulnerability/" + vulnerability.cve,
            time: Timestamp(milliseconds: vulnerability.addedDay * 86_400_000), data: .json(data))
        event.dataContentType = "application/json"
        return event
    }

    /// `CVE-`, a year, and four digits or more (CVE numbering rules).
    private static func isCVE(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "CVE", parts[1].utf8.count == 4, parts[2].utf8.count >= 4 else {
            return false
        }
        return parts[1...].allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
