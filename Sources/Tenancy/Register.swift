public import ControlRoom

/// Tenants, agreements, offers and members: the fold of the system log, the same on every hub.
public struct Register: Equatable, Sendable {
    /// A key that was enrolled: whose it is, its last certificate in PEM, and whether it was revoked.
    public struct Member: Equatable, Sendable {
        public var identity: Identity
        public var certificate: String
        public var isRevoked: Bool
        /// The sources that a machine was enrolled with; a renewal keeps them.
        public var sources: [SourcePattern]

        public init(identity: Identity, certificate: String, isRevoked: Bool, sources: [SourcePattern] = []) {
            self.identity = identity
            self.certificate = certificate
            self.isRevoked = isRevoked
            self.sources = sources
        }
    }

    /// What a hub said last.
    public struct HubWord: Equatable, Sendable {
        public var word: HubFollowed
        /// When that was recorded.
        public var said: Timestamp
    }

    public private(set) var tenants: [String: TenantAdded] = [:]
    /// Those that have not ended, by id. One whose time is over goes when its tenant makes the next.
    public private(set) var agreements: [String: Agreement] = [:]
    /// When an agreement was made, by its id; it goes with it.
    public private(set) var made: [String: Timestamp] = [:]
    /// What is left of an agreement that has ended, by its id: its name never stands for other terms. Nothing walks over them
    /// but the command that lists them.
    public private(set) var ended: [String: EndedAgreement] = [:]
    /// What each hub said last of how far it has followed, and when, by where it runs.
    public private(set) var hubs: [String: HubWord] = [:]
    /// What hubs say of each other's consoles.
    public private(set) var watches = HubWatches()
    public private(set) var members: [String: Member] = [:]
    /// Offers by the hash of their code. An offer is good once.
    public private(set) var offers: [String: EnrolmentOffered] = [:]
    /// The keys of a tenant's members, revoked ones among them, in the order in which they were enrolled.
    public private(set) var keysByTenant: [String: [String]] = [:]
    /// Keys that are good for nothing any more, those of hubs among them, which are no members.
    public private(set) var revokedKeys: Set<String> = []
    /// For how many days a tenant's log is kept with those who follow it; none where it is kept for ever.
    public private(set) var retention: [String: Int] = [:]
    /// Whose each source is.
    public private(set) var sources = SourceOwners()
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
        case sourcePinned(tenant: String, source: String)
        case sourceReleased(tenant: String, source: String)
    }

    /// - Parameter time: when the fact was recorded.
    public mutating func apply(_ fact: Fact, at time: Timestamp) -> Effect {
        switch fact {
        case .tenantAdded(let fact): add(fact)
        case .agreementMade(let fact): make(fact, at: time)
        case .agreementEnded(let fact): end(fact)
        case .hubFollowed(let fact): note(fact, at: time)
        case .enrolmentOffered(let fact): offer(fact)
        case .enrolmentWithdrawn(let fact): withdraw(fact)
        case .identityEnrolled(let fact): enrol(fact)
        case .identityRevoked(let fact): revoke(fact)
        case .retentionSet(let fact): retain(fact)
        case .sourcePinned(let fact): pin(fact)
        case .sourceReleased(let fact):
            sources.release(fact.source, in: fact.tenant)
                ? .sourceReleased(tenant: fact.tenant, source: fact.source) : .none
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
        guard agreements[fact.id] == nil, ended[fact.id] == nil else { return .none }
        for expired in made(by: fact.from) where !expired.isInForce(at: time) {
            forget(expired, reason: expired.expiry)
        }
        agreements[fact.id] = fact
        made[fact.id] = time
        agreementsByTenant[fact.from, default: []].append(fact.id)
        return .agreementMade(fact.id)
    }

    private mutating func end(_ fact: AgreementEnded) -> Effect {
        guard let agreement = agreements[fact.id] else { return .none }
        forget(agreement, reason: fact.reason)
        return .agreementEnded(fact.id)
    }

    private mutating func forget(_ agreement: Agreement, reason: String) {
        ended[agreement.id] = EndedAgreement(agreement, reason: reason)
        agreements[agreement.id] = nil
        made[agreement.id] = nil
        agreementsByTenant[agreement.from]?.removeAll { $0 == agreement.id }
    }

    private mutating func note(_ fact: HubFollowed, at time: Timestamp) -> Effect {
        watches.note(fact, at: time)
        // A word on consoles says nothing new of how far it has followed.
        guard fact.watch == nil else { return .none }
        hubs[fact.place] = HubWord(word: fact, said: time)
        return .none
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
        let patterns = known?.sources ?? fact.codeHash.flatMap { offers[$0]?.sources } ?? []
        members[fact.keyID] = Member(
            identity: fact.identity, certificate: fact.certificate, isRevoked: false, sources: patterns)
        guard known == nil else { return .renewed(keyID: fact.keyID) }
        keysByTenant[fact.identity.tenant, default: []].append(fact.keyID)
        sources.enrol(
            keyID: fact.keyID, actor: fact.identity.actor, patterns: patterns, in: fact.identity.tenant)
        return .enrolled(keyID: fact.keyID)
    }

    /// What a machine owned by use is nobody's, once no key of it is left by which it can use that.
    private mutating func revoke(_ fact: IdentityRevoked) -> Effect {
        guard !fact.keyID.isEmpty, revokedKeys.insert(fact.keyID).inserted else { return .none }
        members[fact.keyID]?.isRevoked = true
        if let identity = members[fact.keyID]?.identity, identity.role.isMachines {
            let isLast = !keys(ofActor: identity.actor, tenant: identity.tenant).contains { keyID in
                members[keyID].map { !$0.isRevoked && $0.sources.isEmpty } ?? false
            }
            sources.revoke(keyID: fact.keyID, actor: identity.actor, isLast: isLast, in: identity.tenant)
        }
        return .revoked(keyID: fact.keyID)
    }

    /// Of two who use a source for the first time, the one whom the log has first owns it.
    private mutating func pin(_ fact: SourcePinned) -> Effect {
        guard tenants[fact.tenant] != nil else { return .none }
        let isPinned: Bool
        switch fact.owner {
        case .device(let name):
            isPinned = sources.pin(fact.source, for: .device(name), keyID: nil, in: fact.tenant)
        case .key(let keyID):
            guard let member = members[keyID], !member.isRevoked, member.identity.tenant == fact.tenant,
                member.identity.role.isMachines
            else { return .none }
            isPinned = sources.pin(
                fact.source, for: .machine(member.identity.actor), keyID: keyID, in: fact.tenant)
        }
        return isPinned ? .sourcePinned(tenant: fact.tenant, source: fact.source) : .none
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

    /// What a tenant shares now, the first made first. The cost grows with what it shares now, whatever has ended.
    public func agreements(from tenant: String, at now: Timestamp) -> [Agreement] {
        made(by: tenant).filter { $0.isInForce(at: now) }
    }

    /// The hubs that serve and have not said that they followed to a place of the system log, in the order of their names. One of
    /// whom nothing was heard for `HubFollowed.silentSeconds` is not among them.
    public func hubs(behind sequence: Int64, at now: Timestamp) -> [String] {
        hubs.values.filter { hub in
            hub.word.serves && hub.word.through < sequence
                && now.seconds(since: hub.said) < HubFollowed.silentSeconds
        }.map(\.word.place).sorted()
    }

    private func made(by tenant: String) -> [Agreement] {
        (agreementsByTenant[tenant] ?? []).compactMap { agreements[$0] }
    }
}
