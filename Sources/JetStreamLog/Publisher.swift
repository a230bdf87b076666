import CNats
import ControlRoom

/// Publishes entries one behind the other, all at once: each message expects the one before it, so that the stream has them in this
/// order without a gap, or has only the first of them. A message can be stored at one place alone, however often it is sent and
/// however late it arrives.
///
/// No message has an id (`Nats-Msg-Id`): nats-server 2.9 can store two of one id after it was killed.
final class Publisher: Sendable {
    private let subject: String
    nonisolated(unsafe) private let context: OpaquePointer
    private let acks = Acks()

    /// Of what is on its way at once.
    static let mostEntries = 2_000
    static let mostBytes = 8 << 20
    /// Of a message's size that its headers may take; the servers count them.
    static let headerBytes = 512
    private static let ackMilliseconds: Int64 = 5_000
    /// A hash of the content, to tell a second event from another of the same name.
    static let contentHeader = "Impetus-Content"
    private static let expectation = "Nats-Expected-Last-Sequence"

    /// How far it came.
    struct Outcome {
        /// Entries that are in the stream, from the first on.
        var stored: Int
        /// Why it did not come further; nil where it did, or where the stream did not end where it was thought to.
        var failure: JetStreamFailure?
    }

    /// - Throws: `JetStreamFailure`.
    init(_ nats: NatsConnection, subject: String) throws {
        self.subject = subject
        var options = jsOptions()
        jsOptions_Init(&options)
        options.Wait = Publisher.ackMilliseconds
        options.PublishAsync.MaxPending = Int64(2 * Publisher.mostEntries)
        options.PublishAsync.StallWait = Publisher.ackMilliseconds
        options.PublishAsync.AckHandler = { _, message, ack, failure, closure in
            Acks.took(message, ack, failure, closure)
        }
        // Kept for the life of the process: an acknowledgement may come late.
        options.PublishAsync.AckHandlerClosure = Unmanaged.passRetained(acks).toOpaque()
        var made: OpaquePointer?
        try JetStreamFailure.check(natsConnection_JetStream(&made, nats.connection, &options), "JetStream")
        guard let made else { throw JetStreamFailure("no JetStream") }
        context = made
    }

    deinit { jsCtx_Destroy(context) }

    /// How many of the first entries may be on their way at once; one at least.
    static func window(_ entries: ArraySlice<NewEntry>) -> Int {
        var (count, bytes) = (0, 0)
        for entry in entries.prefix(mostEntries) {
            bytes += entry.body.count
            guard count == 0 || bytes <= mostBytes else { break }
            count += 1
        }
        return count
    }

    /// One round trip for all of them. Waits for the servers, for some seconds at most.
    ///
    /// - Parameters:
    ///   - entries: at most a `window` of them.
    ///   - end: the sequence of the last message that is in the stream, as far as is known.
    func publish(_ entries: ArraySlice<NewEntry>, after end: Int64) -> Outcome {
        let batch = acks.begin(entries.count)
        defer { acks.end(batch) }
        for (slot, entry) in entries.enumerated() {
            do {
                try send(entry, expecting: end + Int64(slot), mark: "\(batch.number) \(slot)")
            } catch {
                let failure = error as? JetStreamFailure ?? JetStreamFailure("\(error)")
                for rest in slot..<entries.count { batch.settle(rest, .unknown(failure)) }
                break
            }
        }
        return Publisher.outcome(
            batch.wait(seconds: Double(Publisher.ackMilliseconds) / 1_000 + 1), after: end)
    }

    /// One that is stored expected the one before it, which therefore is stored too, whatever was heard of it.
    static func outcome(_ answers: [Acks.Answer], after end: Int64) -> Outcome {
        let last = answers.indices.last { answers[$0] == .stored(end + Int64($0) + 1) }
        let stored = last.map { $0 + 1 } ?? 0
        for case .unknown(let failure) in answers.dropFirst(stored).prefix(1) {
            return Outcome(stored: stored, failure: failure)
        }
        return Outcome(stored: stored, failure: nil)
    }

    private func send(_ entry: NewEntry, expecting last: Int64, mark: String) throws {
        var message: OpaquePointer?
        try entry.body.withUnsafeBytes { bytes in
            try JetStreamFailure.check(
                natsMsg_Create(
                    &message, subject, nil, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)),
                "a message")
        }
        // Where it was accepted, the library has it, and this is nil.
        defer { natsMsg_Destroy(message) }
        let headers = [
            (Publisher.contentHeader, entry.content.text), (Acks.slotHeader, mark),
            (Publisher.expectation, String(last)),
        ]
        for (name, value) in headers {
            try JetStreamFailure.check(natsMsgHeader_Set(message, name, value), "a header")
        }
        var options = jsPubOptions()
        jsPubOptions_Init(&options)
        options.MaxWait = Publisher.ackMilliseconds
        try JetStreamFailure.check(js_PublishMsgAsync(context, &message, &options), "publishing")
    }
}
