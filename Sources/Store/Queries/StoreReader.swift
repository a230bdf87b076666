import ControlRoom
import GRDB

/// What the reading connection needs for every query. Lives on its queue.
final class StoreReader {
    let statements: Statements
    let names: Names
    let events: EventRows
    let alertRows: AlertRows
    /// A hub has put its log in order, some time after what is in it was done.
    let isMirror: Bool
    let pending: PendingActs
    /// Read when a filter is written; see `Store.readColumns`.
    private(set) var columns = AlertColumns()
    private var grouped: [(query: AlertQuery, seen: Int64, now: Timestamp, groups: ColumnGroups)] = []
    private var playbooks: (stamp: [Int64], all: [Playbook])?

    convenience init(_ db: Database, mirror: Store.Mirror? = nil) throws {
        self.init(try Statements(db), mirror: mirror)
    }

    init(_ statements: Statements, mirror: Store.Mirror? = nil) {
        self.statements = statements
        names = Names(statements)
        pending = PendingActs(statements, names, mirror)
        isMirror = mirror != nil
        events = EventRows(statements: statements, names: names)
        alertRows = AlertRows(statements: statements)
    }

    /// The number of a realm; nil where nothing ever happened in it.
    func realm(_ realm: Realm) throws -> Int64? { try names.existing(realm.name) }

    /// The sequence of the last event; 0 for an empty log.
    func lastSequence() throws -> Int64 {
        try statements("SELECT max(sequence) FROM events").first { $0.integer(0) } ?? 0
    }

    /// The newest version of each playbook; read again only when one was published.
    func newestPlaybooks() throws -> [Playbook] {
        let look = try statements("SELECT count(*), coalesce(max(rowid), 0) FROM playbooks")
        let stamp = try look.first { [$0.integer(0), $0.integer(1)] } ?? []
        if let playbooks, playbooks.stamp == stamp { return playbooks.all }
        let all = try statements("SELECT data, max(version) FROM playbooks GROUP BY id ORDER BY id")
            .all { row in try JSONReader.read(row.blob(0)) { try Playbook(reading: &$0) } }
        playbooks = (stamp, all)
        return all
    }

    /// The columns as the store is now; nil while they have not been read.
    func currentColumns() throws -> AlertColumns? {
        guard columns.isWhole else { return nil }
        try columns.catchUp(statements)
        return columns.isWhole ? columns : nil
    }

    /// A list and what counts it.
    private static let mostGrouped = 2

    /// The groups of a list: for its windows they are found once, as long as nothing was written.
    func groups(_ query: AlertQuery, _ find: () throws -> ColumnGroups) rethrows -> ColumnGroups {
        let (now, plain, seen) = (query.now, query.at(Timestamp(milliseconds: 0)), columns.seen)
        grouped.removeAll { $0.seen != seen || abs(now.seconds(since: $0.now)) >= 1 }
        if let known = grouped.first(where: { $0.query == plain }) { return known.groups }
        let groups = try find()
        grouped = grouped.suffix(StoreReader.mostGrouped - 1) + [(plain, seen, now, groups)]
        return groups
    }

    /// Reads a portion of the columns that a filter looks at; false when there is nothing more to read.
    func readColumns(for filter: Filter?, limit: Int) throws -> Bool {
        if try columns.read(statements, limit: limit) { return true }
        guard filter?.looksIntoHeadlines ?? false else { return false }
        return try columns.readHeadlines(statements, limit: limit)
    }
}
