/// What a filter can go on with where the cursor is.
public struct FilterCompletion: Equatable, Sendable {
    /// The characters that a candidate takes the place of.
    public var range: Range<Int>
    /// The likeliest first; never empty.
    public var candidates: [String]

    /// - Parameter cursor: characters before it; what stands behind it is not looked at.
    /// - Returns: nil where anything may follow, or nothing.
    public static func at(_ text: String, cursor: Int, _ vocabulary: FilterVocabulary) -> FilterCompletion? {
        let characters = Array(text.prefix(min(max(0, cursor), FilterParser.mostCharacters)))
        return FilterCompleter(characters, vocabulary)?.completion
    }
}

private struct FilterCompleter {
    let vocabulary: FilterVocabulary
    /// Whole tokens before what is being written.
    private var before: [FilterToken]
    /// What is being written.
    private var partial: String
    private var range: Range<Int>
    /// A blank or an opening parenthesis stands before the cursor.
    private let isApart: Bool

    init?(_ characters: [Character], _ vocabulary: FilterVocabulary) {
        self.vocabulary = vocabulary
        isApart = characters.last.map { $0.isWhitespace || $0 == "(" } ?? true
        do throws(FilterError) {
            before = try FilterScanner.tokens(of: characters)
            partial = ""
            range = characters.count..<characters.count
            if let last = before.last, last.range.upperBound == characters.count, let word = last.word {
                before.removeLast()
                partial = word
                range = last.range
            }
        } catch {
            // An open quotation is a name that is being written.
            let start = error.column
            guard let whole = try? FilterScanner.tokens(of: Array(characters[..<start])) else { return nil }
            before = whole
            partial = String(characters[(start + 1)...])
            range = start..<characters.count
        }
    }

    var completion: FilterCompletion? {
        if let named = names() { return named.candidates.isEmpty ? nil : named }
        if case .comparison? = before.last?.kind, comparedField == nil { return nil }
        if before.last?.isKeyword("in") ?? false, let district = offer(["district"]), !partial.isEmpty {
            return district
        }
        if let field = comparedField ?? listedField { return offer(values(of: field)) }
        if let last = before.last, let word = last.word, let field = FilterField.named(word), partial.isEmpty {
            return offer(field.operators + (field.operators.contains("=") ? ["in ("] : []))
        }
        if before.last?.isKeyword("within") ?? false { return offer(["100m", "300m", "1km"]) }
        if before.count > 1, before[before.count - 2].isKeyword("within"), startsLength(before[before.count - 1]) {
            return offer(["of"])
        }
        // Right behind a whole condition nothing is offered: a list of fields would only hide the alerts.
        return partial.isEmpty && !isApart ? nil : offer(beginnings)
    }

    private func startsLength(_ token: FilterToken) -> Bool { token.word?.first?.isNumber ?? false }

    /// The field whose operator stands right before.
    private var comparedField: FilterField? {
        guard before.count > 1, case .comparison = before[before.count - 1].kind else { return nil }
        return before[before.count - 2].word.flatMap(FilterField.named)
    }

    /// The field of the list of values that is open.
    private var listedField: FilterField? {
        guard let open = before.lastIndex(where: { $0.kind == .open }), open > 1, before[open - 1].isKeyword("in"),
            before[open...].dropFirst().allSatisfy({ $0.kind != .close })
        else { return nil }
        return before[open - 2].word.flatMap(FilterField.named)
    }

    private func values(of field: FilterField) -> [String] {
        switch field.kind {
        case .age: ["10m", "1h", "1d"]
        case .time: ["today", "yesterday", "now"]
        default: field.values(vocabulary).map { FilterWriter.quoted($0) }
        }
    }

    private var beginnings: [String] {
        let joins = before.isEmpty || before.last?.kind == .open ? [] : ["and", "or"]
        return FilterField.all.map(\.name) + ["in district", "within", "not"] + joins
    }

    private func offer(_ candidates: [String]) -> FilterCompletion? {
        let plain = FilterField.plain(partial)
        let fitting = candidates.filter { FilterField.plain($0).hasPrefix(plain) && $0 != partial }
        return fitting.isEmpty ? nil : FilterCompletion(range: range, candidates: fitting)
    }

    // MARK: - Names of several words

    /// Districts behind `district =` or `in district`, places behind `of`: none of them where a name stands that is none. Nil
    /// elsewhere, and behind a whole name.
    private func names() -> FilterCompletion? {
        let words = before.reversed().prefix { $0.word != nil }.count
        for count in 0...min(words, 6) {
            let start = before.count - count
            guard let all = names(behind: before[..<start]) else { continue }
            let parts = before[start...].compactMap(\.word) + (partial.isEmpty ? [] : [partial])
            let begun = Folding.fold(parts.joined(separator: " "))
            let fitting = all.filter { Folding.fold($0).starts(with: begun) && Folding.fold($0) != begun }
            if fitting.isEmpty, !partial.isEmpty || count == 0 { return FilterCompletion(range: range, candidates: []) }
            guard !fitting.isEmpty else { return nil }
            let from = count > 0 ? before[start].range.lowerBound : range.lowerBound
            return FilterCompletion(
                range: from..<range.upperBound, candidates: fitting.map { FilterWriter.quoted($0) })
        }
        return nil
    }

    private func names(behind tokens: ArraySlice<FilterToken>) -> [String]? {
        guard let last = tokens.last else { return nil }
        let previous = tokens.dropLast().last
        if last.isKeyword("district"), previous?.isKeyword("in") ?? false { return vocabulary.districts.map(\.name) }
        if case .comparison = last.kind, previous?.word.flatMap(FilterField.named)?.name == "district" {
            return vocabulary.districts.map(\.name)
        }
        let isPlace = last.isKeyword("of") && tokens.dropLast(2).last?.isKeyword("within") ?? false
        return isPlace ? (vocabulary.here == nil ? [] : ["here"]) + vocabulary.places.map(\.name) : nil
    }
}
