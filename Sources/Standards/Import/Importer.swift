public import ControlRoom

/// Reads a file of any format that is understood and makes events of it.
///
/// The format is told by the content, never by the name. The file may be a pipe and of any size; memory stays bounded.
public struct Importer {
    /// How much is read at a time.
    static let chunkBytes = 64 * 1024

    private let name: String
    private let format: ImportFormat?
    private let languages: [String]
    private let receivedAt: Timestamp

    /// - Parameters:
    ///   - name: the file's base name, which a set of districts gets where it has no name of its own.
    ///   - format: what the file must be; nil for anything that is understood.
    ///   - languages: of an alert in several languages, which headline is taken; the best first.
    ///   - receivedAt: the time at which the file is read; an alert sent later than that is remarked on.
    public init(name: String, format: ImportFormat?, languages: [String], receivedAt: Timestamp) {
        self.name = name
        self.format = format
        self.languages = languages
        self.receivedAt = receivedAt
    }

    /// Reads to the end.
    /// - Throws: `ImportFailure` for what ends the file, and whatever the source and `emit` throw.
    public func run(_ source: inout some ByteSource, emit: (ImportItem) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Importer.chunkBytes, alignment: 16)
        defer { buffer.deallocate() }
        var start = ImportStart()
        while true {
            let count = try fill(buffer, &source)
            guard count > 0 else { break }
            let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            guard let text = start.skip(chunk) else { continue }
            return try run(FileStart(text), text, start.line, buffer, &source, emit)
        }
        throw ImportFailure(line: start.line, reason: "the file is empty")
    }

    private func run(
        _ kind: FileStart, _ first: UnsafeRawBufferPointer, _ line: Int, _ buffer: UnsafeMutableRawBufferPointer,
        _ source: inout some ByteSource, _ emit: (ImportItem) throws -> Void
    ) throws {
        switch kind {
        case .empty: throw ImportFailure(line: line, reason: "the file is empty")
        case .unreadable(let found): throw ImportFailure(line: line, reason: ImportFormat.unknown(found))
        case .xml:
            try expect(xml: true, line)
            try runXML(first, line, buffer, &source, emit)
        case .json:
            try expect(xml: false, line)
            try runJSON(first, line, buffer, &source, emit)
        }
    }

    private func expect(xml: Bool, _ line: Int) throws {
        guard let format, format.isXML != xml else { return }
        let found = xml ? "XML" : "JSON"
        throw ImportFailure(line: line, reason: "\(format.title) was expected, but this is \(found)")
    }

    /// Fills the buffer as far as the source gives, so that a slow pipe does not hide what its text begins with.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ source: inout some ByteSource) throws -> Int {
        var filled = 0
        while filled < 4 {
            let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    // MARK: - XML

    private func runXML(
        _ first: UnsafeRawBufferPointer, _ line: Int, _ buffer: UnsafeMutableRawBufferPointer,
        _ source: inout some ByteSource, _ emit: (ImportItem) throws -> Void
    ) throws {
        let reader = CAPReader(expected: format, firstLine: line)
        try reader.feed(first) { try take($0, emit) }
        while true {
            let count = try source.read(into: buffer)
            guard count > 0 else { break }
            try reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { try take($0, emit) }
        }
        try reader.finish { try take($0, emit) }
    }

    private func take(_ item: CAPItem, _ emit: (ImportItem) throws -> Void) throws {
        switch item {
        case .rejected(let rejection): try emit(.rejected(rejection))
        case .note(let line, let text): try emit(.note(line: line, text))
        case .message(let message, let line):
            let event = message.event(languages: languages)
            try emit(.event(event, line: line))
            if message.sent.instant.seconds(since: receivedAt) > 86_400 {
                try emit(.note(line: line, "the alert was sent more than a day in the future: \(message.sent.text)"))
            }
        }
    }

    // MARK: - JSON

    private func runJSON(
        _ first: UnsafeRawBufferPointer, _ line: Int, _ buffer: UnsafeMutableRawBufferPointer,
        _ source: inout some ByteSource, _ emit: (ImportItem) throws -> Void
    ) throws {
        let document = JSONDocument(baseName: name, expected: format)
        let splitter = JSONSplitter(document, listKeys: JSONDocument.listKeys, line: line)
        try hand(over: document, emit) { try splitter.feed(first) }
        while true {
            let count = try source.read(into: buffer)
            guard count > 0 else { break }
            try hand(over: document, emit) { try splitter.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        }
        try hand(over: document, emit) {
            try splitter.finish()
            try document.finish()
        }
    }

    /// What was complete before a failure is handed over all the same, but for districts: of a set all come, or none.
    private func hand(
        over document: JSONDocument, _ emit: (ImportItem) throws -> Void, _ work: () throws -> Void
    ) throws {
        do {
            try work()
        } catch {
            for item in document.takeItems() { try emit(item) }
            throw (error as? ImportFailure).map(document.failing) ?? error
        }
        for item in document.takeItems() { try emit(item) }
    }
}
