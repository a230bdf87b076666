import ControlRoom
import Dispatch
import Synchronization

/// Entries that were asked for, as they come, until somebody takes them.
final class Mailbox: Sendable {
    private let nats: NatsConnection
    private let letters: Letters
    let inbox: Listeners.Inbox

    private final class Letters: Sendable {
        let entries = Mutex<[LogEntry?]>([])
        let news = DispatchSemaphore(value: 0)
    }

    /// - Throws: `JetStreamFailure`.
    init(_ nats: NatsConnection) throws {
        let letters = Letters()
        (self.nats, self.letters) = (nats, letters)
        inbox = try nats.inbox { message in
            let entry = Message.entry(message)
            letters.entries.withLock { $0.append(entry) }
            letters.news.signal()
        }
    }

    /// The next entry; nil for a word that there are no more, or where none came in time.
    func next(milliseconds: Int) -> LogEntry? {
        guard letters.news.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
        return letters.entries.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    func close() { nats.forget(inbox.name) }
}
