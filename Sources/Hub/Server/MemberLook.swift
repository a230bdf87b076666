import ControlRoom
import HubCore
import Trust

/// Who is behind a connection, as its certificate says; each refusal stands in the journal.
struct MemberLook: Sendable {
    let engine: HubEngine
    let ticket: Ticket

    /// - Parameter certificate: DER, of our authority as TLS verified it; nil where none was shown.
    /// - Returns: nil where it is not in force.
    func find(_ certificate: [UInt8]?, now: Timestamp) -> Submitter? {
        if let found = certificate.flatMap({ engine.central.member(certificate: $0, now: now) }) {
            return found.submitter
        }
        noteRefusal(of: certificate, now: now)
        return nil
    }

    /// Who may have a new certificate: theirs is in force, or ended a while ago.
    ///
    /// - Parameter certificate: as for `find`.
    func findRenewer(_ certificate: [UInt8]?, now: Timestamp) -> Submitter? {
        if let found = certificate.flatMap({ engine.central.renewable(certificate: $0, now: now) }) { return found }
        noteRefusal(of: certificate, now: now)
        return nil
    }

    /// A session of TLS may outlive its certificate, and a certificate its holder's rights: asked for each request. A key that
    /// was renewed is in force until its last certificate ends. Who is, is served.
    func isInForce(_ submitter: Submitter, now: Timestamp) -> Bool {
        guard let keyID = submitter.keyID else { return false }
        if engine.central.isInForce(keyID: keyID, now: now) {
            ticket.serve()
            return true
        }
        let details = ["from": ticket.address, "actor": submitter.identity.actor, "key": keyID]
        engine.journal.note(kind(ofKey: keyID, hasEnded: true), details)
        return false
    }

    /// - Parameter certificate: as for `find`.
    func isRevoked(_ certificate: [UInt8]?) -> Bool {
        let shown = certificate.flatMap { try? MemberCertificate(der: $0) }
        return shown.flatMap { engine.central.knownMembers.member(keyID: $0.keyID) }?.isRevoked ?? false
    }

    private func noteRefusal(of certificate: [UInt8]?, now: Timestamp) {
        guard let certificate else { return engine.journal.note(.noCertificate, ["from": ticket.address]) }
        let shown = try? MemberCertificate(der: certificate)
        let refused = shown.map { kind(ofKey: $0.keyID, hasEnded: now > $0.ends) } ?? .unknownKey
        engine.journal.note(refused, ["from": ticket.address, "key": shown?.keyID ?? "-"])
    }

    private func kind(ofKey keyID: String, hasEnded: Bool) -> RefusalJournal.Kind {
        guard let member = engine.central.knownMembers.member(keyID: keyID) else { return .unknownKey }
        if member.isRevoked { return .revoked }
        return hasEnded ? .ended : .unknownKey
    }
}
