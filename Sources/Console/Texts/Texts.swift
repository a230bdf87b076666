/// What the screen speaks; the words of the filter language are English in all of them.
public enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case italian = "it"

    public var ownName: String {
        switch self {
        case .english: "English"
        case .italian: "Italiano"
        }
    }

    /// The language that `LANG` and its like ask for; English where it is none of ours.
    public init(environment: [String: String]) {
        let asked = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = Language(rawValue: String(asked.prefix(2)).lowercased()) ?? .english
    }
}

/// The program's words in one language.
public struct Texts: Equatable, Sendable {
    public let language: Language
    private let table: [Phrase: String]

    public init(_ language: Language) {
        self.language = language
        table = Texts.table(of: language)
    }

    public static func == (a: Texts, b: Texts) -> Bool { a.language == b.language }

    static func table(of language: Language) -> [Phrase: String] {
        switch language {
        case .english:
            [englishFinding, englishHandling, englishMetrics, englishCorrelation, englishPast]
                .reduce(english) { $0.merging($1) { $1 } }
        case .italian:
            [italianFinding, italianHandling, italianMetrics, italianCorrelation, italianPast]
                .reduce(italian) { $0.merging($1) { $1 } }
        }
    }

    /// A phrase with its arguments put in. An argument is text: braces in it stay as they are.
    public func callAsFunction(_ phrase: Phrase, _ arguments: String...) -> String {
        let pattern = table[phrase] ?? phrase.rawValue
        guard !arguments.isEmpty else { return pattern }
        var result = ""
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let after = rest[open...].dropFirst()
            guard let number = after.first?.wholeNumberValue, after.dropFirst().first == "}",
                arguments.indices.contains(number - 1)
            else {
                result += "{"
                rest = after
                continue
            }
            result += arguments[number - 1]
            rest = after.dropFirst(2)
        }
        return result + rest
    }

    /// A number with thousands marks: `1,204` or `1.204`.
    public func number(_ value: Int) -> String {
        let digits = String(abs(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += language == .italian ? "." : "," }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }
}
