/// Tenants, agreements, offers and members: the fold of the system log, the same on every hub.
public struct Register: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public var identity: Identity
        public var certificate: String
        public var isRevoked: Bool

        public init(identity: Identity, certificate: String, isRevoked: Bool) {
            self.identity = identity
            self.certificate = certificate
            self.isRevoked = isRevoked
        }
    }

    public private(set) var tenants: [String: TenantAdded] = [:]
    public private(set) var agreements: [String: Agreement] = [:]
    /// From when on an agreement holds: what was recorded before it is not shared.
    public private(set) var made: [String: Timestamp] = [:]
    /// Why an agreement ended, by its id.
    public private(set) var ended: [String: String] = [:]
    public private(set) var members: [String: Member] = [:]
    /// Offers by the hash of their code. An offer is good once.
    public private(set) var offers: [String: EnrolmentOffered] = [:]
    /// For how many days a tenant's log is kept with those who follow it; none where it is kept for ever.
    public private(set) var retention: [String: Int] = [:]
    private var taken: [String: String] = [:]

    public init() {}

    /// What an event of the system log did.
    public enum Effect: Equatable, Sendable {
        case none
        case tenantAdded(String)
        case enrolled(keyID: String)
        case revoked(keyID: String)
        case agreementMade(String)
        case agreementEnded(String)
        case retentionSet(String)
    }

    /// - Parameter time: when the fact was recorded.
    public mutating func apply(_ fact: Fact, at time: Timestamp) -> Effect {
        switch fact {
        case .tenantAdded(let fact): add(fact)
        case .agreementMade(let fact): make(fact, at: time)
        case .agreementEnded(let fact): end(fact)
        case .enrolmentOffered(let fact): offer(fact)
        case .identityEnrolled(let fact): enrol(fact)
        case .identityRevoked(let fact): revoke(fact)
        case .retentionSet(let fact): retain(fact)
        default: .none
        }
    }

    private mutating func add(_ fact: TenantAdded) -> Effect {
        let isNew = tenants[fact.tenant] == nil
        tenants[fact.tenant] = fact
        return isNew ? .tenantAdded(fact.tenant) : .none
    }

    private mutating func retain(_ fact: RetentionSet) -> Effect {
        guard tenants[fact.tenant] != nil, retention[fact.tenant] != fact.days else { return .none }
        retention[fact.tenant] = fact.days
        return .retentionSet(fact.tenant)
    }

    /// Terms do not change under a name: who wants others makes another agreement.
    private mutating func make(_ fact: Agreement, at time: Timestamp) -> Effect {
        guard agreements[fact.id] == nil else { return .none }
        agreements[fact.id] = fact
        made[fact.id] = time
        return .agreementMade(fact.id)
    }

    private mutating func end(_ fact: AgreementEnded) -> Effect {
        guard agreements[fact.id] != nil, ended[fact.id] == nil else { return .none }
        ended[fact.id] = fact.reason
        return .agreementEnded(fact.id)
    }

    private mutating func offer(_ fact: EnrolmentOffered) -> Effect {
        if offers[fact.codeHash] == nil { offers[fact.codeHash] = fact }
        return .none
    }

    /// Of two who show the same code, the one whom the log has first is enrolled.
    private mutating func enrol(_ fact: IdentityEnrolled) -> Effect {
        if let hash = fact.codeHash {
            guard let offer = offers[hash], offer.identity == fact.identity, taken[hash] == nil else { return .none }
            taken[hash] = fact.keyID
        } else {
            // A renewal needs a member who is there.
            guard members.values.contains(where: { $0.identity == fact.identity && !$0.isRevoked }) else {
                return .none
            }
        }
        guard members[fact.keyID] == nil else { return .none }
        members[fact.keyID] = Member(identity: fact.identity, certificate: fact.certificate, isRevoked: false)
        return .enrolled(keyID: fact.keyID)
    }

    private mutating func revoke(_ fact: IdentityRevoked) -> Effect {
        guard members[fact.keyID]?.isRevoked == false else { return .none }
        members[fact.keyID]?.isRevoked = true
        return .revoked(keyID: fact.keyID)
    }

    // MARK: - Questions

    /// The identity that a code is good for; nil where it is not, or no longer.
    public func offer(codeHash: String, at now: Timestamp) -> EnrolmentOffered? {
        guard let offer = offers[codeHash], taken[codeHash] == nil, offer.until > now else { return nil }
        return offer
    }

    public func isMember(keyID: String) -> Bool { members[keyID].map { !$0.isRevoked } ?? false }

    public func keys(ofActor actor: String, tenant: String) -> [String] {
        members.filter { $0.value.identity.actor == actor && $0.value.identity.tenant == tenant }.keys.sorted()
    }

    /// What a tenant shares now, the first made first by id.
    public func agreements(from tenant: String, at now: Timestamp) -> [Agreement] {
        agreements.values.filter { $0.from == tenant && ended[$0.id] == nil && $0.isInForce(at: now) }
            .sorted { $0.id < $1.id }
    }

    /// Whether what was recorded at a time may be shared under an agreement.
    public func hasBegun(_ agreement: Agreement, at time: Timestamp) -> Bool {
        made[agreement.id].map { time >= $0 } ?? false
    }

    /// What was shared under these is to be withdrawn.
    public func overAgreements(from tenant: String, at now: Timestamp) -> [Agreement] {
        agreements.values.filter { $0.from == tenant && (ended[$0.id] != nil || !$0.isInForce(at: now)) }
            .sorted { $0.id < $1.id }
    }
}
