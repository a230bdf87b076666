import ControlRoom
import SQLite

/// Which names a stream holds up to a place: an index in a file of this hub's own, made of the stream alone, and made again from it
/// where the file is missing, damaged or of another stream.
///
/// What it throws is `StoreError`. Several processes may have the file open.
final class Names: Sendable {
    private let connection: Connection
    private let hash: NameHash
    private let tools = Confined<LogIndex>()
    private let presence: Presence

    /// - Parameters:
    ///   - path: of the file, which is made where there is none.
    ///   - logID: of the stream.
    ///   - secret: for the key of a new file's hashes.
    init(path: String, logID: String, secret: String) throws {
        let presence = try Presence(storePath: path)
        self.presence = presence
        (connection, hash) = try presence.alone {
            do {
                return try Names.open(path, logID, secret)
            } catch StoreError.damaged {
                try presence.makeExclusive()
                for ending in ["-wal", "-shm", ""] { unlink(path + ending) }
                try presence.share()
                return try Names.open(path, logID, secret)
            }
        }
    }

    private static func open(_ path: String, _ logID: String, _ secret: String) throws -> (Connection, NameHash) {
        let connection = try Connection.writing(
            path, cacheKiB: 8_000, pageBytes: 16_384, checkpoints: (some: 2_000, many: 8_000))
        do {
            try check(connection, path)
            try connection.migrate(steps)
        } catch {
            connection.close()
            throw error
        }
        let hash = try connection.write { statements in
            let meta = Meta(statements: statements)
            if try meta[Meta.logID] == logID, let known = try meta[LogIndex.hashKey].flatMap({ NameHash($0) }) {
                return known
            }
            try statements("DELETE FROM entry_hashes").run()
            try statements("DELETE FROM meta").run()
            try meta.set(Meta.logID, logID)
            let made = NameHash(key: SipHash.Key(secret: secret), plainThrough: 0)
            try meta.set(LogIndex.hashKey, made.text)
            return made
        }
        return (connection, hash)
    }

    /// Reads all of the file, some twenty bytes for each entry: damage in its middle would show only at some later append.
    private static func check(_ connection: Connection, _ path: String) throws {
        let found = try connection.look { try $0("PRAGMA quick_check(1)").all { $0.text(0) } }
        if found != ["ok"] { throw StoreError.damaged(path: path, reason: found.first ?? "no check") }
    }

    private static let steps = [
        (
            name: "1 names",
            sql: """
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE entry_hashes (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;
            """
        )
    ]

    func close() {
        connection.between { tools.drop() }
        connection.close()
        presence.end()
    }

    /// Up to here all names are known.
    func end() throws -> Int64 { try use { try $0.begin() } }

    /// The places at which entries of these names may stand, in their order: hashes are equal there, which says nothing yet.
    func places(of names: [String]) throws -> [[Int64]] {
        try use { index in
            try names.map { name in
                var places: [Int64] = []
                _ = try index.first(named: name, index.hash(of: name)) { place -> Bool? in
                    places.append(place)
                    return nil
                }
                return places.sorted()
            }
        }
    }

    /// Takes in what stands behind `end`, in its order.
    ///
    /// - Parameter entries: nil for the name of what has none.
    func add(_ entries: [(name: String?, place: Int64)]) throws {
        guard !entries.isEmpty else { return }
        do {
            try connection.write { statements in
                let index = tools.value { LogIndex(statements, hash) }
                let known = try index.begin()
                for (name, place) in entries where place > known {
                    if let name { index.add(named: name, row: place) } else { index.pass(place) }
                }
                try index.pourIfFull()
            }
        } catch {
            connection.between { tools.known?.forget() }
            throw error
        }
    }

    private func use<Value>(_ body: (LogIndex) throws -> Value) throws -> Value {
        try connection.look { statements in try body(tools.value { LogIndex(statements, hash) }) }
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
