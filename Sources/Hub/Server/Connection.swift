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
    private let look: MemberLook
    private let known = Mutex<Known>(.unknown)

    private enum Known {
        case unknown
        case nobody
        case somebody(Submitter, ends: Timestamp)
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
            let certificate = try? await channel.nioSSL_peerCertificate().get()
            let found = look.find(certificate.flatMap { try? $0.toDERBytes() }, now: now)
            if found != nil { look.ticket.serve() }
            known.withLock { $0 = found.map { .somebody($0.submitter, ends: $0.ends) } ?? .nobody }
        }
        guard case .somebody(let submitter, let ends) = known.withLock({ $0 }),
            look.isInForce((submitter, ends), now: now)
        else { return nil }
        return submitter
    }
}
