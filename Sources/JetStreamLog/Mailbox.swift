import ControlRoom
import Dispatch
import Nats
import Synchronization

/// Entries of one page that were asked for, as they come, until somebody takes them.
final class Mailbox: Sendable {
    private let letters: Letters
    let subscription: NatsSubscription

    private final class Letters: Sendable {
        /// What came, and how many of it were taken.
        let entries = Mutex<(all: [LogEntry?], taken: Int)>(([], 0))
        let news = DispatchSemaphore(value: 0)
    }

    /// - Throws: `NatsFailure`.
    init(_ nats: NatsConnection, subject: String) throws {
        let letters = Letters()
        self.letters = letters
        subscription = try nats.subscribe(to: subject) { message in
            let entry = LogEntry(delivered: message)
            letters.entries.withLock { $0.all.append(entry) }
            letters.news.signal()
        }
    }

    /// The next entry; nil for a word that there are no more, or where none came in time.
    func next(milliseconds: Int) -> LogEntry? {
        guard letters.news.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
        return letters.entries.withLock { entries in
            guard entries.taken < entries.all.count else { return nil }
            defer { entries.taken += 1 }
            return entries.all[entries.taken]
        }
    }

    func close() { subscription.end() }
}
