import ControlRoom
import Feed
import HubCore
import Sync
import Trust

/// What administrators do, and members for themselves: the system log says it, and each hub hears of it when it does.
extension Simulation {
    func govern() throws {
        switch chance.unit() {
        case ..<0.4 where kind.isRevoking && revoked == nil: try revoke()
        case ..<0.7 where kind.isTerm:
            if let console = consoles.randomElement(using: &chance) { try renew(console) }
        default: if kind.isShared { try agree() }
        }
    }

    private func say(_ name: String, _ type: EventType, _ data: [UInt8]) throws {
        let entry = try SystemEvents.entry(name, type, data, Cast.wire, signedBy: cast.hubs[0].key, now: now)
        _ = try logs.system.append([entry], now: now)
    }

    /// What they did just before is on its way.
    private func revoke() throws {
        guard let console = consoles.randomElement(using: &chance), console.isUp else { return }
        revoked = console
        for _ in 0..<3 { try console.act(&chance, now: now) }
        try feed(console, .outboxChanged)
        let fact = IdentityRevoked(keyID: console.certificate.keyID, reason: "lost")
        try say("revoked/\(console.number)", .identityRevoked, JSONWriter.bytes(fact.write))
        // One hub hears of it at once; the other may take what is on its way.
        try hubs.filter(\.isUp).randomElement(using: &chance)?.step(now: now, followsSystem: true)
    }

    /// - Returns: whether there was a hub to do it.
    @discardableResult
    private func renew(_ console: SimulatedConsole) throws -> Bool {
        let up = hubs.filter(\.isUp)
        guard let hub = up.randomElement(using: &chance), let central = hub.central,
            let submitter = central.renewable(certificate: console.certificate.der, now: hub.here(now))
        else { return false }
        let request = try CertificateRequest.make(key: cast.people[console.number].key)
        do {
            console.take(try central.renew(submitter, request: request, now: hub.here(now)))
        } catch  where console.number == revoked?.number {
            // The hub heard of it only now.
            return false
        }
        happened.note(.renewed)
        return true
    }

    /// Whoever was out of reach when their certificate ended renews it within the days of grace.
    func renewWhoIsLate() throws {
        guard kind.isTerm else { return }
        for console in consoles where console.number != revoked?.number {
            if console.certificate.ends < now.adding(seconds: 60) { try renew(console) }
        }
    }

    /// Makes one of two agreements, or ends one.
    private func agree() throws {
        let canEnd = agreements.ended < agreements.made
        if agreements.made < 2, !canEnd || chance.unit() < 0.7 {
            let (id, category) = agreements.made == 0 ? ("aid-0", "*") : ("aid-1", "crowd")
            if canEnd { happened.note(.agreedTwice) }
            agreements.made += 1
            let data = """
                {"id":"\(id)","from":"\(Cast.tenant)","to":"\(Cast.receiver)","purpose":"aid","categories":["\(category)"]}
                """
            try say("made/" + id, .agreementMade, Array(data.utf8))
        } else if canEnd, chance.unit() < 0.6 {
            let fact = AgreementEnded(id: "aid-\(agreements.ended)", reason: "over")
            agreements.ended += 1
            try say("ended/" + fact.id, .agreementEnded, JSONWriter.bytes(fact.write))
        }
    }
}

extension Simulation {
    /// What the system log begins with.
    static func furnish(_ system: any EventLog, _ cast: Cast, _ kind: Kind) throws {
        let hub = cast.hubs[0]
        func said(_ id: String, _ type: EventType, _ write: (inout JSONWriter) -> Void) throws -> NewEntry {
            try SystemEvents.entry(
                id, type, JSONWriter.bytes(write), Cast.wire, signedBy: hub.key, now: Cast.start)
        }
        var entries = [
            try SystemEvents.introduction(
                of: hub.certificate, cast.secret, Cast.wire, signedBy: hub.key, now: Cast.start),
            try said("tenant", .tenantAdded, TenantAdded(tenant: Cast.tenant, title: "City").write),
        ]
        if kind.isShared {
            entries.append(
                try said("receiver", .tenantAdded, TenantAdded(tenant: Cast.receiver, title: "Fire").write))
        }
        if kind.isLong {
            let retention = RetentionSet(tenant: Cast.tenant, days: 1)
            entries.append(try said("retention", .retentionSet, retention.write))
        }
        for (index, person) in cast.people.enumerated() {
            let identity = person.certificate.identity
            let offer = EnrolmentOffered(
                codeHash: "code\(index)", identity: identity, until: Cast.start.adding(seconds: 86_400))
            let enrolled = IdentityEnrolled(
                identity: identity, keyID: person.certificate.keyID, certificate: try person.certificate.pem(),
                codeHash: "code\(index)")
            entries.append(try said("offer\(index)", .enrolmentOffered, offer.write))
            entries.append(try said("member\(index)", .identityEnrolled, enrolled.write))
        }
        _ = try system.append(entries, now: Cast.start)
    }
}
