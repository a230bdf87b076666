import ControlRoom
import HubCore
import NIOCore
import NIOSSL
import Trust

/// Who sends syslog over a connection.
enum SyslogPeer: Sendable {
    /// A member, by a certificate of the hub's authority.
    case member(Submitter)
    /// A device with a certificate of an authority that the settings name.
    case device(fingerprint: String)
    /// Whoever reaches an address that takes plain text.
    case plain(address: String)

    /// By which it is known, on screens as well.
    var name: String {
        switch self {
        case .member(let submitter): submitter.identity.actor
        case .device(let fingerprint): "certificate " + fingerprint.prefix(16)
        case .plain(let address): address
        }
    }

    /// In whose name it posts: the sources of what it brings are its own.
    func submitter(tenant: String) -> Submitter {
        if case .member(let submitter) = self { return submitter }
        return Submitter(
            identity: Identity(actor: "syslog", role: .sensor, tenant: tenant), keyID: nil, device: name)
    }

    /// Why a connection is not listened to.
    struct Stranger: Error, CustomStringConvertible {
        let description: String
    }

    /// Who is behind a finished TLS handshake (RFC 5425, 4.2.1 and 5.1).
    ///
    /// - Parameters:
    ///   - certificate: DER; the handshake has verified its chain.
    ///   - takesDevices: whether the settings name an authority of devices.
    /// - Throws: `Stranger`.
    static func find(
        _ certificate: [UInt8]?, _ central: Central, tenant: String, takesDevices: Bool, now: Timestamp
    ) throws -> SyslogPeer {
        guard let certificate else { throw Stranger(description: "it shows no certificate") }
        if let found = central.member(certificate: certificate, now: now) {
            guard found.submitter.identity.tenant == tenant, found.submitter.may(.report) else {
                throw Stranger(description: "this member may not report to \(tenant)")
            }
            return .member(found.submitter)
        }
        // A member that was revoked, or is not known here, is no device.
        let shown = try? MemberCertificate(der: certificate)
        let isMembers =
            central.hasIssued(certificate: certificate)
            || shown.flatMap { central.knownMembers.member(keyID: $0.keyID) } != nil
        guard !isMembers, takesDevices else {
            throw Stranger(description: "its certificate is not in force here")
        }
        return .device(fingerprint: TextHash.of(certificate))
    }

    /// A connection outlives a revocation, and the end of its key's last certificate.
    func check(_ central: Central, now: Timestamp) throws {
        guard case .member(let submitter) = self else { return }
        guard let keyID = submitter.keyID, central.isInForce(keyID: keyID, now: now) else {
            throw Stranger(description: "its certificate is not in force any more")
        }
    }
}
