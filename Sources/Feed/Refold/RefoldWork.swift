public import ControlRoom
public import Store
import Synchronization
public import Trust

/// Folding a store anew as one more piece of work that may lag behind: begun where it is due, done in portions, and given up
/// until the next start where it fails, as on a full disk.
public final class RefoldWork: Sendable {
    private enum State: Sendable {
        case notBegun
        case underWay(Refolding)
        case over
    }

    private let begin: @Sendable () throws -> Refolding?
    private let state = Mutex(State.notBegun)
    private let fault = Mutex<String?>(nil)

    /// - Parameter begin: what is to be done; nil where nothing is.
    package init(_ begin: @escaping @Sendable () throws -> Refolding?) { self.begin = begin }

    /// For a store that a console or its feed keeps.
    ///
    /// - Parameter authority: whose members sign the acts of its log; nil where nobody signs.
    public convenience init(_ store: Store, authority: AuthorityCertificate?) {
        self.init { try Refolding.begin(store, authority: authority) }
    }

    /// Why it was given up; nil where it was not.
    public var failure: String? { fault.withLock { $0 } }

    /// One portion, on one thread at a time.
    ///
    /// - Returns: whether there is more to do at once.
    public func step(now: Timestamp, limit: Int = 1_000) -> Bool {
        do {
            switch state.withLock({ $0 }) {
            case .over: return false
            case .notBegun:
                guard let refolding = try begin() else { return over(nil) }
                state.withLock { $0 = .underWay(refolding) }
                return true
            case .underWay(let refolding):
                return try refolding.step(now: now, limit: limit) || over(nil)
            }
        } catch {
            return over("\(error)")
        }
    }

    private func over(_ reason: String?) -> Bool {
        fault.withLock { $0 = reason }
        state.withLock { state in
            if case .underWay(let refolding) = state { refolding.discard() }
            state = .over
        }
        return false
    }
}
