/// Cuts JSON text (RFC 8259), or many such texts one after the other, into pieces of bounded size in one pass.
///
/// It knows strings, escapes and brackets, no more; each piece is read by a `JSONReader` after it.
final class JSONSplitter {
    static let maximumDepth = 64
    static let maximumPiece = 16 << 20

    private let pieces: any JSONPieces
    /// Members of the object at the top whose lists are handed over element by element.
    private let listKeys: [String]
    private var place = Place.top
    private var expects = Expects.value
    private var scan = JSONScan()

    /// The value that is being read, and where it began.
    private var piece: [UInt8] = []
    private var pieceLine = 1
    /// The object around the list that is being handed over.
    private var outer: [UInt8] = []
    private var outerLine = 1
    private var isInList = false
    private var seen = Seen.nothing

    private enum Place { case top, list, value, scalar }
    private enum Expects { case value, valueOrEnd, commaOrEnd }
    private enum Seen { case nothing, objects, list }

    /// - Parameter line: the line at which the text begins.
    init(_ pieces: any JSONPieces, listKeys: [String], line: Int = 1) {
        self.pieces = pieces
        self.listKeys = listKeys
        scan.line = line
    }

    /// - Throws: `ImportFailure` where the text cannot be cut on, and what the pieces' taker throws.
    func feed(_ chunk: UnsafeRawBufferPointer) throws {
        let bytes = chunk.bindMemory(to: UInt8.self)
        var index = 0
        while index < bytes.count {
            switch place {
            case .top: try top(bytes[index], &index)
            case .list: try list(bytes[index], &index)
            case .scalar: try scalar(bytes[index], &index)
            case .value: try value(bytes, &index)
            }
        }
    }

    func finish() throws {
        switch place {
        case .top: return
        case .list: throw failure("the text ends inside a list")
        case .scalar, .value:
            throw failure(scan.inString ? "the text ends inside a string" : "the text ends inside a value")
        }
    }

    private func failure(_ reason: String) -> ImportFailure { ImportFailure(line: scan.line, reason: reason) }

    // MARK: - Between values

    private func top(_ byte: UInt8, _ index: inout Int) throws {
        switch byte {
        case 0x0A: scan.line += 1
        case 0x20, 0x09, 0x0D: break
        case UInt8(ascii: "{") where seen != .list:
            seen = .objects
            try begin(byte)
        case UInt8(ascii: "[") where seen == .nothing:
            seen = .list
            outer = [byte]
            try openList(nil, line: scan.line)
        default: throw failure(JSONSplitter.described(byte) + " stands where a JSON value or the end was expected")
        }
        index += 1
    }

    private func list(_ byte: UInt8, _ index: inout Int) throws {
        switch (byte, expects) {
        case (0x0A, _): scan.line += 1
        case (0x20, _), (0x09, _), (0x0D, _): break
        case (UInt8(ascii: ","), .commaOrEnd): expects = .value
        case (UInt8(ascii: "]"), .commaOrEnd), (UInt8(ascii: "]"), .valueOrEnd): try closeList()
        case (_, .commaOrEnd): throw failure(JSONSplitter.described(byte) + " stands where ',' or ']' was expected")
        case (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): try begin(byte)
        case (0x30...0x39, _), (0x61...0x7A, _), (UInt8(ascii: "-"), _), (UInt8(ascii: "\""), _): beginScalar(byte)
        default: throw failure(JSONSplitter.described(byte) + " stands where an element was expected")
        }
        index += 1
    }

    private func begin(_ byte: UInt8) throws {
        restart(byte)
        try deeper()
        scan.forgetName()
        place = .value
    }

    private func beginScalar(_ byte: UInt8) {
        restart(byte)
        scan.inString = byte == UInt8(ascii: "\"")
        place = .scalar
    }

    private func restart(_ byte: UInt8) {
        piece.removeAll(keepingCapacity: true)
        piece.append(byte)
        pieceLine = scan.line
    }

    private func deeper() throws {
        guard scan.depth < JSONSplitter.maximumDepth else {
            throw failure("nested more than \(JSONSplitter.maximumDepth) levels deep")
        }
        scan.depth += 1
    }

    // MARK: - Lists

    private func openList(_ key: String?, line: Int) throws {
        try deeper()
        try pieces.list(key, head: key == nil ? [] : outer, line: line)
        outerLine = line
        isInList = true
        expects = .valueOrEnd
        place = .list
    }

    private func closeList() throws {
        scan.depth -= 1
        isInList = false
        outer.append(UInt8(ascii: "]"))
        swap(&outer, &piece)
        pieceLine = outerLine
        scan.forgetName()
        place = .value
        if scan.depth == 0 { try end() }
    }

    /// A whole piece is there.
    private func end() throws {
        let line = pieceLine
        place = isInList ? .list : .top
        expects = .commaOrEnd
        try piece.withUnsafeBufferPointer { bytes in
            if isInList { try pieces.element(bytes, line: line) } else { try pieces.value(bytes, line: line) }
        }
    }

    // MARK: - Inside values

    private func scalar(_ byte: UInt8, _ index: inout Int) throws {
        let ends = DecimalScanner.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
        if !scan.inString, ends { return try end() }
        if byte == 0x0A { scan.line += 1 }
        piece.append(byte)
        try checkSize()
        index += 1
        if scan.inString { scan.string(byte) }
    }

    /// Goes through the value as far as the chunk reaches, and keeps its bytes.
    private func value(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) throws {
        let start = index
        let stop = scan.run(bytes, &index, offset: piece.count - start)
        piece.append(contentsOf: bytes[start..<index])
        try checkSize()
        switch stop {
        case .chunkEnd: return
        case .tooDeep: throw failure("nested more than \(JSONSplitter.maximumDepth) levels deep")
        case .valueEnd where scan.depth == (isInList ? outerDepth : 0): try end()
        case .valueEnd: return
        case .listOfMember: try openListIfNamed()
        }
    }

    /// The depth at which the list's elements stand: 1 for a list at the top, 2 for a member's.
    private var outerDepth: Int { seen == .list ? 1 : 2 }

    private func openListIfNamed() throws {
        guard let name = scan.name, piece.indices.contains(name.lowerBound), name.upperBound < piece.count else {
            return
        }
        let key = String(decoding: piece[name], as: UTF8.self)
        guard listKeys.contains(key), !isInList else { return }
        scan.depth -= 1
        swap(&outer, &piece)
        try openList(key, line: pieceLine)
    }

    private func checkSize() throws {
        guard piece.count > JSONSplitter.maximumPiece else { return }
        throw ImportFailure(line: pieceLine, reason: "a single value of more than 16 MiB")
    }

    private static func described(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }
}
