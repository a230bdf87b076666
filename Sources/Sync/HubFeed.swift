public import ControlRoom
@preconcurrency import Dispatch
import Feed
import Standards
public import Store
import Synchronization
public import Trust

/// Keeps a store in step with its hubs, for whoever holds the store's lease: runs the machine, carries out what it asks for,
/// and tells it how that went.
public final class HubFeed: Sendable {
    /// What it is built on.
    public struct Ground: Sendable {
        public var store: Store
        public var client: HubClient
        public var hubs: [String]
        /// Nil on a loopback trial.
        public var authority: AuthorityCertificate?
        /// It shows the log to somebody, which a mirror does not.
        public var isConsole: Bool
        public var surroundings: Surroundings
        /// Waits without a thread; only executables know how.
        public var pause: @Sendable (Double) async throws -> Void
        /// Told whenever something changed that a person should see.
        public var tell: @Sendable (SyncStatus) -> Void

        public init(
            store: Store, client: HubClient, hubs: [String], authority: AuthorityCertificate?,
            isConsole: Bool = false, surroundings: Surroundings,
            pause: @escaping @Sendable (Double) async throws -> Void,
            tell: @escaping @Sendable (SyncStatus) -> Void
        ) {
            self.store = store
            self.client = client
            self.hubs = hubs
            self.authority = authority
            self.isConsole = isConsole
            self.surroundings = surroundings
            self.pause = pause
            self.tell = tell
        }
    }

    private let ground: Ground
    private let older: OlderEvents
    /// Everything below is touched on this queue alone.
    private let queue = DispatchQueue(label: "hub feed", qos: .userInitiated)
    private let state = Mutex(Tasks())
    private let machine = Mutex<SyncMachine?>(nil)

    private struct Tasks {
        var stream: Task<Void, Never>?
        var timer: Task<Void, Never>?
        var sender: Task<Void, Never>?
        var isRunning = false
        /// Tells answers of a stream that was closed from those of the one that took its place.
        var generation = 0
    }

    private let atOnce = Mutex(HubFeed.postAtOnce)
    private static let postAtOnce = 200
    private static let mostBytes = 512 << 10
    /// What became of acts is kept for those who made them so long.
    private static let settledSeconds = 7.0 * 86_400

    public init(_ ground: Ground) {
        self.ground = ground
        older = OlderEvents(store: ground.store, client: ground.client, pause: ground.pause, queue: queue)
    }

    /// From now on the machine runs, on a queue of its own. Returns at once.
    public func start() {
        queue.async { [self] in
            state.withLock { $0.isRunning = true }
            reset()
            feed(.timer)
        }
    }

    /// Acts were put into the outbox.
    public func poke() { queue.async { [self] in feed(.outboxChanged) } }

    /// Nothing is sent or kept any more when this returns.
    public func stop() {
        queue.sync {
            state.withLock { tasks in
                tasks.isRunning = false
                tasks.generation += 1
                for task in [tasks.stream, tasks.timer, tasks.sender] { task?.cancel() }
                tasks.stream = nil
                tasks.timer = nil
                tasks.sender = nil
            }
            older.stop()
            machine.withLock { $0 = nil }
        }
    }

    /// A machine that begins where the store stands.
    private func reset() {
        let known = (try? ground.store.identities()) ?? []
        let knownMembers = ground.authority.map { KnownMembers(authority: $0, known: known) }
        let cursor = try? ground.store.cursor()
        let now = ground.surroundings.now()
        try? ground.store.pruneOutbox(before: now.adding(seconds: -HubFeed.settledSeconds))
        let made = SyncMachine(
            hubs: ground.hubs, cursor: cursor ?? nil, backFill: (try? ground.store.backFill()) ?? nil,
            heard: (try? ground.store.syncNote())??.heard,
            seed: ground.surroundings.seed(), now: now,
            makeVerifier: { LogVerifier(knownMembers: knownMembers, from: $0) })
        older.stop()
        machine.withLock { $0 = made }
    }

    // MARK: - On the queue

    private func feed(_ input: SyncMachine.Input) {
        let now = ground.surroundings.now()
        let actions = machine.withLock { $0?.handle(input, now: now) ?? [] }
        for action in actions {
            // Where something could not be kept, the machine was made anew: what the old one wanted is void.
            if case .keep(let kept, let cursor) = action {
                guard keep(kept, cursor) else { return }
            } else {
                carryOut(action, now)
            }
        }
    }

    private func carryOut(_ action: SyncMachine.Action, _ now: Timestamp) {
        switch action {
        case .open(let hub, let cursor): open(hub, cursor)
        case .close: close()
        case .keep: break
        case .post(let hub, let after, let resending): post(hub, after, resending)
        case .fill(let hub, let gap): older.read(from: hub, gap) { [weak self] in self?.feed($0) }
        case .wake(let time): wake(in: max(0.005, time.seconds(since: now)))
        case .tell(let status): ground.tell(status)
        }
    }

    private func keep(_ kept: [AdmittedEvent], _ cursor: Store.Cursor) -> Bool {
        do {
            _ = try ground.store.ingest(mirrored: kept, to: cursor)
            let now = ground.surroundings.now()
            if let latest = kept.lazy.compactMap(\.event.occurred).max() { try ground.store.see(latest, now: now) }
            return true
        } catch {
            // The machine is ahead of the disk: it begins again from where the disk is.
            close()
            reset()
            feed(.closed(reason: "\(error)"))
            return false
        }
    }

    private func wake(in seconds: Double) {
        let pause = ground.pause
        let task = Task { [weak self] in
            guard (try? await pause(seconds)) != nil, !Task.isCancelled else { return }
            self?.onQueue(.timer)
        }
        state.withLock { tasks in
            tasks.timer?.cancel()
            tasks.timer = tasks.isRunning ? task : nil
            if !tasks.isRunning { task.cancel() }
        }
    }

    private func onQueue(_ input: SyncMachine.Input) { queue.async { [self] in feed(input) } }

    // MARK: - The stream

    private func open(_ hub: String, _ cursor: Store.Cursor?) {
        let generation = state.withLock { tasks in
            tasks.generation += 1
            return tasks.generation
        }
        let task = Task { [self] in
            let after = cursor.map { (logID: $0.logID, sequence: $0.sequence) }
            do {
                try await ground.client.follow(hub, after: after, isConsole: ground.isConsole, pause: ground.pause) {
                    [self] piece in
                    await take(piece, of: hub, generation)
                }
                await took(.closed(reason: "the hub ended the stream"), generation)
            } catch HubClient.Failure.refused(_, let reason) {
                await took(.refused(reason: reason), generation)
            } catch HubClient.Failure.revoked(let reason) {
                await took(.refused(reason: reason, isDisowned: isVerified(hub)), generation)
            } catch is CancellationError {
            } catch {
                await took(.closed(reason: "\(error)"), generation)
            }
        }
        state.withLock { tasks in
            tasks.stream?.cancel()
            tasks.stream = tasks.isRunning ? task : nil
            if !tasks.isRunning { task.cancel() }
        }
    }

    private func close() {
        state.withLock { tasks in
            tasks.generation += 1
            tasks.stream?.cancel()
            tasks.stream = nil
        }
    }

    /// Whether the line to a hub is one on which it has shown that it is of our authority.
    private func isVerified(_ hub: String) -> Bool { ground.authority != nil && hub.hasPrefix("https://") }

    private func take(_ piece: HubClient.Piece, of hub: String, _ generation: Int) async {
        switch piece {
        case .opened(let logID): await took(.opened(logID: logID), generation)
        case .events(let events): await took(.received(events), generation)
        case .heartbeat(let time, let last): await took(.heartbeat(hub: time, last: last), generation)
        case .behind(let seconds): await took(.behind(seconds: seconds), generation)
        case .trouble(let reason): await took(.closed(reason: reason), generation)
        case .warning(let words): await took(.warned(words), generation)
        case .revoked:
            await took(
                .refused(reason: "the certificate was revoked; ask for a new code", isDisowned: isVerified(hub)),
                generation)
        }
    }

    /// Returns when it is done with: so the stream is read no faster than it is kept.
    private func took(_ input: SyncMachine.Input, _ generation: Int) async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                if state.withLock({ $0.isRunning && $0.generation == generation }) { feed(input) }
                continuation.resume()
            }
        }
    }

    // MARK: - Sending

    private func post(_ hub: String, _ after: Int64, _ resending: Bool) {
        let waiting: [Store.Waiting]
        do {
            waiting = HubFeed.fitting(
                try ground.store.unsettled(after: after, limit: atOnce.withLock { $0 }, resending: resending))
        } catch {
            return onQueue(.postFailed(reason: "\(error)"))
        }
        guard let last = waiting.last?.position else { return onQueue(.posted(upTo: after, more: false)) }
        let task = Task { [self] in
            do {
                let posted = try await ground.client.post(waiting.map(\.event), to: hub)
                queue.async { [self] in settle(waiting, posted, last) }
            } catch HubClient.Failure.refused(let status, let reason) where status == 413 || status == 400 {
                queue.async { [self] in narrow(waiting, reason) }
            } catch HubClient.Failure.refused(_, let reason) {
                onQueue(.postFailed(reason: reason))
            } catch HubClient.Failure.unreachable(let reason, let seconds) {
                onQueue(.postFailed(reason: reason, after: seconds))
            } catch {
                onQueue(.postFailed(reason: "\(error)"))
            }
        }
        state.withLock { $0.sender = $0.isRunning ? task : nil }
    }

    /// As many as go into one request; at least one.
    private static func fitting(_ waiting: [Store.Waiting]) -> [Store.Waiting] {
        var bytes = 0
        let fitting = waiting.prefix { act in
            bytes += act.event.count
            return bytes <= mostBytes
        }
        return fitting.isEmpty ? Array(waiting.prefix(1)) : Array(fitting)
    }

    /// The hub cannot read a request, or it is too large: fewer are sent, until the one is found that is to blame.
    private func narrow(_ waiting: [Store.Waiting], _ reason: String) {
        guard state.withLock({ $0.isRunning }) else { return }
        if waiting.count == 1, let culprit = waiting.first {
            try? ground.store.reject(culprit.position, reason: reason, isDenied: false)
            feed(.posted(upTo: culprit.position, more: true))
        } else {
            atOnce.withLock { $0 = max(1, waiting.count / 2) }
            feed(.posted(upTo: 0, more: true))
        }
    }

    private func settle(_ waiting: [Store.Waiting], _ posted: HubClient.Posted, _ last: Int64) {
        guard state.withLock({ $0.isRunning }) else { return }
        do {
            var rejected = posted.rejected[...]
            var sent: [Int64] = []
            for act in waiting {
                // Refusals come in the order of the acts, each with its act's id.
                let id = (try? CloudEventReader.kept(act.event))?.id
                if let first = rejected.first(where: { $0.id == id }) {
                    rejected.removeAll { $0.id == id }
                    try ground.store.reject(act.position, reason: first.reason, isDenied: first.isDenied)
                } else {
                    sent.append(act.position)
                }
            }
            try ground.store.markSent(sent)
            let more = try !ground.store.unsettled(after: last, limit: 1, resending: true).isEmpty
            atOnce.withLock { $0 = min(HubFeed.postAtOnce, $0 * 2) }
            feed(.posted(upTo: last, more: more))
        } catch {
            feed(.postFailed(reason: "\(error)"))
        }
    }
}
