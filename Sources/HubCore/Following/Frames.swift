public import ControlRoom
import Synchronization

/// The newest stretch of a log, written once for all who follow it.
///
/// Nobody has a queue of their own: each follower asks for what comes after its place, so that a slow one costs nothing
/// but its own delay. Whoever has fallen behind the stretch that is kept reads from the log itself.
public final class Frames<Rendered: Sendable>: Sendable {
    /// Written when the first follower asks for it, for all of them.
    public final class Frame: Sendable {
        /// The sequence it follows on, and its last.
        public let after: Int64
        public let last: Int64
        /// When the log recorded the first of it.
        public let recorded: Timestamp
        let bytes: Int
        private let content: Mutex<(entries: [LogEntry], rendered: Rendered?)>
        private let render: @Sendable ([LogEntry]) -> Rendered

        init(_ entries: [LogEntry], after: Int64, last: Int64, render: @escaping @Sendable ([LogEntry]) -> Rendered) {
            self.after = after
            self.last = last
            self.render = render
            recorded = entries.first?.recorded ?? Timestamp(milliseconds: 0)
            bytes = entries.reduce(0) { $0 + $1.body.count }
            content = Mutex((entries, nil))
        }

        /// Written by the first who asks, while others wait for it; the entries are let go then.
        public var rendered: Rendered {
            content.withLock { content in
                if let rendered = content.rendered { return rendered }
                let rendered = render(content.entries)
                content = ([], rendered)
                return rendered
            }
        }
    }

    /// What a follower is to do next.
    public enum Next: Sendable {
        case frame(Frame)
        /// Older than what is kept: read from the log.
        case behind
        /// Nothing newer; `wait` says when to look again.
        case nothing
    }

    private struct Content {
        var frames: [Frame] = []
        var bytes = 0
        var last: Int64
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
        var isClosed = false

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters.removeAll(keepingCapacity: true) }
            return Array(waiters.values)
        }
    }

    private let content: Mutex<Content>
    private let render: @Sendable ([LogEntry]) -> Rendered
    private static var most: Int { 256 }
    private static var mostBytes: Int { 16 << 20 }

    /// - Parameter last: the end of the log at the start.
    public init(last: Int64, render: @escaping @Sendable ([LogEntry]) -> Rendered) {
        content = Mutex(Content(last: last))
        self.render = render
    }

    /// The sequence of the newest entry that came.
    public var last: Int64 { content.withLock { $0.last } }

    /// Takes in what follows on the last sequence, and wakes whoever waits.
    public func publish(_ entries: [LogEntry]) {
        guard let end = entries.last?.sequence else { return }
        let waiters = content.withLock { content in
            let frame = Frame(entries, after: content.last, last: end, render: render)
            content.frames.append(frame)
            content.bytes += frame.bytes
            while content.frames.count > Frames.most || content.bytes > Frames.mostBytes && content.frames.count > 1 {
                content.bytes -= content.frames.removeFirst().bytes
            }
            content.last = end
            return content.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Wakes everybody, to look at something else than the log: a revocation, or the end.
    public func wakeAll() {
        for waiter in content.withLock({ $0.takeWaiters() }) { waiter.resume() }
    }

    /// No waiting any more.
    public func close() {
        let waiters = content.withLock { content in
            content.isClosed = true
            return content.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    public var isClosed: Bool { content.withLock { $0.isClosed } }

    /// The frame that begins right behind a place; `behind` also for a place inside of one.
    public func next(after sequence: Int64) -> Next {
        content.withLock { content in
            if sequence >= content.last { return .nothing }
            // Followers stand at the end of a frame: the frames before it are passed over from the back.
            if let frame = content.frames.last(where: { $0.after == sequence }) { return .frame(frame) }
            return .behind
        }
    }

    /// Returns when something came after `sequence`, when somebody is woken, or when the task is cancelled.
    public func wait(after sequence: Int64) async {
        let number = content.withLock { content in
            content.next += 1
            return content.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = content.withLock { content in
                    if content.isClosed || content.last > sequence || Task.isCancelled { return true }
                    content.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            content.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
