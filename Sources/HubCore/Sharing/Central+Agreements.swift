import ControlRoom
import Tenancy

/// The log of the tenant that shares says from where to where an agreement holds: so that it is the same for every hub, and for
/// one that reads the log again. Every hub says it under the same name, and the first counts.
extension Central {
    private static let subject = "agreement"

    /// What the log of a tenant does not say yet, when it is opened.
    func tellAgreements(_ feed: TenantFeed, now: Timestamp) throws {
        let register = register
        for agreement in register.agreements(from: feed.tenant, at: now) where try !feed.hasBegun(agreement.id) {
            try tellMade(agreement.id, to: feed, now: now)
        }
        for id in try feed.runningAgreements() where register.ended[id] != nil {
            try tellEnded(id, to: feed, now: now)
        }
    }

    /// - Parameter feed: of the tenant that shares.
    func tellMade(_ id: String, to feed: TenantFeed, now: Timestamp) throws {
        let register = register
        guard let agreement = register.agreements[id], agreement.from == feed.tenant else { return }
        let event = try said(
            "agreed/" + id, .agreementMade, JSONWriter.bytes(agreement.write), about: Central.subject, to: feed,
            now: register.made[id] ?? now)
        try feed.keep([event], now: now)
    }

    /// - Parameter feed: of the tenant that shared.
    func tellEnded(_ id: String, to feed: TenantFeed, now: Timestamp) throws {
        guard let ended = register.ended[id], ended.from == feed.tenant else { return }
        let fact = AgreementEnded(id: id, reason: ended.reason)
        let event = try said(
            "agreement-ended/" + id, .agreementEnded, JSONWriter.bytes(fact.write), about: Central.subject, to: feed,
            now: now)
        try feed.keep([event], now: now)
    }
}
