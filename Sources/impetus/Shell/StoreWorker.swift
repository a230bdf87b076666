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
        var changed = false
    }

    private let wanted = Mutex(Wanted())
    private let arrived = DispatchSemaphore(value: 0)
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
            inbox.post(.fetched(try read(fetch)))
        } catch {
            if case StoreError.damaged = error { Recovery.markDamaged(store.path) }
            inbox.post(.failed("\(error)"))
        }
    }

    private func read(_ fetch: Fetch) throws -> Answer {
        switch fetch {
        case .alerts(let request): return .alerts(request, try page(request))
        case .totals(let realm):
            let now = now()
            return .totals(realm, try store.totals(realm, now: now, midnight: zone.midnight(before: now)))
        case .count(let query): return .count(query, try store.count(query))
        case .detail(let row): return .detail(try store.detail(row: row))
        case .places(let realm, let box): return .places(realm, try store.places(realm, in: box, limit: 4_000))
        case .openBox(let realm): return .openBox(try store.openBox(realm))
        case .tools(let realm): return .tools(realm, try store.toolReports(realm))
        case .assets(let realm, let limit):
            let counts = try store.assetCounts()
            return .assets(
                realm, try store.assets(realm, limit: limit), total: counts.assets,
                vulnerabilities: counts.vulnerabilities)
        case .runs(let realm): return .runs(realm, try store.runs(realm))
        case .run(let id): return .run(try store.run(id))
        case .log(let realm, let limit): return .log(realm, try store.recentLog(realm, limit: limit))
        case .playbooks: return .playbooks(try store.playbooks())
        case .city: return .city(try cityView())
        case .situation: return .situation(try situation())
        case .undoable(let actor, let realm): return .undoable(try store.undoable(by: actor, realm: realm).first)
        }
    }

    private func page(_ request: AlertRequest) throws -> AlertPage {
        if case .from(let key) = request.anchor, request.before > 0 {
            return try store.alerts(request.query, around: key, before: request.before, after: request.limit)
        }
        return try store.alerts(request.query, at: request.anchor, limit: request.limit)
    }

    func cityView() throws -> CityView {
        let city =
            try store.city()
            ?? City(id: "", title: "", timeZone: "UTC", tenant: "", districtSet: "", note: "")
        return CityView(
            city: city, districts: try store.districts(set: city.districtSet), sites: try store.sites(),
            streets: try store.streets(), sets: try store.districtSets())
    }

    private func situation() throws -> Situation {
        let now = now()
        let actual = try store.totals(.actual, now: now, midnight: now)
        return Situation(
            exercise: try store.latestExercise(), actualUnacknowledged: actual.unacknowledged,
            actualWorst: actual.worstUnacknowledged, actualTotal: actual.total, actualLast: actual.last,
            textLag: try store.textLag())
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
