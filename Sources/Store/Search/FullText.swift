import ControlRoom

/// What people type, as a query of SQLite's FTS5.
enum FullText {
    /// Every word must begin some word of the alert. Words are quoted, so that nothing a person types is taken for the
    /// query language. Nil where there is no word at all.
    static func query(_ text: String) -> String? {
        let words = text.split { !$0.isLetter && !$0.isNumber }.prefix(12)
        guard !words.isEmpty else { return nil }
        return words.map { "\"" + $0.prefix(60) + "\"*" }.joined(separator: " ")
    }
}
