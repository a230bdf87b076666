/// `agreement.made.v1`: what one tenant lets another see, and what for.
public struct Agreement: Equatable, Sendable {
    public var id: String
    public var from: String
    public var to: String
    /// Kinds or tool codes of alerts; `*` for all.
    public var categories: [String]
    public var purpose: String
    /// Members of an alert's data that are not passed on; personal fields never are.
    public var removed: [String]
    public var until: Timestamp?

    public init(
        id: String, from: String, to: String, categories: [String], purpose: String, removed: [String],
        until: Timestamp?
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.categories = categories
        self.purpose = purpose
        self.removed = removed
        self.until = until
    }

    /// - Throws: `JSONError` where it is none: it has an id, is between two tenants, and names its purpose.
    public init(reading reader: inout JSONReader) throws {
        self.init(id: "", from: "", to: "", categories: [], purpose: "", removed: [], until: nil)
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "from": from = try reader.string()
            case "to": to = try reader.string()
            case "categories": categories = try reader.strings()
            case "purpose": purpose = try reader.string()
            case "removed": removed = try reader.strings()
            case "until": until = try reader.optionalTime("until")
            default: try reader.skip()
            }
        }
        guard !id.isEmpty, TenantAdded.isName(from), TenantAdded.isName(to), from != to else {
            throw reader.failure("an agreement has an id and is between two tenants")
        }
        guard !purpose.isEmpty else { throw reader.failure("an agreement names its purpose") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("from", from)
            writer.member("to", to)
            writer.member("categories", categories)
            writer.member("purpose", purpose)
            writer.member("removed", removed)
            writer.member("until", until?.rfc3339)
        }
    }

    /// `*`, the code of a tool, whether the site has registered it or not, or a kind of alert, which are written in small letters.
    public static func isCategory(_ text: String) -> Bool {
        if text == "*" || Tool.isCode(text) { return true }
        return (1...80).contains(text.utf8.count) && text == text.lowercased() && !text.contains("*")
    }
}

/// `agreement.ended.v1`: what it shared is withdrawn.
public struct AgreementEnded: Equatable, Sendable {
    public var id: String
    public var reason: String

    public init(id: String, reason: String) {
        self.id = id
        self.reason = reason
    }

    init(reading reader: inout JSONReader) throws {
        self.init(id: "", reason: "")
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "reason": reason = try reader.string()
            default: try reader.skip()
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("reason", reason)
        }
    }
}
