public import ControlRoom

/// Writes a message as CAP 1.2 (OASIS CAP-v1.2, 3.4: the elements in the order of the schema).
public struct CAPWriter {
    private var bytes: [UInt8] = []
    private var indent = 0

    private init() { bytes.reserveCapacity(2048) }

    /// The document. A signature is not written: it would not be true of the new bytes.
    public static func xml(_ message: CAPMessage) -> [UInt8] {
        var writer = CAPWriter()
        writer.line(declaration)
        return writer.bytes + element(message)
    }

    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

    private static func element(_ message: CAPMessage) -> [UInt8] {
        var writer = CAPWriter()
        writer.line("<alert xmlns=\"\(CAPVersion.v12.namespace)\">")
        writer.indent = 1
        writer.write(message)
        writer.indent = 0
        writer.line("</alert>")
        return writer.bytes
    }

    // MARK: - Many in one document

    /// The beginning of an EDXL-DE 1.0 document (OASIS EDXL-DE-v1.0, 3.2.1), behind which contents follow.
    ///
    /// - Parameters:
    ///   - id: names the distribution, unique for its sender.
    ///   - status: Actual, Exercise, System or Test.
    public static func distributionHead(id: String, sender: String, sent: Timestamp, status: CAPStatus) -> [UInt8] {
        var writer = CAPWriter()
        writer.line(declaration)
        writer.line("<EDXLDistribution xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\">")
        writer.indent = 1
        writer.element("distributionID", id)
        writer.element("senderID", sender)
        writer.element("dateTimeSent", String(sent.rfc3339.prefix(19)) + "-00:00")
        writer.element("distributionStatus", status == .draft ? CAPStatus.test.rawValue : status.rawValue)
        writer.element("distributionType", "Report")
        writer.element("combinedConfidentiality", "UNCLASSIFIED AND NOT SENSITIVE")
        return writer.bytes
    }

    /// One message inside of a distribution, after its head and before `distributionTail`.
    public static func distributionContent(_ message: CAPMessage) -> [UInt8] {
        Array("<contentObject><xmlContent><embeddedXMLContent>\n".utf8) + element(message)
            + Array("</embeddedXMLContent></xmlContent></contentObject>\n".utf8)
    }

    public static let distributionTail = Array("</EDXLDistribution>\n".utf8)

    // MARK: - Parts

    private mutating func write(_ message: CAPMessage) {
        element("identifier", message.identifier)
        element("sender", message.sender)
        element("sent", time(message.sent))
        element("status", message.status.rawValue)
        element("msgType", message.messageType.rawValue)
        element("source", message.source)
        element("scope", (message.scope ?? .everyone).rawValue)
        element("restriction", message.restriction)
        element("addresses", list(message.addresses))
        for code in message.codes { element("code", code) }
        element("note", message.note)
        element("references", references(message.references))
        element("incidents", list(message.incidents))
        for info in message.infos { nest("info") { $0.write(info) } }
    }

    private mutating func write(_ info: CAPInfo) {
        element("language", info.language)
        for category in info.categories.isEmpty ? [.other] : info.categories { element("category", category.rawValue) }
        element("event", info.event)
        for response in info.responseTypes { element("responseType", response.rawValue) }
        element("urgency", info.urgency.rawValue)
        element("severity", info.severity.rawValue)
        let certainty = info.certainty == .veryLikely ? CAPCertainty.likely : info.certainty
        element("certainty", certainty.rawValue)
        element("audience", info.audience)
        pairs("eventCode", info.eventCodes)
        element("effective", info.effective.map(time))
        element("onset", info.onset.map(time))
        element("expires", info.expires.map(time))
        writeWords(info)
        pairs("parameter", info.parameters)
        for resource in info.resources { nest("resource") { $0.write(resource) } }
        for area in info.areas { nest("area") { $0.write(area) } }
    }

    private mutating func writeWords(_ info: CAPInfo) {
        element("senderName", info.senderName)
        element("headline", info.headline)
        element("description", info.description)
        element("instruction", info.instruction)
        element("web", info.web)
        element("contact", info.contact)
    }

    /// `derefUri` is not kept by the message and so cannot be written.
    private mutating func write(_ resource: CAPResource) {
        element("resourceDesc", resource.description ?? "")
        element("mimeType", resource.mimeType ?? "application/octet-stream")
        element("size", resource.size)
        element("uri", resource.uri)
        element("digest", resource.digest)
    }

    private mutating func write(_ area: CAPArea) {
        element("areaDesc", area.description)
        for polygon in area.polygons { element("polygon", polygon.text) }
        for circle in area.circles { element("circle", circle.text) }
        pairs("geocode", area.geocodes)
        element("altitude", area.altitude)
        element("ceiling", area.ceiling)
    }

    // MARK: - Values

    /// As CAP 1.2, 3.3.2 has it: whole seconds and a zone in digits. Others are written anew, in UTC.
    private func time(_ time: CAPTime) -> String {
        let bytes = Array(time.text.utf8)
        let isPlain = bytes.count == 25 && bytes[10] == UInt8(ascii: "T") && bytes[22] == UInt8(ascii: ":")
        if isPlain, bytes[19] == UInt8(ascii: "+") || bytes[19] == UInt8(ascii: "-") { return time.text }
        return String(time.instant.rfc3339.prefix(19)) + "-00:00"
    }

    private func list(_ words: [String]) -> String? { words.isEmpty ? nil : CAPLists.text(words) }

    private func references(_ references: [CAPReference]) -> String? {
        let texts = references.compactMap { reference in
            reference.sent.map { reference.sender + "," + reference.identifier + "," + $0.text }
        }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }

    // MARK: - XML

    private mutating func pairs(_ name: String, _ pairs: [CAPNamedValue]) {
        for pair in pairs {
            nest(name) { writer in
                writer.element("valueName", pair.name)
                writer.element("value", pair.value)
            }
        }
    }

    private mutating func nest(_ name: String, _ body: (inout CAPWriter) -> Void) {
        line("<\(name)>")
        indent += 1
        body(&self)
        indent -= 1
        line("</\(name)>")
    }

    private mutating func element(_ name: String, _ value: String?) {
        guard let value else { return }
        line("<\(name)>" + CAPWriter.escaped(value) + "</\(name)>")
    }

    private mutating func line(_ text: String) {
        for _ in 0..<indent { bytes += [0x20, 0x20] }
        bytes += Array(text.utf8)
        bytes.append(0x0A)
    }

    /// XML 1.0, 2.4; a carriage return would be lost (2.11), and other control characters cannot stand at all (2.2). DEL, those of C1
    /// and whatever else steers a terminal stand as references.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\r": escaped += "&#13;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            case _ where !PlainText.isPlain(scalar): escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
