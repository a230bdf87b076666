public import Console
public import ControlRoom
public import Store
import Synchronization

/// Builds the alerts as they stood at a time, holds them while a console looks at them, and lets go of them when it returns.
///
/// Building may take seconds: it goes on beside the answers, by connections of its own. What is built is only shown when the console
/// says so, between two answers, so that none is taken for one of another time.
public final class Traveller: Sendable {
    private let makePath: @Sendable () throws -> String
    private let remove: @Sendable (String) -> Void
    private let open: @Sendable () throws -> Store
    private let places = Mutex(Places())

    private struct Places {
        var here: PastStore?
        /// Built and not entered yet.
        var ready: (number: Int, past: PastStore)?
        /// The journey that was asked for last; older ones are thrown away when they arrive.
        var wanted = 0
    }

    /// - Parameters:
    ///   - open: the store once more, to be read beside everything else.
    ///   - makePath: a place for a file that nobody else uses.
    ///   - remove: takes it away with all that stands beside it.
    public init(
        open: @escaping @Sendable () throws -> Store, makePath: @escaping @Sendable () throws -> String,
        remove: @escaping @Sendable (String) -> Void
    ) {
        self.open = open
        self.makePath = makePath
        self.remove = remove
    }

    public var past: PastStore? { places.withLock { $0.here } }

    /// Builds; called on a thread that may wait.
    public func build(_ number: Int, at time: Timestamp, now: Timestamp) -> Answer {
        places.withLock { $0.wanted = max($0.wanted, number) }
        do {
            let present = try open()
            defer { present.close() }
            let path = try makePath()
            do {
                let past = try PastStore(of: present, at: time, now: now, path: path)
                let dropped = places.withLock { places in
                    guard places.wanted == number else { return past as PastStore? }
                    let old = places.ready?.past
                    places.ready = (number, past)
                    return old
                }
                dropped.map(close)
                return .pastReady(number, nil)
            } catch {
                remove(path)
                throw error
            }
        } catch let problem as PastProblem {
            return .pastReady(number, problem)
        } catch {
            return .pastReady(number, .failed("\(error)"))
        }
    }

    /// From now on everything is answered from what was built; what was here before goes.
    ///
    /// Nil in the answer where that number was not built, or is not wanted any more.
    ///
    /// - Throws: `StoreError`; the past that was built is then the one that is looked at all the same.
    public func enter(_ number: Int, realm: Realm, zone: ZoneTable) throws -> Answer {
        let (entered, old) = places.withLock { places -> (PastStore?, PastStore?) in
            guard let ready = places.ready, ready.number == number else { return (nil, nil) }
            let old = places.here
            places.here = ready.past
            places.ready = nil
            return (ready.past, old)
        }
        old.map(close)
        guard let past = entered else { return .past(number, nil) }
        let totals = try past.store.totals(realm, now: past.time, midnight: zone.midnight(before: past.time))
        return .past(number, PastView(time: past.time, realm: realm, totals: totals, isOpenOnly: past.isOpenOnly))
    }

    /// Back to now; what is still being built is not wanted any more.
    public func leave(_ number: Int = .max) {
        let all = places.withLock { places in
            let all = [places.here, places.ready?.past].compactMap { $0 }
            (places.here, places.ready) = (nil, nil)
            places.wanted = max(places.wanted, number)
            return all
        }
        for past in all { close(past) }
    }

    private func close(_ past: PastStore) {
        past.store.close()
        remove(past.store.path)
    }
}
