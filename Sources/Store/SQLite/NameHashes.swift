import ControlRoom
import SQLite

/// By which hash the names of events and alerts are looked up in a store: the key lies in the file, and goes with it into copies.
final class NameHashes {
    private let statements: Statements
    private var known: NameHash?

    init(_ statements: Statements) { self.statements = statements }

    /// - Throws: what the file says; `Missing` where it holds no key, which whoever opens a store gives it (`Keying`).
    var hash: NameHash {
        get throws {
            if let known { return known }
            guard let found = try Meta(statements: statements).nameHash else { throw Missing() }
            known = found
            return found
        }
    }

    /// Nobody has opened the file as a store yet.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "the key of the look-ups is missing" }
    }
}

extension Meta {
    private static let nameHashKey = "name_hash"

    var nameHash: NameHash? { get throws { try self[Meta.nameHashKey].flatMap { NameHash($0) } } }

    func set(_ hash: NameHash) throws { try set(Meta.nameHashKey, hash.text) }
}

/// Gives a store the key of its look-ups, once.
///
/// An older version has entered events and alerts by FNV-1a. Events keep that, because of those that were trimmed nothing else is left;
/// alerts are entered anew, and so is what is kept of alerts that have not come yet. Reads all alerts.
struct Keying {
    let statements: Statements
    let secret: String

    func run() throws {
        let meta = Meta(statements: statements)
        guard try meta.nameHash == nil else { return }
        let last = try statements("SELECT max(sequence) FROM events").first { $0.integer(0) } ?? 0
        let ghosts = try statements("SELECT max(sequence) FROM ghosts").first { $0.integer(0) } ?? 0
        let floor = try meta.backFill?.floor.sequence ?? 0
        let through = try max(last, ghosts, floor, meta.base.sequence)
        let names = NameHash(key: SipHash.Key(secret: secret), plainThrough: through)
        try meta.set(names)
        try keyAlerts(names)
        try keyEnds(names)
    }

    private func keyAlerts(_ names: NameHash) throws {
        let rows = try statements("SELECT id, realm, subject FROM alerts").all { row in
            (hash: names.of(String(row.integer(1)), row.text(2)), row: row.integer(0))
        }
        for tier in ["", "_fresh"] { try statements("DELETE FROM \(HashIndex.alerts)\(tier)").run() }
        let index = HashIndex(statements, name: HashIndex.alerts)
        for entry in rows.sorted(by: { $0.hash < $1.hash }) {
            _ = try index.first(entry.hash) { _ in nil as Int? }
            try index.insert(entry.hash, row: entry.row)
        }
        try index.pour()
    }

    /// Their realm stands in nothing but the hash.
    private func keyEnds(_ names: NameHash) throws {
        let realms = try statements("SELECT id, text FROM names").all { row in
            Realm(name: row.text(1)).map { _ in row.integer(0) }
        }.compactMap { $0 }
        let ends = try statements("SELECT DISTINCT key, subject FROM alert_ends").all { ($0.integer(0), $0.text(1)) }
        let update = try statements("UPDATE OR IGNORE alert_ends SET key = ? WHERE key = ? AND subject = ?")
        for (key, subject) in ends {
            guard let realm = realms.first(where: { FNV1a.of(String($0), subject) == key }) else { continue }
            update.bind(1, names.of(String(realm), subject))
            update.bind(2, key)
            update.bind(3, subject)
            try update.run()
        }
    }
}
