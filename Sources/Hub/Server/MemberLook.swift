import ControlRoom
import Feed
import Trust

/// Who is behind a connection, as its certificate says; each refusal stands in the journal.
struct MemberLook: Sendable {
    let engine: HubEngine
    let ticket: Ticket

    typealias Found = (submitter: Submitter, ends: Timestamp)

    /// - Parameter certificate: DER, as TLS verified it; nil where none was shown.
    /// - Returns: nil where it is not in force.
    func find(_ certificate: [UInt8]?, now: Timestamp) -> Found? {
        guard let certificate else {
            engine.journal.note(.noCertificate, ["from": ticket.address])
            return nil
        }
        if let found = engine.central.member(certificate: certificate, now: now) { return found }
        let shown = try? MemberCertificate(der: certificate)
        let known = (shown?.keyID).flatMap(engine.central.directory.member(keyID:))
        let kind: RefusalJournal.Kind =
            switch known {
            case nil: .unknownKey
            case let known? where known.isRevoked: .revoked
            default: .ended
            }
        engine.journal.note(kind, ["from": ticket.address, "key": shown?.keyID ?? "-"])
        return nil
    }

    /// A session of TLS may outlive its certificate, and a certificate its holder's rights: asked for each request.
    func isInForce(_ found: Found, now: Timestamp) -> Bool {
        guard let keyID = found.submitter.keyID else { return false }
        let details = ["from": ticket.address, "actor": found.submitter.identity.actor, "key": keyID]
        guard engine.central.directory.isInForce(keyID: keyID) else {
            engine.journal.note(.revoked, details)
            return false
        }
        guard now <= found.ends else {
            engine.journal.note(.ended, details)
            return false
        }
        return true
    }
}
