import CNats
import ControlRoom

/// Publishes entries behind the place at which the stream ends, as far as is known: all of them, in their order and without a gap, or none
/// where the stream ends elsewhere. No message can be stored at another place than that, however often it is sent and however late it arrives.
///
/// Where the stream takes atomic batches (`Stream.isAtomic`), all entries of a call are one batch. Servers before 2.12 know none: there
/// each message expects the one before it. Two hubs that publish at the same time, without the turn (`Handover`), can then tear each
/// other's entries apart; what was stored is answered truly, and the rest comes behind it.
///
/// No message has an id (`Nats-Msg-Id`): nats-server 2.9 can store two of one id after it was killed.
final class Publisher: Sendable {
    private let nats: NatsConnection
    private let stream: Stream
    private let acks: Acks
    /// Tells the batches of this opening of the log from others'.
    private let name: String
    nonisolated(unsafe) private let context: OpaquePointer

    /// Of what is on its way at once; an atomic batch has room for 1,000 messages.
    static let mostEntries = 1_000
    static let mostBytes = 8 << 20
    /// Of a message's size that its headers may take; the servers count them.
    static let headerBytes = 512
    private static let ackMilliseconds: Int64 = 5_000
    /// A hash of the content, to tell a second event from another of the same name.
    static let contentHeader = "Impetus-Content"
    private static let expectation = "Nats-Expected-Last-Sequence"

    /// How far it came.
    struct Outcome: Equatable {
        /// Entries that are in the stream at the places they were meant for, from the first on.
        var stored: Int
        /// Why nobody knows whether it came further; nil where it did, or where the stream does not end where it was thought to.
        var failure: JetStreamFailure?
    }

    /// - Throws: `JetStreamFailure`.
    init(_ nats: NatsConnection, _ stream: Stream) throws {
        (self.nats, self.stream) = (nats, stream)
        name = try UniqueName.make()
        let acks = Acks()
        self.acks = acks
        context = try Publisher.context(nats, acks)
    }

    private static func context(_ nats: NatsConnection, _ acks: Acks) throws -> OpaquePointer {
        var options = jsOptions()
        jsOptions_Init(&options)
        options.Wait = ackMilliseconds
        options.PublishAsync.MaxPending = Int64(2 * mostEntries)
        options.PublishAsync.StallWait = ackMilliseconds
        options.PublishAsync.AckHandler = { _, message, ack, failure, closure in
            Acks.took(message, ack, failure, closure)
        }
        // Kept for the life of the process: an acknowledgement may come late.
        options.PublishAsync.AckHandlerClosure = Unmanaged.passRetained(acks).toOpaque()
        var made: OpaquePointer?
        try JetStreamFailure.check(natsConnection_JetStream(&made, nats.connection, &options), "JetStream")
        guard let made else { throw JetStreamFailure("no JetStream") }
        return made
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
        guard stream.isAtomic || entries.count == 1 else { return publishEach(entries, after: end, batch) }
        do {
            return Publisher.outcome(
                try commit(entries, after: end, "\(name)-\(batch.number)"), of: entries.count, after: end)
        } catch {
            return Outcome(stored: 0, failure: error as? JetStreamFailure ?? JetStreamFailure("\(error)"))
        }
    }

    // MARK: - In one batch

    /// The servers take a batch whole when its last message has come, or nothing of it.
    private func commit(_ entries: ArraySlice<NewEntry>, after end: Int64, _ batch: String) throws -> PublishAnswer {
        for (offset, entry) in entries.enumerated() {
            let isLast = offset == entries.count - 1
            var headers = offset == 0 ? [(Publisher.expectation, String(end))] : []
            if entries.count > 1 {
                headers += [("Nats-Batch-Id", batch), ("Nats-Batch-Sequence", String(offset + 1))]
                if isLast { headers.append(("Nats-Batch-Commit", "1")) }
            }
            let message = try self.message(entry, headers)
            defer { natsMsg_Destroy(message) }
            guard isLast else {
                try JetStreamFailure.check(natsConnection_PublishMsg(nats.connection, message), "publishing")
                continue
            }
            return try answer(to: message)
        }
        throw JetStreamFailure("NATS: nothing to publish")
    }

    private func answer(to message: OpaquePointer?) throws -> PublishAnswer {
        var answer: OpaquePointer?
        try JetStreamFailure.check(
            natsConnection_RequestMsg(&answer, nats.connection, message, Publisher.ackMilliseconds), "publishing")
        defer { natsMsg_Destroy(answer) }
        return try PublishAnswer(Message.body(answer))
    }

    static func outcome(_ answer: PublishAnswer, of count: Int, after end: Int64) -> Outcome {
        switch answer {
        case .stored(end + Int64(count)): Outcome(stored: count, failure: nil)
        case .stored(let last):
            Outcome(stored: 0, failure: JetStreamFailure("NATS: stored up to \(last) and not \(end + Int64(count))"))
        case .overtaken: Outcome(stored: 0, failure: nil)
        case .failed(let why): Outcome(stored: 0, failure: JetStreamFailure("NATS: " + why))
        }
    }

    // MARK: - One behind the other

    private func publishEach(_ entries: ArraySlice<NewEntry>, after end: Int64, _ batch: Acks.Batch) -> Outcome {
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

    /// That one behind it was stored says nothing of a message: what it expected there may be another hub's.
    static func outcome(_ answers: [Acks.Answer], after end: Int64) -> Outcome {
        let stored = answers.indices.prefix { answers[$0] == .stored(end + Int64($0) + 1) }.count
        for case .unknown(let failure) in answers.dropFirst(stored).prefix(1) {
            return Outcome(stored: stored, failure: failure)
        }
        return Outcome(stored: stored, failure: nil)
    }

    private func send(_ entry: NewEntry, expecting last: Int64, mark: String) throws {
        var message = try message(entry, [(Acks.slotHeader, mark), (Publisher.expectation, String(last))])
        // Where it was accepted, the library has it, and this is nil.
        defer { natsMsg_Destroy(message) }
        var options = jsPubOptions()
        jsPubOptions_Init(&options)
        options.MaxWait = Publisher.ackMilliseconds
        try JetStreamFailure.check(js_PublishMsgAsync(context, &message, &options), "publishing")
    }

    private func message(_ entry: NewEntry, _ headers: [(String, String)]) throws -> OpaquePointer? {
        var message: OpaquePointer?
        try entry.body.withUnsafeBytes { bytes in
            try JetStreamFailure.check(
                natsMsg_Create(
                    &message, stream.subject, nil, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(bytes.count)),
                "a message")
        }
        do {
            for (name, value) in [(Publisher.contentHeader, entry.content.text)] + headers {
                try JetStreamFailure.check(natsMsgHeader_Set(message, name, value), "a header")
            }
        } catch {
            natsMsg_Destroy(message)
            throw error
        }
        return message
    }
}
