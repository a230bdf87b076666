import ControlRoom

/// What people type, as a query of SQLite's FTS5.
enum FullText {
    /// Every word must begin some word of the alert. Words are quoted, so that nothing a person types is taken for the
    /// query language. Nil where there is no word at all.
    ///
    /// - Parameter isPhrase: all words but the last are whole; whole words cost the index far less than beginnings.
    static func query(_ text: String, isPhrase: Bool = false) -> String? {
        let words = text.unicodeScalars.split { !isWord($0) }.map { $0.filter { !isAccent($0) } }
        let known = words.filter { !$0.isEmpty }.prefix(250)
        guard !known.isEmpty else { return nil }
        return known.enumerated().map { index, word in
            let isWhole = isPhrase && index < known.count - 1 && word.count <= 60
            return "\"" + String(String.UnicodeScalarView(word.prefix(60))) + (isWhole ? "\"" : "\"*")
        }.joined(separator: " ")
    }

    /// Whether SQLite's `unicode61` takes it for a part of a word: the index answers for single words only. SQLite does
    /// not know of letters that came after Unicode 6.1.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if isAccent(scalar) { return true }
        guard let age = scalar.properties.age, (age.major, age.minor) <= (6, 1) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            return true
        default: return false
        }
    }

    /// Accents written on their own belong to the letter before them, and are left out as they are in the index.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool { (0x300...0x331).contains(scalar.value) }
}
