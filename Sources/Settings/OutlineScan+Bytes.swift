extension OutlineScan {
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func advance() {
        guard index < bytes.count else { return }
        if bytes[index] == 0x0A { line += 1 }
        index += 1
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        advance()
        return true
    }

    mutating func expect(_ byte: UInt8) throws(Warning) {
        let wanted = Character(Unicode.Scalar(byte))
        guard consume(byte) else { throw problem("expected \(wanted), saw \(nextShown)") }
    }

    func problem(_ reason: String) -> Warning { Warning(file: file, line: line, reason: reason) }

    /// The next character as a person would name it.
    var nextShown: String {
        switch next {
        case nil: return "the end of the file"
        case 0x0A?, 0x0D?: return "the end of the line"
        default:
            let character = String(decoding: bytes[index...].prefix(4), as: UTF8.self).prefix(1)
            return PlainText.quoted(String(character))
        }
    }
}

// MARK: - Between the values

extension OutlineScan {
    mutating func skipSpaces() {
        while next == UInt8(ascii: " ") || next == 0x09 { advance() }
    }

    /// Spaces, ends of lines and comments.
    mutating func skipBlank() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: advance()
            case UInt8(ascii: "#"): skipComment()
            default: return
            }
        }
    }

    mutating func endOfLine() throws(Warning) {
        skipSpaces()
        if next == UInt8(ascii: "#") { skipComment() }
        if next == nil || next == 0x0A || next == 0x0D { return }
        throw problem("expected the end of the line, saw \(nextShown)")
    }

    private mutating func skipComment() {
        while next != nil, next != 0x0A { advance() }
    }
}

// MARK: - Texts

extension OutlineScan {
    func startsLongText(_ quote: UInt8) -> Bool { bytes[index...].starts(with: [quote, quote, quote]) }

    mutating func skipText(_ quote: UInt8) throws(Warning) {
        advance()
        while next != nil, next != 0x0A {
            if consume(quote) { return }
            skipEscape(quote)
            if next != 0x0A { advance() }
        }
        throw problem("a text has no closing quote")
    }

    mutating func skipLongText(_ quote: UInt8) throws(Warning) {
        let start = line
        for _ in 0..<3 { advance() }
        while next != nil, !startsLongText(quote) {
            skipEscape(quote)
            advance()
        }
        if next == nil { throw Warning(file: file, line: start, reason: "a text has no closing quotes") }
        // It may end with two quotes of its own before the three that close it.
        var closing = 5
        while closing > 0, consume(quote) { closing -= 1 }
    }

    /// After a backslash a quote closes nothing; texts in single quotes have no escapes.
    private mutating func skipEscape(_ quote: UInt8) {
        if quote == UInt8(ascii: "\""), next == UInt8(ascii: "\\") { advance() }
    }

    static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
}

// MARK: - Kinds of bytes

extension OutlineScan {
    /// What a key without quotes is made of.
    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
