import ControlRoom
import Feed
import Trust

/// Of which kind a refusal of an event is, for the journal.
enum Denial {
    /// - Parameters:
    ///   - event: what was refused as not allowed, not as badly formed.
    ///   - submitter: who brought it.
    /// - Returns: the kind; the signature is only checked again where its author also lacks the right.
    static func kind(
        of event: Event, from submitter: Submitter, _ directory: Directory, now: Timestamp
    ) -> RefusalJournal.Kind {
        if let tenant = event.tenant, tenant != submitter.identity.tenant { return .foreignTenant }
        guard event.isAct else { return .refusedRole }
        guard event.signature != nil else { return .unsignedAct }
        guard let keyID = event.extensions[EventDigest.keyID], let member = directory.member(keyID: keyID) else {
            return .unknownKey
        }
        if let right = event.type.neededRight, !member.identity.role.may(right) {
            return directory.verdict(on: event) == .forged ? .forgedSignature : .refusedRole
        }
        if member.isRevoked {
            return directory.verdict(on: event) == .forged ? .forgedSignature : .revoked
        }
        return now > member.ends ? .ended : .forgedSignature
    }
}
