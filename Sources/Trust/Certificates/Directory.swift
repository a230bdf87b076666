public import ControlRoom
import Synchronization

/// Whose key is which, as the authority's certificates say. It grows with the log and never forgets: an act that was signed
/// before its key was revoked stays what it was.
public final class Directory: Sendable {
    public struct Member: Sendable {
        public var identity: Identity
        public var key: VerifyingKey
        public var ends: Timestamp
        public var isRevoked: Bool
    }

    public enum Verdict: Equatable, Sendable {
        case valid
        case unsigned
        case unknownKey
        /// The signature is not that of the key, or the key is not the actor's.
        case forged
        case revoked
    }

    private let authority: AuthorityCertificate
    private let members = Mutex<[String: Member]>([:])

    public init(authority: AuthorityCertificate) { self.authority = authority }

    /// Takes in a certificate; one of another authority is not taken. Whether it is known now.
    @discardableResult
    public func learn(pem: String) -> Bool {
        guard let certificate = try? MemberCertificate(pem: pem), authority.issued(certificate.certificate) else {
            return false
        }
        let member = Member(
            identity: certificate.identity, key: certificate.key, ends: certificate.ends, isRevoked: false)
        members.withLock { members in
            guard let known = members[certificate.keyID] else { return members[certificate.keyID] = member }
            if known.identity == member.identity { members[certificate.keyID]?.ends = max(known.ends, member.ends) }
        }
        return true
    }

    public func revoke(keyID: String) { members.withLock { $0[keyID]?.isRevoked = true } }

    /// Whether a key may be used now, as far as the log has come.
    public func isInForce(keyID: String) -> Bool { members.withLock { $0[keyID].map { !$0.isRevoked } ?? false } }

    public func member(keyID: String) -> Member? { members.withLock { $0[keyID] } }

    /// Whether a hub of this authority signed it: a checkpoint, or a copy that was shared.
    public func isHubs(_ event: Event) -> Bool {
        guard let keyID = event.extensions[EventDigest.keyID], let member = member(keyID: keyID) else { return false }
        return member.identity.role == .hub && member.key.isSigner(of: event)
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
