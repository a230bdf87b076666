import CNats
import ControlRoom
import Dispatch
import Synchronization

/// A stream on the servers: made where there is none, asked, and read.
final class Stream: Sendable {
    let name: String
    let subject: String
    /// When it was made, which tells it from another of the same name.
    let created: Int64
    private let nats: NatsConnection
    nonisolated(unsafe) let context: OpaquePointer
    private let mostOfConfiguration: Int?
    /// Whether it takes atomic batches.
    let isAtomic: Bool
    /// Pages that are read without a consumer, after one did not answer.
    private let distrust = Mutex(0)

    static let waitMilliseconds: Int64 = 5_000
    /// A consumer answers at once, or its server is down.
    private static let consumerMilliseconds: Int64 = 1_000
    private static let pagesOneByOne = 50
    private static let mostOneByOne = 500
    private static let lanes = 16
    private static let tries = 5
    /// Of the bodies that one look at the stream brings, past the first.
    static let pageBytes = 4 << 20
    static let pageEntries = 5_000
    /// JSStreamNameExistErr: there already, with other replicas; what is there counts.
    private static let exists: UInt32 = 10_058
    /// JSNoMessageFoundErr.
    private static let noMessage: UInt32 = 10_037

    /// - Parameters:
    ///   - log: the name of the log.
    ///   - replicas: servers that hold it.
    /// - Throws: `JetStreamFailure`.
    init(_ nats: NatsConnection, log: String, replicas: Int) throws {
        self.nats = nats
        name = "IMPETUS_" + log
        subject = "impetus." + log
        var options = jsOptions()
        jsOptions_Init(&options)
        options.Wait = Stream.waitMilliseconds
        context = try nats.context(&options)
        try Stream.make(context, name, subject, replicas)
        isAtomic = try Stream.takesBatches(nats, name)
        let info = try Stream.info(context, name)
        created = info.created
        mostOfConfiguration = info.largestMessage > 0 ? Int(info.largestMessage) : nil
    }

    private static func make(_ context: OpaquePointer, _ name: String, _ subject: String, _ replicas: Int) throws {
        try name.withCString { text in
            try Texts.with([subject]) { subjects in
                var configuration = jsStreamConfig()
                jsStreamConfig_Init(&configuration)
                configuration.Name = text
                configuration.Subjects = subjects
                configuration.SubjectsLen = 1
                configuration.Storage = js_FileStorage
                configuration.Replicas = Int64(replicas)
                configuration.Discard = js_DiscardNew
                configuration.DenyDelete = true
                configuration.DenyPurge = true
                configuration.AllowDirect = true
                var code = jsErrCode(0)
                var status = js_AddStream(nil, context, &configuration, nil, &code)
                // Servers that have just started answer late, or nobody does yet.
                for _ in 0..<tries where status == NATS_TIMEOUT || status == NATS_NO_RESPONDERS {
                    status = js_AddStream(nil, context, &configuration, nil, &code)
                }
                if status != NATS_OK, code.rawValue == exists { return }
                try JetStreamFailure.check(status, "the stream \(name)", code)
            }
        }
    }

    // MARK: - Asking

    struct Info {
        var first: Int64
        var last: Int64
        var created: Int64
        /// Bytes; 0 or less where nothing but the servers bound it.
        var largestMessage: Int64
    }

    /// What the stream's leader says.
    ///
    /// - Throws: `JetStreamFailure`, also where nobody leads.
    func info() throws -> Info { try Stream.info(context, name) }

    private static func info(_ context: OpaquePointer, _ stream: String) throws -> Info {
        var code = jsErrCode(0)
        var info: UnsafeMutablePointer<jsStreamInfo>?
        try JetStreamFailure.check(js_GetStreamInfo(&info, context, stream, nil, &code), "the stream \(stream)", code)
        defer { jsStreamInfo_Destroy(info) }
        guard let found = info?.pointee else { throw JetStreamFailure("no stream \(stream)") }
        return Info(
            first: Int64(clamping: found.State.FirstSeq), last: Int64(clamping: found.State.LastSeq),
            created: found.Created, largestMessage: Int64(found.Config?.pointee.MaxMsgSize ?? 0))
    }

    /// Bytes of the largest message, its headers included, that the server takes to which the connection leads now.
    func largestMessage(_ nats: NatsConnection) -> Int {
        let ofServer = Int(clamping: natsConnection_GetMaxPayload(nats.connection))
        return min(ofServer, mostOfConfiguration ?? ofServer)
    }

    /// Asks the stream's leader; one that has lost its majority steps down within some ten seconds, and then nobody answers.
    ///
    /// - Returns: the message, and its header that tells of the content; nil where there is none.
    /// - Throws: `JetStreamFailure`.
    func message(_ sequence: Int64) throws -> (entry: LogEntry, content: String?)? {
        guard sequence > 0 else { return nil }
        var code = jsErrCode(0)
        var message: OpaquePointer?
        let status = js_GetMsg(&message, context, name, UInt64(clamping: sequence), nil, &code)
        defer { natsMsg_Destroy(message) }
        if status != NATS_OK, code.rawValue == Stream.noMessage { return nil }
        try JetStreamFailure.check(status, "message \(sequence)", code)
        let recorded = Timestamp(milliseconds: natsMsg_GetTime(message) / 1_000_000)
        var text: UnsafePointer<CChar>?
        let hasContent = natsMsgHeader_Get(message, Publisher.contentHeader, &text) == NATS_OK
        return (
            LogEntry(sequence: sequence, recorded: recorded, body: Message.body(message)),
            hasContent ? text.map { String(cString: $0) } : nil
        )
    }

    // MARK: - Reading

    /// What stands from a place on, or from the stream's beginning where that lies behind it; at most `pageBytes`, or one that is larger.
    ///
    /// - Throws: `JetStreamFailure` where nothing came.
    func page(from first: Int64, count: Int) throws -> [LogEntry] {
        let isTrusted = distrust.withLock { left in
            defer { left = max(0, left - 1) }
            return left == 0
        }
        if isTrusted {
            let entries = consumed(from: first, count: count)
            if let found = entries.first?.sequence, try found == first || found == info().first { return entries }
            distrust.withLock { $0 = Stream.pagesOneByOne }
        }
        return try oneByOne(from: first, count: count)
    }

    /// By a consumer, which may have been given to a server that is down: then nothing comes.
    private func consumed(from first: Int64, count: Int) -> [LogEntry] {
        guard let inbox = try? Mailbox(nats) else { return [] }
        defer { inbox.close() }
        guard
            let consumer = try? Consumer(
                nats, stream: name, from: .sequence(first), to: inbox.inbox, isPushed: false,
                milliseconds: Stream.consumerMilliseconds)
        else { return [] }
        defer { consumer.end() }
        let most = min(count, Stream.pageEntries)
        guard (try? consumer.send(most, bytes: Stream.pageBytes)) != nil else { return [] }
        var entries: [LogEntry] = []
        // Behind the last comes a word that there are no more; behind a gap the next look begins.
        while entries.count < most, let entry = inbox.next(milliseconds: Int(Stream.consumerMilliseconds)),
            entry.sequence == entries.last.map({ $0.sequence + 1 }) ?? entry.sequence
        {
            entries.append(entry)
        }
        return entries
    }

    /// From the stream's leader, some at once: slower, and all that is needed is that somebody leads. Also for one that is larger than
    /// a page.
    private func oneByOne(from first: Int64, count: Int) throws -> [LogEntry] {
        guard let head = try message(first)?.entry else { return [] }
        let found = Mutex<(entries: [Int: LogEntry], bytes: Int)>(([0: head], head.body.count))
        let most = min(count, Stream.mostOneByOne)
        DispatchQueue.concurrentPerform(iterations: Stream.lanes) { lane in
            for place in stride(from: lane + 1, to: most, by: Stream.lanes) {
                guard found.withLock({ $0.bytes < Stream.pageBytes }),
                    let entry = try? message(first + Int64(place))?.entry
                else { return }
                found.withLock { found in
                    found.entries[place] = entry
                    found.bytes += entry.body.count
                }
            }
        }
        let entries = found.withLock { $0.entries }
        var (page, bytes) = ([head], head.body.count)
        while page.count < most, let next = entries[page.count], bytes + next.body.count <= Stream.pageBytes {
            page.append(next)
            bytes += next.body.count
        }
        return page
    }
}
