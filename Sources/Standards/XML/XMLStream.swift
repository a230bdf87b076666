internal import CLibXML2

/// libxml2's push parser, fed with chunks: nothing of the document is kept but the names of the open elements.
///
/// A document that declares a DOCTYPE is refused at once, so there are no entities beyond the five of XML itself and
/// nothing external is ever looked up (XML 1.0, 4.4 and the OWASP list of XML attacks). What is no XML below the elements is read as
/// text (`XMLMender`), and an end tag that fits no open element ends the innermost: of both the handler is told.
final class XMLStream {
    /// Deeper documents are refused.
    static let maximumDepth = 64
    /// Faults of a document behind which it is read on; with the next it ends.
    static let maximumFaults = 1_000

    private let handler: any XMLHandler
    private let firstLine: Int
    private var parser: xmlParserCtxtPtr?
    private var names: XMLNameTable?
    private var namespaces: XMLNameTable?
    private var open: [UnsafePointer<UInt8>?] = []
    private(set) var failure: ImportFailure?
    private var mender = XMLMender()
    private var faults = 0
    /// Whether the failure is one of XML's syntax, which a text that is cut off has, too.
    private var isSyntax = false
    /// Whether an element was seen at all.
    private var started = false

    /// - Parameter firstLine: the line at which the text begins, for texts inside others.
    init(_ handler: any XMLHandler, firstLine: Int = 1) {
        self.handler = handler
        self.firstLine = firstLine
        open.reserveCapacity(XMLStream.maximumDepth)
        var callbacks = XMLStream.callbacks
        let this = Unmanaged.passUnretained(self).toOpaque()
        guard let parser = xmlCreatePushParserCtxt(&callbacks, this, nil, 0, nil) else {
            failure = ImportFailure(line: firstLine, reason: "the XML parser could not be made: out of memory")
            return
        }
        xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_RECOVER.rawValue))
        names = XMLNameTable(type(of: handler).names, in: parser)
        namespaces = XMLNameTable(type(of: handler).namespaces, in: parser)
        self.parser = parser
    }

    deinit {
        if let parser { xmlFreeParserCtxt(parser) }
    }

    /// - Throws: `ImportFailure` where the text is not well-formed XML within the bounds.
    func feed(_ chunk: UnsafeRawBufferPointer) throws {
        guard parser != nil, failure == nil else { throw failure ?? XMLStream.noParser }
        mend(chunk, isLast: false)
        if let failure { throw failure }
    }

    private func mend(_ chunk: UnsafeRawBufferPointer, isLast: Bool) {
        mender.feed(chunk, isLast: isLast, pass: parse) { fault in
            tell(line: fault.lines + firstLine, fault.reason, isLost: fault.isLost)
        }
    }

    private func parse(_ chunk: UnsafeRawBufferPointer) {
        guard let parser, failure == nil, !chunk.isEmpty else { return }
        let bytes = chunk.bindMemory(to: CChar.self)
        xmlParseChunk(parser, bytes.baseAddress, Int32(bytes.count), 0)
    }

    private func tell(line: Int, _ reason: String, isLost: Bool) {
        guard failure == nil else { return }
        faults += 1
        guard faults <= XMLStream.maximumFaults else {
            return stop(line: line, "more than \(XMLStream.maximumFaults) faults; the last: \(reason)")
        }
        handler.fault(line: line, reason, isLost: isLost)
    }

    /// Ends the document.
    func finish() throws {
        guard let parser, failure == nil else { throw failure ?? XMLStream.noParser }
        mend(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        if let failure { throw failure }
        xmlParseChunk(parser, nil, 0, 1)
        if let inside = open.last {
            let name = inside.map { String(cString: $0) } ?? ""
            throw ImportFailure(line: line, reason: "the text ends inside <\(name)>")
        }
        if !started, failure == nil || isSyntax {
            throw ImportFailure(line: line, reason: "the text ends before any XML element")
        }
        if let failure { throw failure }
    }

    private func stop(line: Int, _ reason: String) {
        guard failure == nil else { return }
        failure = ImportFailure(line: line, reason: reason)
        if let parser { xmlStopParser(parser) }
    }

    private var line: Int {
        guard let parser else { return firstLine }
        return max(1, Int(clibxml2_line(parser))) + firstLine - 1
    }

    private static let noParser = ImportFailure(line: 1, reason: "the XML parser could not be made")
}

// MARK: - Callbacks

extension XMLStream {
    private static var callbacks: xmlSAXHandler {
        var callbacks = clibxml2_empty_handler()
        callbacks.startElementNs = { context, name, prefix, uri, _, _, count, _, attributes in
            XMLStream.with(context) { $0.started($0.tag(name, prefix, uri), name, Int(count), attributes) }
        }
        callbacks.endElementNs = { context, name, prefix, uri in
            XMLStream.with(context) { $0.ended($0.tag(name, prefix, uri)) }
        }
        callbacks.characters = { context, bytes, count in XMLStream.with(context) { $0.said(bytes, Int(count)) } }
        callbacks.ignorableWhitespace = callbacks.characters
        callbacks.cdataBlock = callbacks.characters
        callbacks.internalSubset = { context, _, _, _ in XMLStream.with(context) { $0.declaredDocumentType() } }
        callbacks.serror = { context, error in XMLStream.with(context) { $0.failed(error) } }
        return callbacks
    }

    /// The stream behind a callback. It is alive: it is in the middle of `feed`. So it is not retained each time.
    private static func with(_ context: UnsafeMutableRawPointer?, _ body: (XMLStream) -> Void) {
        guard let context else { return }
        Unmanaged<XMLStream>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
    }

    private func started(
        _ tag: XMLTag, _ name: UnsafePointer<UInt8>?, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    ) {
        guard failure == nil else { return }
        if !started {
            started = true
            if let refusal = handler.refusal(of: tag) { return stop(line: refusal.line, refusal.reason) }
        }
        guard open.count < XMLStream.maximumDepth else {
            return stop(line: line, "elements are nested more than \(XMLStream.maximumDepth) levels deep")
        }
        open.append(name)
        handler.start(tag, XMLAttributes(count: count, pointer: attributes))
    }

    private func ended(_ tag: XMLTag) {
        guard failure == nil else { return }
        handler.end(tag)
        open.removeLast()
    }

    private func said(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
        guard failure == nil, let bytes else { return }
        handler.text(UnsafeBufferPointer(start: bytes, count: count))
    }

    private func tag(
        _ name: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?
    ) -> XMLTag {
        let code = name.flatMap { names?[$0] } ?? -1
        let none = prefix == nil ? XMLTag.noNamespace : XMLTag.unboundPrefix
        let space = uri.map { namespaces?[$0] ?? -1 } ?? none
        return XMLTag(name: code, namespace: space, line: line, rawName: name, rawNamespace: uri)
    }

    private func declaredDocumentType() {
        stop(line: line, "a DOCTYPE is declared; such documents are refused, for entities can attack their reader")
    }

    /// The first error that ends the reading counts; what libxml2 says after it follows from it.
    private func failed(_ error: UnsafeMutablePointer<xmlError>?) {
        guard failure == nil, let error = error?.pointee, XMLFault.counts(error) else { return }
        let line = max(1, Int(error.line)) + firstLine - 1
        if XMLFault.isPassing(error) { return tell(line: line, XMLFault.reason(error), isLost: true) }
        isSyntax = true
        stop(line: line, XMLFault.reason(error))
    }
}
