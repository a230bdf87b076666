/// Media types (RFC 6838) as far as events need them.
enum ContentType {
    /// `application/json`, `text/json` and whatever ends in `+json`, with or without parameters.
    static func isJSON(_ text: String) -> Bool {
        let essence = text.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        return essence.hasSuffix("/json") || essence.hasSuffix("+json")
    }
}
