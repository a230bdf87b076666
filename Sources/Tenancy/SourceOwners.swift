import ControlRoom

/// Whose each source is, by tenant: a part of the fold of the system log, the same on every hub.
///
/// A machine owns the sources it was enrolled with, and no other. One that was enrolled without any owns those that it was the
/// first to use, as far as nobody was enrolled with them. Several may be enrolled with the same.
public struct SourceOwners: Equatable, Sendable {
    /// By what the owner of a source is known.
    public enum Owner: Hashable, Sendable {
        /// A member, by its pseudonym: it keeps its sources when it is enrolled with another key.
        case machine(String)
        /// A sender of syslog that is no member, by its address or certificate.
        case device(String)

        public var name: String {
            switch self {
            case .machine(let actor): actor
            case .device(let name): name
            }
        }
    }

    /// How a machine stands to a source.
    public enum Standing: Equatable, Sendable {
        case owned
        /// Nobody's; it is the machine's once that stands in the system log.
        case free
        /// Why it is not to use it.
        case refused(String)
    }

    /// Sources that one machine can own by use.
    public static let mostOfOne = 10_000
    /// Sources of a tenant that are owned by use.
    public static let mostOfTenant = 100_000

    /// A machine that was enrolled with patterns.
    private struct Holder: Equatable {
        var actor: String
        var patterns: [SourcePattern]
    }

    private struct Tenant: Equatable {
        var pins: [String: Owner] = [:]
        /// What was owned by use once, and is no more.
        var freed: Set<String> = []
        var counts: [Owner: Int] = [:]
        /// By key; changed by `enrol` and `revoke` alone, so that the index says the same.
        private(set) var holders: [String: Holder] = [:]
        private var index = SourcePatternIndex()

        /// Who was enrolled with a source; of several the first by name, for all hubs alike. See `SourcePatternIndex` for the cost.
        func holder(of source: String, but owner: Owner? = nil) -> String? {
            var other: String?
            if case .machine(let actor)? = owner { other = actor }
            return index.first(matching: source, but: other)
        }

        mutating func enrol(_ holder: Holder, keyID: String) {
            revoke(keyID: keyID)
            holders[keyID] = holder
            for pattern in holder.patterns { index.add(pattern, of: holder.actor) }
        }

        mutating func revoke(keyID: String) {
            guard let holder = holders.removeValue(forKey: keyID) else { return }
            for pattern in holder.patterns { index.remove(pattern, of: holder.actor) }
        }
    }

    private var tenants: [String: Tenant] = [:]

    public init() {}

    // MARK: - Questions

    /// Costs a look-up for a source that is owned by use, and for one that is not a search in the patterns of the tenant, which grows
    /// with the lengths of what they begin with, not with their number (`SourcePatternIndex`).
    ///
    /// - Parameter keyID: the key that the machine shows; nil for a device.
    public func standing(of owner: Owner, keyID: String?, to source: String, in tenant: String) -> Standing {
        let known = tenants[tenant] ?? Tenant()
        if let holder = keyID.flatMap({ known.holders[$0] }) {
            return SourceOwners.covers(holder, source) ? .owned : .refused(beyond(holder, source, known))
        }
        if let pinned = known.pins[source] {
            return pinned == owner ? .owned : .refused(SourceOwners.words(source, of: pinned.name, for: owner))
        }
        if let holder = known.holder(of: source, but: owner) {
            return .refused(SourceOwners.words(source, of: holder, for: owner))
        }
        if known.counts[owner] ?? 0 >= SourceOwners.mostOfOne {
            return .refused(
                "\(owner.name) has used \(SourceOwners.mostOfOne) sources already; enrol it with --source PATTERN")
        }
        if known.pins.count >= SourceOwners.mostOfTenant {
            return .refused(
                "the machines of \(tenant) have used \(SourceOwners.mostOfTenant) sources already; "
                    + "enrol them with --source PATTERN")
        }
        return .free
    }

    /// The machine whose a source is; nil for nobody's.
    public func owner(of source: String, in tenant: String) -> Owner? {
        guard let known = tenants[tenant] else { return nil }
        if let pinned = known.pins[source] { return pinned }
        return known.holder(of: source).map(Owner.machine)
    }

    /// Whether it is owned by use.
    public func isPinned(_ source: String, in tenant: String) -> Bool { tenants[tenant]?.pins[source] != nil }

    /// Whether it was owned by use, and was freed since: whoever comes next owns it, whatever stands of it.
    public func wasFreed(_ source: String, in tenant: String) -> Bool {
        tenants[tenant]?.freed.contains(source) ?? false
    }

    /// What is owned by use, in the order of the sources.
    public func pins(of tenant: String) -> [(source: String, owner: Owner)] {
        (tenants[tenant]?.pins ?? [:]).map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    private func beyond(_ holder: Holder, _ source: String, _ tenant: Tenant) -> String {
        let owner = Owner.machine(holder.actor)
        let other = tenant.pins[source]?.name ?? tenant.holder(of: source, but: owner)
        if let other, other != holder.actor { return SourceOwners.words(source, of: other, for: owner) }
        let shown = holder.patterns.prefix(3).map(\.text).joined(separator: ", ")
        let more = holder.patterns.count > 3 ? " and \(holder.patterns.count - 3) more" : ""
        return "\(source) is none of the sources that \(holder.actor) was enrolled with (\(shown)\(more))"
    }

    private static func words(_ source: String, of other: String, for owner: Owner) -> String {
        "\(source) belongs to \(other), not to \(owner.name)"
    }

    private static func covers(_ holder: Holder, _ source: String) -> Bool {
        holder.patterns.contains { $0.matches(source) }
    }

    // MARK: - Changes

    /// A machine was enrolled with patterns: what another used before is its own from now on.
    mutating func enrol(keyID: String, actor: String, patterns: [SourcePattern], in tenant: String) {
        guard !patterns.isEmpty else { return }
        let holder = Holder(actor: actor, patterns: patterns)
        tenants[tenant, default: Tenant()].enrol(holder, keyID: keyID)
        free(in: tenant) { $1 != .machine(actor) && SourceOwners.covers(holder, $0) }
    }

    /// A key is good for nothing any more.
    ///
    /// - Parameter isLast: whether the machine has no other key by which it uses sources without having been enrolled with them.
    mutating func revoke(keyID: String, actor: String, isLast: Bool, in tenant: String) {
        tenants[tenant]?.revoke(keyID: keyID)
        if isLast { free(in: tenant) { $1 == .machine(actor) } }
    }

    /// The first to use a source owns it.
    ///
    /// - Returns: whether it is the owner's by this.
    mutating func pin(_ source: String, for owner: Owner, keyID: String?, in tenant: String) -> Bool {
        guard standing(of: owner, keyID: keyID, to: source, in: tenant) == .free else { return false }
        tenants[tenant, default: Tenant()].pins[source] = owner
        tenants[tenant]?.counts[owner, default: 0] += 1
        return true
    }

    /// - Returns: whether it was owned by use.
    mutating func release(_ source: String, in tenant: String) -> Bool {
        guard tenants[tenant]?.pins[source] != nil else { return false }
        free(in: tenant) { name, _ in name == source }
        return true
    }

    /// Linear in the pins of the tenant.
    private mutating func free(in tenant: String, _ isFreed: (String, Owner) -> Bool) {
        guard var known = tenants[tenant], !known.pins.isEmpty else { return }
        let freed = known.pins.filter { isFreed($0.key, $0.value) }
        for source in freed.keys { known.pins[source] = nil }
        known.freed.formUnion(freed.keys)
        known.counts = known.pins.reduce(into: [:]) { $0[$1.value, default: 0] += 1 }
        tenants[tenant] = known
    }
}
