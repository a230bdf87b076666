import ControlRoom
import Feed
import NIOCore
import NIOSSL
import Synchronization
import Trust

/// One connection: who is behind it is found out once, and looked up again for each request whether they still may.
final class Connection: Sendable {
    let channel: any Channel
    private let trial: Submitter?
    private let known = Mutex<Known>(.unknown)

    private enum Known {
        case unknown
        case nobody
        /// A certificate of our authority; the submitter is nil where it was not in force when it was shown.
        case shown(der: [UInt8], Submitter?)
    }

    /// - Parameter trial: who everybody is on a loopback trial without certificates.
    init(_ channel: any Channel, trial: Submitter?) {
        self.channel = channel
        self.trial = trial
    }

    /// Where it comes from, for the journal.
    var address: String { channel.remoteAddress?.ipAddress ?? "-" }

    /// Nil where nobody showed a certificate that is in force.
    func submitter(_ central: Central, now: Timestamp) async -> Submitter? {
        if let trial { return trial }
        guard case .shown(_, let submitter?) = await look(central, now), let keyID = submitter.keyID,
            // A session of TLS may outlive its certificate, and a certificate its holder's rights.
            central.isInForce(keyID: keyID, now: now)
        else { return nil }
        return submitter
    }

    /// Who asks for a renewal, whose certificate may have ended a while ago; nil where nobody may.
    func renewer(_ central: Central, now: Timestamp) async -> Submitter? {
        guard case .shown(let der, _) = await look(central, now) else { return nil }
        return central.renewable(certificate: der, now: now)
    }

    private func look(_ central: Central, _ now: Timestamp) async -> Known {
        if case .unknown = known.withLock({ $0 }) {
            let der = (try? await channel.nioSSL_peerCertificate().get()).flatMap { try? $0.toDERBytes() }
            let found: Known =
                der.map { .shown(der: $0, central.member(certificate: $0, now: now)?.submitter) } ?? .nobody
            known.withLock { $0 = found }
        }
        return known.withLock { $0 }
    }
}
