public import ControlRoom
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Rebuilding a damaged store: the file is set aside, and a new one is filled with every event that can still be read.
public enum Recovery {
    /// What was done, to be said to the user.
    public struct Report: Equatable, Sendable {
        public var setAside: String
        public var events: Int
        public var waiting: Int
        /// Stretches of the log that could not be read.
        public var gaps: Int
    }

    /// Opens a store; a damaged one is rebuilt first.
    ///
    /// - Throws: `StoreError` for anything but damage.
    public static func open(
        path: String, now: Timestamp, makeLogID: () -> String
    ) throws -> (store: Store, report: Report?) {
        do {
            let store = try Store(path: path, makeLogID: makeLogID)
            try probe(store)
            return (store, nil)
        } catch StoreError.damaged {
            let aside = try setAside(path, now: now)
            let store = try Store(path: path, makeLogID: makeLogID)
            return (store, salvage(from: aside, into: store, now: now))
        }
    }

    /// Touches what a console reads first, so that damage shows before the screen is up. A marker left by a run that met
    /// damage later asks for a rebuild.
    private static func probe(_ store: Store) throws {
        if access(marker(store.path), F_OK) == 0 {
            unlink(marker(store.path))
            store.close()
            throw StoreError.damaged(path: store.path, reason: "found while it was in use")
        }
        do {
            _ = try store.lastSequence()
            _ = try store.alerts(AlertQuery(realm: .actual), at: .start, limit: 50)
            _ = try store.read(after: 0, limit: 1)
            _ = try store.waitingCount()
        } catch {
            store.close()
            throw error
        }
    }

    /// Notes that damage was met while running; the next start rebuilds.
    public static func markDamaged(_ path: String) {
        Glibc.close(creat(marker(path), 0o600))
    }

    private static func marker(_ path: String) -> String { path + ".damaged" }

    private static func setAside(_ path: String, now: Timestamp) throws -> String {
        let stamp = now.rfc3339.filter { $0.isNumber || $0 == "T" }
        var aside = path + ".damaged-" + stamp
        var number = 1
        while access(aside, F_OK) == 0 {
            number += 1
            aside = path + ".damaged-" + stamp + "-\(number)"
        }
        for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, aside + suffix) == 0 else { throw StoreError.notPermitted(path: path) }
        }
        return aside
    }

    // MARK: - Salvage

    private static func salvage(from aside: String, into store: Store, now: Timestamp) -> Report {
        var report = Report(setAside: aside, events: 0, waiting: 0, gaps: 0)
        var configuration = Configuration()
        configuration.busyMode = .timeout(1)
        guard let damaged = try? DatabaseQueue(path: aside, configuration: configuration) else { return report }
        try? damaged.read { db in
            let reader = try StoreReader(db)
            salvageEvents(reader, into: store, now: now, &report)
            salvageOutbox(reader, into: store, now: now, &report)
        }
        return report
    }

    private static func salvageEvents(
        _ reader: StoreReader, into store: Store, now: Timestamp, _ report: inout Report
    ) {
        var after: Int64 = 0
        var step: Int64 = 1_000
        let last = (try? reader.statements("SELECT max(sequence) FROM events").first { $0.integer(0) }) ?? 0
        while after < last {
            if let batch = try? events(reader, after: after, until: after + step) {
                report.events += keep(batch, in: store, now: now)
                after += step
                step = min(1_000, step * 2)
            } else if step > 1 {
                step = max(1, step / 8)
            } else {
                report.gaps += 1
                after += 1
            }
        }
    }

    private static func events(_ reader: StoreReader, after: Int64, until: Int64) throws -> [Event] {
        let select = try reader.statements(
            "SELECT \(EventRows.columns) FROM events WHERE sequence > ? AND sequence <= ? ORDER BY sequence")
        select.bind(1, after)
        select.bind(2, until)
        return try select.all { try reader.events.read($0) }
    }

    /// Each event keeps the time at which it was recorded first.
    private static func keep(_ events: [Event], in store: Store, now: Timestamp) -> Int {
        var kept = 0
        var index = events.startIndex
        while index < events.endIndex {
            let recorded = events[index].recorded ?? now
            let end = events[index...].firstIndex { ($0.recorded ?? now) != recorded } ?? events.endIndex
            let admitted = events[index..<end].compactMap { try? AdmittedEvent($0) }
            kept += (try? store.ingest(admitted, now: recorded).count { $0.isAccepted }) ?? 0
            index = end
        }
        return kept
    }

    private static func salvageOutbox(
        _ reader: StoreReader, into store: Store, now: Timestamp, _ report: inout Report
    ) {
        guard let select = try? reader.statements("SELECT id, subject, event FROM outbox WHERE state = 0"),
            let acts = try? select.all({ (id: $0.text(0), subject: $0.optionalText(1), event: $0.blob(2)) })
        else { return }
        if (try? store.enqueue(acts, now: now)) != nil { report.waiting = acts.count }
    }
}

extension Store {
    /// What SQLite's own check finds wrong with the file; empty for a sound one. Reads all of it.
    public func integrityProblems() throws -> [String] {
        let lines = try read { try $0.statements("PRAGMA quick_check(5)").all { $0.text(0) } }
        return lines == ["ok"] ? [] : lines
    }
}
