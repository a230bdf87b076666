import ControlRoom
import CoreMetrics
import Dispatch
import HubCore
import Synchronization

/// Copies for other tenants, beside the tenant's own folding.
extension TenantEngine {
    /// At most one round waits, however often it is asked for.
    func share() {
        let isFirst = isSharing.withLock { isSharing in
            defer { isSharing = true }
            return !isSharing
        }
        guard isFirst else { return }
        sharing.async { [self] in
            isSharing.withLock { $0 = false }
            do {
                while try shareStretch() {}
                sharingBacklog.set(Double(try feed.sharingBacklog()))
            } catch {
                journal.note(.cannotShare, ["tenant": feed.tenant, "error": "\(error)"])
            }
        }
    }

    /// - Returns: whether there is more to copy now.
    private func shareStretch() throws -> Bool {
        let round = try feed.share(register: register(), now: now(), outlet: deliver)
        for trouble in round.troubles {
            journal.note(
                .cannotShare, ["tenant": feed.tenant, "receiver": trouble.receiver, "error": trouble.reason])
        }
        return round.isMore && !frames.isClosed
    }
}
