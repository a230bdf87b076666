import ControlRoom
import HubCore
import NIOCore
import NIOSSL
import Synchronization
import Trust

/// One connection: who is behind it is found out once, and looked up again for each request whether they still may.
final class Connection: Sendable {
    let channel: any Channel
    private let trial: Submitter?
    private let look: MemberLook
    private let shown = Mutex<Shown?>(nil)
    private let known = Mutex<Known>(.unknown)

    /// What TLS knows of the other side: a certificate of our authority, in force or not, or none.
    private struct Shown { let der: [UInt8]? }

    private enum Known {
        case unknown
        /// Nil where no certificate was shown, or one that was not in force then.
        case looked(Submitter?)
    }

    /// - Parameters:
    ///   - look: how a certificate is looked up.
    ///   - trial: who everybody is on a loopback trial without certificates.
    init(_ channel: any Channel, _ look: MemberLook, trial: Submitter?) {
        self.channel = channel
        self.look = look
        self.trial = trial
    }

    /// Where it comes from, for the journal.
    var address: String { look.ticket.address }

    /// Nil where nobody showed a certificate that is in force.
    func submitter(now: Timestamp) async -> Submitter? {
        if let trial { return trial }
        if case .unknown = known.withLock({ $0 }) {
            let found = look.find(await certificate(), now: now)
            known.withLock { $0 = .looked(found) }
        }
        guard case .looked(let submitter?) = known.withLock({ $0 }), look.isInForce(submitter, now: now) else {
            return nil
        }
        return submitter
    }

    /// Who asks for a renewal, whose certificate may have ended a while ago; nil where nobody may.
    func renewer(now: Timestamp) async -> Submitter? {
        guard let found = look.findRenewer(await certificate(), now: now) else { return nil }
        look.ticket.serve()
        return found
    }

    /// Whether a certificate was shown whose key was revoked.
    func showsRevoked() async -> Bool { look.isRevoked(await certificate()) }

    /// What was shown, DER; nil where nothing was.
    private func certificate() async -> [UInt8]? {
        if let shown = shown.withLock({ $0 }) { return shown.der }
        let der = (try? await channel.nioSSL_peerCertificate().get()).flatMap { try? $0.toDERBytes() }
        shown.withLock { $0 = Shown(der: der) }
        return der
    }
}
