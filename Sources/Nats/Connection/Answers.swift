import Dispatch
import Synchronization

/// What waits for the answers to messages that were sent together.
final class Answers: Sendable {
    typealias Answer = Result<NatsMessage, NatsFailure>

    /// Of the subjects that the answers come to.
    let numbers: Range<Int64>
    private let state: Mutex<(answers: [Answer?], left: Int)>
    private let done = DispatchSemaphore(value: 0)

    init(count: Int, first: Int64) {
        numbers = first..<(first + Int64(count))
        state = Mutex((Array(repeating: nil, count: count), count))
    }

    /// The first answer counts.
    func settle(_ slot: Int, _ answer: Answer) {
        let isLast = state.withLock { state in
            guard state.answers.indices.contains(slot), state.answers[slot] == nil else { return false }
            state.answers[slot] = answer
            state.left -= 1
            return state.left == 0
        }
        if isLast { done.signal() }
    }

    /// Nil in place of those that did not come in time.
    func wait(milliseconds: Int) -> [Answer?] {
        guard !numbers.isEmpty else { return [] }
        _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
        return state.withLock { $0.answers }
    }
}
