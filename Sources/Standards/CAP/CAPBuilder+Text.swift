internal import ControlRoom

/// What the text of each element means.
extension CAPBuilder {
    mutating func store(_ element: CAPElement) {
        do throws(CAPFault) {
            if try storeInAlert(element) { return }
            if try storeInInfo(element) { return }
            _ = try storeInParts(element)
        } catch {
            pass(leafLine, error.reason)
        }
    }

    private mutating func storeInAlert(_ element: CAPElement) throws(CAPFault) -> Bool {
        switch element {
        case .identifier: draft.identifier = try name(element)
        case .sender: draft.sender = try name(element)
        case .sent: draft.sent = try time(element)
        case .status: draft.status = try word(element)
        case .msgType: draft.messageType = try word(element)
        case .source: draft.source = optional()
        case .scope: draft.scope = try word(element)
        case .restriction: draft.restriction = optional()
        case .addresses: draft.addresses = CAPLists.words(string())
        case .code: if let code = optional() { draft.codes.append(code) }
        case .note: draft.note = optional()
        case .references: readReferences()
        case .incidents: draft.incidents = CAPLists.words(string())
        case .password: break
        default: return false
        }
        return true
    }

    private mutating func storeInInfo(_ element: CAPElement) throws(CAPFault) -> Bool {
        switch element {
        case .language: info.language = optional()
        case .category: info.categories.append(try word(element))
        case .event: info.event = try required(element)
        case .responseType: info.responseTypes.append(try word(element))
        case .urgency: info.urgency = try word(element)
        case .severity:
            info.severity = try word(element)
            isSeverityRead = true
        case .certainty: info.certainty = try word(element)
        case .audience: info.audience = optional()
        case .effective: info.effective = try optionalTime(element)
        case .onset: info.onset = try optionalTime(element)
        case .expires: info.expires = try optionalTime(element)
        case .senderName: info.senderName = optional()
        case .headline: info.headline = optional()
        case .description: info.description = optional()
        case .instruction: info.instruction = optional()
        case .web: info.web = optional()
        case .contact: info.contact = optional()
        case .eventCode, .parameter, .geocode: add(oldPair(), as: element)
        default: return false
        }
        return true
    }

    private mutating func storeInParts(_ element: CAPElement) throws(CAPFault) -> Bool {
        switch element {
        case .resourceDesc: resource.description = optional()
        case .mimeType: resource.mimeType = optional()
        case .size: resource.size = optional()
        case .uri: resource.uri = optional()
        case .derefUri: resource.derefURILength = takeDerefLength()
        case .digest: resource.digest = optional()
        case .areaDesc: area.description = try required(element)
        case .polygon: try polygon()
        case .circle: try circle()
        case .altitude: area.altitude = try decimal(element)
        case .ceiling: area.ceiling = try decimal(element)
        case .valueName: pair.name = string()
        case .value: pair.value = string()
        default: return false
        }
        return true
    }

    // MARK: - Kinds of text

    /// The text without the white space around it.
    private func trimmed<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        text.withUnsafeBufferPointer { bytes in
            var low = 0
            var high = bytes.count
            while low < high, DecimalScanner.isSpace(bytes[low]) { low += 1 }
            while high > low, DecimalScanner.isSpace(bytes[high - 1]) { high -= 1 }
            return body(UnsafeBufferPointer(rebasing: bytes[low..<high]))
        }
    }

    private func string() -> String { trimmed { String(decoding: $0, as: UTF8.self) } }

    private func optional() -> String? { trimmed { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) } }

    private func required(_ element: CAPElement) throws(CAPFault) -> String {
        guard let text = optional() else { throw CAPFault("\(element.tag) is empty") }
        return text
    }

    /// CAP 1.2, 3.2.1: no spaces, commas, `<` or `&`, for references are made of these names. One that has some is taken all the same.
    private mutating func name(_ element: CAPElement) throws(CAPFault) -> String {
        let name = try required(element)
        if !CAPName.isPlain(name) {
            note(leafLine, "\(element.tag) \"\(name.prefix(80))\" holds a space, a comma, < or & (CAP 1.2, 3.2.1)")
        }
        return name
    }

    /// A word in other letters, or of another version, is taken for what it must mean.
    private mutating func word<Word: CAPWord>(_ element: CAPElement) throws(CAPFault) -> Word {
        let text = try required(element)
        if let word = Word(rawValue: text), word.exists(in: version) { return word }
        let fault = "\"\(text.prefix(40))\" is no value of \(element.tag) in CAP \(version.rawValue)"
        let lower = text.prefix(40).lowercased()
        guard let meant = Word.allCases.first(where: { $0.rawValue.lowercased() == lower }) else {
            throw CAPFault(fault)
        }
        note(leafLine, fault + "; it was read as \(meant.rawValue)")
        return meant
    }

    private mutating func time(_ element: CAPElement) throws(CAPFault) -> CAPTime {
        let text = try required(element)
        if let time = CAPTime(text) {
            if text.utf8.last == UInt8(ascii: "Z"), !saidZulu {
                saidZulu = true
                note(leafLine, "\(element.tag) names its zone Z, which CAP 1.2, 3.3.2 forbids; it was read as UTC")
            }
            return time
        }
        let fault = "\(element.tag) \"\(text.prefix(40))\" is no dateTime with a zone"
        guard let time = CAPTime(CAPBuilder.zoned(text)) else {
            throw CAPFault(fault)
        }
        note(leafLine, fault + "; it was read as UTC")
        return time
    }

    /// `2026-03-01 10:00:00` as a dateTime of UTC.
    private static func zoned(_ text: String) -> String {
        text.prefix(40).split(separator: " ", maxSplits: 1).joined(separator: "T") + "Z"
    }

    private mutating func optionalTime(_ element: CAPElement) throws(CAPFault) -> CAPTime? {
        optional() == nil ? nil : try time(element)
    }

    /// Those that can be read; each of the others is remarked on.
    private mutating func readReferences() {
        for word in string().split(whereSeparator: \.isWhitespace) {
            do throws(CAPFault) {
                draft.references.append(try CAPLists.reference(word, version))
            } catch {
                pass(leafLine, error.reason)
            }
        }
    }

    private func decimal(_ element: CAPElement) throws(CAPFault) -> String? {
        guard var text = optional() else { return nil }
        let isNumber = text.withUTF8 { bytes in
            var scanner = DecimalScanner(bytes)
            return scanner.number() != nil && scanner.position == bytes.count
        }
        guard isNumber else { throw CAPFault("\(element.tag) \"\(text.prefix(40))\" is not a number") }
        return text
    }

    /// A ring that its last pair leaves open is closed, as all readers of maps do.
    private mutating func polygon() throws(CAPFault) {
        let shape = trimmed { bytes in Result { () throws(CAPFault) in try CAPShapes.openRing(bytes) } }
        var ring = try shape.get()
        guard !ring.isEmpty else { throw CAPFault("<polygon> is empty") }
        var text = string()
        if let first = ring.first, ring.last != first, ring.count >= 3 {
            ring.append(first)
            text += " " + text.prefix { !$0.isWhitespace }
            note(leafLine, "a polygon whose last pair is not its first; it was closed")
        }
        try CAPShapes.check(ring)
        area.polygons.append(CAPPolygon(text: text, ring: ring))
    }

    private mutating func circle() throws(CAPFault) { area.circles.append(try CAPCircle(try required(.circle))) }

    /// `name=value`, as CAP 1.0 writes its codes.
    func oldPair() -> CAPNamedValue {
        let text = string()
        guard let equals = text.firstIndex(of: "=") else { return CAPNamedValue(name: "", value: text) }
        return CAPNamedValue(name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}
