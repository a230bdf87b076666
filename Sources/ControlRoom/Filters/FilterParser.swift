/// Reads the filter language:
///
///     filter     = all { "or" all }
///     all        = one { [ "and" ] one }
///     one        = "not" one | "(" filter ")" | test
///     test       = field operator value | field [ "not" ] "in" "(" value { value } ")"
///                | "in" "district" name | "within" length "of" place | word | quotation
///
/// The cost grows with the length of the text, which is bounded.
public struct FilterParser {
    static let mostCharacters = 1_000
    static let mostDepth = 32

    private let tokens: [FilterToken]
    private let end: Int
    private var index = 0
    private var depth = 0
    private let values: FilterValues

    /// - Returns: nil where there is nothing but blanks, which asks for nothing.
    /// - Throws: `FilterError`, with the column.
    public static func parse(_ text: String, _ vocabulary: FilterVocabulary) throws(FilterError) -> Filter? {
        let characters = Array(text.prefix(mostCharacters + 1))
        guard characters.count <= mostCharacters else {
            throw FilterError(mostCharacters..<mostCharacters, .tooLong)
        }
        let tokens = try FilterScanner.tokens(of: characters)
        guard !tokens.isEmpty else { return nil }
        var parser = FilterParser(tokens: tokens, end: characters.count, vocabulary: vocabulary)
        let filter = try parser.filter()
        if let rest = parser.next { throw FilterError(rest.range, .unexpected(String(characters[rest.range]))) }
        return filter
    }

    private init(tokens: [FilterToken], end: Int, vocabulary: FilterVocabulary) {
        self.tokens = tokens
        self.end = end
        values = FilterValues(vocabulary: vocabulary)
    }

    private var next: FilterToken? { tokens.indices.contains(index) ? tokens[index] : nil }

    private var afterNext: FilterToken? { tokens.indices.contains(index + 1) ? tokens[index + 1] : nil }

    private func missing(_ what: FilterError.Expected) -> FilterError {
        let place = next?.range ?? end..<end
        return FilterError(place, .expected(what))
    }

    private mutating func take(keyword: String) -> Bool {
        guard next?.isKeyword(keyword) ?? false else { return false }
        index += 1
        return true
    }

    // MARK: - Joining

    private mutating func filter() throws(FilterError) -> Filter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FilterParser.mostDepth else { throw FilterError(next?.range ?? end..<end, .tooDeep) }
        var parts = [try all()]
        while take(keyword: "or") { parts.append(try all()) }
        return Filter.either(parts)
    }

    private mutating func all() throws(FilterError) -> Filter {
        var parts = [try one()]
        while let token = next, token.kind != .close, !token.isKeyword("or") {
            _ = take(keyword: "and")
            parts.append(try one())
        }
        return Filter.joined(parts)
    }

    private mutating func one() throws(FilterError) -> Filter {
        guard let token = next else { throw missing(.condition) }
        if isWord("not") {
            depth += 1
            defer { depth -= 1 }
            guard depth <= FilterParser.mostDepth else { throw FilterError(token.range, .tooDeep) }
            index += 1
            return .not(try one())
        }
        guard token.kind == .open else { return try test(token) }
        index += 1
        let inner = try filter()
        guard next?.kind == .close else { throw missing(.closingParenthesis) }
        index += 1
        return inner
    }

    /// A word of the language where a condition begins, which is not compared with anything.
    private func isWord(_ keyword: String) -> Bool {
        guard next?.isKeyword(keyword) ?? false else { return false }
        if case .comparison = afterNext?.kind { return false }
        return true
    }

    // MARK: - Asking

    private mutating func test(_ token: FilterToken) throws(FilterError) -> Filter {
        switch token.kind {
        case .quoted(let text):
            index += 1
            return .test(.phrase(text))
        case .word(let word):
            if case .comparison(let sign) = afterNext?.kind { return try comparison(word, token.range, sign) }
            if let field = FilterField.named(word), let found = try list(field) { return found }
            if isWord("and") || isWord("or") { throw missing(.condition) }
            if isWord("in"), afterNext?.isKeyword("district") ?? false { return try inDistrict() }
            if isWord("within"), let after = afterNext?.word, after.first?.isNumber ?? false { return try within() }
            index += 1
            return .test(.words([word]))
        case .comparison, .open, .close: throw missing(.condition)
        }
    }

    private mutating func comparison(
        _ name: String, _ range: Range<Int>, _ sign: String
    ) throws(FilterError) -> Filter {
        guard let field = FilterField.named(name) else {
            let near = Likeness.nearest(FilterField.plain(name), FilterField.all.map(\.name)).first
            throw FilterError(range, .unknownField(name, near: near))
        }
        guard field.operators.contains(sign) else {
            throw FilterError(afterNext?.range ?? range, .badOperator(sign, field: field.name))
        }
        index += 2
        let found = try value(of: field, sign.drop(while: { $0 == "!" }))
        return sign.hasPrefix("!") ? .not(found) : found
    }

    /// Nil where no list of values begins behind the field.
    private mutating func list(_ field: FilterField) throws(FilterError) -> Filter? {
        let isNegated = afterNext?.isKeyword("not") ?? false
        let word = index + (isNegated ? 2 : 1)
        guard tokens.indices.contains(word + 1), tokens[word].isKeyword("in"), tokens[word + 1].kind == .open else {
            return nil
        }
        guard field.operators.contains("=") else {
            throw FilterError(tokens[word].range, .badOperator("in", field: field.name))
        }
        index = word + 2
        var parts: [Filter] = []
        while let token = next, token.kind != .close { parts.append(try value(of: field, "=")) }
        guard next?.kind == .close else { throw missing(.closingParenthesis) }
        guard !parts.isEmpty else { throw missing(.value) }
        index += 1
        return isNegated ? .not(Filter.either(parts)) : Filter.either(parts)
    }

    private mutating func inDistrict() throws(FilterError) -> Filter {
        index += 2
        return try value(of: FilterField(name: "district", kind: .district), "=")
    }

    private mutating func value(of field: FilterField, _ sign: some StringProtocol) throws(FilterError) -> Filter {
        guard let comparison = Filter.Comparison(rawValue: String(sign)) ?? (sign == "~" ? .equal : nil) else {
            throw missing(.condition)
        }
        let taken = try values.read(field, comparison, contains: sign == "~", tokens[index...], end: end)
        index += taken.count
        return taken.filter
    }

    private mutating func within() throws(FilterError) -> Filter {
        index += 1
        let metres = try values.length(tokens[index...], end: end)
        index += metres.count
        guard take(keyword: "of") else { throw missing(.of) }
        let place = try values.place(tokens[index...], end: end)
        index += place.count
        return .test(.within(metres: metres.value, of: place.value, name: place.name))
    }
}
