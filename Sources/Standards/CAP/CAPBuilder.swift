internal import ControlRoom

/// Builds one message out of the elements inside an `<alert>`.
///
/// What can be read is taken. What cannot is passed over and remarked on, and the document goes on; an alert is refused only where
/// it has no identifier, no sender or no time.
struct CAPBuilder {
    /// Bytes of text that are kept of an alert, over all its elements; what comes behind them is passed over, but for words and times.
    static let maximumTotal = 4 << 20
    static let maximumElements = 100_000
    /// Remarks that are kept of one alert; the others are counted.
    static let maximumRemarks = 20

    /// Something that is said beside an alert.
    struct Remark {
        let line: Int
        let text: String
        /// Something of the alert is missing because of it; otherwise it was read, though it is against the standard.
        let isUnread: Bool
    }

    private(set) var version = CAPVersion.v12
    private(set) var line = 0
    private(set) var rejection: Rejection?
    private(set) var remarks: [Remark] = []
    private var moreRemarks = 0
    var draft = CAPDraft()
    var info = CAPInfo()
    var resource = CAPResource()
    var area = CAPArea()
    var pair = CAPNamedValue(name: "", value: "")
    /// The text of the element that is open.
    private(set) var text: [UInt8] = []
    /// The line at which that element began.
    private(set) var leafLine = 0
    /// Whether it was said that a time names its zone Z: once is enough.
    var saidZulu = false
    /// Whether the info that is open, or was the last, has a severity that could be read.
    var isSeverityRead = false
    private var cutOff: CAPMessage.CutOff?

    private var frames: [Frame] = []
    private var leaf: CAPElement?
    /// Elements that are open inside the leaf, where none belongs.
    private var inner = 0
    private var isCut = false
    private var skipped = 0
    private var total = 0
    private var elements = 0
    private var derefLength = 0
    /// Where the alert has no namespace at all, or a prefix that stands for none: so have its elements, and what has the other is
    /// passed over.
    private var bare: Int?

    /// A part of the alert that is open.
    private struct Frame {
        let level: CAPLevel
        let element: CAPElement
        let line: Int
        let allowed: CAPElementSet
        var seen = CAPElementSet()
    }

    /// Begins a new alert; the buffers of the last one are used again.
    mutating func restart(_ version: CAPVersion, line: Int, bare: Int?) {
        self.version = version
        self.line = line
        self.bare = bare
        rejection = nil
        remarks = []
        moreRemarks = 0
        saidZulu = false
        (isSeverityRead, cutOff) = (false, nil)
        draft = CAPDraft()
        (info, resource, area) = (CAPInfo(), CAPResource(), CAPArea())
        leaf = nil
        (inner, skipped, total, elements, derefLength) = (0, 0, 0, 0, 0)
        isCut = false
        frames.removeAll(keepingCapacity: true)
        let allowed = CAPLevel.alert.children(in: version)
        frames.append(Frame(level: .alert, element: .alert, line: line, allowed: allowed))
        if bare != nil { note(line, "an <alert> without a namespace; it was read as CAP \(version.rawValue)") }
    }

    /// Something of the alert could not be read, and is missing.
    mutating func pass(_ line: Int, _ text: String) { remark(Remark(line: line, text: text, isUnread: true)) }

    /// Something was read that is against the standard.
    mutating func note(_ line: Int, _ text: String) { remark(Remark(line: line, text: text, isUnread: false)) }

    private mutating func remark(_ remark: Remark) {
        if remarks.count < CAPBuilder.maximumRemarks { remarks.append(remark) } else { moreRemarks += 1 }
    }

    // MARK: - What the document says

    mutating func start(_ tag: XMLTag) {
        if skipped > 0 {
            skipped += 1
            return
        }
        if let leaf {
            if inner == 0 { pass(tag.line, "\(leaf.tag) holds <\(tag.localName)>; its text alone was taken") }
            inner += 1
            return
        }
        elements += 1
        guard elements <= CAPBuilder.maximumElements else {
            if elements == CAPBuilder.maximumElements + 1 {
                pass(tag.line, "what stands behind \(CAPBuilder.maximumElements) elements was passed over")
            }
            skipped += 1
            return
        }
        enter(tag)
    }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard skipped == 0 else { return }
        if leaf == .derefUri {
            derefLength += bytes.count
            return
        }
        // A pair may stand as text where its two elements are missing.
        guard leaf != nil || frames.last?.level == .namedValue else { return }
        let limit = leaf.map(CAPBounds.bytes) ?? CAPBounds.longText
        let isWord = leaf.map(CAPBounds.isWord) ?? false
        let room = max(0, min(limit - text.count, isWord ? limit : CAPBuilder.maximumTotal - total))
        isCut = isCut || bytes.count > room
        text.append(contentsOf: bytes.prefix(room))
        if !isWord { total += min(bytes.count, room) }
    }

    /// The end of an element inside the alert.
    mutating func end() {
        if skipped > 0 {
            skipped -= 1
        } else if let leaf {
            if inner > 0 {
                inner -= 1
                return
            }
            self.leaf = nil
            if !isCut || cut(leaf) { store(leaf) }
        } else if let frame = frames.popLast() {
            close(frame)
        }
    }

    /// Marks a text whose end is missing.
    ///
    /// - Returns: false where what is left would be a wrong value, and is not kept.
    private mutating func cut(_ element: CAPElement) -> Bool {
        let isProse = CAPBounds.isProse(element)
        let bound =
            "\(element.tag) is longer than \(CAPBounds.bytes(of: element)) bytes, or the whole alert is too long"
        pass(leafLine, bound + (isProse ? "; it was cut" : ""))
        guard isProse, !text.isEmpty else { return false }
        text = Array(TextBound.cut(text, to: text.count - 1).utf8)
        return true
    }

    /// The document ends, or cannot be read on, in the middle of the alert. A text that is open is kept as far as it came, marked as
    /// cut; a value that is open is not, for what is left of it would be another.
    mutating func breakOff(_ failure: ImportFailure) {
        if skipped == 0, let leaf, CAPBounds.isProse(leaf), !text.isEmpty {
            text = Array(TextBound.cut(text, to: text.count - 1).utf8)
            store(leaf)
        }
        (leaf, skipped, inner) = (nil, 0, 0)
        let isInInfo = frames.contains { $0.level == .info }
        if frames.last?.level == .namedValue { frames.removeLast() }
        while frames.count > 1, let frame = frames.popLast() { close(frame) }
        cutOff = (isInInfo ? isSeverityRead : !draft.infos.isEmpty) ? .withSeverity : .withoutSeverity
        let what = failure.reason.prefix(160) + "; what stands behind it was not read" + consequences
        remarks.insert(Remark(line: failure.line, text: what, isUnread: true), at: 0)
    }

    /// What follows from the cut, beside what is missing.
    private var consequences: String {
        let type = draft.messageType ?? .alert
        let raises = type == .alert || type == .update
        return (raises && cutOff == .withoutSeverity ? "; without a severity it counts as the worst" : "")
            + (draft.references.isEmpty ? "" : "; the messages that it names stay as they are")
    }

    /// The end of `<alert>`: what it must hold is looked for.
    mutating func close() {
        if let frame = frames.popLast() { close(frame) }
    }

    /// The message, unless the alert cannot be known as one.
    mutating func finish() -> CAPMessage? {
        do throws(CAPFault) {
            if draft.status == nil { pass(line, "without a readable <status> it was taken as Actual") }
            if draft.messageType == nil { pass(line, "without a readable <msgType> it was taken as an Alert") }
            if let fault = draft.referenceFault { pass(line, fault) }
            if moreRemarks > 0 {
                remarks.append(Remark(line: line, text: "and \(moreRemarks) remarks more", isUnread: true))
            }
            var message = try draft.message(version)
            message.cutOff = cutOff
            message.unread = remarks.filter(\.isUnread).map { String($0.text.prefix(300)) }
            return message
        } catch {
            rejection = Rejection(line: line, reason: error.reason)
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
            pass(tag.line, "\(frames[top].element.tag) has more than one \(element.tag); the first was taken")
            skipped += 1
            return
        }
        frames[top].seen.insert(element)
        text.removeAll(keepingCapacity: true)
        isCut = false
        if let level = level(of: element) {
            open(level, element, tag.line)
        } else {
            leaf = element
            leafLine = tag.line
        }
    }

    /// The element, if it may stand here. Others are passed over, as are those of other namespaces.
    private mutating func known(_ tag: XMLTag, _ allowed: CAPElementSet) -> CAPElement? {
        if tag.namespace == CAPNamespace.signature, tag.name == CAPElement.signature.rawValue {
            draft.isSigned = true
            return nil
        }
        let isOurs = bare.map { tag.namespace == $0 } ?? (CAPNamespace.version(tag.namespace) == version)
        guard isOurs else { return nil }
        guard let element = CAPElement(rawValue: tag.name), element.rawValue < CAPElement.alert.rawValue,
            allowed.contains(element)
        else {
            pass(tag.line, "<\(tag.localName.prefix(60))> has no place here in CAP \(version.rawValue)")
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
        if level == .info { isSeverityRead = false }
    }

    private mutating func close(_ frame: Frame) {
        if frame.level == .namedValue { return closePair(frame) }
        // An empty part says nothing.
        if frame.seen.isEmpty, frame.level != .alert { return pass(frame.line, "\(frame.element.tag) is empty") }
        for missing in frame.level.required(in: version) where !frame.seen.contains(missing) {
            if !CAPLevel.refusing.contains(missing) { pass(frame.line, "\(frame.element.tag) has no \(missing.tag)") }
        }
        switch frame.level {
        case .info: CAPBuilder.move(&info, CAPInfo(), to: &draft.infos)
        case .resource: CAPBuilder.move(&resource, CAPResource(), to: &info.resources)
        case .area: CAPBuilder.move(&area, CAPArea(), to: &info.areas)
        case .namedValue, .alert: break
        }
    }

    /// A pair without a name keeps its value; one that stands as text, as CAP 1.0 has it, is read as such.
    private mutating func closePair(_ frame: Frame) {
        if frame.seen.isEmpty { pair = oldPair() }
        if pair.name.isEmpty { pass(frame.line, "\(frame.element.tag) has no <valueName>") }
        if !pair.name.isEmpty || !pair.value.isEmpty { add(pair, as: frame.element) }
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
