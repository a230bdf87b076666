import ControlRoom
import SQLite

extension Meta {
    /// The next alert whose district is to be found anew; missing when all are settled.
    static let relocation = "relocation"
    /// There in the copy of a hub's log.
    static let mirror = "mirror"

    private static let policyKey = "alarm_policy"

    /// The alarm policy of the site.
    var policy: AlarmPolicy {
        get throws {
            guard let text = try self[Meta.policyKey] else { return .standard }
            return try JSONReader.read(Array(text.utf8)) { try AlarmPolicy(reading: &$0) }
        }
    }

    func set(_ policy: AlarmPolicy) throws {
        try set(Meta.policyKey, String(decoding: JSONWriter.bytes(policy.write), as: UTF8.self))
    }

    /// Whether an act that silences must name what its author saw (`acts.bound.v1`).
    var areActsBound: Bool { get throws { try self["acts_bound"] != nil } }

    func bindActs() throws { try set("acts_bound", "1") }

    /// Whether any alarm stands next to that of another source, of the same subject.
    var hasNeighbours: Bool { get throws { try self["neighbours"] != nil } }

    func noteNeighbours() throws { try set("neighbours", "1") }

    /// As of when all that ends by time was carried out last.
    var settled: Timestamp {
        get throws { Timestamp(milliseconds: try self["settled"].flatMap(Int64.init) ?? 0) }
    }

    func set(settled: Timestamp) throws { try set("settled", String(settled.milliseconds)) }

    private static let indexedKey = "indexed"

    /// The last event whose text is in the full-text index.
    var indexed: Int64 {
        get throws { try self[Meta.indexedKey].flatMap(Int64.init) ?? 0 }
    }

    func set(indexed: Int64) throws { try set(Meta.indexedKey, String(indexed)) }
}

extension Store {
    /// Keeps a small value under a name, for whoever opens the store next.
    public func remember(_ key: String, _ value: String) throws {
        try write { try Meta(statements: $0.statements).set("kept." + key, value) }
    }

    /// What was kept under a name by `remember`; nil where nothing was.
    public func recall(_ key: String) throws -> String? {
        try look { try Meta(statements: $0.statements)["kept." + key] }
    }
}
