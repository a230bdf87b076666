public import ControlRoom
import Synchronization

/// The members whom the reader of a log knows, and whose key is which, as the authority's certificates say. It grows with the
/// log and never forgets: an act that was signed before its key was revoked stays what it was.
public final class KnownMembers: Sendable {
    /// A key, whose it is, and from when to when it counts, over all certificates that it had.
    public struct Member: Sendable {
        public var identity: Identity
        public var key: VerifyingKey
        /// When the first certificate of the key began.
        public var begins: Timestamp
        /// When the last certificate of the key ends: a renewal moves it.
        public var ends: Timestamp
        public var isRevoked: Bool

        /// Whether an act of this member that comes now counts, as far as the certificate goes: it is in force, or it was
        /// when the act was made, and ended at most `MemberCertificate.graceDays` ago. An act that names no time was made
        /// when it comes.
        public func covers(_ act: Event, at now: Timestamp) -> Bool {
            if now <= ends { return true }
            guard act.time != nil || act.occurred != nil else { return false }
            let last = ends.adding(seconds: MemberCertificate.grace)
            return act.happened >= begins && act.happened <= ends && now <= last
        }
    }

    /// What is found of the signature on an act. All but `valid` leave the act without effect.
    public enum Verdict: Equatable, Sendable {
        case valid
        case unsigned
        case unknownKey
        /// The signature is not that of the key, or the key is not the actor's.
        case forged
        case revoked
    }

    private let authority: AuthorityCertificate
    private let known = Mutex(Known())

    private struct Known {
        var members: [String: Member] = [:]
        /// The roles of everybody who has a certificate, by tenant and pseudonym.
        var roles: [String: [String: Set<Role>]] = [:]
        /// Also of keys whose certificate has not come yet.
        var revoked: Set<String> = []
    }

    public init(authority: AuthorityCertificate) { self.authority = authority }

    /// Takes in a certificate; one of another authority is not taken. Whether it is known now.
    @discardableResult
    public func learn(pem: String) -> Bool {
        (try? MemberCertificate(pem: pem)).map(learn) ?? false
    }

    /// Takes in a certificate; one of another authority is not taken. Whether it is known now.
    @discardableResult
    public func learn(_ certificate: MemberCertificate) -> Bool {
        guard authority.hasIssued(certificate) else { return false }
        let keyID = certificate.keyID
        known.withLock { known in
            guard let before = known.members[keyID] else {
                let identity = certificate.identity
                known.roles[identity.tenant, default: [:]][identity.actor, default: []].insert(identity.role)
                known.members[keyID] = Member(
                    identity: certificate.identity, key: certificate.key, begins: certificate.begins,
                    ends: certificate.ends, isRevoked: known.revoked.contains(keyID))
                return
            }
            guard before.identity == certificate.identity else { return }
            known.members[keyID]?.begins = min(before.begins, certificate.begins)
            known.members[keyID]?.ends = max(before.ends, certificate.ends)
        }
        return true
    }

    /// From now on the key counts for nothing, also where its certificate is learnt later. Never taken back.
    public func revoke(keyID: String) {
        known.withLock { known in
            known.revoked.insert(keyID)
            known.members[keyID]?.isRevoked = true
        }
    }

    /// Whether a key may be used now, as far as the log has come.
    public func isInForce(keyID: String) -> Bool { member(keyID: keyID).map { !$0.isRevoked } ?? false }

    /// Nil for a key whose certificate was not learnt; a revoked one is still found.
    public func member(keyID: String) -> Member? { known.withLock { $0.members[keyID] } }

    /// The roles with which somebody was ever enrolled; empty for who is not known here.
    public func roles(of actor: String, tenant: String) -> Set<Role> {
        known.withLock { $0.roles[tenant]?[actor] ?? [] }
    }

    /// Whether a hub of this authority signed it whose key is not revoked: a checkpoint, or a copy that was shared.
    public func isHubs(_ event: Event) -> Bool {
        guard let keyID = event.extensions[EventDigest.keyID], let member = member(keyID: keyID) else { return false }
        return member.identity.role == .hub && !member.isRevoked && member.key.isSigner(of: event)
    }

    /// Whether the event is what its actor signed.
    public func verdict(on event: Event) -> Verdict {
        guard event.signature != nil else { return .unsigned }
        guard let keyID = event.extensions[EventDigest.keyID], let member = member(keyID: keyID) else {
            return .unknownKey
        }
        guard event.actor == member.identity.actor, event.tenant == member.identity.tenant,
            member.key.isSigner(of: event)
        else { return .forged }
        return member.isRevoked ? .revoked : .valid
    }
}
