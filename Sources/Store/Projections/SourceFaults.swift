public import ControlRoom

/// What sources said that counts for nothing, counted for whoever looks after them.
struct SourceFaults {
    /// Sources of which it is told which; others are counted together.
    private static let mostSources = 1_000

    let statements: Statements

    init(_ statements: Statements) { self.statements = statements }

    func note(
        _ fault: SourceFault.Kind, of source: String, realm: Int64, at now: Timestamp, count: Int = 1
    ) throws {
        let known = try statements("SELECT 1 FROM source_faults WHERE realm = ? AND source = ? LIMIT 1")
        known.bind(1, realm)
        known.bind(2, source)
        let isTold = try known.first { _ in true } ?? false || sources() < SourceFaults.mostSources
        let upsert = try statements(
            """
            INSERT INTO source_faults (realm, source, kind, count, last) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, last = excluded.last
            """)
        upsert.bind(1, realm)
        upsert.bind(2, isTold ? source : "")
        upsert.bind(3, fault.rawValue)
        upsert.bind(4, count)
        upsert.bind(5, now.milliseconds)
        try upsert.run()
    }

    private func sources() throws -> Int {
        try statements("SELECT count(DISTINCT source) FROM source_faults").first { $0.int(0) } ?? 0
    }
}

/// How often a source said something that counts for nothing.
public struct SourceFault: Equatable, Sendable {
    /// What it said, of what counts for nothing.
    public enum Kind: String, CaseIterable, Sendable {
        /// It named an alarm that another source raised.
        case foreign
        /// A message named more others than `Alert.mostReferences`.
        case tooManyReferences = "too_many_references"
    }

    /// Empty for all sources beyond the first thousand.
    public var source: String
    public var kind: Kind
    public var count: Int
    public var last: Timestamp

    public init(source: String, kind: Kind, count: Int, last: Timestamp) {
        self.source = source
        self.kind = kind
        self.count = count
        self.last = last
    }
}

extension Store {
    /// The faults of sources in all realms, the most frequent first.
    public func sourceFaults(limit: Int = 100) throws -> [SourceFault] {
        try look { reader in
            let select = try reader.statements(
                """
                SELECT source, kind, sum(count), max(last) FROM source_faults GROUP BY source, kind
                ORDER BY 3 DESC, source, kind LIMIT ?
                """)
            select.bind(1, limit)
            return try select.all { row in
                SourceFault.Kind(rawValue: row.text(1)).map { kind in
                    SourceFault(
                        source: row.text(0), kind: kind, count: row.int(2),
                        last: Timestamp(milliseconds: row.integer(3)))
                }
            }.compactMap { $0 }
        }
    }
}
