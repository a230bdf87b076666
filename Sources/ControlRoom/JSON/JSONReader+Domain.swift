extension JSONReader {
    /// A word out of a fixed list; the error names the member, and never what stood there: that may be of a person.
    mutating func named<Value>(_ what: String, _ make: (String) -> Value?) throws -> Value {
        skipWhitespace()
        let start = position
        let word = try string()
        guard let value = make(word) else {
            throw JSONError(offset: start, reason: "\(what) is none of the words that are known")
        }
        return value
    }

    mutating func optionalDouble() throws -> Double? { null() ? nil : try double() }

    mutating func optionalTime(_ what: String) throws -> Timestamp? {
        if null() { return nil }
        return try named(what, Timestamp.init(rfc3339:))
    }
}

extension JSONReader {
    /// One text member of an object that must have it.
    public mutating func member(_ name: String) throws -> String {
        let start = self
        var text: String?
        try object { key, reader in
            if key == name { text = try reader.string() } else { try reader.skip() }
        }
        guard let text else { throw start.failure("\(name) is missing") }
        return text
    }
}
