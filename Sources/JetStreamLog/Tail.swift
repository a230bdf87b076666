import CNats
import ControlRoom
import Synchronization

/// The newest stretch of a stream, kept in memory as it comes: who follows a log reads from here.
final class Tail: Sendable {
    private struct Content {
        var entries: [LogEntry] = []
        var bytes = 0
        var listeners: [@Sendable () -> Void] = []
        /// What came last, whether or not it is still kept.
        var last: Int64
    }

    private let content: Mutex<Content>
    private let subscription = Mutex<UInt>(0)

    private static let most = 20_000
    private static let mostBytes = 24 << 20
    private static let heartbeatNanoseconds: Int64 = 1_000_000_000

    /// Follows from the end of the stream on.
    init(_ context: OpaquePointer, stream: String, subject: String) throws {
        content = Mutex(Content(last: 0))
        var code = jsErrCode(0)
        var made: OpaquePointer?
        // The library holds on to it until the subscription is gone.
        let closure = Unmanaged.passRetained(self).toOpaque()
        do {
            try stream.withCString { name in
                var options = jsSubOptions()
                jsSubOptions_Init(&options)
                options.Stream = name
                options.Ordered = true
                options.Config.DeliverPolicy = js_DeliverLast
                options.Config.Heartbeat = Tail.heartbeatNanoseconds
                try JetStreamFailure.check(
                    js_Subscribe(
                        &made, context, subject, { _, _, message, closure in Tail.took(message, closure) }, closure,
                        nil, &options, &code), "following \(stream)", code)
            }
        } catch {
            Unmanaged<Tail>.fromOpaque(closure).release()
            throw error
        }
        // A message may be under way on a thread of the library when the subscription is closed: only when no more come, it lets go.
        natsSubscription_SetOnCompleteCB(
            made, { closure in closure.map { Unmanaged<Tail>.fromOpaque($0).release() } }, closure)
        natsSubscription_SetPendingLimits(made, -1, -1)
        let address = made.map { UInt(bitPattern: $0) } ?? 0
        subscription.withLock { $0 = address }
    }

    func close() {
        let address = subscription.withLock { address in
            defer { address = 0 }
            return address
        }
        guard let pointer = OpaquePointer(bitPattern: address) else { return }
        natsSubscription_Unsubscribe(pointer)
        natsSubscription_Destroy(pointer)
    }

    private static func took(_ message: OpaquePointer?, _ closure: UnsafeMutableRawPointer?) {
        defer { natsMsg_Destroy(message) }
        guard let closure, let entry = Message.entry(message) else { return }
        Unmanaged<Tail>.fromOpaque(closure).takeUnretainedValue().add(entry)
    }

    private func add(_ entry: LogEntry) {
        let listeners: [@Sendable () -> Void] = content.withLock { content in
            guard entry.sequence > content.last else { return [] }
            // A hole would be none of the stream's: what is behind it is read from the stream.
            if let last = content.entries.last, entry.sequence != last.sequence + 1 {
                content.entries.removeAll(keepingCapacity: true)
                content.bytes = 0
            }
            content.entries.append(entry)
            content.bytes += entry.body.count
            content.last = entry.sequence
            if content.entries.count > Tail.most || content.bytes > Tail.mostBytes {
                let old = content.entries.count / 4 + 1
                content.bytes -= content.entries.prefix(old).reduce(0) { $0 + $1.body.count }
                content.entries.removeFirst(old)
            }
            return content.listeners
        }
        for listener in listeners { listener() }
    }

    var last: Int64 { content.withLock { $0.last } }

    /// Nil where it does not reach back so far.
    func read(after sequence: Int64, limit: Int) -> [LogEntry]? {
        content.withLock { content in
            guard let first = content.entries.first?.sequence, sequence + 1 >= first, sequence < content.last else {
                return nil
            }
            let start = Int(sequence + 1 - first)
            guard start < content.entries.count else { return nil }
            return Array(content.entries[start..<min(content.entries.count, start + limit)])
        }
    }

    func onAppend(_ body: @escaping @Sendable () -> Void) { content.withLock { $0.listeners.append(body) } }
}

/// What a message of a stream holds.
enum Message {
    static func body(_ message: OpaquePointer?) -> [UInt8] {
        guard let data = natsMsg_GetData(message) else { return [] }
        let count = Int(natsMsg_GetDataLength(message))
        return Array(UnsafeRawBufferPointer(start: data, count: count))
    }

    /// Nil where it is none of a stream.
    static func entry(_ message: OpaquePointer?) -> LogEntry? {
        // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<nanoseconds>.<pending>
        guard let reply = natsMsg_GetReply(message) else { return nil }
        // Once for each message of the city: without texts in between.
        let numbers = Numbers.last(4, of: reply)
        guard numbers.count == 4 else { return nil }
        return LogEntry(
            sequence: numbers[0], recorded: Timestamp(milliseconds: numbers[2] / 1_000_000), body: body(message))
    }
}
