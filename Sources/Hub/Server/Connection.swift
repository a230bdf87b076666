import ControlRoom
import Feed
import NIOCore
import NIOSSL
import Synchronization
import Trust

/// One connection: who is behind it is found out once, and looked up again for each request whether he still may.
final class Connection: Sendable {
    let channel: any Channel
    private let trial: Submitter?
    private let known = Mutex<Known>(.unknown)

    private enum Known {
        case unknown
        case nobody
        case somebody(Submitter, ends: Timestamp)
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
        if case .unknown = known.withLock({ $0 }) {
            let certificate = try? await channel.nioSSL_peerCertificate().get()
            let found = certificate.flatMap { try? $0.toDERBytes() }.flatMap {
                central.member(certificate: $0, now: now)
            }
            known.withLock { $0 = found.map { .somebody($0.submitter, ends: $0.ends) } ?? .nobody }
        }
        guard case .somebody(let submitter, let ends) = known.withLock({ $0 }) else { return nil }
        // A session of TLS may outlive its certificate, and a certificate its holder's rights.
        guard now <= ends, let keyID = submitter.keyID, central.directory.isInForce(keyID: keyID) else { return nil }
        return submitter
    }
}
