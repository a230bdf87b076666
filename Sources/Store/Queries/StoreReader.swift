import ControlRoom
import GRDB

/// What the reading connection needs for every query. Lives on its queue.
final class StoreReader {
    let statements: Statements
    let names: Names
    let events: EventRows

    init(_ db: Database) throws {
        statements = try Statements(db)
        names = Names(statements)
        events = EventRows(statements: statements, names: names)
    }

    /// The number of a realm; nil where nothing ever happened in it.
    func realm(_ realm: Realm) throws -> Int64? { try names.existing(realm.name) }
}
