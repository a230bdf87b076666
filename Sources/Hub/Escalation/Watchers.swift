import ControlRoom
import Synchronization

/// Which consoles of a tenant are open here: streams of people who may acknowledge, and whose program says that it shows them
/// to somebody. Mirrors (`impetus sync`) and machines follow as well, and watch nothing.
///
/// An open stream is not enough: a console that was stopped, or whose line was cut, keeps it. One counts as long as it takes what it is
/// sent, and, where its program says that it answers, as long as it does.
final class Watchers: Sendable {
    /// Who was neither seen to take anything nor heard for so long is not there.
    static let seenSeconds = 30.0

    private struct Stream {
        /// When all that it was sent had been taken last.
        var taken: Timestamp
        /// When its program answered last; nil where it does not say that it does.
        var answered: Timestamp?
        let key: String

        var seen: Timestamp { answered.map { min($0, taken) } ?? taken }
    }

    private struct State {
        var streams: [Int: Stream] = [:]
        var lastNumber = 0
        var left: Timestamp
    }

    private let state: Mutex<State>

    /// - Parameter now: whoever watched before the hub began is given time to come back.
    init(now: Timestamp) { state = Mutex(State(left: now)) }

    /// A console has opened a stream.
    ///
    /// - Parameters:
    ///   - key: whose it is.
    ///   - answers: whether its program says by itself, every some seconds, that it runs (`answered`).
    /// - Returns: its number.
    func came(_ key: String, answers: Bool, at now: Timestamp) -> Int {
        state.withLock { state in
            state.lastNumber += 1
            state.streams[state.lastNumber] = Stream(taken: now, answered: answers ? now : nil, key: key)
            return state.lastNumber
        }
    }

    /// All that a stream was sent has been taken.
    func took(_ number: Int, at now: Timestamp) { state.withLock { $0.streams[number]?.taken = now } }

    /// The program of a member's consoles runs.
    func answered(_ key: String, at now: Timestamp) {
        state.withLock { state in
            for (number, stream) in state.streams where stream.key == key && stream.answered != nil {
                state.streams[number]?.answered = now
            }
        }
    }

    func left(_ number: Int, at now: Timestamp) {
        state.withLock { state in
            guard let stream = state.streams.removeValue(forKey: number) else { return }
            state.left = max(state.left, Watchers.isThere(stream, now) ? now : stream.seen)
        }
    }

    /// Since when no console is there; nil while one is.
    func unwatchedSince(at now: Timestamp) -> Timestamp? {
        state.withLock { state in
            guard !state.streams.values.contains(where: { Watchers.isThere($0, now) }) else { return nil }
            return state.streams.values.map(\.seen).reduce(state.left, max)
        }
    }

    private static func isThere(_ stream: Stream, _ now: Timestamp) -> Bool {
        abs(now.seconds(since: stream.seen)) < seenSeconds
    }
}
