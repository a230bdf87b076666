internal import ControlRoom

/// Builds one message out of the elements inside an `<alert>`.
///
/// The first fault rejects the alert; what follows of it is passed over, and the document goes on.
struct CAPBuilder {
    /// Longest text of one element, and of all elements of an alert together.
    static let maximumText = 1 << 20
    static let maximumTotal = 4 << 20
    static let maximumElements = 100_000

    private(set) var version = CAPVersion.v12
    private(set) var line = 0
    private(set) var rejection: Rejection?
    private(set) var notes: [Rejection] = []
    var draft = CAPDraft()
    var info = CAPInfo()
    var resource = CAPResource()
    var area = CAPArea()
    var pair = CAPNamedValue(name: "", value: "")
    /// The text of the element that is open.
    private(set) var text: [UInt8] = []
    /// The line at which that element began.
    private(set) var leafLine = 0

    private var frames: [Frame] = []
    private var leaf: CAPElement?
    private var skipped = 0
    private var total = 0
    private var elements = 0
    private var derefLength = 0

    /// A part of the alert that is open.
    private struct Frame {
        let level: CAPLevel
        let element: CAPElement
        let line: Int
        let allowed: CAPElementSet
        var seen = CAPElementSet()
    }

    /// Begins a new alert; the buffers of the last one are used again.
    mutating func restart(_ version: CAPVersion, line: Int) {
        self.version = version
        self.line = line
        rejection = nil
        notes = []
        draft = CAPDraft()
        leaf = nil
        skipped = 0
        total = 0
        elements = 0
        frames.removeAll(keepingCapacity: true)
        let allowed = CAPLevel.alert.children(in: version)
        frames.append(Frame(level: .alert, element: .alert, line: line, allowed: allowed))
    }

    mutating func reject(_ line: Int, _ reason: String) {
        if rejection == nil { rejection = Rejection(line: line, reason: reason) }
    }

    mutating func note(_ line: Int, _ text: String) {
        if notes.isEmpty { notes.append(Rejection(line: line, reason: text)) }
    }

    // MARK: - What the document says

    mutating func start(_ tag: XMLTag) {
        if skipped > 0 || rejection != nil {
            skipped += 1
            return
        }
        if let leaf {
            reject(tag.line, "\(leaf.tag) holds the element <\(tag.localName)>; it takes text alone")
            skipped += 1
            return
        }
        elements += 1
        if elements > CAPBuilder.maximumElements {
            reject(tag.line, "an alert of more than \(CAPBuilder.maximumElements) elements")
        }
        enter(tag)
    }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let leaf, skipped == 0, rejection == nil else { return }
        total += bytes.count
        if total > CAPBuilder.maximumTotal { return reject(leafLine, "an alert of more than 4 MiB of text") }
        if leaf == .derefUri {
            derefLength += bytes.count
            return
        }
        if text.count + bytes.count > CAPBuilder.maximumText {
            return reject(leafLine, "\(leaf.tag) holds more than 1 MiB of text")
        }
        text.append(contentsOf: bytes)
    }

    /// The end of an element inside the alert.
    mutating func end() {
        if skipped > 0 {
            skipped -= 1
        } else if let leaf {
            self.leaf = nil
            store(leaf)
        } else if let frame = frames.popLast() {
            close(frame.level, frame.element, frame.line, frame.seen)
        }
    }

    /// The end of `<alert>`: what it must hold is looked for.
    mutating func close() {
        guard rejection == nil, let frame = frames.popLast() else { return }
        close(frame.level, frame.element, frame.line, frame.seen)
    }

    /// The message, unless the alert is rejected.
    mutating func finish() -> CAPMessage? {
        guard rejection == nil else { return nil }
        do throws(CAPFault) {
            return try draft.message(version)
        } catch {
            reject(line, error.reason)
            return nil
        }
    }

    // MARK: - Elements

    private mutating func enter(_ tag: XMLTag) {
        let top = frames.count - 1
        guard top >= 0, let element = known(tag, frames[top].allowed) else {
            skipped += 1
            return
        }
        if frames[top].seen.contains(element), !CAPLevel.repeatable.contains(element) {
            reject(tag.line, "\(frames[top].element.tag) has more than one \(element.tag)")
        }
        frames[top].seen.insert(element)
        if let level = level(of: element) {
            open(level, element, tag.line)
        } else {
            leaf = element
            leafLine = tag.line
            text.removeAll(keepingCapacity: true)
        }
    }

    /// The element, if it may stand here. Others are passed over, as are those of other namespaces.
    private mutating func known(_ tag: XMLTag, _ allowed: CAPElementSet) -> CAPElement? {
        if tag.namespace == CAPNamespace.signature, tag.name == CAPElement.signature.rawValue {
            draft.isSigned = true
            return nil
        }
        guard CAPNamespace.version(tag.namespace) == version else { return nil }
        guard let element = CAPElement(rawValue: tag.name), element.rawValue < CAPElement.alert.rawValue,
            allowed.contains(element)
        else {
            note(tag.line, "<\(tag.localName)> has no place here in CAP \(version.rawValue) and was passed over")
            return nil
        }
        return element
    }

    /// Pairs are text in 1.0.
    private func level(of element: CAPElement) -> CAPLevel? {
        switch element {
        case .info: .info
        case .resource: .resource
        case .area: .area
        case .eventCode, .parameter, .geocode: version == .v10 ? nil : .namedValue
        default: nil
        }
    }

    private mutating func open(_ level: CAPLevel, _ element: CAPElement, _ line: Int) {
        frames.append(Frame(level: level, element: element, line: line, allowed: level.children(in: version)))
        if level == .namedValue { pair = CAPNamedValue(name: "", value: "") }
    }

    private mutating func close(_ level: CAPLevel, _ element: CAPElement, _ line: Int, _ seen: CAPElementSet) {
        if rejection != nil { return }
        if let missing = level.required(in: version).first(where: { !seen.contains($0) }) {
            return reject(line, "\(element.tag) has no \(missing.tag)")
        }
        switch level {
        case .info: CAPBuilder.move(&info, CAPInfo(), to: &draft.infos)
        case .resource: CAPBuilder.move(&resource, CAPResource(), to: &info.resources)
        case .area: CAPBuilder.move(&area, CAPArea(), to: &info.areas)
        case .namedValue: add(pair, as: element)
        case .alert: break
        }
    }

    /// Appends without copying the many texts of a part.
    private static func move<Part>(_ part: inout Part, _ fresh: Part, to list: inout [Part]) {
        var moved = fresh
        swap(&moved, &part)
        list.append(moved)
    }

    mutating func add(_ pair: CAPNamedValue, as element: CAPElement) {
        switch element {
        case .eventCode: info.eventCodes.append(pair)
        case .parameter: info.parameters.append(pair)
        default: area.geocodes.append(pair)
        }
    }

    /// The length of the base64 text since the last call.
    mutating func takeDerefLength() -> Int {
        defer { derefLength = 0 }
        return derefLength
    }
}
