/// One thing out of a document that carries alerts.
public enum CAPItem: Sendable {
    case message(CAPMessage, line: Int)
    /// An alert that cannot be known as one: it has no identifier, no sender or no time (CAP 1.2, 3.2.1), or another namespace.
    case rejected(Rejection)
    /// What of the message before it could not be read, or was read against the standard; at most 22 of one message.
    case note(line: Int, String)
}

/// Reads the alerts out of CAP, Atom, RSS and EDXL-DE. What can be read of an alert is taken.
public struct CAPReader {
    private let document: CAPDocument
    private let parser: XMLStream

    /// - Parameter expected: the only kind of document to take; nil for any.
    public init(expected: ImportFormat? = nil, firstLine: Int = 1) {
        document = CAPDocument(expected: expected)
        parser = XMLStream(document, firstLine: firstLine)
    }

    /// Takes the next bytes and hands over what they complete.
    /// - Throws: `ImportFailure` where the document cannot be read on; what was read before it is handed over.
    public func feed(_ chunk: UnsafeRawBufferPointer, emit: (CAPItem) throws -> Void) throws {
        let failure = failing { try parser.feed(chunk) }
        for item in document.takeItems() { try emit(item) }
        if let failure { throw failure }
    }

    /// Ends the document and hands over what was still being read.
    ///
    /// - Throws: `ImportFailure` where it is cut off, after what was read was handed over; or what `emit` throws.
    public func finish(emit: (CAPItem) throws -> Void) throws {
        let failure = failing { try parser.finish() }
        for item in document.takeItems() { try emit(item) }
        if let failure { throw failure }
    }

    private func failing(_ body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            if let failure = error as? ImportFailure { document.breakOff(failure) }
            return error
        }
    }

    /// All that a whole document in memory holds.
    ///
    /// Nothing is given of it where the document cannot be read to its end; `feed` and `finish` give what came before.
    ///
    /// - Throws: `ImportFailure`.
    public static func items(in bytes: [UInt8]) throws -> [CAPItem] {
        let reader = CAPReader()
        var items: [CAPItem] = []
        try bytes.withUnsafeBytes { try reader.feed($0) { items.append($0) } }
        try reader.finish { items.append($0) }
        return items
    }
}
