/// Tenants, agreements, offers and members: the fold of the system log, the same on every hub.
public struct Register: Equatable, Sendable {
    /// A key that was enrolled: whose it is, its last certificate in PEM, and whether it was revoked.
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
    /// The keys of a tenant's members, revoked ones among them, in the order in which they were enrolled.
    public private(set) var keysByTenant: [String: [String]] = [:]
    /// Keys that are good for nothing any more, those of hubs among them, which are no members.
    public private(set) var revokedKeys: Set<String> = []
    /// For how many days a tenant's log is kept with those who follow it; none where it is kept for ever.
    public private(set) var retention: [String: Int] = [:]
    /// The key that was enrolled with a code, by the hash of the code.
    private var taken: [String: String] = [:]
    private var withdrawn: Set<String> = []
    /// The names of the agreements under which a tenant shares, so that looking at one tenant's costs as much as it has.
    private var agreementsByTenant: [String: [String]] = [:]

    public init() {}

    /// What an event of the system log did.
    public enum Effect: Equatable, Sendable {
        case none
        case tenantAdded(String)
        case enrolled(keyID: String)
        /// A member who was there has another certificate for the same key.
        case renewed(keyID: String)
        case offerWithdrawn(codeHash: String)
        /// A member's key, or a hub's.
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
        case .enrolmentWithdrawn(let fact): withdraw(fact)
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
        agreementsByTenant[fact.from, default: []].append(fact.id)
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

    /// A code that was used stays used.
    private mutating func withdraw(_ fact: EnrolmentWithdrawn) -> Effect {
        guard offers[fact.codeHash] != nil, taken[fact.codeHash] == nil, withdrawn.insert(fact.codeHash).inserted else {
            return .none
        }
        return .offerWithdrawn(codeHash: fact.codeHash)
    }

    /// Of two who show the same code, the one whom the log has first is enrolled.
    private mutating func enrol(_ fact: IdentityEnrolled) -> Effect {
        guard !revokedKeys.contains(fact.keyID) else { return .none }
        let known = members[fact.keyID]
        guard known == nil || known?.identity == fact.identity else { return .none }
        if let hash = fact.codeHash {
            guard let offer = offers[hash], offer.identity == fact.identity, taken[hash] == nil,
                !withdrawn.contains(hash)
            else { return .none }
            taken[hash] = fact.keyID
        } else if known == nil {
            // A renewal needs a member who is there.
            return .none
        }
        guard known?.certificate != fact.certificate else { return .none }
        members[fact.keyID] = Member(identity: fact.identity, certificate: fact.certificate, isRevoked: false)
        guard known == nil else { return .renewed(keyID: fact.keyID) }
        keysByTenant[fact.identity.tenant, default: []].append(fact.keyID)
        return .enrolled(keyID: fact.keyID)
    }

    private mutating func revoke(_ fact: IdentityRevoked) -> Effect {
        guard !fact.keyID.isEmpty, revokedKeys.insert(fact.keyID).inserted else { return .none }
        members[fact.keyID]?.isRevoked = true
        return .revoked(keyID: fact.keyID)
    }

    // MARK: - Questions

    /// What has become of a code.
    public enum OfferState: Equatable, Sendable {
        /// It is good until its offer ends.
        case open
        case used(keyID: String)
        case withdrawn
        case expired
    }

    /// - Parameter codeHash: SHA-256 of the code, hexadecimal.
    /// - Returns: nil where no such code was offered.
    public func state(ofOffer codeHash: String, at now: Timestamp) -> OfferState? {
        guard let offer = offers[codeHash] else { return nil }
        if let keyID = taken[codeHash] { return .used(keyID: keyID) }
        if withdrawn.contains(codeHash) { return .withdrawn }
        return offer.until > now ? .open : .expired
    }

    /// The identity that a code is good for; nil where it is not, or no longer.
    public func offer(codeHash: String, at now: Timestamp) -> EnrolmentOffered? {
        state(ofOffer: codeHash, at: now) == .open ? offers[codeHash] : nil
    }

    /// The member who was enrolled with this code and this key, for who asks again because the answer was lost. Until the
    /// offer ends, and not after a revocation.
    public func enrolled(codeHash: String, keyID: String, at now: Timestamp) -> Member? {
        guard taken[codeHash] == keyID, let offer = offers[codeHash], offer.until > now, isMember(keyID: keyID) else {
            return nil
        }
        return members[keyID]
    }

    public func isMember(keyID: String) -> Bool { members[keyID].map { !$0.isRevoked } ?? false }

    public func keys(ofActor actor: String, tenant: String) -> [String] {
        (keysByTenant[tenant] ?? []).filter { members[$0]?.identity.actor == actor }.sorted()
    }

    /// What a tenant shares now, the first made first by id.
    public func agreements(from tenant: String, at now: Timestamp) -> [Agreement] {
        made(by: tenant).filter { ended[$0.id] == nil && $0.isInForce(at: now) }
            .sorted { $0.id < $1.id }
    }

    /// Whether what was recorded at a time may be shared under an agreement.
    public func hasBegun(_ agreement: Agreement, at time: Timestamp) -> Bool {
        made[agreement.id].map { time >= $0 } ?? false
    }

    /// What was shared under these is to be withdrawn.
    public func overAgreements(from tenant: String, at now: Timestamp) -> [Agreement] {
        made(by: tenant).filter { ended[$0.id] != nil || !$0.isInForce(at: now) }.sorted { $0.id < $1.id }
    }

    private func made(by tenant: String) -> [Agreement] {
        (agreementsByTenant[tenant] ?? []).compactMap { agreements[$0] }
    }
}
