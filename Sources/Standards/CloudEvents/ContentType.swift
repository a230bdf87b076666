/// Media types (RFC 6838) as far as events need them.
enum ContentType {
    /// `application/json`, `text/json` and whatever ends in `+json`, with or without parameters.
    static func isJSON(_ text: String) -> Bool {
        let essence = essence(text)
        return essence.hasSuffix("/json") || essence.hasSuffix("+json")
    }

    /// The type without its parameters, in lower case.
    static func essence(_ text: String) -> String {
        // What nearly everybody sends needs no second look.
        if text == CloudEventHTTP.structured || text == CloudEventHTTP.batch || text == "application/json" {
            return text
        }
        return text.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }
}
