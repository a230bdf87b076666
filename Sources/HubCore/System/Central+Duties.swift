public import ControlRoom
import Feed
import Store
import Tenancy
import Trust

/// What the system log asks of tenants: that they are served, and that their logs say who their members are and what is agreed.
extension Central {
    /// Has done what the system log asks for. Each tenant's part is done by itself (`errand`): one that fails, or waits, holds up no
    /// other, and is tried again after one to ten seconds. On the thread that follows the system log.
    ///
    /// - Returns: what has failed since this was called last, at most one of each tenant.
    public func carryOutOwed(now: Timestamp) -> [Unmet] {
        carryOut(now: now)
        return state.withLock { state in
            defer { state.unmet = [:] }
            return state.unmet.values.sorted { $0.tenant < $1.tenant }
        }
    }

    /// The same, which leaves what fails for `carryOutOwed` to tell.
    func carryOut(now: Timestamp) {
        let owed = state.withLock { state in
            defer { state.owed = [] }
            return state.owed
        }
        for effect in owed { ask(for: effect) }
        let due = state.withLock { state in
            var due: [String] = []
            for tenant in state.duties.keys.sorted() where state.duties[tenant]?.begin(at: now) == true {
                due.append(tenant)
            }
            return due
        }
        for tenant in due { errand(tenant) { [self] in carryOut(of: tenant, now: now) } }
    }

    /// Whether what the system log asks for, such as that a tenant is served, could not be done for want of room on the disk.
    public var lacksRoom: Bool { state.withLock { $0.duties.values.contains(where: \.lacksRoom) } }

    // MARK: - Who is not served

    /// Why a tenant is not served that the system log names; nil where it is served, or is none.
    public func openTrouble(of tenant: String) -> String? { state.withLock { $0.openTrouble(of: tenant) } }

    /// The tenants that the system log names and that are not served, by name, and why.
    public var unserved: [(tenant: String, reason: String)] {
        state.withLock { state in
            state.register.tenants.keys.sorted().compactMap { tenant in
                state.openTrouble(of: tenant).map { (tenant, $0) }
            }
        }
    }

    // MARK: - Whom it is asked of

    /// What concerns this hub itself is done at once.
    private func ask(for effect: Register.Effect) {
        let register = register
        switch effect {
        case .none, .offerWithdrawn, .retentionSet, .sourcePinned, .sourceReleased: break
        case .tenantAdded(let tenant): ask(tenant, .serve)
        case .agreementMade(let id): ask(register.agreements[id]?.from, .beginAgreement(id))
        case .agreementEnded(let id): ask(register.ended[id]?.from, .endAgreement(id))
        case .enrolled(let keyID), .renewed(let keyID):
            guard let member = register.members[keyID] else { return }
            knownMembers.learn(pem: member.certificate)
            ask(member.identity.tenant, .introduce(keyID: keyID))
        case .revoked(let keyID):
            knownMembers.revoke(keyID: keyID)
            if let member = register.members[keyID] {
                return ask(member.identity.tenant, .revoke(keyID: keyID))
            }
            // A hub's word counts in every tenant.
            for tenant in register.tenants.keys { ask(tenant, .revoke(keyID: keyID)) }
        }
    }

    /// A tenant that is not there yet is told all when it is.
    private func ask(_ tenant: String?, _ duty: TenantDuties.Duty) {
        state.withLock { state in
            guard let tenant, state.register.tenants[tenant] != nil else { return }
            if state.duties[tenant] == nil {
                state.duties[tenant] = TenantDuties(duty)
            } else {
                state.duties[tenant]?.add(duty)
            }
        }
    }

    // MARK: - One tenant's

    private func carryOut(of tenant: String, now: Timestamp) {
        while let duty = state.withLock({ $0.nextDuty(of: tenant) }) {
            do {
                try carryOut(duty, of: tenant, now: now)
                state.withLock { $0.duties[tenant]?.done(duty) }
            } catch {
                return state.withLock { state in
                    state.duties[tenant]?.failed(error, at: now)
                    state.unmet[tenant] = Unmet(
                        tenant: tenant, reason: HubWords.of(error), isServed: state.feeds[tenant] != nil)
                }
            }
        }
    }

    private func carryOut(_ duty: TenantDuties.Duty, of tenant: String, now: Timestamp) throws {
        if duty == .serve { return try serve(tenant, now: now) }
        guard let feed = feed(of: tenant) else { return }
        // Nobody believes it, and another hub's word of the same name would be a duplicate of it.
        guard !state.withLock({ $0.silent.contains(tenant) }) else { return }
        switch duty {
        case .serve: break
        case .introduce(let keyID):
            guard let member = register.members[keyID] else { return }
            try tell(feed, introducing: [(keyID, member)], now: now)
        case .revoke(let keyID):
            try tell(feed, introducing: [], revoking: [keyID], now: now)
            if keyID == certificate.keyID { state.withLock { _ = $0.silent.insert(tenant) } }
        case .beginAgreement(let id): try tellMade(id, to: feed, now: now)
        case .endAgreement(let id): try tellEnded(id, to: feed, now: now)
        }
    }

    /// Opens a tenant's log, has it say what it has to, and serves it.
    private func serve(_ tenant: String, now: Timestamp) throws {
        guard feed(of: tenant) == nil else { return }
        let feed = try state.withLock({ $0.opened[tenant] }) ?? open(tenant)
        state.withLock { $0.opened[tenant] = feed }
        let own = Register.Member(
            identity: certificate.identity, certificate: try certificate.pem(), isRevoked: false)
        try tell(feed, introducing: [(certificate.keyID, own)], now: now)
        try furnish(feed, now: now)
        // Who was enrolled, or revoked, before this could be opened.
        let register = register
        let keys = register.keysByTenant[tenant] ?? []
        try tell(
            feed, introducing: keys.compactMap { keyID in register.members[keyID].map { (keyID, $0) } },
            revoking: register.revokedKeys.filter { register.members[$0].map { $0.identity.tenant == tenant } ?? true },
            now: now)
        try tellAgreements(feed, now: now)
        try onTenant(feed)
        state.withLock { state in
            state.feeds[tenant] = feed
            state.opened[tenant] = nil
        }
        // A word that came meanwhile.
        try verifier().trusted[tenant].map(feed.trust)
    }

    private func open(_ tenant: String) throws -> TenantFeed {
        let ground = try ground(tenant)
        let verifier = try verifier()
        let words = try secret.map { EntryWords($0, of: tenant, logID: try ground.log.logID, verifier) }
        let feed = TenantFeed(
            tenant: tenant, log: ground.log, view: ground.view,
            authority: ground.isSigned ? authorityCertificate : nil, key: key, hub: hub,
            wire: wire.speaking(with: words), isOld: verifier.oldTenants.contains(tenant), archive: ground.archive,
            wake: { [wake] in wake(tenant) })
        verifier.trusted[tenant].map(feed.trust)
        let known = Introductions(try ground.view.identities())
        state.withLock { $0.introductions[tenant] = known }
        return feed
    }

    /// A new tenant's log begins with its city.
    private func furnish(_ feed: TenantFeed, now: Timestamp) throws {
        guard let city = register.tenants[feed.tenant]?.city, try feed.view.city() == nil else { return }
        let events = try definitions(city).map { definition in
            var event = definition
            event.tenant = feed.tenant
            return event
        }
        try feed.keep(events, now: now)
    }

    /// Whoever reads the tenant's log can check what its members sign. What the log has is not said again, and all that is
    /// new is one append: to open a tenant costs one look at its view, whatever the number of its members.
    private func tell(
        _ feed: TenantFeed, introducing members: [(keyID: String, member: Register.Member)],
        revoking keys: some Sequence<String> = [], now: Timestamp
    ) throws {
        var known = state.withLock { $0.introductions[feed.tenant] ?? Introductions([]) }
        var events: [Event] = []
        for (keyID, member) in members where known.isNews(keyID: keyID, certificate: member.certificate) {
            let fact = IdentityEnrolled(
                identity: member.identity, keyID: keyID, certificate: member.certificate, codeHash: nil)
            let name = Central.entryName(keyID: keyID, certificate: member.certificate)
            events.append(try said(name, .identityEnrolled, JSONWriter.bytes(fact.write), to: feed, now: now))
        }
        for keyID in keys where known.isNews(revoked: keyID) {
            let fact = IdentityRevoked(keyID: keyID, reason: "")
            events.append(
                try said("revoked/" + keyID, .identityRevoked, JSONWriter.bytes(fact.write), to: feed, now: now))
        }
        guard !events.isEmpty else { return }
        try feed.keep(events, now: now)
        let kept = known
        state.withLock { $0.introductions[feed.tenant] = kept }
    }
}

extension Central.State {
    /// Nil where nothing is left, and nobody carries out anything of this tenant's any more.
    fileprivate mutating func nextDuty(of tenant: String) -> TenantDuties.Duty? {
        guard let duty = duties[tenant]?.first else {
            duties[tenant] = nil
            return nil
        }
        return duty
    }

    func openTrouble(of tenant: String) -> String? {
        guard register.tenants[tenant] != nil, feeds[tenant] == nil else { return nil }
        guard let duties = duties[tenant], duties.isFailing else { return "the hub is opening this tenant's log" }
        return duties.lacksRoom
            ? "no space is left on the hub's disk, and this tenant's log could not be opened"
            : "the hub cannot open this tenant's log; its journal says why, and it goes on by itself when it can"
    }
}
