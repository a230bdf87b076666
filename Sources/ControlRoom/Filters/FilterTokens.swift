/// The parts of a filter's text, each with its characters.
struct FilterToken: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case word(String)
        case quoted(String)
        case comparison(String)
        case open, close
    }

    var kind: Kind
    var range: Range<Int>

    var word: String? {
        if case .word(let word) = kind { return word }
        return nil
    }

    /// Whether it is this word of the language; a quoted one never is.
    func isKeyword(_ keyword: String) -> Bool { word.map { $0.lowercased() == keyword } ?? false }
}

enum FilterScanner {
    /// - Throws: `FilterError` for a quotation that does not end.
    static func tokens(of characters: [Character]) throws(FilterError) -> [FilterToken] {
        var tokens: [FilterToken] = []
        var index = 0
        while index < characters.count {
            let start = index
            let character = characters[index]
            if character.isWhitespace || isMark(character) {
                index += 1
                continue
            }
            let kind: FilterToken.Kind
            if character == "\"" {
                kind = .quoted(try quotation(characters, &index))
            } else if character == "(" || character == ")" {
                index += 1
                kind = character == "(" ? .open : .close
            } else if let length = comparison(characters, index) {
                index += length
                kind = .comparison(plain(String(characters[start..<index])))
            } else {
                while index < characters.count, !endsWord(characters, index) { index += 1 }
                kind = .word(String(characters[start..<index]))
            }
            tokens.append(FilterToken(kind: kind, range: start..<index))
        }
        return tokens
    }

    private static func plain(_ sign: String) -> String {
        switch sign {
        case "≥": ">="
        case "≤": "<="
        case "≠": "!="
        default: sign
        }
    }

    /// A sign that only ever joins another: where none stands before it, it says nothing.
    private static func isMark(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .format: true
            default: scalar.properties.isEmojiModifier
            }
        }
    }

    private static func endsWord(_ characters: [Character], _ index: Int) -> Bool {
        let character = characters[index]
        return character.isWhitespace || character == "\"" || character == "(" || character == ")"
            || comparison(characters, index) != nil
    }

    /// A backslash takes the next character as it is.
    private static func quotation(_ characters: [Character], _ index: inout Int) throws(FilterError) -> String {
        let start = index
        var text = ""
        index += 1
        while index < characters.count, characters[index] != "\"" {
            if characters[index] == "\\", index + 1 < characters.count { index += 1 }
            text.append(characters[index])
            index += 1
        }
        guard index < characters.count else { throw FilterError(start..<index, .expected(.closingQuote)) }
        index += 1
        return text
    }

    /// The characters of an operator that begins here; an exclamation mark alone belongs to a word.
    private static func comparison(_ characters: [Character], _ index: Int) -> Int? {
        let next = index + 1 < characters.count ? characters[index + 1] : " "
        switch characters[index] {
        case "<", ">": return next == "=" ? 2 : 1
        case "=", "~", "≥", "≤", "≠": return 1
        case "!": return next == "=" || next == "~" ? 2 : nil
        default: return nil
        }
    }
}
