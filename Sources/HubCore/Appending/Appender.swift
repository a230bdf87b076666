public import ControlRoom
import Synchronization

/// The one way into a log: what many bring is written in few transactions, each durable before anybody is answered.
///
/// Bounded: when the disk does not keep up, the next is told to come again.
public final class Appender: Sendable {
    /// Why nothing of a post can be said to be in the log, in words for who posted.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public var description: String
        /// It may go better a little later.
        public var isPassing: Bool
    }

    /// Called once for each post: what became of each entry, in their order, or why that is not known. On the thread
    /// that drains the queue; at once, on that of the caller, where the queue is full or there is nothing to append.
    public typealias Reply = @Sendable (Result<[Appended], Failure>) -> Void

    private struct Request {
        var entries: [NewEntry]
        var bytes: Int
        var reply: Reply
    }

    private let log: any EventLog
    private let queue = Mutex<(requests: [Request], entries: Int, bytes: Int)>(([], 0, 0))
    private let drained = Atomic(0)
    private let lastFailure = Mutex<(any Error)?>(nil)
    /// Called when there is something to drain; on the thread of whoever brought it.
    private let wake: @Sendable () -> Void

    /// Entries that may wait, and that go into one transaction.
    private static let mostWaiting = 50_000
    private static let mostBytes = 128 << 20
    private static let mostAtOnce = 8_000

    public init(log: any EventLog, wake: @escaping @Sendable () -> Void) {
        self.log = log
        self.wake = wake
    }

    /// Puts entries into the queue, all or none, and returns at once; `reply` says how it went. At most 50,000 entries
    /// or 128 MiB wait: beyond, the answer is a failure that passes.
    public func append(_ entries: [NewEntry], _ reply: @escaping Reply) {
        guard !entries.isEmpty else { return reply(.success([])) }
        let bytes = entries.reduce(0) { $0 + $1.body.count }
        let (isKept, isFirst) = queue.withLock { queue in
            guard queue.entries + entries.count <= Appender.mostWaiting, queue.bytes + bytes <= Appender.mostBytes
            else {
                return (false, false)
            }
            queue.bytes += bytes
            queue.requests.append(Request(entries: entries, bytes: bytes, reply: reply))
            queue.entries += entries.count
            return (true, queue.requests.count == 1)
        }
        guard isKept else { return reply(.failure(Failure(description: "the log is busy", isPassing: true))) }
        if isFirst { wake() }
    }

    /// Writes what waits in one transaction; true when more is waiting. On one thread at a time.
    public func drain(now: Timestamp) -> Bool {
        let (batch, more) = queue.withLock { queue in
            var count = 0
            var taken: [Request] = []
            for request in queue.requests {
                if count > 0, count + request.entries.count > Appender.mostAtOnce { break }
                count += request.entries.count
                taken.append(request)
            }
            queue.requests.removeFirst(taken.count)
            queue.entries -= count
            queue.bytes -= taken.reduce(0) { $0 + $1.bytes }
            return (taken, !queue.requests.isEmpty)
        }
        guard !batch.isEmpty else { return false }
        do {
            let appended = try log.append(batch.flatMap(\.entries), now: now)
            drained.wrappingAdd(appended.count, ordering: .relaxed)
            lastFailure.withLock { $0 = nil }
            var rest = appended[...]
            for request in batch {
                request.reply(.success(Array(rest.prefix(request.entries.count))))
                rest = rest.dropFirst(request.entries.count)
            }
        } catch {
            lastFailure.withLock { $0 = error }
            let failure = Failure(description: "\(error)", isPassing: true)
            for request in batch { request.reply(.failure(failure)) }
        }
        return more
    }

    /// Entries that were appended so far: who asks twice knows how busy it is.
    public var total: Int { drained.load(ordering: .relaxed) }

    /// What the log said to the last transaction that was tried; nil where it took it.
    public var failure: (any Error)? { lastFailure.withLock { $0 } }

    /// How an append that did not come by the queue ended; nil for well. Whoever drains is woken where that is news.
    func note(_ error: (any Error)?) {
        let isNews = lastFailure.withLock { last in
            defer { last = error }
            return error != nil || last != nil
        }
        if isNews { wake() }
    }

    /// Entries that wait for a transaction, at most 50,000.
    public var waiting: Int { queue.withLock { $0.entries } }
}
