public import Console
public import ControlRoom
public import Store
import Synchronization

/// Holds the alerts as they stood at the time that a console looks at, and lets go of them when it returns.
public final class Traveller: Sendable {
    private let store: Store
    private let makePath: @Sendable () throws -> String
    private let remove: @Sendable (String) -> Void
    private let here = Mutex<PastStore?>(nil)

    /// - Parameters:
    ///   - makePath: a place for a file that nobody else uses.
    ///   - remove: takes it away with all that stands beside it.
    public init(
        store: Store, makePath: @escaping @Sendable () throws -> String, remove: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.makePath = makePath
        self.remove = remove
    }

    public var past: PastStore? { here.withLock { $0 } }

    /// - Parameter time: nil to return.
    public func travel(to time: Timestamp?, realm: Realm, zone: ZoneTable, now: Timestamp) throws -> Answer {
        leave()
        guard let time else { return .past(nil, nil) }
        let path = try makePath()
        do {
            let past = try PastStore(of: store, at: time, now: now, path: path)
            here.withLock { $0 = past }
            let totals = try past.store.totals(realm, now: time, midnight: zone.midnight(before: time))
            return .past(PastView(time: time, totals: totals, isOpenOnly: past.isOpenOnly), nil)
        } catch let problem as PastStore.Problem {
            remove(path)
            switch problem {
            case .before(let first): return .past(nil, .before(first))
            case .incomplete: return .past(nil, .incomplete)
            case .future: return .past(nil, .future)
            }
        } catch {
            remove(path)
            throw error
        }
    }

    public func leave() {
        guard let past = here.withLock({ here in here.take() }) else { return }
        past.store.close()
        remove(past.store.path)
    }
}
