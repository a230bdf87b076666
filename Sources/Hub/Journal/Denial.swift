import ControlRoom
import Feed
import HubCore
import Trust

/// Of which kind a refusal of an event is, for the journal.
enum Denial {
    /// - Parameters:
    ///   - event: what was refused as not allowed, not as badly formed.
    ///   - submitter: who brought it.
    /// - Returns: the kind; the signature is checked again unless the act lacks one, or its key is not known.
    static func kind(
        of event: Event, from submitter: Submitter, _ knownMembers: KnownMembers, now: Timestamp
    ) -> RefusalJournal.Kind {
        if let tenant = event.tenant, tenant != submitter.identity.tenant { return .foreignTenant }
        guard event.isAct else {
            let isAllowed = event.actor == nil && event.type.postingRights.contains(where: submitter.may)
            return isAllowed ? .foreignSource : .refusedRole
        }
        guard event.signature != nil else { return .unsignedAct }
        guard let keyID = event.extensions[EventDigest.keyID], let member = knownMembers.member(keyID: keyID) else {
            return .unknownKey
        }
        let isAllowed = event.type.neededRight.map(member.identity.role.may) ?? true
        let covers = member.covers(event, at: now)
        if knownMembers.verdict(on: event) == .forged { return .forgedSignature }
        // Where nothing else is wrong it was the source.
        if !member.isRevoked, covers, isAllowed { return .foreignSource }
        if member.isRevoked { return .revoked }
        return covers ? .refusedRole : .ended
    }
}
