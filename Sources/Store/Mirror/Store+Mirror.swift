public import ControlRoom
import GRDB

/// A store that follows the log of a hub. The hub gives each event its sequence; the store keeps them, folds them, and
/// remembers up to where it has come, in one transaction.
extension Store {
    /// What a mirror needs that a log of its own does not.
    public struct Mirror: Sendable {
        /// Reads an act from the bytes it was put into the outbox as.
        public let decode: @Sendable ([UInt8]) throws -> Event

        public init(decode: @escaping @Sendable ([UInt8]) throws -> Event) { self.decode = decode }
    }

    /// Up to where a mirror has come.
    public struct Cursor: Equatable, Sendable {
        /// The hub's log; a mirror follows one log for ever.
        public var logID: String
        /// The last sequence that was kept; 0 before the first.
        public var sequence: Int64
        /// The head of the hash chain there, hexadecimal.
        public var head: String

        public init(logID: String, sequence: Int64, head: String) {
            self.logID = logID
            self.sequence = sequence
            self.head = head
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let sequence = Int64(parts[1]) else { return nil }
            self.init(logID: parts[0], sequence: sequence, head: parts[2])
        }

        var text: String { "\(logID) \(sequence) \(head)" }
    }

    /// Nil while it follows no log yet.
    public func cursor() throws -> Cursor? { try look { try Meta(statements: $0.statements).cursor } }

    /// That of a store in a file, without opening it as one.
    ///
    /// Nil while it follows no log yet.
    ///
    /// - Throws: `DatabaseError`, as SQLite says it: the file is not opened as a store.
    public static func cursor(path: String) throws -> Cursor? { try peek(Meta.cursorKey, path).flatMap { Cursor($0) } }

    /// A place where an event stands a second time, or none at all (`junk`), with its digest as the chain has it.
    public typealias Ghost = (sequence: Int64, digest: [UInt8], junk: JunkEntry?)

    /// Keeps events of the hub's log and moves on to `cursor`. What is behind the cursor already is passed over.
    ///
    /// - Throws: `StoreError.otherLog` where the store follows another log, and what the database says.
    public func ingest(mirrored events: [AdmittedEvent], to cursor: Cursor) throws -> [Admission] {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            let known = try meta.cursor
            if let known, known.logID != cursor.logID {
                throw StoreError.otherLog(path: path, known: known.logID, found: cursor.logID)
            }
            let fresh = events.filter { ($0.event.sequence ?? 0) > known?.sequence ?? 0 }
            let admissions = try writer.append(mirrored: fresh)
            if cursor.sequence >= known?.sequence ?? 0 { try meta.set(Meta.cursorKey, cursor.text) }
            return admissions
        }
    }

    /// Whether the file is the copy of a hub's log. Looks into it without opening it as a store.
    public static func followsHub(path: String) -> Bool { (try? peek(Meta.mirror, path)) ?? nil != nil }

    /// What was remembered in a file under a name.
    ///
    /// Nil where nothing was. The file is opened for reading alone.
    ///
    /// - Throws: `DatabaseError`, as SQLite says it: the file is not opened as a store.
    public static func kept(_ key: String, path: String) throws -> String? { try peek("kept." + key, path) }

    static func peek(_ key: String, _ path: String) throws -> String? {
        var configuration = Configuration()
        configuration.readonly = true
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? connection.close() }
        return try connection.read { db in
            try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
        }
    }

    /// A place of the log as the chain has it.
    public enum Place: Equatable, Sendable {
        case event(Event)
        /// An event stands here a second time.
        case ghost(sequence: Int64, digest: [UInt8])
        /// What stands here is no event.
        case junk(JunkEntry)

        init(_ ghost: Ghost) {
            self = ghost.junk.map { .junk($0) } ?? .ghost(sequence: ghost.sequence, digest: ghost.digest)
        }

        /// Its place in the hub's log, from 1.
        public var sequence: Int64 {
            switch self {
            case .event(let event): event.sequence ?? 0
            case .ghost(let sequence, _): sequence
            case .junk(let junk): junk.sequence
            }
        }

        public var recorded: Timestamp? {
            if case .event(let event) = self { return event.recorded }
            return nil
        }
    }

    /// The places of the log after a sequence, in order; fewer than `limit` at its end alone.
    public func places(after sequence: Int64, limit: Int) throws -> [Place] {
        let events = try read(after: sequence, limit: limit)
        var ghosts = try ghosts(after: sequence, limit: limit)[...]
        var places: [Place] = []
        for event in events {
            while let ghost = ghosts.first, ghost.sequence < event.sequence ?? 0 {
                places.append(Place(ghost))
                ghosts.removeFirst()
            }
            places.append(.event(event))
        }
        // Behind a full page of events there may be more of them before these.
        if events.count < limit {
            places += ghosts.map { Place($0) }
        }
        return Array(places.prefix(limit))
    }

    /// The places after a sequence at which no event is kept, in order, at most `limit`.
    ///
    /// - Throws: `StoreError`.
    public func ghosts(after sequence: Int64, limit: Int) throws -> [Ghost] {
        try ghosts(after: sequence, limit: limit, where: "1")
    }

    /// The first place after a sequence where an event stands a second time; nil where there is none.
    ///
    /// - Throws: `StoreError`.
    public func firstRepeat(after sequence: Int64) throws -> Int64? {
        try ghosts(after: sequence, limit: 1, where: "junk_digest IS NULL").first?.sequence
    }

    /// The places after a sequence at which the log holds what is no event, in order, at most `limit`.
    ///
    /// - Throws: `StoreError`.
    public func junk(after sequence: Int64, limit: Int) throws -> [JunkEntry] {
        try ghosts(after: sequence, limit: limit, where: "junk_digest IS NOT NULL").compactMap(\.junk)
    }

    /// Where the log of a store in a file holds what is no event, without opening it as one: the first of them, at most `limit`.
    ///
    /// - Throws: what SQLite says where the file cannot be read, or an older version wrote it.
    public static func junk(path: String, limit: Int) throws -> [JunkEntry] {
        var configuration = Configuration()
        configuration.readonly = true
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? connection.close() }
        return try connection.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT sequence, junk_digest, junk_bytes, junk_kind FROM ghosts WHERE junk_digest IS NOT NULL
                    ORDER BY sequence LIMIT ?
                    """, arguments: [limit]
            ).map {
                JunkEntry(
                    sequence: $0[0], digest: $0[1], bytes: $0[2], kind: JunkEntry.Kind(rawValue: $0[3]) ?? .noEvent)
            }
        }
    }

    private func ghosts(after sequence: Int64, limit: Int, where condition: String) throws -> [Ghost] {
        try read { reader in
            let select = try reader.statements(
                """
                SELECT sequence, digest, junk_digest, junk_bytes, junk_kind FROM ghosts
                WHERE sequence > ? AND \(condition) ORDER BY sequence LIMIT ?
                """)
            select.bind(1, sequence)
            select.bind(2, limit)
            return try select.all { row in
                let junk = row.optionalText(2).map {
                    JunkEntry(
                        sequence: row.integer(0), digest: $0, bytes: row.int(3),
                        kind: JunkEntry.Kind(rawValue: row.int(4)) ?? .noEvent)
                }
                return (row.integer(0), row.blob(1), junk)
            }
        }
    }

    // MARK: - Acts on their way

    /// What waits to be sent or for its echo, in order; with `resending`, what was sent before as well.
    public func unsettled(after position: Int64, limit: Int, resending: Bool) throws -> [Waiting] {
        try look { reader in
            let states = resending ? "0, 6" : "0"
            let select = try reader.statements(
                "SELECT position, event FROM outbox WHERE state IN (\(states)) AND position > ? ORDER BY position LIMIT ?"
            )
            select.bind(1, position)
            select.bind(2, limit)
            return try select.all { Waiting(position: $0.integer(0), event: $0.blob(1)) }
        }
    }

    /// The name of an event in the outbox that is no person's act: its id alone may be another's too.
    public static func outboxName(of event: Event) -> String { event.source + "\u{1F}" + event.id }

    /// The hub has these; their echo will settle them. What is in this log already had its echo before it was put in here.
    public func markSent(_ positions: [Int64]) throws {
        try write { writer in
            let update = try writer.statements("UPDATE outbox SET state = 6 WHERE position = ? AND state = 0")
            for position in positions {
                update.bind(1, position)
                try update.run()
                try settleKnown(position, writer)
            }
        }
    }

    private func settleKnown(_ position: Int64, _ writer: LogWriter) throws {
        let select = try writer.statements("SELECT event FROM outbox WHERE position = ? AND state = 6")
        select.bind(1, position)
        guard let bytes = try select.first({ $0.blob(0) }), let event = try? mirror?.decode(bytes) else { return }
        guard try writer.events.sequence(source: event.source, id: event.id) != nil else { return }
        try Store.mark(position, (3, nil), writer)
        if let act = try? AdmittedEvent(event) { try writer.overlay([act]) }
    }

    /// The hub refused an act: it is shown no more, and its author is told.
    public func reject(_ position: Int64, reason: String, isDenied: Bool) throws {
        try write { writer in
            let select = try writer.statements("SELECT event FROM outbox WHERE position = ? AND state IN (0, 6)")
            select.bind(1, position)
            guard let bytes = try select.first({ $0.blob(0) }) else { return }
            let update = try writer.statements("UPDATE outbox SET state = ?, outcome = ? WHERE position = ?")
            update.bind(1, isDenied ? 5 : 4)
            update.bind(2, reason)
            update.bind(3, position)
            try update.run()
            if let act = (try? mirror?.decode(bytes)).flatMap({ try? AdmittedEvent($0) }) { try writer.overlay([act]) }
        }
    }

    /// Acts that the hub refused or that had no effect, the newest first, for who made them to see.
    public func refusedActs(limit: Int) throws -> [(event: [UInt8], reason: String)] {
        try look { reader in
            let select = try reader.statements(
                "SELECT event, outcome FROM outbox WHERE state IN (4, 5) ORDER BY position DESC LIMIT ?")
            select.bind(1, limit)
            return try select.all { ($0.blob(0), $0.text(1)) }
        }
    }

    /// Where an act waits; nil where it does not.
    public func waitingPosition(of id: String) throws -> Int64? {
        try look { reader in
            let select = try reader.statements("SELECT position FROM outbox WHERE id = ? AND state IN (0, 6)")
            select.bind(1, id)
            return try select.first { $0.integer(0) }
        }
    }

    /// Where an event stands in the log; nil where it does not.
    public func place(source: String, id: String) throws -> Int64? {
        try read { reader in
            reader.events.forgetKnown()
            return try reader.events.sequence(source: source, id: id)
        }
    }

    /// The next reading of this store's hybrid clock: later than any it has given or seen.
    public func tick(now: Timestamp) throws -> HybridTime {
        try ticks(1, now: now).first ?? HybridTime(milliseconds: now.milliseconds, counter: 0)
    }

    /// The next readings, each later than the one before, in one transaction.
    public func ticks(_ count: Int, now: Timestamp) throws -> [HybridTime] {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            var last = try meta["clock"].flatMap { HybridTime($0) } ?? HybridTime(milliseconds: 0, counter: 0)
            let ticks = (0..<count).map { _ in
                last = last.next(now: now)
                return last
            }
            try meta.set("clock", last.text)
            return ticks
        }
    }

    /// Another's reading was seen. One that lies more than a minute ahead is not followed.
    public func see(_ time: HybridTime, now: Timestamp) throws {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            let last = try meta["clock"].flatMap { HybridTime($0) } ?? HybridTime(milliseconds: 0, counter: 0)
            guard time > last else { return }
            try meta.set("clock", last.merging(time, now: now).text)
        }
    }
}

extension Meta {
    static let cursorKey = "cursor"

    /// Up to where a mirror has come; nil while it follows no log yet.
    var cursor: Store.Cursor? {
        get throws { try self[Meta.cursorKey].flatMap { Store.Cursor($0) } }
    }
}
