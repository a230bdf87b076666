public import ControlRoom

/// What somebody who agrees cannot have meant. What stands in a log counts all the same: terms do not change.
extension Agreement {
    /// Bytes of its name: each copy carries it.
    public static let mostNameBytes = 200
    /// Bytes of its purpose: each copy carries it.
    public static let mostPurposeBytes = 500

    /// The fields that can be left out of copies: those that are declared open for what is shared, with what holds some of them. An
    /// alert without a tool or a severity is none. In alphabetical order, those of a CAP message behind all others.
    public static let removable: [String] = {
        let types: [EventType] = [.alertRaised, .alertCleared, .alertCancelled]
        var paths: Set<String> = []
        for fields in types.map(\.fields) {
            for (path, kind) in fields.classes where kind == .open || kind == .coded {
                paths.insert(path)
                var outer = path[...]
                while let end = outer.lastIndex(of: ".") {
                    outer = outer[..<end]
                    paths.insert(String(outer))
                }
            }
        }
        let sorted = paths.subtracting(["tool", "severity"]).sorted()
        return sorted.filter { !$0.contains(".") } + sorted.filter { $0.contains(".") }
    }()

    /// - Parameter tools: those of the site of whoever shares, registered or heard of; nil where nobody can tell.
    /// - Returns: why it is not to be made, in words, with what there is instead; nil where nothing is wrong.
    public func fault(tools: [Tool]?, at now: Timestamp) -> String? {
        guard from != to, !id.isEmpty, !purpose.isEmpty else {
            return "an agreement is between two tenants and names its purpose"
        }
        guard id.utf8.count <= Agreement.mostNameBytes else {
            return "the name of an agreement has at most \(Agreement.mostNameBytes) bytes"
        }
        guard purpose.utf8.count <= Agreement.mostPurposeBytes else {
            return
                "the purpose has at most \(Agreement.mostPurposeBytes) bytes; put what is longer elsewhere and name it"
        }
        guard isInForce(at: now) else { return "\(until?.rfc3339 ?? "") is over; name a time that is still to come" }
        if let field = removed.first(where: { !Agreement.removable.contains($0) }) {
            return "there is no open field \(field) that could be left out; there are "
                + Agreement.removable.joined(separator: ", ")
        }
        return categories.lazy.compactMap { fault(ofCategory: $0, tools) }.first
    }

    private func fault(ofCategory text: String, _ tools: [Tool]?) -> String? {
        let known = Tool.shipped + (tools ?? []).filter { !Tool.shipped.contains($0) }
        let codes = known.map(\.code).joined(separator: ", ")
        guard Agreement.isCategory(text) else {
            return
                "a category is *, a tool's code (\(codes), or the site's own), or a kind in small letters, not \(text)"
        }
        guard text != "*", Tool.isCode(text), tools != nil, !known.contains(Tool(code: text)) else { return nil }
        return "\(from) has no tool \(text); there are \(codes)"
    }
}
