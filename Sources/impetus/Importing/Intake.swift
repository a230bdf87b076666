import Console
import ControlRoom
import Feed
import Foundation
import Shell
import Standards
import Store
import Synchronization

/// Takes events of an import into the store in batches, on a thread of its own, so that reading and writing overlap.
///
/// With the lease it appends, and runs the feed for others meanwhile; while a console holds the lease the events go through
/// the outbox like any other act.
final class Intake: @unchecked Sendable {
    typealias Note = @Sendable (String) -> Void
    private typealias Item = (event: AdmittedEvent, counts: Bool, note: Note)

    /// The events are kept, but whoever runs the feed does not take them.
    struct Stuck: Error, CustomStringConvertible {
        var waiting: Int
        var holder: Int?

        var description: String {
            let who = holder.map { "process \($0), which runs the feed of this store," } ?? "nobody"
            return
                "\(waiting) events are kept and wait: \(who) does not take them; they are taken when it goes on or ends"
        }
    }

    let store: Store
    private let session: HubSession?
    private let surroundings: Surroundings
    private let admitter: Admitter
    /// What was read and not yet handed over; and batches that were handed over and are not yet kept.
    private let pending = Mutex<(items: [Item], handed: Int)>(([], 0))
    private let queue = DispatchQueue(label: "intake")
    private let timer: any DispatchSourceTimer
    /// At most this many batches wait, so that reading never runs away from writing.
    private let room = DispatchSemaphore(value: 3)
    private let results = Mutex((counts: ImportOutcome(), failure: (any Error)?.none))
    // On the queue only.
    private var lease: FeedVoice?
    private var core: FeedCore?

    private static let batchSize = 4_000
    /// What comes drop by drop waits no longer than this, and neither do the acts of others.
    private static let patience = DispatchTimeInterval.milliseconds(250)
    private static let stuckSeconds = 60.0

    init(_ opened: OpenedStore) throws {
        let store = opened.store
        self.store = store
        session = opened.session
        surroundings = session?.surroundings ?? .live
        admitter = Admitter(identities: Identity.embedded(tenant: try store.city()?.tenant ?? ""))
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in self?.tick() }
        timer.schedule(deadline: .now() + Intake.patience, repeating: Intake.patience)
        timer.activate()
    }

    deinit { timer.cancel() }

    var counts: ImportOutcome { results.withLock { $0.counts } }

    /// Admits events as a feed would, whichever way they go from here. Those that are admitted are kept in one transaction.
    ///
    /// - Parameters:
    ///   - events: each with what is called when it turns out to be something worth a word.
    ///   - allOrNone: none is taken where one is not admitted.
    /// - Returns: of each, why it is not admitted; nil where it is.
    /// - Throws: what kept earlier events from being kept.
    func take(_ events: [(Event, Note)], allOrNone: Bool = false) throws -> [String?] {
        let now = surroundings.now()
        let admitted = events.map { event, note in (admitter.admit(event, now: now), note) }
        var items = admitted.compactMap { result, note -> Item? in (try? result.get()).map { ($0, true, note) } }
        if allOrNone, items.count < events.count { items = [] }
        let isFull = pending.withLock { pending in
            pending.items += items
            return pending.items.count >= Intake.batchSize
        }
        if isFull { try handOver() }
        return admitted.map { result, _ in
            guard case .failure(let rejected) = result else { return nil }
            return rejected.reason
        }
    }

    /// An event of the import itself, which is not among what is counted.
    func takeUncounted(_ event: AdmittedEvent) throws {
        pending.withLock { $0.items.append((event, false, { _ in })) }
    }

    /// Waits until all that was taken is kept, or refused.
    ///
    /// - Throws: what kept it from being kept.
    func settle() throws {
        try handOver()
        queue.sync {}
        if let failure = results.withLock({ $0.failure }) { throw failure }
    }

    /// Waits until everything is kept, and brings the full-text index up to date where that is soon done.
    func finish() throws {
        try handOver()
        queue.sync { timer.cancel() }
        if let failure = results.withLock({ $0.failure }) { throw failure }
        guard lease != nil else { return }
        while try store.backgroundStep(limit: 5_000) {}
    }

    private func handOver() throws {
        if let failure = results.withLock({ $0.failure }) { throw failure }
        let full = pending.withLock { pending in
            defer { pending = ([], pending.handed + 1) }
            return pending.items
        }
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            keep(full)
            pending.withLock { $0.handed -= 1 }
        }
    }

    /// Nothing overtakes a batch that was handed over: events are kept in the order in which they stand in the file.
    private func takeLate() -> [Item] {
        pending.withLock { pending in
            guard pending.handed == 0 else { return [] }
            defer { pending.items = [] }
            return pending.items
        }
    }

    // MARK: - On the queue

    /// Reading is slow, or waits for its other end.
    private func tick() {
        let batch = takeLate()
        if batch.isEmpty { attempt { try settleOthers() } } else { keep(batch) }
    }

    private func keep(_ batch: [Item]) {
        guard !batch.isEmpty else { return }
        guard results.withLock({ $0.failure }) == nil else { return }
        attempt {
            try takeLease()
            let admissions =
                lease == nil
                ? try send(batch.map(\.event.event)) : try store.ingest(batch.map(\.event), now: surroundings.now())
            for (item, admission) in zip(batch, admissions) where item.counts { count(admission, item.note) }
            try settleOthers()
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { results.withLock { $0.failure = $0.failure ?? error } }
    }

    private func takeLease() throws {
        // Where a hub decides, all goes through the outbox.
        guard lease == nil, session == nil else { return }
        lease = try Lease.take(storePath: store.path).map { FeedVoice($0) }
        if lease != nil { core = try FeedCore.embedded(in: store) }
    }

    /// Whoever holds the lease runs the feed: an acknowledgement made during a long import does not wait for its end.
    private func settleOthers() throws {
        guard let core else { return }
        lease?.sayLive(at: surroundings.now())
        while try store.waitingCount() > 0 {
            _ = try core.step(now: surroundings.now())
            lease?.sayLive(at: surroundings.now())
        }
    }

    private func count(_ admission: Admission, _ note: Note) {
        results.withLock { results in
            switch admission {
            case .accepted: results.counts.imported += 1
            case .duplicate: results.counts.duplicate += 1
            case .conflicting:
                results.counts.duplicate += 1
                note("known with other content; the first one stands")
            case .rejected(let reason):
                results.counts.rejected += 1
                note(reason)
            }
        }
    }

    // MARK: - Through the outbox

    private func send(_ events: [Event]) throws -> [Admission] {
        // Ids in the outbox are this import's own: the log tells duplicates by source and id.
        let run = surroundings.makeID()
        if let session { return try send(events, through: session) }
        let rows = events.enumerated().map { index, event in
            (id: "\(run)/\(index)", subject: event.subject, event: CloudEventWriter.json(event))
        }
        try store.enqueue(rows, now: surroundings.now())
        let outcomes = try rows.map { row in try settled(row.id) }
        try store.markTold(rows.map(\.id))
        return outcomes
    }

    /// The hub knows duplicates by source and id; here an event is known by its id alone.
    private func send(_ events: [Event], through session: HubSession) throws -> [Admission] {
        let rows = events.map { (id: Store.outboxName(of: $0), subject: $0.subject, event: CloudEventWriter.json($0)) }
        try store.enqueue(rows, now: surroundings.now())
        let limit = Intake.stuckSeconds
        try HubRun.settle(session, store, seconds: limit) { try store.waitingCount() == 0 }
        defer { try? store.markTold(rows.map(\.id)) }
        return try rows.map { row in
            switch try store.settlement(of: row.id) {
            case .applied?, .refused?: .accepted(sequence: 0, outcome: .applied)
            case .duplicate?: .duplicate
            case .rejected(let reason)?, .denied(let reason)?: .rejected(reason: reason)
            case .waiting?, nil:
                throw Stuck(waiting: try store.waitingCount(), holder: Lease.holder(storePath: store.path))
            }
        }
    }

    private func settled(_ id: String) throws -> Admission {
        let start = surroundings.now()
        var waited = 0
        while true {
            switch try store.settlement(of: id) {
            case .applied?, .refused?: return .accepted(sequence: 0, outcome: .applied)
            case .duplicate?: return .duplicate
            case .denied(let reason)?: return .rejected(reason: reason)
            case .rejected(let reason)?: return reason == "conflicting" ? .conflicting : .rejected(reason: reason)
            case .waiting?, nil: break
            }
            waited += 1
            // The console that held the lease may have gone in the meantime.
            if waited % 100 == 0 { try FeedCore.settleWaiting(in: store, surroundings) }
            if surroundings.now().seconds(since: start) > Intake.stuckSeconds {
                throw Stuck(waiting: try store.waitingCount(), holder: Lease.holder(storePath: store.path))
            }
            surroundings.sleep(0.005)
        }
    }
}
