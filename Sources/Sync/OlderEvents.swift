import ControlRoom
@preconcurrency import Dispatch
import Feed
import Store
import Synchronization

/// Reads the older events of a log into a store that began with a snapshot: behind all else, in portions that let what
/// happens now go between them.
final class OlderEvents: Sendable {
    private let store: Store
    private let client: HubClient
    private let pause: @Sendable (Double) async throws -> Void
    /// Everything is kept on it, and whoever asked is told on it.
    private let queue: DispatchQueue
    private let reading = Mutex<(task: Task<Void, Never>?, number: Int)>((nil, 0))

    private static let atOnce = 2_000

    init(
        store: Store, client: HubClient, pause: @escaping @Sendable (Double) async throws -> Void, queue: DispatchQueue
    ) {
        self.store = store
        self.client = client
        self.pause = pause
        self.queue = queue
    }

    /// Reads until nothing is missing, or it goes no further.
    ///
    /// - Parameter tell: told how far it is, and once how it ended; not told any more after `stop`.
    func read(from hub: String, _ gap: BackFill, tell: @escaping @Sendable (SyncMachine.Input) -> Void) {
        let number = reading.withLock { $0.number }
        let task = Task { [self] in
            let end = Mutex<SyncMachine.Input?>(nil)
            let failure = await follow(hub, gap) { [self] events in
                for start in stride(from: 0, to: events.count, by: OlderEvents.atOnce) {
                    guard end.withLock({ $0 == nil }) else { return }
                    let portion = Array(events[start..<min(events.count, start + OlderEvents.atOnce)])
                    guard let last = await keep(portion, number, tell) else { continue }
                    end.withLock { $0 = last }
                    // The stream would go on with what came since.
                    reading.withLock { if $0.number == number { $0.task?.cancel() } }
                }
            }
            queue.async { [self] in
                guard reading.withLock({ $0.number == number }) else { return }
                tell(end.withLock { $0 } ?? failure)
            }
        }
        reading.withLock { reading in
            if reading.number == number { reading.task = task } else { task.cancel() }
        }
    }

    func stop() {
        reading.withLock { reading in
            reading.task?.cancel()
            reading = (nil, reading.number + 1)
        }
    }

    /// - Returns: why the stream ended, where it was not ended here.
    private func follow(
        _ hub: String, _ gap: BackFill, _ take: @escaping @Sendable ([AdmittedEvent]) async -> Void
    ) async -> SyncMachine.Input {
        do {
            let after = (logID: gap.after.logID, sequence: gap.after.sequence)
            try await client.follow(hub, after: after, pause: pause) { piece in
                if case .events(let events) = piece { await take(events) }
            }
            return .fillFailed(reason: "the hub ended the stream", isFinal: false)
        } catch HubClient.Failure.refused(410, _) {
            // They were archived since: what is there is all there will be.
            try? store.endBackFill()
            return .filled(nil)
        } catch {
            return .fillFailed(reason: "\(error)", isFinal: false)
        }
    }

    /// - Returns: how it ended; nil where more is to come.
    private func keep(
        _ events: [AdmittedEvent], _ number: Int, _ tell: @escaping @Sendable (SyncMachine.Input) -> Void
    ) async -> SyncMachine.Input? {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                // After `stop` nothing is kept any more.
                guard reading.withLock({ $0.number == number }) else {
                    return continuation.resume(returning: .filled(nil))
                }
                do {
                    let left = try store.backFill().flatMap { try store.fill(read: events, in: $0) }
                    if let left { tell(.filling(left)) }
                    continuation.resume(returning: left == nil ? .filled(nil) : nil)
                } catch let fault as FillFault {
                    continuation.resume(returning: .fillFailed(reason: "\(fault)", isFinal: true))
                } catch {
                    continuation.resume(returning: .fillFailed(reason: "\(error)", isFinal: false))
                }
            }
        }
    }
}
