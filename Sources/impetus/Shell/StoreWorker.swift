import Answers
import Console
import ControlRoom
import Foundation
import Store
import Synchronization

/// Reads the store for the console, on a thread of its own: the loop never waits for a disk. A second thread watches for
/// what anybody writes, so that a long answer delays no notice.
final class StoreWorker: Sendable {
    private struct Wanted {
        var urgent: [Fetch] = []
        var other: [Fetch] = []
        var stops = false
    }

    private let wanted = Mutex(Wanted())
    private let arrived = DispatchSemaphore(value: 0)
    private let whenChanged = Mutex(Listener())

    /// A function that stands in a `Mutex` by itself is wrapped anew at each look.
    private struct Listener { var body: (@Sendable () -> Void)? }
    private let store: Store
    private let inbox: Inbox
    private let now: @Sendable () -> Timestamp
    private let zone: ZoneTable
    private let watch: StoreWatch
    private let traveller: Traveller

    init(store: Store, inbox: Inbox, now: @escaping @Sendable () -> Timestamp, zone: ZoneTable) {
        self.store = store
        self.inbox = inbox
        self.now = now
        self.zone = zone
        watch = StoreWatch(store)
        traveller = Traveller(
            open: { try Store(path: store.path, mirror: store.mirror) { "" } },
            makePath: { try PastFolder.make(beside: store.path) }, remove: PastFolder.remove)
    }

    func start() {
        start("store reader") { [self] in answerAll() }
        start("store watch") { [self] in watchForever() }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }

    func stop() {
        wanted.withLock { $0.stops = true }
        arrived.signal()
        watch.wake()
        traveller.leave()
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

    /// Called on the watching thread whenever anybody wrote.
    func onChange(_ body: @escaping @Sendable () -> Void) { whenChanged.withLock { $0.body = body } }

    func outsideTransactions(_ body: () -> Void) { store.outsideTransactions(body) }

    private func watchForever() {
        var version = (try? store.dataVersion()) ?? 0
        while !wanted.withLock({ $0.stops }) {
            let seen = watch.wait(after: version)
            guard seen != version else { continue }
            version = seen
            inbox.postChanged()
            whenChanged.withLock { $0.body }?()
        }
    }

    private func answerAll() {
        PastFolder.sweep(beside: store.path)
        while true {
            arrived.wait()
            if wanted.withLock({ $0.stops }) { return }
            answerWanted()
        }
    }

    private func answerWanted() {
        var filtering: Fetch?
        // The last that could not be answered in full, and whether all that it waits for has been read since.
        var waiting: Fetch?
        var hasRead = false
        while true {
            if let fetch = next() {
                let isFull = answer(fetch)
                if fetch.filtered != nil { filtering = fetch }
                if !isFull { (waiting, hasRead) = (fetch, false) }
            } else if let query = filtering?.filtered, !hasRead {
                // Between answers, what filters look at is read into memory; the last draft is then counted, and a list
                // that waits for its groups gets them.
                let isMore = try? (traveller.past?.store ?? store).readColumns(for: query.filter.match)
                hasRead = isMore != true
                if wanted.withLock({ $0.stops }) { return }
            } else {
                if let waiting { _ = answer(waiting) }
                return
            }
        }
    }

    private func next() -> Fetch? {
        wanted.withLock { wanted in
            if wanted.stops { return nil }
            if !wanted.urgent.isEmpty { return wanted.urgent.removeFirst() }
            return wanted.other.isEmpty ? nil : wanted.other.removeFirst()
        }
    }

    /// What the answers behind it are of; nil for any other question, and for what is built on a thread of its own.
    private func travel(_ fetch: Fetch) throws -> Answer? {
        switch fetch {
        case .travel(let number, let time):
            start("past") { [traveller, inbox, now] in
                inbox.post(.fetched(traveller.build(number, at: time, now: now())))
            }
            return nil
        case .enterPast(let number, let realm): return try traveller.enter(number, realm: realm, zone: zone)
        case .returnToNow(let number):
            traveller.leave(number)
            return .past(number, nil)
        default: return nil
        }
    }

    /// - Returns: false where more can be told when what filters look at is in memory.
    private func answer(_ fetch: Fetch) -> Bool {
        do {
            if let answer = try travel(fetch) {
                inbox.post(.fetched(answer))
                return true
            }
            if case .travel = fetch { return true }
            let answer = try Answering(store: store, zone: zone, now: now(), past: traveller.past).answer(fetch)
            inbox.post(.fetched(answer))
            return answer.isFull
        } catch {
            inbox.post(.failed("\(error)"))
            return true
        }
    }
}

extension Fetch {
    /// The query that is answered sooner when what filters look at is in memory.
    var filtered: AlertQuery? {
        switch self {
        case .draft(let query): query
        case .alerts(let request): request.query.asksColumns ? request.query : nil
        case .count(let query): query.asksColumns ? query : nil
        default: nil
        }
    }

    /// What a key asked for goes before what a change notice asked for.
    var isUrgent: Bool {
        switch self {
        case .alerts(let request): request.purpose == .show || request.purpose == .extend
        case .detail, .run, .openBox, .undoable, .places, .selection, .flood, .travel, .enterPast, .returnToNow: true
        default: false
        }
    }
}

extension Answer {
    /// Whether nothing of it waits for what filters look at: the count of a draft, the groups of a list.
    fileprivate var isFull: Bool {
        switch self {
        case .draft(_, let count): return count != nil
        case .alerts(let request, let page):
            guard request.purpose == .show, let grouping = request.query.grouping else { return true }
            return page.isGrouped || grouping.inside != nil
        default: return true
        }
    }
}
