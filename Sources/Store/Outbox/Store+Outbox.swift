public import ControlRoom

/// Acts that are on their way to the log. Any process may put one in; the holder of the lease takes them out in order.
/// An act survives the death of both.
extension Store {
    /// An act that waits, with the exact bytes it was put in as.
    public struct Waiting: Equatable, Sendable {
        /// Its place in the outbox, in the order in which acts were put in; it is none of the log's.
        public var position: Int64
        public var event: [UInt8]
    }

    /// What became of an act.
    public enum Settlement: Equatable, Sendable {
        case waiting
        case applied
        /// The words in which the author is told why it had no effect, as a code.
        case refused(String)
        case duplicate
        case rejected(String)
        /// Its author has no right to it.
        case denied(String)

        /// Why the act had no effect: a code where the fold said so, words where the feed or the hub did; nil where it had.
        public var reason: String? {
            switch self {
            case .refused(let reason), .rejected(let reason), .denied(let reason): reason
            case .waiting, .applied, .duplicate: nil
            }
        }
    }

    /// Puts acts in, in one transaction. An id that is there already is passed over.
    ///
    /// - Parameter acts: id, subject, and the event as the bytes that will be parsed again.
    public func enqueue(_ acts: [(id: String, subject: String?, event: [UInt8])], now: Timestamp) throws {
        try write { writer in
            // To a hub, what it refused before may be brought again.
            let again =
                mirror == nil
                ? "NOTHING"
                : "UPDATE SET state = 0, outcome = NULL, told = 0, event = excluded.event WHERE state NOT IN (0, 6)"
            let insert = try writer.statements(
                """
                INSERT INTO outbox (id, state, subject, created, event, actor) VALUES (?, 0, ?, ?, ?, ?)
                ON CONFLICT (id) DO \(again)
                """)
            let events = acts.map { act in try? mirror?.decode(act.event) }
            for (act, event) in zip(acts, events) {
                insert.bind(1, act.id)
                insert.bind(2, act.subject)
                insert.bind(3, now.milliseconds)
                insert.bind(4, act.event)
                insert.bind(5, event?.actor)
                try insert.run()
            }
            guard mirror != nil else { return }
            try writer.overlay(events.compactMap { event in event.flatMap { try? AdmittedEvent($0) } })
        }
    }

    /// The acts that wait, in order.
    public func waiting(limit: Int) throws -> [Waiting] {
        try look { reader in
            let select = try reader.statements(
                "SELECT position, event FROM outbox WHERE state = 0 ORDER BY position LIMIT ?")
            select.bind(1, limit)
            return try select.all { Waiting(position: $0.integer(0), event: $0.blob(1)) }
        }
    }

    /// An act without effect.
    public struct Refused: Equatable, Sendable {
        public var id: String
        /// What it was about.
        public var subject: String?
        /// Nil where the store does not know.
        public var actor: String?
        /// When it was put into the outbox.
        public var made: Timestamp
        public var settlement: Settlement
    }

    /// Acts that had no effect, the newest first.
    ///
    /// - Parameters:
    ///   - actors: whose; those of nobody known are everybody's. Nil for all.
    ///   - isTold: also those whose author has heard of it.
    public func refused(by actors: [String]? = nil, isTold: Bool = false, limit: Int) throws -> [Refused] {
        try look { reader in
            let names = JSONWriter.bytes { writer in
                writer.array { writer in for actor in actors ?? [] { writer.string(actor) } }
            }
            let select = try reader.statements(
                """
                SELECT id, subject, actor, state, outcome, created FROM outbox WHERE state IN (2, 4, 5) AND (told = 0 OR ?3)
                    AND (?2 OR actor IS NULL OR actor IN (SELECT value FROM json_each(?1)))
                ORDER BY position DESC LIMIT ?4
                """)
            select.bind(1, String(decoding: names, as: UTF8.self))
            select.bind(2, actors == nil)
            select.bind(3, isTold)
            select.bind(4, limit)
            return try select.all { row in
                Refused(
                    id: row.text(0), subject: row.optionalText(1), actor: row.optionalText(2),
                    made: Timestamp(milliseconds: row.integer(5)),
                    settlement: Store.settlement(row.int(3), row.optionalText(4)))
            }
        }
    }

    /// Notes that the authors of these acts know their outcome, so that nobody tells them again. Ids that do not wait
    /// here are passed over.
    public func markTold(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        try write { writer in
            let update = try writer.statements("UPDATE outbox SET told = 1 WHERE id = ?")
            for id in ids {
                update.bind(1, id)
                try update.run()
            }
        }
    }

    /// How many acts wait for the feed, or were sent to a hub and wait for their echo.
    public func waitingCount() throws -> Int {
        try look { try $0.statements("SELECT count(*) FROM outbox WHERE state IN (0, 6)").first { $0.int(0) } ?? 0 }
    }

    /// Appends acts to the log and settles their rows, in one transaction.
    ///
    /// - Parameter acts: the position in the outbox and the event, or the reason why it was not admitted.
    public func settle(
        _ acts: [(position: Int64, event: Result<AdmittedEvent, Rejected>)], now: Timestamp
    ) throws -> [Admission] {
        try write { writer in
            // Together, so that what many of them change is written once.
            var admitted = try writer.append(acts.compactMap { try? $0.event.get() }, now: now)[...]
            return try acts.map { act in
                switch act.event {
                case .success:
                    let admission = admitted.popFirst() ?? .duplicate
                    try Store.mark(act.position, Store.code(admission), writer)
                    return admission
                case .failure(let rejected):
                    try Store.mark(act.position, (rejected.isDenied ? 5 : 4, rejected.reason), writer)
                    return .rejected(reason: rejected.reason)
                }
            }
        }
    }

    /// Why an act was not admitted.
    public struct Rejected: Error, Equatable, Sendable {
        public var reason: String
        /// A right is missing, rather than that something is wrong with the act.
        public var isDenied: Bool

        public init(reason: String, isDenied: Bool = false) {
            self.reason = reason
            self.isDenied = isDenied
        }
    }

    static func mark(_ position: Int64, _ code: (state: Int, outcome: String?), _ writer: LogWriter) throws {
        // The event is in the log now; the row only says what became of it.
        let update = try writer.statements(
            "UPDATE outbox SET state = ?, outcome = ?, event = x'' WHERE position = ?")
        update.bind(1, code.state)
        update.bind(2, code.outcome)
        update.bind(3, position)
        try update.run()
    }

    static func code(_ admission: Admission) -> (Int, String?) {
        switch admission {
        case .accepted(_, .applied): (1, nil)
        case .accepted(_, .unchanged(let reason)), .accepted(_, .refused(let reason)): (2, reason.code)
        case .duplicate: (3, nil)
        case .conflicting: (4, "conflicting")
        case .rejected(let reason): (4, reason)
        }
    }

    /// What became of an act; nil where there is none of this id.
    public func settlement(of id: String) throws -> Settlement? {
        try look { reader in
            let select = try reader.statements("SELECT state, outcome FROM outbox WHERE id = ?")
            select.bind(1, id)
            return try select.first { Store.settlement($0.int(0), $0.optionalText(1)) }
        }
    }

    private static func settlement(_ state: Int, _ outcome: String?) -> Settlement {
        switch state {
        case 0, 6: .waiting
        case 1: .applied
        case 2: .refused(outcome ?? "")
        case 3: .duplicate
        case 5: .denied(outcome ?? "")
        default: .rejected(outcome ?? "")
        }
    }

    /// So much longer a refusal is kept that nobody has heard of: thirty days.
    private static let untoldMilliseconds = 30 * 86_400_000

    /// Forgets what was settled before a time, but for refusals that nobody has heard of.
    public func pruneOutbox(before time: Timestamp) throws {
        try write { writer in
            let delete = try writer.statements(
                """
                DELETE FROM outbox WHERE state NOT IN (0, 6) AND created < ?1
                    AND (told = 1 OR state IN (1, 3) OR created < ?1 - \(Store.untoldMilliseconds))
                """)
            delete.bind(1, time.milliseconds)
            try delete.run()
        }
    }

    /// The last acts of a person that can be undone, the newest first, with those that were undone left out.
    public func undoable(by actor: String, realm: Realm, limit: Int = 20) throws -> [Event] {
        try read { reader in
            var undone: Set<String> = []
            var found: [Event] = []
            func look(_ act: Event) throws -> Bool {
                guard act.realm == realm else { return true }
                if case .actUndone(let fact)? = try? Fact(of: act) { undone.insert(fact.act) }
                guard act.type.isUndoable, !undone.contains(act.id) else { return true }
                if try reader.canUndo(act, realm: realm) { found.append(act) }
                return found.count < limit
            }
            for act in try reader.pending.newestFirst(by: actor) where found.count < limit { _ = try look(act) }
            guard found.count < limit else { return found }
            let select = try reader.statements(
                "SELECT \(EventRows.columns) FROM events WHERE actor = ? ORDER BY sequence DESC LIMIT \(Store.mostLookedBack)"
            )
            select.bind(1, actor)
            try select.each { try look(try reader.events.read($0)) }
            return found
        }
    }

    /// What somebody did last.
    public struct LastAct: Equatable, Sendable {
        public var act: Event
        /// Whether there is an undo of such acts.
        public var hasUndo: Bool
        /// Why it cannot be taken back now; nil where it can, and where there is no undo of it.
        public var hindrance: Outcome.Reason?
    }

    /// What a person did last in a realm, of what took effect and was not taken back; nil where nothing was.
    public func lastAct(by actor: String, realm: Realm) throws -> LastAct? {
        try read { reader in
            var undone: Set<String> = []
            var last: Event?
            func look(_ act: Event) -> Bool {
                guard act.realm == realm else { return true }
                if case .actUndone(let fact)? = try? Fact(of: act) { undone.insert(fact.act) }
                guard act.type.neededRight != nil, !undone.contains(act.id) else { return true }
                last = act
                return false
            }
            for act in try reader.pending.newestFirst(by: actor) where last == nil { _ = look(act) }
            if last == nil {
                let select = try reader.statements(
                    """
                    SELECT \(EventRows.columns) FROM events WHERE actor = ? AND refused IS NULL
                    ORDER BY sequence DESC LIMIT \(Store.mostLookedBack)
                    """)
                select.bind(1, actor)
                try select.each { look(try reader.events.read($0)) }
            }
            guard let last else { return nil }
            guard last.type.isUndoable else { return LastAct(act: last, hasUndo: false) }
            return LastAct(act: last, hasUndo: true, hindrance: try reader.undo(last, realm: realm).reason)
        }
    }

    /// How many of one's own acts an undo looks back through: two masses that were undone, and a shift.
    private static let mostLookedBack = 50_000
}

extension Store {
    /// Acts that are done at once are named by a common beginning: `NAME/1`, `NAME/2` and so on.
    public static func massID(_ name: String, _ number: Int) -> String { name + "/" + String(number) }

    /// The beginning of the name of an act that was done with others; nil for one that stands alone.
    private static func massName(of act: Event) -> String? {
        guard act.source == "urn:impetus:console", let slash = act.id.lastIndex(of: "/") else { return nil }
        let number = act.id[act.id.index(after: slash)...]
        let name = act.id[...slash]
        let isMass = name.dropLast().contains("/") == false && !number.isEmpty && number.allSatisfy(\.isNumber)
        return isMass ? String(name) : nil
    }

    /// Whether both are one act: the same, or two of those that were done together.
    public static func areOne(_ one: Event, _ other: Event) -> Bool {
        guard one.id != other.id else { return true }
        guard let name = massName(of: one), one.type == other.type, one.type != .checklistStepSet else { return false }
        return name == massName(of: other)
    }

    /// The last act of a person that can be taken back, with all that were done together with it; the last first.
    public func lastUndoable(by actor: String, realm: Realm) throws -> [Event] {
        guard let last = try undoable(by: actor, realm: realm, limit: 1).first else { return [] }
        guard let name = Store.massName(of: last), last.type != .checklistStepSet else { return [last] }
        return try read { reader in
            let select = try reader.statements(
                """
                SELECT \(EventRows.columns) FROM events
                WHERE actor = ?1 AND substr(id, 1, ?3) = ?2 ORDER BY sequence DESC LIMIT 20000
                """)
            select.bind(1, actor)
            select.bind(2, name)
            select.bind(3, name.unicodeScalars.count)
            let acts = try reader.pending.newestFirst(by: actor) + select.all { try reader.events.read($0) }
            return try acts.filter { act in
                let isOfIt = act.type == last.type && act.realm == realm && Store.massName(of: act) == name
                return try isOfIt && reader.canUndo(act, realm: realm)
            }
        }
    }

    /// What became of acts that were done at once: how many of each; nil while one of them waits.
    public func settlements(named name: String, count: Int) throws -> [(settlement: Settlement, count: Int)]? {
        try look { reader in
            let select = try reader.statements(
                "SELECT state, outcome, count(*) FROM outbox WHERE id > ?1 AND id < ?2 GROUP BY state, outcome")
            // The sign after the slash: between the two lie all names of the mass.
            select.bind(1, name + "/")
            select.bind(2, name + "0")
            let found = try select.all { (Store.settlement($0.int(0), $0.optionalText(1)), $0.int(2)) }
            guard found.reduce(0, { $0 + $1.1 }) >= count, !found.contains(where: { $0.0 == .waiting }) else {
                return nil
            }
            return found
        }
    }

    /// The same for an act on many alerts, by the common beginning of its ids.
    public func markTold(named name: String) throws {
        try write { writer in
            let update = try writer.statements("UPDATE outbox SET told = 1 WHERE id > ?1 AND id < ?2")
            update.bind(1, name + "/")
            update.bind(2, name + "0")
            try update.run()
        }
    }
}

extension StoreReader {
    /// Tries it on a copy: an act that the fold refused, or that others have overtaken, is not there to be undone.
    fileprivate func canUndo(_ act: Event, realm: Realm) throws -> Bool {
        try undo(act, realm: realm) == .applied
    }

    /// What would become of an undo of it.
    fileprivate func undo(_ act: Event, realm: Realm) throws -> Outcome {
        let subject = act.subject ?? ""
        let actor = act.actor ?? act.source
        if act.type == .checklistStepSet {
            var run = try ChecklistProjection(statements: statements, events: events, pending: pending).fold(subject)
                .run
            return run?.undo(act.id, by: actor) ?? .refused(.nothingToUndo)
        }
        guard let id = try self.realm(realm), var alert = try alertRows.find(realm: id, subject: subject)?.alert else {
            return .refused(.nothingToUndo)
        }
        let seen = Seen(occurrence: alert.occurrence, severity: alert.latchedSeverity)
        let word = Alert.Word(
            id: "", source: act.source, actor: actor, time: act.happened, now: act.happened,
            policy: try Meta(statements: statements).policy)
        let undo = ActUndone(act: act.id, type: act.type, seen: seen)
        return Alert.fold(.actUndone(undo), into: &alert, word)
    }
}

extension EventType {
    /// Whether there is an undo of it.
    var isUndoable: Bool { isTakenBack || self == .checklistStepSet }
}
