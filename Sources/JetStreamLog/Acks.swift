import CNats
import Dispatch
import Synchronization

/// Acknowledgements of what was published, sorted back to those who wait for them.
final class Acks: Sendable {
    /// What became of a message.
    enum Answer: Equatable, Sendable {
        case stored(Int64)
        /// The stream does not end where the message expected it to: somebody else was first, or one before it was lost.
        case overtaken
        /// Nobody knows whether it was stored.
        case unknown(JetStreamFailure)
    }

    /// Messages that were published together.
    final class Batch: Sendable {
        let number: Int
        private let state: Mutex<(answers: [Answer?], left: Int)>
        private let done = DispatchSemaphore(value: 0)

        init(number: Int, count: Int) {
            self.number = number
            state = Mutex((Array(repeating: nil, count: count), count))
        }

        func settle(_ slot: Int, _ answer: Answer) {
            let isLast = state.withLock { state in
                guard state.answers.indices.contains(slot), state.answers[slot] == nil else { return false }
                state.answers[slot] = answer
                state.left -= 1
                return state.left == 0
            }
            if isLast { done.signal() }
        }

        /// An answer for each message, `unknown` for those that none came for in time.
        func wait(seconds: Double) -> [Answer] {
            _ = done.wait(timeout: .now() + seconds)
            return state.withLock { state in
                state.answers.map { $0 ?? .unknown(JetStreamFailure("NATS: no acknowledgement in time")) }
            }
        }
    }

    /// A header that tells where a message stands in its batch.
    static let slotHeader = "Impetus-Slot"

    private let batches = Mutex<(next: Int, open: [Int: Batch])>((0, [:]))

    func begin(_ count: Int) -> Batch {
        batches.withLock { batches in
            batches.next += 1
            let batch = Batch(number: batches.next, count: count)
            batches.open[batch.number] = batch
            return batch
        }
    }

    func end(_ batch: Batch) { _ = batches.withLock { $0.open.removeValue(forKey: batch.number) } }

    /// Called on a thread of the library for each message, with its acknowledgement or why there is none.
    static func took(
        _ message: OpaquePointer?, _ ack: UnsafeMutablePointer<jsPubAck>?,
        _ failure: UnsafeMutablePointer<jsPubAckErr>?,
        _ closure: UnsafeMutableRawPointer?
    ) {
        defer { natsMsg_Destroy(message) }
        guard let closure else { return }
        let acks = Unmanaged<Acks>.fromOpaque(closure).takeUnretainedValue()
        var text: UnsafePointer<CChar>?
        guard natsMsgHeader_Get(message, slotHeader, &text) == NATS_OK, let text else { return }
        let numbers = Numbers.last(2, of: text).map { Int($0) }
        guard numbers.count == 2, let batch = acks.batches.withLock({ $0.open[numbers[0]] }) else { return }
        batch.settle(numbers[1], answer(ack, failure))
    }

    private static func answer(
        _ ack: UnsafeMutablePointer<jsPubAck>?, _ failure: UnsafeMutablePointer<jsPubAckErr>?
    ) -> Answer {
        if let ack { return .stored(Int64(clamping: ack.pointee.Sequence)) }
        if let code = failure?.pointee.ErrCode.rawValue, PublishAnswer.wrongLastSequence.contains(Int(code)) {
            return .overtaken
        }
        let why = failure?.pointee.ErrText.map { String(cString: $0) } ?? "not acknowledged"
        return .unknown(JetStreamFailure("NATS: " + why))
    }
}
