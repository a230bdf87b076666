import ControlRoom
import CoreMetrics
import Dispatch
import HubCore
import Logging
import Store
import Synchronization

/// Whether the tenant's log and view can be written, told to whoever has to know.
extension TenantEngine {
    /// Why the hub is not ready; nil where log and view can be written.
    var writeTrouble: String? { writing.withLock { $0.trouble(at: now()) } }

    /// Why nothing that is posted can be kept, told to consoles; nil where it can. What is there is still read.
    var postTrouble: String? { writing.withLock { $0.postTrouble(at: now()) } }

    func noteAppend() {
        let (error, time) = (feed.appender.failure, now())
        writing.withLock { $0.appended(error, at: time) }
        if let error { noteFailure(error, otherwise: .cannotWrite) }
        tellWriting()
    }

    /// - Parameter error: why folding stopped; nil where it did not.
    func noteFold(_ error: (any Error)?) {
        let time = now()
        writing.withLock { $0.folded(error, at: time) }
        if let error { noteFailure(error, otherwise: .cannotFold) }
        tellWriting()
    }

    private func noteFailure(_ error: any Error, otherwise kind: RefusalJournal.Kind) {
        journal.note(
            WriteHealth.isFull(error) ? .fullDisk : kind, ["tenant": feed.tenant, "error": HubWords.of(error)])
    }

    /// A full disk is looked at until there is room again: without posts nothing else would tell.
    func lookForRoom() {
        appending.async { [self] in
            defer { tellWriting() }
            guard writing.withLock({ $0.isFull }), WriteHealth.hasRoom(beside: feed.view.path) else { return }
            writing.withLock { $0.foundRoom() }
        }
    }

    private func tellWriting() {
        let trouble = writeTrouble
        let wasWritable = toldWritable.exchange(trouble == nil)
        guard wasWritable != (trouble == nil) else { return }
        isWritable.set(trouble == nil ? 1 : 0)
        if let trouble {
            logger.error("the tenant cannot be written", metadata: ["tenant": "\(feed.tenant)", "why": "\(trouble)"])
            // Whoever follows is told.
            frames.wakeAll()
        } else {
            logger.notice("the tenant can be written again", metadata: ["tenant": "\(feed.tenant)"])
        }
    }
}
