import CNats
public import ControlRoom
import Dispatch
import Synchronization

/// A tenant's log on a stream of NATS JetStream, which several hubs may serve and several servers hold.
///
/// The stream knows a second event of the same name for a while (`windowNanoseconds`); one that comes later stands in it twice, and
/// readers ignore it. An acknowledged event has been written by a majority of the servers; nats-server 2.9 calls fsync every
/// two minutes: a majority that loses power at once loses what came since. After servers were killed, 2.9.10 has stored messages twice
/// and brought back copies that differed (README).
///
/// - Throws: `JetStreamFailure`, from all that throws here. Waits for servers up to 5 s at a time: call nothing of it
///   on a thread that others wait for.
public final class JetStreamLog: EventLog {
    private let nats: NatsConnection
    private let stream: String
    private let subject: String
    nonisolated(unsafe) private let context: OpaquePointer
    private let acks = Acks()
    private let tail: Tail
    private let created: Int64

    private static let windowNanoseconds: Int64 = 120_000_000_000
    private static let ackMilliseconds: Int64 = 5_000
    private static let waitMilliseconds: Int64 = 5_000
    private static let mostPending: Int64 = 16_384
    private static let tries = 5
    /// A `ContentHash`, to tell a second event from another of the same name; a bare number where an older version wrote it.
    private static let contentHeader = "Impetus-Content"

    /// Opens the stream of a log, making it where there is none.
    ///
    /// - Parameters:
    ///   - name: of the tenant, or `system`.
    ///   - replicas: servers that hold it.
    /// - Throws: `JetStreamFailure`.
    public init(_ nats: NatsConnection, name: String, replicas: Int) throws {
        self.nats = nats
        let stream = "IMPETUS_" + name
        self.stream = stream
        subject = "impetus." + name
        context = try JetStreamLog.context(nats, acks)
        created = try JetStreamLog.open(context, stream: stream, subject: subject, replicas: replicas)
        tail = try Tail(context, stream: stream, subject: subject)
    }

    deinit {
        tail.close()
        jsCtx_Destroy(context)
    }

    private static func context(_ nats: NatsConnection, _ acks: Acks) throws -> OpaquePointer {
        var options = jsOptions()
        jsOptions_Init(&options)
        options.Wait = waitMilliseconds
        options.PublishAsync.MaxPending = mostPending
        options.PublishAsync.StallWait = waitMilliseconds
        options.PublishAsync.AckHandler = { _, message, ack, failure, closure in
            Acks.took(message, ack, failure, closure)
        }
        // Kept for the life of the process: an acknowledgement may come late.
        options.PublishAsync.AckHandlerClosure = Unmanaged.passRetained(acks).toOpaque()
        var context: OpaquePointer?
        try JetStreamFailure.check(natsConnection_JetStream(&context, nats.connection, &options), "JetStream")
        guard let context else { throw JetStreamFailure("no JetStream") }
        return context
    }

    /// - Returns: when the stream was made, which tells it from another of the same name.
    private static func open(_ context: OpaquePointer, stream: String, subject: String, replicas: Int) throws -> Int64 {
        try stream.withCString { name in
            try Texts.with([subject]) { subjects in
                var configuration = jsStreamConfig()
                jsStreamConfig_Init(&configuration)
                configuration.Name = name
                configuration.Subjects = subjects
                configuration.SubjectsLen = 1
                configuration.Storage = js_FileStorage
                configuration.Replicas = Int64(replicas)
                configuration.Discard = js_DiscardNew
                configuration.Duplicates = windowNanoseconds
                configuration.DenyDelete = true
                configuration.DenyPurge = true
                configuration.AllowDirect = true
                var code = jsErrCode(0)
                var info: UnsafeMutablePointer<jsStreamInfo>?
                var status = js_AddStream(&info, context, &configuration, nil, &code)
                // Servers that have just started answer late, or nobody does yet.
                for _ in 0..<tries where status == NATS_TIMEOUT || status == NATS_NO_RESPONDERS {
                    status = js_AddStream(&info, context, &configuration, nil, &code)
                }
                defer { jsStreamInfo_Destroy(info) }
                // 10058: there already, with other replicas; what is there counts.
                if status != NATS_OK, code.rawValue == 10_058 {
                    return try self.info(context, stream).created
                }
                try JetStreamFailure.check(status, "the stream \(stream)", code)
                return info?.pointee.Created ?? 0
            }
        }
    }

    private struct Info {
        var first: Int64
        var last: Int64
        var created: Int64
    }

    private static func info(_ context: OpaquePointer, _ stream: String) throws -> Info {
        var code = jsErrCode(0)
        var info: UnsafeMutablePointer<jsStreamInfo>?
        try JetStreamFailure.check(js_GetStreamInfo(&info, context, stream, nil, &code), "the stream \(stream)", code)
        defer { jsStreamInfo_Destroy(info) }
        guard let found = info?.pointee else { throw JetStreamFailure("no stream \(stream)") }
        return Info(
            first: Int64(clamping: found.State.FirstSeq), last: Int64(clamping: found.State.LastSeq),
            created: found.Created)
    }

    // MARK: - EventLog

    public var logID: String { "\(stream)-\(created)" }

    /// - Throws: `JetStreamFailure` where not all were acknowledged: some may have been written. The same may be appended
    ///   again; the stream knows them by their names.
    public func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        guard !entries.isEmpty else { return [] }
        if let trouble = nats.trouble { throw JetStreamFailure(trouble) }
        var appended = [Appended?](repeating: nil, count: entries.count)
        for wave in Waves.of(entries) {
            for (place, acked) in zip(wave, try send(wave.map { entries[$0] })) { appended[place] = acked }
        }
        return appended.compactMap { $0 }
    }

    /// Publishes at once and waits for all: while the servers choose a new leader the first may be lost and later ones kept.
    private func send(_ entries: [NewEntry]) throws -> [Appended] {
        let batch = acks.begin(entries.count)
        for (slot, entry) in entries.enumerated() { try publish(entry, batch: batch.number, slot: slot) }
        let results = try batch.wait(seconds: Double(JetStreamLog.ackMilliseconds) / 1_000 + 1)
        acks.end(batch)
        return try zip(entries, results).map { entry, result in
            switch result {
            case .failure(let failure): throw failure
            case .success(let ack):
                guard ack.isDuplicate else { return .accepted(sequence: ack.sequence) }
                // What no hub has written is another's.
                return try content(at: ack.sequence).map { entry.answer(knowing: $0) } ?? .conflicting
            }
        }
    }

    private func publish(_ entry: NewEntry, batch: Int, slot: Int) throws {
        var message: OpaquePointer?
        try entry.body.withUnsafeBytes { bytes in
            try JetStreamFailure.check(
                natsMsg_Create(
                    &message, subject, nil, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)),
                "a message")
        }
        // Where it was accepted, the library has it, and this is nil.
        defer { natsMsg_Destroy(message) }
        natsMsgHeader_Set(message, JetStreamLog.contentHeader, entry.content.text)
        natsMsgHeader_Set(message, Acks.slotHeader, "\(batch) \(slot)")
        try JetStreamLog.name(of: entry).withCString { name in
            var options = jsPubOptions()
            jsPubOptions_Init(&options)
            options.MsgId = name
            options.MaxWait = JetStreamLog.ackMilliseconds
            try JetStreamFailure.check(js_PublishMsgAsync(context, &message, &options), "publishing")
        }
    }

    /// A header holds no line breaks; what might is written as a hash of it.
    private static func name(of entry: NewEntry) -> String {
        let name = entry.source + "\u{1F}" + entry.id
        let isPlain = name.utf8.count <= 200 && name.utf8.allSatisfy { $0 == 0x1F || (0x21...0x7E).contains($0) }
        return isPlain ? name.replacing("\u{1F}", with: " ") : ContentID.of(name.utf8)
    }

    /// 10037: no message found.
    private static let noMessage: UInt32 = 10_037

    /// Asks the stream's leader; one that has lost its majority steps down within some ten seconds, and then nobody answers.
    private func message<Value>(_ sequence: Int64, _ body: (OpaquePointer?) -> Value) throws -> Value? {
        var code = jsErrCode(0)
        var message: OpaquePointer?
        let status = js_GetMsg(&message, context, stream, UInt64(clamping: sequence), nil, &code)
        defer { natsMsg_Destroy(message) }
        if status != NATS_OK, code.rawValue == JetStreamLog.noMessage { return nil }
        try JetStreamFailure.check(status, "message \(sequence)", code)
        return body(message)
    }

    /// From the stream's leader, past what is kept in memory.
    public func entry(at sequence: Int64) throws -> LogEntry? {
        try message(sequence) { message in
            LogEntry(
                sequence: sequence, recorded: Timestamp(milliseconds: natsMsg_GetTime(message) / 1_000_000),
                body: Message.body(message))
        }
    }

    private func content(at sequence: Int64) throws -> ContentHash? {
        guard let content = try message(sequence, { JetStreamLog.contentName(of: $0) }) else {
            throw JetStreamFailure("NATS: message \(sequence) is gone")
        }
        return ContentHash(content)
    }

    private static func contentName(of message: OpaquePointer?) -> String {
        var text: UnsafePointer<CChar>?
        guard natsMsgHeader_Get(message, contentHeader, &text) == NATS_OK, let text else { return "" }
        return String(cString: text)
    }

    /// From what is kept in memory of the end, or by an ordered consumer that asks the servers.
    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        if let entries = tail.read(after: sequence, limit: limit) { return entries }
        let last = try lastSequence()
        guard last > sequence else { return [] }
        return try fetch(from: sequence + 1, count: min(limit, Int(last - sequence)))
    }

    /// What is older than the tail, by an ordered consumer of its own.
    private func fetch(from first: Int64, count: Int) throws -> [LogEntry] {
        var subscription: OpaquePointer?
        var code = jsErrCode(0)
        try stream.withCString { name in
            var options = jsSubOptions()
            jsSubOptions_Init(&options)
            options.Stream = name
            options.Ordered = true
            options.Config.DeliverPolicy = js_DeliverByStartSequence
            options.Config.OptStartSeq = UInt64(clamping: max(1, first))
            try JetStreamFailure.check(
                js_SubscribeSync(&subscription, context, subject, nil, &options, &code), "reading \(stream)", code)
        }
        defer {
            natsSubscription_Unsubscribe(subscription)
            natsSubscription_Destroy(subscription)
        }
        var entries: [LogEntry] = []
        while entries.count < count {
            var message: OpaquePointer?
            let status = natsSubscription_NextMsg(&message, subscription, JetStreamLog.waitMilliseconds)
            guard status == NATS_OK else {
                if entries.isEmpty { try JetStreamFailure.check(status, "reading \(stream)") }
                break
            }
            defer { natsMsg_Destroy(message) }
            if let entry = Message.entry(message) { entries.append(entry) }
        }
        return entries
    }

    /// Asks the servers, and never says less than what has come to this process.
    public func lastSequence() throws -> Int64 { max(tail.last, try JetStreamLog.info(context, stream).last) }

    /// Asks the servers.
    public func firstSequence() throws -> Int64 { max(1, try JetStreamLog.info(context, stream).first) }

    public func onAppend(_ body: @escaping @Sendable () -> Void) { tail.onAppend(body) }
}
