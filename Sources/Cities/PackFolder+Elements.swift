internal import ControlRoom

extension PackFolder {
    /// The elements of an array of tables, such as `[[site]]`, each as the event that defines it. A file that is not
    /// there defines nothing.
    func elements(_ file: String, _ name: String, _ type: EventType) throws -> [Event] {
        guard exists(file) else { return [] }
        var events: [Event] = []
        var used: Set<String> = []
        try toml(file).read { reader in
            try reader.object { key, reader in
                guard key == name else { throw reader.failure("unknown key \"\(key)\"; known: \(name)") }
                try reader.array { reader in
                    let id = try PackFolder.id(reader, &used)
                    events.append(try PackFolder.event(type, subject: "\(name)/\(id)", &reader))
                }
            }
        }
        return events
    }

    /// Of two elements with one id the later one would silently take the place of the other.
    private static func id(_ element: JSONReader, _ used: inout Set<String>) throws -> String {
        var ahead = element
        let id = try ahead.member("id")
        guard used.insert(id).inserted else { throw element.failure("the id \"\(id)\" stands here twice") }
        return id
    }
}
