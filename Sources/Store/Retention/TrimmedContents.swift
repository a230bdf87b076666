import ControlRoom
import SQLite
import Trust

/// What events said that were trimmed and are out of the file, as hashes: some twenty bytes an event. So a second event of the same
/// name is told from another one, however late it comes.
///
/// Only a log of its own keeps them. Whoever follows a hub's log answers nobody.
struct TrimmedContents {
    private let statements: Statements

    init(_ statements: Statements) { self.statements = statements }

    /// Before the event leaves the file.
    func keep(_ event: Event) throws {
        guard let sequence = event.sequence else { return }
        let insert = try statements("INSERT OR REPLACE INTO trimmed_contents (sequence, content) VALUES (?, ?)")
        insert.bind(1, sequence)
        insert.bind(2, ContentHash.of(event).bytes)
        try insert.run()
    }

    /// Nil where nothing is kept of the event, or in a way that this version does not know.
    func content(at sequence: Int64) throws -> ContentHash? {
        let select = try statements("SELECT content FROM trimmed_contents WHERE sequence = ?")
        select.bind(1, sequence)
        return try select.first { ContentHash($0.blob(0)) } ?? nil
    }
}
