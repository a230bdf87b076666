import Answers
import Console
import ControlRoom
import Foundation
import Store
import Synchronization

/// Reads the store for the console, on a thread of its own: the loop never waits for a disk. It also watches for what
/// others write (SQLite tells by `PRAGMA data_version`; nothing observes another process).
final class StoreWorker: Sendable {
    private struct Wanted {
        var urgent: [Fetch] = []
        var other: [Fetch] = []
        var stops = false
    }

    private let wanted = Mutex(Wanted())
    private let arrived = DispatchSemaphore(value: 0)
    private let whenChanged = Mutex<(@Sendable () -> Void)?>(nil)
    private let store: Store
    private let inbox: Inbox
    private let now: @Sendable () -> Timestamp
    private let zone: ZoneTable
    /// What others write is on the screen within 100 ms: a look takes some microseconds.
    private static let lookEveryMilliseconds = 40

    init(store: Store, inbox: Inbox, now: @escaping @Sendable () -> Timestamp, zone: ZoneTable) {
        self.store = store
        self.inbox = inbox
        self.now = now
        self.zone = zone
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "store reader"
        thread.start()
    }

    func stop() {
        wanted.withLock { $0.stops = true }
        arrived.signal()
    }

    /// A question takes the place of an older one of its kind that nobody has begun to answer.
    func ask(_ fetch: Fetch) {
        wanted.withLock { wanted in
            wanted.urgent.removeAll { $0.lane == fetch.lane }
            wanted.other.removeAll { $0.lane == fetch.lane }
            if fetch.isUrgent { wanted.urgent.append(fetch) } else { wanted.other.append(fetch) }
        }
        arrived.signal()
    }

    /// Called on the reader's thread whenever anybody wrote.
    func onChange(_ body: @escaping @Sendable () -> Void) { whenChanged.withLock { $0 = body } }

    /// This process wrote: there is something new for certain.
    func wrote() { arrived.signal() }

    private func run() {
        var version = (try? store.dataVersion()) ?? 0
        while true {
            _ = arrived.wait(timeout: .now() + .milliseconds(StoreWorker.lookEveryMilliseconds))
            if wanted.withLock({ $0.stops }) { return }
            while let fetch = next() { answer(fetch) }
            guard let seen = try? store.dataVersion(), seen != version else { continue }
            version = seen
            inbox.postChanged()
            whenChanged.withLock { $0 }?()
        }
    }

    private func next() -> Fetch? {
        wanted.withLock { wanted in
            if wanted.stops { return nil }
            if !wanted.urgent.isEmpty { return wanted.urgent.removeFirst() }
            return wanted.other.isEmpty ? nil : wanted.other.removeFirst()
        }
    }

    private func answer(_ fetch: Fetch) {
        do {
            let answering = Answering(store: store, zone: zone, now: now())
            inbox.post(.fetched(try answering.answer(fetch)))
        } catch {
            if case StoreError.damaged = error { Recovery.markDamaged(store.path) }
            inbox.post(.failed("\(error)"))
        }
    }
}

extension Fetch {
    /// What a key asked for goes before what a change notice asked for.
    var isUrgent: Bool {
        switch self {
        case .alerts(let request): request.purpose == .show || request.purpose == .extend
        case .detail, .run, .openBox, .undoable, .places: true
        default: false
        }
    }
}
