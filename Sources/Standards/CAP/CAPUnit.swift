/// An Atom entry, an RSS item or an EDXL-DE content object while it is open.
struct CAPUnit {
    let element: CAPElement
    let line: Int
    let depth: Int
    var alerts = 0
    private var link: String?
    private var linkIsCAP = false
    private var capture: Text?
    private var captureIsLink = false

    /// Text of an element of the unit, and where it begins.
    struct Text {
        var bytes: [UInt8] = []
        var line: Int
    }

    init(element: CAPElement, line: Int, depth: Int) {
        self.element = element
        self.line = line
        self.depth = depth
    }

    /// What to say of an entry that points to an alert instead of holding it.
    var indexReason: String {
        guard let link else { return "only an index entry, and without a link to the alert" }
        return "only an index entry; the alert itself is at \(link.prefix(300))"
    }

    // MARK: - What stands in it

    mutating func start(_ tag: XMLTag, _ attributes: XMLAttributes, depth: Int) {
        guard depth == self.depth + 1, let child = CAPElement(rawValue: tag.name) else { return }
        switch (element, child) {
        case (.entry, .link): keep(attributes)
        case (.item, .link): begin(tag.line, isLink: true)
        case (.entry, .content), (.item, .description): begin(tag.line, isLink: false)
        default: break
        }
    }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) {
        guard depth == self.depth + 1, let held = capture?.bytes.count else { return }
        let limit = captureIsLink ? 2048 : CAPBounds.innerAlert
        capture?.bytes.append(contentsOf: bytes.prefix(max(0, limit - held)))
    }

    /// The end of an element of it; text that looks like an alert is handed back.
    mutating func end(depth: Int) -> Text? {
        guard depth == self.depth + 1, let captured = capture else { return nil }
        capture = nil
        if captureIsLink {
            link = CAPUnit.trimmed(captured.bytes)
            return nil
        }
        return alerts == 0 && CAPUnit.looksLikeAlert(captured.bytes) ? CAPUnit.cut(captured) : nil
    }

    private mutating func begin(_ line: Int, isLink: Bool) {
        capture = Text(line: line)
        captureIsLink = isLink
    }

    /// Of several links, one to a CAP message is worth more.
    private mutating func keep(_ attributes: XMLAttributes) {
        guard let href = attributes["href"], !linkIsCAP else { return }
        linkIsCAP = attributes["type"] == "application/cap+xml"
        if link == nil || linkIsCAP { link = href }
    }

    // MARK: - Escaped alerts

    private static func looksLikeAlert(_ bytes: [UInt8]) -> Bool {
        guard bytes.first(where: { !DecimalScanner.isSpace($0) }) == UInt8(ascii: "<") else { return false }
        let head = String(decoding: bytes.prefix(400), as: UTF8.self)
        return head.contains("alert") && CAPVersion.allCases.contains { head.contains($0.namespace) }
    }

    /// Without the white space before it, which XML does not allow before its declaration.
    private static func cut(_ text: Text) -> Text {
        let space = text.bytes.prefix { DecimalScanner.isSpace($0) }
        let lines = space.count { $0 == 0x0A }
        return Text(bytes: Array(text.bytes[space.count...]), line: text.line + lines)
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}
