internal import ControlRoom

/// Finds the alerts in a document: an alert alone, or many inside Atom, RSS or EDXL-DE.
final class CAPDocument: XMLHandler {
    static let names = CAPElement.names
    static let namespaces = CAPNamespace.names

    /// What was found since it was last taken.
    var items: [CAPItem] = []
    /// What kind of document it is, once the root element is known.
    private(set) var format: ImportFormat?

    private let expected: ImportFormat?
    /// Text inside texts is read once, not again and again.
    private let isNested: Bool
    private var depth = 0
    private var builder = CAPBuilder()
    private var isInAlert = false
    /// Depth of the element whose inside is passed over; 0 for none.
    private var passedOver = 0
    private var unit: CAPUnit?
    private var alertDepth = 0
    /// Outside any alert; so many are told.
    private var faults = 0
    private static let mostFaults = 20

    init(expected: ImportFormat? = nil, isNested: Bool = false) {
        self.expected = expected
        self.isNested = isNested
    }

    func takeItems() -> [CAPItem] {
        defer { items.removeAll(keepingCapacity: true) }
        return items
    }

    // MARK: - Elements

    func start(_ tag: XMLTag, _ attributes: XMLAttributes) {
        depth += 1
        if isInAlert { return builder.start(tag) }
        if passedOver > 0 { return }
        if tag.name == CAPElement.alert.rawValue { return startAlert(tag) }
        if unit == nil {
            startUnit(tag)
        } else if tag.name >= 0 {
            unit?.start(tag, attributes, depth: depth)
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if isInAlert {
            builder.take(bytes)
        } else if unit != nil {
            unit?.take(bytes, depth: depth)
        }
    }

    func end(_ tag: XMLTag) {
        defer { depth -= 1 }
        if isInAlert {
            if depth == alertDepth { finishAlert() } else { builder.end() }
        } else if passedOver > 0 {
            if depth == passedOver { passedOver = 0 }
        } else if let unit {
            if let text = self.unit?.end(depth: depth) { readInner(text) }
            if depth == unit.depth { finishUnit() }
        }
    }

    func fault(line: Int, _ reason: String, isLost: Bool) {
        if isInAlert { return isLost ? builder.pass(line, reason) : builder.note(line, reason) }
        faults += 1
        if faults <= CAPDocument.mostFaults { items.append(.note(line: line, reason)) }
    }

    /// The document cannot be read on: what was read of an alert that is open is taken, if it can be known as one.
    func breakOff(_ failure: ImportFailure) {
        guard isInAlert else { return }
        builder.breakOff(failure)
        isInAlert = false
        builder.close()
        guard let message = builder.finish() else { return }
        take(message)
    }

    // MARK: - The document

    func refusal(of root: XMLTag) -> ImportFailure? {
        guard let found = kind(of: root) else {
            let reason = ImportFormat.unknown("an XML document <\(root.localName)>")
            return ImportFailure(line: root.line, reason: reason)
        }
        if let expected, expected != found {
            return ImportFailure(line: root.line, reason: ImportFormat.mismatch(expected, found))
        }
        format = found
        return nil
    }

    private func kind(of tag: XMLTag) -> ImportFormat? {
        switch (CAPElement(rawValue: tag.name), tag.namespace) {
        case (.alert, _): .cap
        case (.feed, CAPNamespace.atom), (.entry, CAPNamespace.atom): .atom
        case (.rss, XMLTag.noNamespace): .rss
        case (.distribution, CAPNamespace.edxl): .edxl
        default: nil
        }
    }

    // MARK: - Entries, items and content objects

    private func startUnit(_ tag: XMLTag) {
        guard let element = CAPElement(rawValue: tag.name) else { return }
        switch (element, tag.namespace) {
        case (.entry, CAPNamespace.atom), (.item, XMLTag.noNamespace), (.contentObject, CAPNamespace.edxl):
            unit = CAPUnit(element: element, line: tag.line, depth: depth)
        default: break
        }
    }

    private func finishUnit() {
        guard let unit else { return }
        self.unit = nil
        guard unit.alerts == 0 else { return }
        if unit.element == .contentObject {
            items.append(.note(line: unit.line, "a <contentObject> without a CAP alert was passed over"))
        } else {
            items.append(.rejected(Rejection(line: unit.line, reason: unit.indexReason)))
        }
    }

    /// An alert that stands as escaped text in an entry.
    private func readInner(_ inner: CAPUnit.Text) {
        guard !isNested else { return }
        unit?.alerts += 1
        let document = CAPDocument(expected: .cap, isNested: true)
        let parser = XMLStream(document, firstLine: inner.line)
        do {
            try inner.bytes.withUnsafeBytes { try parser.feed($0) }
            try parser.finish()
            items += document.takeItems()
        } catch let failure as ImportFailure {
            document.breakOff(failure)
            // What was read says itself where it ends.
            let read = document.takeItems()
            items += read
            guard !read.contains(where: \.isMessage) else { return }
            let reason = "the text looks like an alert, but cannot be read: \(failure.reason)"
            items.append(.rejected(Rejection(line: failure.line, reason: reason)))
        } catch {
            items.append(.rejected(Rejection(line: inner.line, reason: "\(error)")))
        }
    }

    // MARK: - Alerts

    private func startAlert(_ tag: XMLTag) {
        unit?.alerts += 1
        // Without any namespace it is read as the newest version; what it lacks then decides. So is one that was taken out of a
        // document which declares its prefix.
        let isBare = tag.namespace == XMLTag.noNamespace || tag.namespace == XMLTag.unboundPrefix
        guard let version = isBare ? .v12 : CAPNamespace.version(tag.namespace) else {
            return passOver(tag, CAPDocument.foreign(tag))
        }
        if unit == nil, let reason = outsideReason { return passOver(tag, reason) }
        builder.restart(version, line: tag.line, bare: isBare ? tag.namespace : nil)
        isInAlert = true
        alertDepth = depth
    }

    /// Why an alert that stands in no part of its document for alerts is not taken.
    private var outsideReason: String? {
        switch format {
        case .atom: "an alert outside any entry is foreign markup and means nothing here (RFC 4287, 6)"
        case .rss: "an alert outside any item means nothing here"
        case .edxl: "an alert outside any contentObject means nothing here (EDXL-DE 1.0, 3.2)"
        default: nil
        }
    }

    private static func foreign(_ tag: XMLTag) -> String {
        "the namespace \(tag.namespaceName.prefix(100)) is not that of CAP 1.0, 1.1 or 1.2"
    }

    private func passOver(_ tag: XMLTag, _ reason: String) {
        items.append(.rejected(Rejection(line: tag.line, reason: reason)))
        passedOver = depth
    }

    private func finishAlert() {
        isInAlert = false
        builder.close()
        guard let message = builder.finish() else {
            if let rejection = builder.rejection { items.append(.rejected(rejection)) }
            return
        }
        take(message)
    }

    private func take(_ message: CAPMessage) {
        items.append(.message(message, line: builder.line))
        items += builder.remarks.map { .note(line: $0.line, $0.text) }
    }
}

extension CAPItem {
    fileprivate var isMessage: Bool { if case .message = self { true } else { false } }
}
