import CNats
import Dispatch
import Synchronization

/// Acknowledgements of what was published, sorted back to those who wait for them.
final class Acks: Sendable {
    struct Ack: Sendable {
        var sequence: Int64
        var isDuplicate: Bool
    }

    /// Messages that were published together.
    final class Batch: Sendable {
        let number: Int
        private let state: Mutex<(results: [Result<Ack, JetStreamFailure>?], left: Int)>
        private let done = DispatchSemaphore(value: 0)

        init(number: Int, count: Int) {
            self.number = number
            state = Mutex((Array(repeating: nil, count: count), count))
        }

        func settle(_ slot: Int, _ result: Result<Ack, JetStreamFailure>) {
            let isLast = state.withLock { state in
                guard state.results.indices.contains(slot), state.results[slot] == nil else { return false }
                state.results[slot] = result
                state.left -= 1
                return state.left == 0
            }
            if isLast { done.signal() }
        }

        /// - Throws: `JetStreamFailure` where not all came in time.
        func wait(seconds: Double) throws -> [Result<Ack, JetStreamFailure>] {
            guard done.wait(timeout: .now() + seconds) == .success else {
                throw JetStreamFailure("NATS: no acknowledgement in time")
            }
            return state.withLock { $0.results.compactMap { $0 } }
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
            // One that failed is never ended: it goes when many have come after it.
            batches.open = batches.open.filter { $0.key > batches.next - 64 }
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
        if let ack {
            let taken = Ack(sequence: Int64(clamping: ack.pointee.Sequence), isDuplicate: ack.pointee.Duplicate)
            batch.settle(numbers[1], .success(taken))
        } else {
            let why = failure?.pointee.ErrText.map { String(cString: $0) } ?? "not acknowledged"
            batch.settle(numbers[1], .failure(JetStreamFailure("NATS: " + why)))
        }
    }
}
