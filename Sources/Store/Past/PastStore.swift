public import ControlRoom
import GRDB

/// The alerts of a store as they stood at a time: lists, filters, counts and places are answered from it as from any other.
///
/// What has not changed since is taken as it is; what has is folded again from its events up to then. The cost grows with the
/// alerts there are and the events since. Where a trim has taken events of an alert that has changed since the time, it stands as those
/// that are left make it, or where none of them raised it, as `CutAlarm` says: its detail tells that earlier events were removed. It is a
/// file of its own, which goes when it is closed.
///
/// - Throws: `PastProblem` where it cannot be made, `StoreError` from all else that throws here.
public final class PastStore: Sendable {
    public let store: Store
    public let time: Timestamp
    /// The last event that had been recorded by then.
    let through: Int64
    /// Alerts that were over by then are left out, because there are too many.
    public let isOpenOnly: Bool

    /// With more alerts than this, what was over by then is left out.
    static let mostKept = 200_000

    /// Why there is no list as of a time.
    public typealias Problem = PastProblem

    /// With more events since, it is refused.
    static let mostRefolded = 400_000

    /// - Parameter path: where the file is made; nothing may be there.
    /// - Throws: `Problem`, `StoreError`.
    public init(of present: Store, at time: Timestamp, now: Timestamp, path: String) throws {
        guard time <= now else { throw Problem.future }
        self.time = time
        // Its look-ups are as hard to foresee as those of the store it is made of.
        let secret = try present.look { try Meta(statements: $0.statements).nameHash?.text } ?? ""
        store = try Store(path: path) { "past " + secret }
        let store = store
        do {
            (through, isOpenOnly) = try present.read { reader in
                let build = try PastBuild(reader: reader, past: store, time: time)
                // What happens to the file that is built says nothing of the store.
                do { try build.run(from: present.path) } catch let error as StoreError {
                    throw Problem.failed("\(error)")
                }
                return (build.through, build.isOpenOnly)
            }
        } catch {
            store.close()
            throw error
        }
        while try store.settle(at: time) {}
        while try store.backgroundStep(limit: 10_000) {}
    }
}

private struct PastBuild {
    let reader: StoreReader
    let past: Store
    let time: Timestamp
    let through: Int64
    let base: LogBase
    let isOpenOnly: Bool

    private static let portion = 5_000

    init(reader: StoreReader, past: Store, time: Timestamp) throws {
        self.reader = reader
        self.past = past
        self.time = time
        let meta = Meta(statements: reader.statements)
        guard try meta.backFill == nil else { throw PastStore.Problem.incomplete }
        base = try meta.base
        through = try Store.firstEvent(reader, recordedSince: Timestamp(milliseconds: time.milliseconds + 1)) - 1
        try PastBuild.refuse(before: base, at: time, reader)
        let count = try reader.statements("SELECT coalesce(sum(total), 0) FROM alert_counts").first { $0.int(0) } ?? 0
        isOpenOnly = count > PastStore.mostKept
    }

    func run(from path: String) throws {
        try copyTables(from: path)
        var changed = try changedRows()
        let related = try relatedRows()
        // A message that cancels under a name that was known changed the others alone.
        let areRelated =
            try !changed.isDisjoint(with: related) || !events(.alertCancelled, after: through, upTo: .max).isEmpty
        if areRelated { changed.formUnion(related) }
        try restoreUnchanged(but: changed)
        var more = areRelated ? try events(.alertCancelled, after: 0, upTo: through) : []
        more += try earlyClears(of: changed)
        // By the policy that held then.
        more += try events(.alarmPolicySet, after: 0, upTo: through) + events(.actsBound, after: 0, upTo: through)
        try refold(changed, more)
        try copyTexts(from: path)
        try copyAnnunciations(from: path)
    }

    /// The events that raised what was taken over as it is: words are found in them.
    private func copyTexts(from path: String) throws {
        try past.writer.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS present", arguments: [path])
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO main.events SELECT * FROM present.events
                    WHERE sequence IN (SELECT raised_by FROM main.alerts)
                    """)
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO main.meta SELECT * FROM present.meta WHERE key = 'alarm_policy';
                    """)
            try db.execute(sql: "DETACH present")
        }
    }

    /// Until then; instead of those that folding some again has counted.
    private func copyAnnunciations(from path: String) throws {
        try past.writer.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS present", arguments: [path])
            try db.execute(sql: "DELETE FROM main.annunciations")
            try db.execute(
                sql: "INSERT INTO main.annunciations SELECT * FROM present.annunciations WHERE minute < ?",
                arguments: [time.minute])
            try db.execute(sql: "DETACH present")
            for (realm, count) in try lastMinute() {
                try db.execute(
                    sql: "INSERT INTO annunciations (realm, minute, count) VALUES (?, ?, ?)",
                    arguments: [realm, time.minute, count])
            }
        }
    }

    /// Annunciations in the minute of the time, up to it, by realm.
    private func lastMinute() throws -> [Int64: Int] {
        guard let type = try reader.names.existing(EventType.alertRaised.rawValue) else { return [:] }
        let start = Timestamp(milliseconds: time.minute * 60_000)
        let select = try reader.statements(
            "SELECT \(EventRows.columns) FROM events WHERE sequence BETWEEN ? AND ? AND type = ? AND refused IS NULL")
        select.bind(1, try Store.firstEvent(reader, recordedSince: start))
        select.bind(2, through)
        select.bind(3, type)
        var counts: [Int64: Int] = [:]
        for event in try select.all({ try reader.events.read($0) }) {
            if let realm = try reader.realm(event.realm) { counts[realm, default: 0] += 1 }
        }
        return counts
    }

    /// What was over at a trim is forgotten: before it nobody knows what there was.
    private static func refuse(before base: LogBase, at time: Timestamp, _ reader: StoreReader) throws {
        let next = try reader.statements("SELECT recorded FROM events WHERE sequence > ? ORDER BY sequence LIMIT 1")
        next.bind(1, base.sequence)
        let first = try next.first { Timestamp(milliseconds: $0.integer(0)) }
        if let first, time < first { throw PastStore.Problem.before(first) }
    }

    /// What is looked up beside the alerts.
    private func copyTables(from path: String) throws {
        try past.writer.writeWithoutTransaction { db in
            // Nobody misses it when the machine goes down.
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "ATTACH ? AS present", arguments: [path])
            for table in [
                "names", "cities", "districts", "sites", "streets", "exercises", "assets", "playbooks", "known_tools",
            ] {
                try db.execute(sql: "INSERT OR REPLACE INTO main.\(table) SELECT * FROM present.\(table)")
            }
            try db.execute(sql: "DETACH present")
        }
    }

    // MARK: - What has changed since

    /// Rows that events after the time were about.
    private func changedRows() throws -> Set<Int64> {
        Set(try reader.statements("SELECT id FROM alerts WHERE last_event > \(through)").all { $0.integer(0) })
    }

    /// Messages that replace or cancel others change them too: where one of these has changed, all are folded again, for only
    /// together they give what they gave.
    private func relatedRows() throws -> Set<Int64> {
        let known = try reader.statements(
            "SELECT id, realm, replaced_by FROM alerts WHERE tool = \(Tool.cap.rawValue) OR replaced_by IS NOT NULL")
        var related: Set<Int64> = []
        for (row, realm, heir) in try known.all({ ($0.integer(0), $0.integer(1), $0.optionalText(2)) }) {
            related.insert(row)
            // What took its place carries on its need.
            if let row = try heir.flatMap({ try reader.alertRows.row(realm: realm, subject: $0) }) {
                related.insert(row)
            }
        }
        let references = try reader.statements("SELECT key, subject, by FROM alert_ends WHERE by <> ''")
        let realms = try reader.realms()
        for (key, subject, by) in try references.all({ ($0.integer(0), $0.text(1), $0.text(2)) }) {
            for (realm, _) in realms where try reader.alertRows.key(realm: realm, subject: subject) == key {
                for one in [subject, by] {
                    let key = try reader.alertRows.key(realm: realm, subject: one)
                    if let kept = try reader.alertRows.find(realm: realm, subject: one, key: key) {
                        related.insert(kept.row)
                    }
                }
            }
        }
        return related
    }

    /// Clears that came before the alarms that are folded again.
    private func earlyClears(of rows: Set<Int64>) throws -> [Int64] {
        let select = try reader.statements("SELECT \(EventRows.columns) FROM events WHERE sequence = ?")
        return try events(.alertCleared, after: 0, upTo: through, refused: .unknownSubject).filter { sequence in
            select.bind(1, sequence)
            guard let event = try select.first({ try reader.events.read($0) }), let subject = event.subject,
                let realm = try reader.realm(event.realm),
                let row = try reader.alertRows.row(realm: realm, subject: subject)
            else { return false }
            return rows.contains(row)
        }
    }

    /// Events of a type that is rare; one that never came costs nothing.
    private func events(
        _ type: EventType, after first: Int64, upTo last: Int64, refused reason: Outcome.Reason? = nil
    ) throws -> [Int64] {
        guard let type = try reader.names.existing(type.rawValue) else { return [] }
        let select = try reader.statements(
            "SELECT sequence FROM events WHERE type = ?1 AND sequence > ?2 AND sequence <= ?3 AND (?4 IS NULL OR refused = ?4)"
        )
        select.bind(1, type)
        select.bind(2, first)
        select.bind(3, last)
        select.bind(4, reason?.code)
        return try select.all { $0.integer(0) }
    }

    // MARK: - As it is

    private func restoreUnchanged(but changed: Set<Int64>) throws {
        let open = isOpenOnly ? "AND need < \(Alert.firstNormalNeed)" : ""
        // Acts that are not settled lie over the log: it alone counts.
        let select = try reader.statements(
            """
            SELECT \(AlertRows.columns) FROM alerts WHERE id > ? AND last_event <= ? \(open)
                AND id NOT IN (SELECT id FROM alert_bases)
            UNION ALL SELECT \(AlertRows.columns) FROM alert_bases WHERE id > ?1 AND last_event <= ?2
            ORDER BY 1 LIMIT ?
            """)
        var last: Int64 = 0
        while true {
            select.bind(1, last)
            select.bind(2, through)
            select.bind(3, PastBuild.portion)
            let portion = try select.all { AlertRows.read($0) }
            guard let end = portion.last?.row else { return }
            let kept = portion.filter { !changed.contains($0.row) }
            try past.write { try $0.restore(kept, asOf: time) }
            last = end
        }
    }

    // MARK: - As it was

    /// Folds their events again, up to the time, in the order of the log.
    private func refold(_ rows: Set<Int64>, _ more: [Int64]) throws {
        var found = Set(more)
        guard try reader.lastSequence() - through <= PastStore.mostRefolded else { throw PastStore.Problem.tooMuch }
        var firsts: [Int64: Int] = [:]
        var cut: [AlertRows.Kept] = []
        let select = try reader.statements("SELECT \(AlertRows.columns) FROM alerts WHERE id = ?")
        for row in rows.sorted() {
            select.bind(1, row)
            guard let shown = try select.first({ AlertRows.read($0) }) else { continue }
            // Acts that are not settled lie over the log: it alone counts.
            let kept = try reader.alertRows.base(of: row) ?? shown
            let walk = try EventWalk(reader, from: kept.lastEvent)
            for here in walk.found {
                if here <= through { found.insert(here) }
                firsts[here] = kept.alert.firstOccurrence
            }
            if let alarm = try cutAlarm(kept, walk) {
                cut.append(alarm.standing(at: time, through: through, begin: base.recorded))
            }
        }
        try past.write { try $0.restore(cut, asOf: time) }
        let sequences = found.sorted()
        let believed = try reader.statements(
            "SELECT \(EventRows.columns) FROM events WHERE sequence = ? AND \(AdmittedEvent.isBelieved)")
        for start in stride(from: 0, to: sequences.count, by: PastBuild.portion) {
            var events: [AdmittedEvent] = []
            for sequence in sequences[start..<min(sequences.count, start + PastBuild.portion)] {
                believed.bind(1, sequence)
                guard let event = try believed.first({ try reader.events.read($0) }) else { continue }
                if let admitted = try? AdmittedEvent(event) { events.append(admitted) }
            }
            try past.write { _ = try $0.append(past: events, firsts: firsts) }
        }
    }

    /// What a trim has taken of the events of an alarm, where none is left by the time that raised it; nil where one is.
    private func cutAlarm(_ kept: AlertRows.Kept, _ walk: EventWalk) throws -> CutAlarm? {
        guard let gone = walk.gone, gone <= base.sequence else { return nil }
        let select = try reader.statements(
            "SELECT \(EventRows.columns) FROM events WHERE sequence = ? AND refused IS NULL")
        var later: [EventType] = []
        for here in walk.found.reversed() {
            select.bind(1, here)
            guard let event = try select.first({ try reader.events.read($0) }) else { continue }
            if here > through { later.append(event.type) } else if event.type == .alertRaised { return nil }
        }
        return CutAlarm(kept: kept, later: later, lastEvent: walk.found.first { $0 <= through } ?? gone)
    }
}

/// The places of the events about an alert, walked back from the last: those that are there, the newest first, and where the first is
/// missing.
private struct EventWalk {
    private(set) var found: [Int64] = []
    private(set) var gone: Int64?

    init(_ reader: StoreReader, from last: Int64) throws {
        let previous = try reader.statements("SELECT previous FROM events WHERE sequence = ?")
        var next: Int64? = last
        while let here = next {
            previous.bind(1, here)
            guard let before = try previous.first({ $0.optionalInteger(0) }) else {
                gone = here
                return
            }
            found.append(here)
            next = before.flatMap { $0 < here ? $0 : nil }
        }
    }
}

extension PastStore {
    /// The detail of an alert as it stood then: what its row says from here, what its events say from the log.
    public func detail(row: Int64, of present: Store) throws -> AlertDetail? {
        guard let kept = try store.kept(row: row) else { return nil }
        var detail = try present.detail(of: kept)
        try store.explain(&detail, kept)
        return detail
    }

    /// What had happened in a realm by then, the newest first.
    public func log(_ realm: Realm, limit: Int, of present: Store) throws -> [LogLine] {
        try present.recentLog(realm, limit: limit, through: through)
    }
}
