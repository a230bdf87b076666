import ControlRoom

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Takes over into a new store what can still be read of a damaged one.
struct Salvage {
    let aside: String
    let store: Store
    let now: Timestamp

    init(of aside: String, into store: Store, now: Timestamp) {
        self.aside = aside
        self.store = store
        self.now = now
    }

    /// - Throws: `StoreError` where the new store cannot keep what the old one gives.
    func run(_ believes: (Event) -> Bool) throws -> Recovery.Report {
        var report = Recovery.Report(setAside: aside, events: 0, alarms: 0, waiting: 0, gaps: 0)
        let opened = aside + "-opened"
        defer { unlink(opened) }
        guard let damaged = try (try? DamagedFile(path: aside)) ?? transplanted(to: opened) else {
            report.gaps = 1
            return report
        }
        try salvageEvents(damaged, believes, &report)
        try salvageAlarms(damaged, &report)
        try salvageActs(damaged, &report)
        return report
    }

    /// A log has no holes of its own, but for what was trimmed: where numbers are missing, there is a gap, even if SQLite noticed
    /// nothing.
    private func salvageEvents(
        _ damaged: DamagedFile, _ believes: (Event) -> Bool, _ report: inout Recovery.Report
    ) throws {
        // The hashes hold the numbers too, for when the end of the table is lost.
        let last = [last("sequence", "events NOT INDEXED", damaged), lastHashed(damaged)].compactMap { $0 }.max()
        let base = base(of: damaged)
        var (expected, holes): (Int64, Int) = (base + 1, 0)
        var prefix = store.mirror.map { _ in MirrorPrefix(ghosts: ghosts(damaged)) }
        let marked = (try? isMarked(damaged.reader)) == false ? "1" : AdmittedEvent.isBelieved
        let table = DamagedTable(
            last: last, read: { try events(damaged.reader, $0, $1, marked) }, patience: patience(damaged))
        let unreadable = try table.walk { found in
            for sequence in found.compactMap(\.event.sequence) where sequence > base {
                if sequence != expected { holes += 1 }
                expected = sequence + 1
            }
            let whole = prefix.map { _ in found.prefix { prefix?.take($0) == true } } ?? found[...]
            report.events += try keep(whole.map { ($0.event, $0.isBelieved && (prefix != nil || believes($0.event))) })
        }
        if let last, expected <= last { holes += 1 }
        report.gaps += max(holes, unreadable)
    }

    private func ghosts(_ damaged: DamagedFile) -> Set<Int64> {
        Set((try? damaged.reader.statements("SELECT sequence FROM ghosts").all { $0.integer(0) }) ?? [])
    }

    /// The small tier has the last ones, unless it has just been poured.
    private func lastHashed(_ damaged: DamagedFile) -> Int64? {
        guard let fresh = last("row", HashIndex.events + "_fresh", damaged) else { return nil }
        return last("row", HashIndex.events, damaged).map { max($0, fresh) }
    }

    private func salvageActs(_ damaged: DamagedFile, _ report: inout Recovery.Report) throws {
        let last = last("position", "outbox NOT INDEXED", damaged)
        let table = DamagedTable(last: last, read: { try acts(damaged.reader, $0, $1) }, patience: patience(damaged))
        report.gaps += try table.walk { acts in
            try store.enqueue(acts, now: now)
            report.waiting += acts.count
        }
    }

    /// For a file that SQLite cannot open: a copy of it with the schema of the new store.
    private func transplanted(to copy: String) throws -> DamagedFile? {
        try store.emptyJournal()
        guard SchemaPages(of: store.path)?.transplant(into: aside, copy: copy) == true else { return nil }
        return try? DamagedFile(path: copy)
    }

    /// One lost page of the tree may hide some tens of thousands of rows, but no more than the file has room for.
    func patience(_ damaged: DamagedFile) -> Int64 { min(200_000, 1_000 + damaged.pages * 50) }

    func last(_ key: String, _ table: String, _ damaged: DamagedFile) -> Int64? {
        try? damaged.reader.statements("SELECT coalesce(max(\(key)), 0) FROM \(table)").first { $0.integer(0) }
    }

    /// One key is sought for itself: a range looks at the row behind it as well, which may be a damaged one.
    func range(_ key: String, _ after: Int64, _ until: Int64) -> String {
        until == after + 1 ? "?1 < ?2 AND \(key) = ?2" : "\(key) > ?1 AND \(key) <= ?2"
    }

    // MARK: - Events

    private typealias Found = (event: Event, isBelieved: Bool)

    /// - Parameter isBelieved: in SQL.
    private func events(
        _ reader: StoreReader, _ after: Int64, _ until: Int64, _ isBelieved: String
    ) throws -> [Found] {
        let select = try reader.statements(
            """
            SELECT \(EventRows.columns), fingerprint, \(isBelieved) FROM events NOT INDEXED
            WHERE \(range("sequence", after, until)) ORDER BY sequence
            """)
        select.bind(1, after)
        select.bind(2, until)
        return try select.all { row in
            let event = try reader.events.read(row)
            // SQLite has no checksums: a row whose name does not fit is not the one that was written.
            guard row.integer(14) == EventRows.checksum(of: event), !event.type.rawValue.isEmpty else {
                throw StoreError.damaged(path: aside, reason: "event \(row.integer(0))")
            }
            return (event, row.bool(15))
        }
    }

    /// Whether the store is not older than the column that says what is not believed.
    private func isMarked(_ reader: StoreReader) throws -> Bool {
        let select = try reader.statements("SELECT 1 FROM pragma_table_info('events') WHERE name = 'refused'")
        return try select.first { _ in true } ?? false
    }

    /// Of a mirror only what stands before the first hole is taken over: the hub gives the rest again, in order, and what was
    /// folded from behind a hole would be another city. With it goes what was not believed: it is looked at again.
    private struct MirrorPrefix {
        let ghosts: Set<Int64>
        var last: Int64 = 0
        var isOver = false

        mutating func take(_ found: Found) -> Bool {
            guard !isOver, let sequence = found.event.sequence else { return false }
            while ghosts.contains(last + 1) { last += 1 }
            isOver = sequence != last + 1 || !found.isBelieved
            last = sequence
            return !isOver
        }
    }

    /// Each event keeps the time at which it was recorded first. What this version cannot decode is kept as it is.
    private func keep(_ found: [Found]) throws -> Int {
        try store.write { writer in
            var kept = 0
            for group in groups(found) {
                let admitted = group.map { AdmittedEvent(fromLog: $0.event) }
                let believed = zip(group, admitted).map { $0.isBelieved ? $1 : $1.unproved }
                let admissions = try writer.append(salvaged: believed, now: group.first?.event.recorded ?? now)
                kept += admissions.count { $0.isAccepted || $0 == .duplicate }
            }
            return kept
        }
    }

    /// Neighbours that were recorded at the same time.
    private func groups(_ found: [Found]) -> [ArraySlice<Found>] {
        var groups: [ArraySlice<Found>] = []
        var rest = found[...]
        while let first = rest.first {
            let group = rest.prefix { $0.event.recorded == first.event.recorded }
            groups.append(group)
            rest = rest.dropFirst(group.count)
        }
        return groups
    }

    // MARK: - The outbox

    private func acts(
        _ reader: StoreReader, _ after: Int64, _ until: Int64
    ) throws -> [(id: String, subject: String?, event: [UInt8])] {
        let select = try reader.statements(
            """
            SELECT id, subject, event, state FROM outbox NOT INDEXED
            WHERE \(range("position", after, until)) ORDER BY position
            """)
        select.bind(1, after)
        select.bind(2, until)
        return try select.all { row in row.int(3) == 0 ? (row.text(0), row.optionalText(1), row.blob(2)) : nil }
            .compactMap { $0 }
    }
}
