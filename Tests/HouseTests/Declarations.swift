/// A type, function, initializer or property whose getter throws that other modules can see, as it stands in a source.
struct Declaration {
    /// How a function says what it throws.
    enum Errors {
        case none
        /// `throws`: the comment has to say what.
        case unnamed
        /// `throws(Failure)` or `rethrows`: the signature says it. So does `init(reading:)` of a `JSONReader`, whose
        /// comment speaks for all of them.
        case named
    }

    var line: Int
    /// `struct`, `func`, ...
    var kind: String
    /// With the types around it: `Store.Cursor`.
    var name: String
    /// The type around it; empty at the top of a file.
    var owner: String
    /// The lines of `///` above it, without the slashes.
    var comment: [String]
    var errors = Errors.none
    /// What a protocol asks for: it stands in an extension that names one, or is `encode(to:)` or `init(from:)`.
    var isRequired = false

    var isType: Bool { Declaration.types.contains(kind) }

    static let types: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
}

/// Finds the declarations of a source by its words and brackets; it is no parser of Swift.
struct DeclarationScan {
    /// A type or extension whose braces are open.
    private struct Scope {
        var kind: String
        var name: String
        var isOpen: Bool
        var hasInheritance: Bool
    }

    private let raw: [String]
    private let bare: [String]
    private var scopes: [Scope?] = []
    /// The type whose brace has yet to come, and how many parentheses are open where it stands.
    private var waiting: (scope: Scope, depth: Int)?
    private var depth = 0
    private var found: [Declaration] = []

    static func declarations(of text: String) -> [Declaration] {
        var scan = DeclarationScan(text)
        for line in scan.bare.indices { scan.read(line) }
        return scan.found
    }

    private init(_ text: String) {
        raw = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        bare = BareCode.lines(of: text)
    }

    private static let functions: Set<String> = ["func", "init", "subscript"]
    /// What may have a getter that throws.
    private static let values: Set<String> = ["var", "subscript"]
    private static let access: Set<String> = ["public", "package", "open"]
    private static let hidden: Set<String> = ["internal", "private", "fileprivate"]
    private static let modifiers: Set<String> = [
        "final", "static", "class", "indirect", "nonisolated", "mutating", "nonmutating", "consuming", "borrowing",
        "override", "convenience", "required", "isolated", "dynamic", "prefix", "postfix", "infix",
    ]

    private mutating func read(_ line: Int) {
        if let head = DeclarationScan.head(of: bare[line]) { declare(head, at: line) }
        for character in bare[line] { step(character) }
    }

    private mutating func step(_ character: Character) {
        switch character {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "{":
            let isWaited = waiting.map { $0.depth == depth } ?? false
            scopes.append(isWaited ? waiting?.scope : nil)
            if isWaited { waiting = nil }
        case "}": _ = scopes.popLast()
        default: break
        }
    }

    // MARK: - Declarations

    private struct Head {
        var modifiers: Set<String>
        var kind: String
        /// What follows the kind: name, parameters, and what comes after them.
        var rest: Substring
    }

    private mutating func declare(_ head: Head, at line: Int) {
        let inner = scopes.last ?? nil
        let word = String(head.rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
        let name = word.isEmpty ? head.kind : word
        let owner = scopes.compactMap { $0?.name }.joined(separator: ".")
        let inherits = inner.map { $0.isOpen && ($0.kind == "protocol" || $0.kind == "extension") } ?? false
        let isOpen =
            !head.modifiers.isDisjoint(with: DeclarationScan.access)
            || inherits && head.modifiers.isDisjoint(with: DeclarationScan.hidden)
        if head.kind == "extension" || head.kind != "typealias" && Declaration.types.contains(head.kind) {
            let header = header(from: line, head.rest)
            waiting = (Scope(kind: head.kind, name: name, isOpen: isOpen, hasInheritance: header.contains(":")), depth)
        }
        guard isOpen || head.kind == "extension" else { return }
        var errors = DeclarationScan.functions.contains(head.kind) ? errors(from: line, head.rest) : .none
        if DeclarationScan.values.contains(head.kind) { errors = getterErrors(from: line, head.rest) }
        guard head.kind != "var" || errors != .none else { return }
        found.append(
            Declaration(
                line: line + 1, kind: head.kind, name: owner.isEmpty ? name : owner + "." + name, owner: owner,
                comment: comment(above: line), errors: errors,
                isRequired: inner.map { $0.kind == "extension" && $0.hasInheritance } ?? false
                    || DeclarationScan.isCoding(head.rest)))
    }

    private static func isCoding(_ rest: Substring) -> Bool {
        rest.hasPrefix("encode(to ") || rest.hasPrefix("(from ") && rest.contains("Decoder)")
    }

    /// Reads attributes and modifiers up to the word that says what is declared.
    private static func head(of line: String) -> Head? {
        var rest = line.drop { $0.isWhitespace }
        var modifiers: Set<String> = []
        while true {
            let isAttribute = rest.first == "@"
            if isAttribute { rest = rest.dropFirst() }
            let word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            guard !word.isEmpty else { return nil }
            rest = rest.dropFirst(word.count)
            let next = rest.drop { $0.isWhitespace }
            if !isAttribute, isKind(word, before: next) { return Head(modifiers: modifiers, kind: word, rest: next) }
            guard isAttribute || isModifier(word) else { return nil }
            modifiers.insert(word)
            if rest.first == "(" { rest = rest.drop { $0 != ")" }.dropFirst() }
            rest = rest.drop { $0.isWhitespace }
        }
    }

    private static func isKind(_ word: String, before next: Substring) -> Bool {
        if word == "init" { return next.first.map { "(?<!".contains($0) } ?? false }
        if word == "subscript" { return next.first.map { "(<".contains($0) } ?? false }
        if word == "var" { return next.first?.isLetter ?? false }
        if word == "func" { return !next.isEmpty && next.first != ":" }
        guard Declaration.types.contains(word) || word == "extension", next.first?.isLetter ?? false else {
            return false
        }
        let following = String(next.prefix { $0.isLetter })
        return word != "class" || !(isModifier(following) || ["func", "var", "let"].contains(following))
    }

    private static func isModifier(_ word: String) -> Bool {
        modifiers.contains(word) || access.contains(word) || hidden.contains(word)
    }

    // MARK: - What stands around it

    private func comment(above line: Int) -> [String] {
        var place = line - 1
        while place >= 0, bare[place].drop(while: { $0.isWhitespace }).first == "@" { place -= 1 }
        var lines: [String] = []
        while place >= 0 {
            let text = raw[place].drop { $0.isWhitespace }
            guard text.hasPrefix("///") else { break }
            lines.append(String(text.dropFirst(3).drop { $0 == " " }))
            place -= 1
        }
        return lines.reversed()
    }

    /// A type's name and what it inherits, without generic parameters and conditions.
    private func header(from line: Int, _ rest: Substring) -> String {
        var text = String(rest)
        var place = line + 1
        while !text.contains("{"), place < bare.count {
            text += " " + bare[place]
            place += 1
        }
        var angle = 0
        var plain = ""
        for character in text.prefix(while: { $0 != "{" }) {
            if character == "<" { angle += 1 }
            if angle == 0 { plain.append(character) }
            if character == ">" { angle -= 1 }
        }
        return plain.firstRange(of: " where ").map { String(plain[..<$0.lowerBound]) } ?? plain
    }

    /// Looks behind the parameters, before the arrow: a closure among the parameters that throws is none of it.
    private func errors(from line: Int, _ rest: Substring) -> Declaration.Errors {
        let outside = signature(from: line, rest)
        let text = outside.firstRange(of: "->").map { outside[..<$0.lowerBound] } ?? outside[...]
        let words = text.split { !$0.isLetter }
        if words.contains("rethrows") || text.contains("throws(") { return .named }
        if rest.hasPrefix("(reading "), rest.contains("inout JSONReader)"), words.contains("throws") { return .named }
        return words.contains("throws") ? .unnamed : .none
    }

    /// Looks behind the brace of a value that is computed: `get throws` stands there, in this line or the next that is not empty.
    private func getterErrors(from line: Int, _ rest: Substring) -> Declaration.Errors {
        guard let brace = rest.firstIndex(of: "{"), !rest[..<brace].contains("=") else { return .none }
        var body = rest[rest.index(after: brace)...].drop { $0.isWhitespace }
        var place = line + 1
        while body.isEmpty, place < bare.count {
            body = bare[place].drop { $0.isWhitespace }
            place += 1
        }
        let head = body.prefix { $0 != "{" && $0 != "}" }
        let words = head.split { !$0.isLetter }
        guard words.first == "get", words.contains("throws") else { return .none }
        return head.contains("throws(") ? .named : .unnamed
    }

    /// A signature without what stands in its parentheses.
    private func signature(from line: Int, _ rest: Substring) -> String {
        var open = 0
        var text = ""
        var part = rest
        var place = line
        while true {
            for character in part {
                if ")]".contains(character) { open -= 1 }
                if open == 0, character == "{" { return text }
                if open == 0 { text.append(character) }
                if "([".contains(character) { open += 1 }
            }
            text += " "
            place += 1
            guard place < bare.count else { return text }
            part = bare[place].drop { $0.isWhitespace }
            let goesOn = ["throws", "rethrows", "async", "->"].contains { part.hasPrefix($0) }
            if open == 0, !goesOn { return text }
        }
    }
}
