/// Walks over a TOML text, notes where each key stands, and refuses what the parser must not see.
///
/// The parser of TOMLKit is C++. On some invalid texts (`[=a]`, `[ }`) it fails an assertion, which ends the process in
/// a debug build and is undefined in a release one; a key of some thousand parts overflows its stack. So it is given
/// only what has the structure of TOML here. What such files have no use for (dates, `0x10`, `1e9`, `inf`) is refused.
struct OutlineScan {
    let file: String
    let bounds: FileBounds
    let bytes: [UInt8]
    var index = 0
    var line = 1
    /// The last item of each array of tables (`[[root.children]]`), by the array's path.
    private var lastItem: [[String]: Int] = [:]
    private(set) var lines: [[String]: Int] = [:]

    init(_ text: String, file: String, bounds: FileBounds) {
        self.file = file
        self.bounds = bounds
        bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    mutating func run() throws(Warning) {
        var table: [String] = []
        skipBlank()
        while let byte = next {
            if byte == UInt8(ascii: "[") { table = try header() } else { try entry(in: table) }
            try endOfLine()
            skipBlank()
        }
    }

    private var tooDeep: Warning { problem("nested more than \(bounds.depth) deep") }

    private mutating func record(_ path: [String]) throws(Warning) {
        if path.count > bounds.depth { throw tooDeep }
        if lines[path] != nil { return }
        if lines.count >= bounds.keys { throw problem("more than \(bounds.keys) keys and items") }
        lines[path] = line
    }
}

// MARK: - Tables and keys

extension OutlineScan {
    /// `[a.b]` or `[[a.b]]`; the path under which the following entries stand.
    private mutating func header() throws(Warning) -> [String] {
        advance()
        let isItem = consume(UInt8(ascii: "["))
        let path = try resolve(try keys(), asItem: isItem)
        try record(path)
        try expect(UInt8(ascii: "]"))
        if isItem { try expect(UInt8(ascii: "]")) }
        return path
    }

    /// A header names arrays without saying which item: it means the last one, or a new one at its end.
    private mutating func resolve(_ keys: [String], asItem isItem: Bool) throws(Warning) -> [String] {
        var path: [String] = []
        for (position, key) in keys.enumerated() {
            path.append(key)
            if isItem, position == keys.count - 1 {
                let item = lastItem[path].map { $0 + 1 } ?? 0
                lastItem[path] = item
                try record(path)
                path.append(String(item))
            } else if let item = lastItem[path] {
                path.append(String(item))
            }
        }
        return path
    }

    private mutating func entry(in table: [String]) throws(Warning) {
        var path = table
        for key in try keys() {
            path.append(key)
            try record(path)
        }
        try expect(UInt8(ascii: "="))
        try value(at: path)
    }

    /// The parts of a dotted key, and the spaces around them.
    private mutating func keys() throws(Warning) -> [String] {
        var parts: [String] = []
        repeat {
            skipSpaces()
            parts.append(try keyPart())
            skipSpaces()
            if parts.count > bounds.depth { throw tooDeep }
        } while consume(UInt8(ascii: "."))
        return parts
    }

    private mutating func keyPart() throws(Warning) -> String {
        let start = index
        if let quote = next, OutlineScan.isQuote(quote) {
            if startsLongText(quote) { throw problem("a key cannot be a text of several lines") }
            try skipText(quote)
            return String(decoding: bytes[start..<index].dropFirst().dropLast(), as: UTF8.self)
        }
        while let byte = next, OutlineScan.isBare(byte) { advance() }
        if index == start { throw problem("expected a key, saw \(nextShown)") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }
}

// MARK: - Values

extension OutlineScan {
    private mutating func value(at path: [String]) throws(Warning) {
        skipSpaces()
        switch next {
        case UInt8(ascii: "\"")?, UInt8(ascii: "'")?: try text()
        case UInt8(ascii: "[")?: try array(at: path)
        case UInt8(ascii: "{")?: try inlineTable(at: path)
        default: try scalar()
        }
    }

    private mutating func array(at path: [String]) throws(Warning) {
        advance()
        var item = 0
        skipBlank()
        while !consume(UInt8(ascii: "]")) {
            let place = path + [String(item)]
            try record(place)
            try value(at: place)
            item += 1
            skipBlank()
            if consume(UInt8(ascii: ",")) {
                skipBlank()
            } else if next != UInt8(ascii: "]") {
                throw problem("expected , or ] in a list, saw \(nextShown)")
            }
        }
    }

    private mutating func inlineTable(at path: [String]) throws(Warning) {
        advance()
        skipSpaces()
        if consume(UInt8(ascii: "}")) { return }
        repeat {
            try entry(in: path)
            skipSpaces()
        } while consume(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// `true`, `false` or a number; the parser says which numbers are well formed.
    private mutating func scalar() throws(Warning) {
        let start = index
        while let byte = next, OutlineScan.isBare(byte) || OutlineScan.isNumeric(byte) { advance() }
        let word = bytes[start..<index]
        if word.isEmpty { throw problem("expected a value, saw \(nextShown)") }
        if word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) { return }
        let shown = PlainText.quoted(String(decoding: word, as: UTF8.self))
        guard word.count <= 24, word.allSatisfy(OutlineScan.isNumeric) else {
            throw problem("\(shown) is no value; a text stands in quotes")
        }
        // The parser would take `2026-11-23`, and no reader of ours knows a date that is not a text.
        if word.dropFirst().contains(UInt8(ascii: "-")) {
            throw problem("\(shown) is no number; a date stands in quotes, as a text")
        }
    }

    private mutating func text() throws(Warning) {
        guard let quote = next else { return }
        if startsLongText(quote) { try skipLongText(quote) } else { try skipText(quote) }
    }
}
