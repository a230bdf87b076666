public import ControlRoom

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
        /// Alarms that wait to be acknowledged or reset and whose events were trimmed, as their rows have them.
        public var alarms: Int
        /// Acts that were on their way.
        public var waiting: Int
        /// Stretches of the log that could not be read.
        public var gaps: Int
    }

    /// Opens a store; a damaged one is rebuilt first.
    ///
    /// - Parameter believes: whether an event of a log of its own has effect in the store that is rebuilt from it.
    /// - Throws: `StoreError`. Where a rebuild could not be finished, as on a full disk, the next call goes on with it.
    public static func open(
        path: String, writeCacheKiB: Int = 12_000, mirror: Store.Mirror? = nil, now: Timestamp,
        believes: (Event) -> Bool = { _ in true }, makeLogID: () -> String
    ) throws -> (store: Store, report: Report?) {
        if !Marker(path).isThere { try Foreign.refuse(path) }
        let presence = try Presence(storePath: path)
        func make() throws -> Store {
            try Store(
                path: path, presence: presence, writeCacheKiB: writeCacheKiB, mirror: mirror, makeLogID: makeLogID)
        }
        if !Marker(path).isThere, let store = try sound(make) { return (store, nil) }
        try presence.makeExclusive()
        // Another process may have rebuilt it before this one was alone with it.
        if !Marker(path).isThere, let store = try sound(make) {
            try presence.share()
            return (store, nil)
        }
        let rebuilt = try rebuild(path, now: now, believes, make)
        try presence.share()
        return rebuilt
    }

    /// The store, if nothing that a console reads first is damaged.
    private static func sound(_ make: () throws -> Store) throws -> Store? {
        do {
            let store = try make()
            try probe(store)
            return store
        } catch StoreError.damaged {
            return nil
        }
    }

    /// Damage shows before the screen is up.
    private static func probe(_ store: Store) throws {
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

    /// Notes that damage was met while running; the next start rebuilds. A marker that is there already may name a rebuild
    /// that is under way, and stays.
    public static func markDamaged(_ path: String) {
        let marker = Marker(path)
        if !marker.isThere { try? marker.write("") }
    }

    // MARK: - Rebuilding

    /// The marker names where the damaged file went until all of it has been read: a rebuild that is cut off is taken up
    /// again, and what it had kept already is not kept twice.
    private static func rebuild(
        _ path: String, now: Timestamp, _ believes: (Event) -> Bool, _ make: () throws -> Store
    ) throws -> (store: Store, report: Report?) {
        let marker = Marker(path)
        var aside = marker.text
        if aside.isEmpty { aside = freeName(path, now: now) }
        try marker.write(aside)
        try setAside(path, as: aside)
        let store = try make()
        do {
            let report = try Salvage(of: aside, into: store, now: now).run(believes)
            marker.remove()
            return (store, report)
        } catch {
            store.close()
            throw error
        }
    }

    private static func freeName(_ path: String, now: Timestamp) -> String {
        let stamp = now.rfc3339.filter { $0.isNumber || $0 == "T" }
        var aside = path + ".damaged-" + stamp
        var number = 1
        while access(aside, F_OK) == 0 {
            number += 1
            aside = path + ".damaged-" + stamp + "-\(number)"
        }
        return aside
    }

    /// The file itself goes last: once it is there, nothing is left to move.
    private static func setAside(_ path: String, as aside: String) throws {
        guard access(aside, F_OK) != 0 else { return }
        for suffix in ["-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, aside + suffix) == 0 else { throw StoreError.notPermitted(path: path) }
        }
    }
}

/// A file beside a store that says that it is damaged, and where the damaged one was put.
private struct Marker {
    let path: String

    init(_ storePath: String) { path = storePath + ".damaged" }

    var isThere: Bool { access(path, F_OK) == 0 }

    /// Empty where nothing was set aside yet.
    var text: String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    func write(_ text: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.notPermitted(path: path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw StoreError.full(path: path) }
        fsync(descriptor)
    }

    func remove() { unlink(path) }
}

extension Store {
    /// What SQLite's own check finds wrong with the file; empty for a sound one. Reads all of it.
    public func integrityProblems() throws -> [String] {
        let lines = try read { try $0.statements("PRAGMA quick_check(5)").all { $0.text(0) } }
        return (lines == ["ok"] ? [] : lines) + (try hashProblems())
    }

    /// What a program that knows no hashes has written is not found by them.
    private func hashProblems() throws -> [String] {
        try read { reader in
            try [(HashIndex.events, "events"), (HashIndex.alerts, "alerts")].compactMap { name, table in
                let count = try reader.statements(
                    """
                    SELECT (SELECT count(*) FROM \(table)) - (SELECT count(*) FROM \(name))
                        - (SELECT count(*) FROM \(name)_fresh)
                    """)
                let missing = try count.first { $0.int(0) } ?? 0
                return missing <= 0 ? nil : "\(missing) \(table) are not found by their hash"
            }
        }
    }
}
