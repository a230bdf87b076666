/// Texts that repeat (types, sources, realms) as small numbers.
final class Names {
    private let statements: Statements
    /// By the bytes: Swift holds texts for equal that are composed otherwise, and SQLite does not.
    private var ids: [[UInt8]: Int64] = [:]
    private var texts: [Int64: String] = [:]

    init(_ statements: Statements) { self.statements = statements }

    /// The number of a text, given to it on first sight.
    func id(_ text: String) throws -> Int64 {
        if let known = try existing(text) { return known }
        let insert = try statements("INSERT INTO names (text) VALUES (?)")
        insert.bind(1, text)
        try insert.run()
        let id = statements.lastInsertedRow
        remember(id, text)
        return id
    }

    /// The number of a text, or nil where it was never seen.
    func existing(_ text: String) throws -> Int64? {
        if let known = ids[Array(text.utf8)] { return known }
        let select = try statements("SELECT id FROM names WHERE text = ?")
        select.bind(1, text)
        guard let id = try select.first({ $0.integer(0) }) else { return nil }
        remember(id, text)
        return id
    }

    func text(_ id: Int64) throws -> String {
        if let known = texts[id] { return known }
        let select = try statements("SELECT text FROM names WHERE id = ?")
        select.bind(1, id)
        guard let text = try select.first({ $0.text(0) }) else { return "" }
        remember(id, text)
        return text
    }

    /// After a rollback, what was given out may not be there.
    func forget() {
        ids.removeAll()
        texts.removeAll()
    }

    func remember(_ id: Int64, _ text: String) {
        // Sources come from outside: a flood of new ones must not grow the memory without end.
        if ids.count > 20_000 { forget() }
        ids[Array(text.utf8)] = id
        texts[id] = text
    }
}
