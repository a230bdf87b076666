/// Single values that a file of the house keeps in its table `meta`: the log's id, how far the full-text index is, and the like.
package struct Meta {
    package let statements: Statements

    package init(statements: Statements) { self.statements = statements }

    /// Nil where nothing stands under the key.
    ///
    /// - Throws: `DatabaseError`.
    package subscript(key: String) -> String? {
        get throws {
            let select = try statements("SELECT value FROM meta WHERE key = ?")
            select.bind(1, key)
            return try select.first { $0.text(0) }
        }
    }

    /// Puts a value under a key, in the place of one that is there. In the transaction of whoever calls.
    ///
    /// - Throws: `DatabaseError`.
    package func set(_ key: String, _ value: String) throws {
        let upsert = try statements(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        upsert.bind(1, key)
        upsert.bind(2, value)
        try upsert.run()
    }

    /// Takes a key out; one that is not there is no error. In the transaction of whoever calls.
    ///
    /// - Throws: `DatabaseError`.
    package func remove(_ key: String) throws {
        let delete = try statements("DELETE FROM meta WHERE key = ?")
        delete.bind(1, key)
        try delete.run()
    }

    /// The log's id.
    package static let logID = "log"
}
