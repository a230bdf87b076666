import ControlRoom
import Dispatch
import Nats
import Synchronization

/// The newest stretch of a stream, kept in memory as it comes: who follows a log reads from here.
final class Tail: Sendable {
    fileprivate struct Content {
        var entries: [LogEntry] = []
        var bytes = 0
        var listeners: [@Sendable () -> Void] = []
        var waiting: [(sequence: Int64, news: DispatchSemaphore)] = []
        /// What came last, whether or not it is still kept.
        var last: Int64 = 0
        /// Of the consumer that is followed; what an earlier one still brings is ignored.
        var round = 0
        /// Nothing of this round has come yet.
        var isFresh = true
        /// Seconds without a message or a heartbeat.
        var silence = 0
    }

    private struct Following {
        var subscription: NatsSubscription?
        var consumer: Consumer?
    }

    private let nats: NatsConnection
    private let stream: String
    private let content = Mutex(Content())
    private let following = Mutex(Following())
    private let queue = DispatchQueue(label: "tail")
    // Its calls are safe on any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    fileprivate static let most = 20_000
    fileprivate static let mostBytes = 24 << 20
    /// The servers say each second that there is nothing new.
    private static let mostSilence = 3

    /// Follows from the last message of the stream on.
    ///
    /// - Throws: `NatsFailure`.
    init(_ nats: NatsConnection, stream: String) throws {
        self.nats = nats
        self.stream = stream
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in self?.look() }
        timer.schedule(deadline: .now() + 1, repeating: 1)
        // A source that was never active must not be let go.
        timer.activate()
        do {
            try follow()
        } catch {
            timer.cancel()
            drop()
            throw error
        }
    }

    func close() {
        timer.cancel()
        // What runs may still follow anew.
        queue.sync { drop() }
    }

    // MARK: - Following

    /// Once a second: where even heartbeats do not come, the consumer's server is gone.
    private func look() {
        let isSilent = content.withLock { content in
            content.silence += 1
            return content.silence > Tail.mostSilence
        }
        guard isSilent, nats.isConnected else { return }
        // What fails now is tried a second later.
        try? follow()
    }

    /// By a new consumer, from behind what has come.
    private func follow() throws {
        drop()
        let (round, last) = content.withLock { content in
            content.round += 1
            content.isFresh = true
            return (content.round, content.last)
        }
        let inbox = Consumer.Inbox()
        let subscription = try nats.subscribe(to: inbox.subject) { [weak self] in self?.took($0, round: round) }
        following.withLock { $0.subscription = subscription }
        let consumer = try Consumer(
            nats, stream: stream, from: last == 0 ? .last : .sequence(last + 1), to: inbox, isPushed: true,
            milliseconds: JetStreamAPI.waitMilliseconds)
        following.withLock { $0.consumer = consumer }
        content.withLock { $0.silence = 0 }
    }

    private func drop() {
        let known = following.withLock { following in
            defer { following = Following() }
            return following
        }
        known.subscription?.end()
        known.consumer?.end()
    }

    // MARK: - What comes

    private func took(_ message: NatsMessage, round: Int) {
        let entry = LogEntry(delivered: message)
        let (listeners, isGap) = content.withLock { content in
            if let entry { return content.add(entry, round) }
            // Each second without a message the servers say what they sent last: it may have been lost on its way.
            return content.heard(message.headers["Nats-Last-Stream"].flatMap { Int64($0) } ?? 0, round)
        }
        for listener in listeners { listener() }
        if isGap { queue.async { [weak self] in try? self?.follow() } }
    }

    var last: Int64 { content.withLock { $0.last } }

    /// At most `limit` entries, and `Stream.pageBytes` or one that is larger; nil where it does not reach back so far.
    func read(after sequence: Int64, limit: Int) -> [LogEntry]? {
        content.withLock { content in
            guard let first = content.entries.first?.sequence, sequence + 1 >= first, sequence < content.last else {
                return nil
            }
            let start = Int(sequence + 1 - first)
            guard start < content.entries.count else { return nil }
            var bytes = 0
            let fitting = content.entries[start...].prefix(limit).prefix { entry in
                defer { bytes += entry.body.count }
                return bytes == 0 || bytes + entry.body.count <= Stream.pageBytes
            }
            return Array(fitting)
        }
    }

    /// Waits until there is a message behind this one, or the time is over.
    func wait(past sequence: Int64, milliseconds: Int) {
        let news = DispatchSemaphore(value: 0)
        let isThere = content.withLock { content in
            guard content.last <= sequence else { return true }
            content.waiting.append((sequence, news))
            return false
        }
        guard !isThere else { return }
        _ = news.wait(timeout: .now() + .milliseconds(milliseconds))
        content.withLock { content in content.waiting.removeAll { $0.news === news } }
    }

    func onAppend(_ body: @escaping @Sendable () -> Void) { content.withLock { $0.listeners.append(body) } }
}

extension Tail.Content {
    /// - Returns: who is to be told, and whether messages before this one did not come.
    fileprivate mutating func add(_ entry: LogEntry, _ round: Int) -> (listeners: [@Sendable () -> Void], isGap: Bool) {
        guard round == self.round else { return ([], false) }
        silence = 0
        guard entry.sequence > last else { return ([], false) }
        let isHole = last > 0 && entry.sequence != last + 1
        // Where a new consumer begins with it, the stream has none before it any more.
        if isHole, !isFresh {
            self.round += 1
            return ([], true)
        }
        if isHole {
            entries.removeAll(keepingCapacity: true)
            bytes = 0
        }
        isFresh = false
        keep(entry)
        tellWaiting()
        return (listeners, false)
    }

    /// What the servers sent last. Before the first message of a round it is what the stream has lost at its beginning.
    fileprivate mutating func heard(_ sent: Int64, _ round: Int) -> (listeners: [@Sendable () -> Void], isGap: Bool) {
        guard round == self.round else { return ([], false) }
        silence = 0
        guard sent > last else { return ([], false) }
        guard isFresh else {
            self.round += 1
            return ([], true)
        }
        entries.removeAll()
        (bytes, last) = (0, sent)
        tellWaiting()
        return (listeners, false)
    }

    private func tellWaiting() {
        for waiting in waiting where waiting.sequence < last { waiting.news.signal() }
    }

    private mutating func keep(_ entry: LogEntry) {
        entries.append(entry)
        bytes += entry.body.count
        last = entry.sequence
        guard entries.count > Tail.most || bytes > Tail.mostBytes else { return }
        let old = entries.count / 4 + 1
        bytes -= entries.prefix(old).reduce(0) { $0 + $1.body.count }
        entries.removeFirst(old)
    }
}
