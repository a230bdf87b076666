import ControlRoom
import Nats
import Synchronization

/// Publishes entries behind the place at which the stream ends, as far as is known, in their order and without a gap: all of them or none in a
/// batch, otherwise a part from the front.
///
/// Where the stream takes atomic batches (`Stream.isAtomic`), entries are one. Servers before 2.12 know none: there each message expects
/// the one before it. Two hubs that publish at the same time, without the turn (`Handover`), can then tear each other's entries apart; what
/// was stored is answered truly, and the rest comes behind it. A message of a batch other than the first has its place by the batch alone: a server
/// that passes over what marks a batch would store it wherever the stream ends. So all servers have to be of one version (README).
///
/// No message has an id (`Nats-Msg-Id`): nats-server 2.9 can store two of one id after it was killed.
final class Publisher: Sendable {
    private let nats: NatsConnection
    private let stream: Stream
    /// Tells the batches of this opening of the log from others'.
    private let name = UniqueName.make()
    private let batches = Mutex(0)

    /// Of what is on its way at once; an atomic batch has room for 1,000 messages.
    static let mostEntries = 1_000
    static let mostBytes = 8 << 20
    /// Of a message's size that its headers may take; the servers count them.
    static let headerBytes = 512
    private static let ackMilliseconds = 5_000
    /// A hash of the content, to tell a second event from another of the same name.
    static let contentHeader = "Impetus-Content"
    private static let expectation = "Nats-Expected-Last-Sequence"

    /// How far it came.
    struct Outcome: Equatable {
        /// Entries that are in the stream at the places they were meant for, from the first on.
        var stored: Int
        /// Why nobody knows whether it came further; nil where it did, or where the stream does not end where it was thought to.
        var failure: NatsFailure?
    }

    init(_ nats: NatsConnection, _ stream: Stream) { (self.nats, self.stream) = (nats, stream) }

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
        do {
            guard stream.isAtomic || entries.count == 1 else { return try publishEach(entries, after: end) }
            let (answer, isWhole) = try commit(entries, after: end)
            guard isWhole else {
                stream.takesNoBatches()
                throw NatsFailure("NATS: a server that knows no batches was given one; what it stored of it is read on")
            }
            // What is brought again goes one by one.
            if answer == .takesNoBatches { stream.takesNoBatches() }
            return Publisher.outcome(answer, of: entries.count, after: end)
        } catch {
            return Outcome(stored: 0, failure: NatsFailure(error))
        }
    }

    // MARK: - In one batch

    /// The servers take a batch whole when its last message has come, or nothing of it.
    ///
    /// - Returns: also whether the server took it as one; one that is older passes over what marks a batch.
    private func commit(
        _ entries: ArraySlice<NewEntry>, after end: Int64
    ) throws -> (answer: PublishAnswer, isWhole: Bool) {
        let batch = batches.withLock { count in
            count += 1
            return "\(name)-\(count)"
        }
        var messages = entries.enumerated().map { offset, entry in
            var headers = offset == 0 ? [(Publisher.expectation, String(end))] : []
            if entries.count > 1 {
                headers += [("Nats-Batch-Id", batch), ("Nats-Batch-Sequence", String(offset + 1))]
                if offset == entries.count - 1 { headers.append(("Nats-Batch-Commit", "1")) }
            }
            return message(entry, headers)
        }
        guard let last = messages.popLast() else { throw NatsFailure("NATS: nothing to publish") }
        try nats.publish(messages)
        let answer = try PublishAnswer(nats.request(last, milliseconds: Publisher.ackMilliseconds).body)
        guard entries.count > 1, case .stored(_, let taken) = answer else { return (answer, true) }
        return (answer, taken == PublishAnswer.Batch(name: batch, count: entries.count))
    }

    static func outcome(_ answer: PublishAnswer, of count: Int, after end: Int64) -> Outcome {
        switch answer {
        case .stored(end + Int64(count), _): Outcome(stored: count, failure: nil)
        case .stored(let last, _):
            Outcome(stored: 0, failure: NatsFailure("NATS: stored up to \(last) and not \(end + Int64(count))"))
        case .overtaken: Outcome(stored: 0, failure: nil)
        case .takesNoBatches: Outcome(stored: 0, failure: NatsFailure("NATS: the stream takes no batches"))
        case .failed(let why): Outcome(stored: 0, failure: NatsFailure("NATS: " + why))
        }
    }

    // MARK: - One behind the other

    private func publishEach(_ entries: ArraySlice<NewEntry>, after end: Int64) throws -> Outcome {
        let messages = entries.enumerated().map { offset, entry in
            message(entry, [(Publisher.expectation, String(end + Int64(offset)))])
        }
        let answers = try nats.request(messages, milliseconds: Publisher.ackMilliseconds)
        return Publisher.outcome(answers.map { answer in Result { try PublishAnswer(answer.get().body) } }, after: end)
    }

    /// That one behind it was stored says nothing of a message: what it expected there may be another hub's.
    static func outcome(_ answers: [Result<PublishAnswer, any Error>], after end: Int64) -> Outcome {
        var stored = 0
        for answer in answers {
            switch answer {
            case .success(.stored(end + Int64(stored) + 1, _)): stored += 1
            case .success(.stored), .success(.overtaken): return Outcome(stored: stored, failure: nil)
            case .success(.takesNoBatches):
                return Outcome(stored: stored, failure: NatsFailure("NATS: the stream takes no batches"))
            case .success(.failed(let why)): return Outcome(stored: stored, failure: NatsFailure("NATS: " + why))
            case .failure(let error): return Outcome(stored: stored, failure: NatsFailure(error))
            }
        }
        return Outcome(stored: stored, failure: nil)
    }

    private func message(_ entry: NewEntry, _ headers: [(String, String)]) -> OutgoingMessage {
        OutgoingMessage(
            subject: stream.subject, headers: [(Publisher.contentHeader, entry.content.text)] + headers,
            body: entry.body)
    }
}
