import ControlRoom
import Synchronization

/// Those who use a source for the first time, and wait until the system log says whose it is. What comes while one append runs
/// goes into the next, however many they are.
final class SourcePinner: Sendable {
    struct Wish: Sendable {
        var facts: [SourcePinned]
        var now: Timestamp
        /// Called once, on any thread; why the system log did not take it, nil where it did.
        var done: @Sendable (String?) -> Void
    }

    /// Posts that may wait; whoever comes then is told to come again.
    static let mostWaiting = 10_000

    private let waiting = Mutex<[Wish]>([])

    /// - Returns: whether it is the first, for which `take` is to be called; nil where too many wait.
    func add(_ wish: Wish) -> Bool? {
        waiting.withLock { waiting in
            guard waiting.count < SourcePinner.mostWaiting else { return nil }
            waiting.append(wish)
            return waiting.count == 1
        }
    }

    func take() -> [Wish] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
