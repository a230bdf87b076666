import ControlRoom
import Feed
import Foundation
import Standards
import Store
import Synchronization

/// Takes events of an import into the store in batches, on a thread of its own, so that reading and writing overlap.
///
/// With the lease it appends; while a console holds the lease it goes through the outbox like any other act.
final class Intake: @unchecked Sendable {
    typealias Note = @Sendable (String) -> Void

    let store: Store
    private let surroundings: Surroundings
    private let lease: Lease?
    private let admitter: Admitter
    private var batch: [(event: AdmittedEvent, counts: Bool, note: Note)] = []
    private let queue = DispatchQueue(label: "intake")
    /// At most this many batches wait, so that reading never runs away from writing.
    private let room = DispatchSemaphore(value: 3)
    private let results = Mutex((counts: ImportOutcome(), failure: (any Error)?.none))

    private static let batchSize = 4_000

    init(store: Store, surroundings: Surroundings) throws {
        self.store = store
        self.surroundings = surroundings
        lease = try Lease.take(storePath: store.path)
        admitter = Admitter(identities: Identity.embedded(tenant: try store.city()?.tenant ?? ""))
    }

    var counts: ImportOutcome { results.withLock { $0.counts } }

    /// Admits an event as a feed would, whichever way it goes from here.
    ///
    /// - Parameter note: called when the event turns out to be something worth a word.
    /// - Throws: `Store.Rejected` where it is not admitted.
    func take(_ event: Event, note: @escaping Note) throws {
        batch.append((try admitter.admit(event).get(), true, note))
        if batch.count >= Intake.batchSize { try flush() }
    }

    /// An event of the import itself, which is not among what is counted.
    func takeUncounted(_ event: AdmittedEvent) throws {
        batch.append((event, false, { _ in }))
    }

    /// Waits until everything is kept, and brings the full-text index up to date where that is soon done.
    func finish() throws {
        try flush()
        queue.sync {}
        if let failure = results.withLock({ $0.failure }) { throw failure }
        guard lease != nil else { return }
        while try store.backgroundStep(limit: 5_000) {}
    }

    private func flush() throws {
        if let failure = results.withLock({ $0.failure }) { throw failure }
        guard !batch.isEmpty else { return }
        let full = batch
        batch = []
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            do {
                try keep(full)
            } catch {
                results.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    private func keep(_ full: [(event: AdmittedEvent, counts: Bool, note: Note)]) throws {
        guard results.withLock({ $0.failure }) == nil else { return }
        let admissions =
            lease == nil
            ? try send(full.map(\.event.event)) : try store.ingest(full.map(\.event), now: surroundings.now())
        for (item, admission) in zip(full, admissions) where item.counts { count(admission, item.note) }
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

    private func send(_ events: [Event]) throws -> [Admission] {
        // Ids in the outbox are this import's own: the log tells duplicates by source and id.
        let run = surroundings.makeID()
        let rows = events.enumerated().map { index, event in
            (id: "\(run)/\(index)", subject: event.subject, event: CloudEventWriter.json(event))
        }
        try store.enqueue(rows, now: surroundings.now())
        return try rows.map { row in try settled(row.id) }
    }

    private func settled(_ id: String) throws -> Admission {
        var waited = 0
        while true {
            switch try store.settlement(of: id) {
            case .applied?, .refused?: return .accepted(sequence: 0, outcome: .applied)
            case .duplicate?: return .duplicate
            case .rejected(let reason)?: return reason == "conflicting" ? .conflicting : .rejected(reason: reason)
            case .waiting?, nil: break
            }
            waited += 1
            // The console that held the lease may have gone in the meantime.
            if waited % 100 == 0 { try FeedCore.settleWaiting(in: store, surroundings) }
            surroundings.sleep(0.005)
        }
    }
}
