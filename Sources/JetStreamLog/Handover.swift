import Nats
import Synchronization

/// Whose turn it is to append, among the hubs of a log: whoever appended last goes on, until another asks for the turn and is given it
/// between two batches. So hubs seldom publish for the same place, of which the servers would refuse one, and none is always second.
///
/// It is a courtesy: a hub that is not answered, because the one before it is gone, appends all the same, and what it expects of the
/// stream's end keeps the order. The word travels on a subject beside the stream's, which nobody keeps.
final class Handover: Sendable {
    private struct State {
        var isHolder = false
        var isBusy = false
        /// Where those wait for an answer who asked while a batch was on its way.
        var wants: [(asker: String, reply: String)] = []
        /// The end of the stream as this hub left it.
        var end: Int64 = 0
    }

    private let nats: NatsConnection
    private let subject: String
    /// Tells this opening of the log from others.
    private let me: String
    private let state = Mutex(State())
    private let subscription = Mutex<NatsSubscription?>(nil)

    private static let mostWants = 64
    private static let tries = 3
    private static let patienceMilliseconds = 150

    /// - Throws: `NatsFailure`.
    init(_ nats: NatsConnection, subject: String) throws {
        self.nats = nats
        self.subject = subject + ".turn"
        me = UniqueName.make()
        let made = try nats.subscribe(to: self.subject) { [weak self] message in self?.heard(message) }
        subscription.withLock { $0 = made }
    }

    func close() { subscription.withLock { $0 }?.end() }

    // MARK: - Whoever appends

    /// Asks for the turn where this hub has not got it; waits for less than half a second.
    ///
    /// - Returns: where the stream ended when it was given; nil where this hub had it, or nobody answered.
    func take() -> Int64? {
        let hasIt = state.withLock { state in
            state.isBusy = state.isHolder
            return state.isHolder
        }
        guard !hasIt else { return nil }
        var end: Int64?
        for _ in 0..<Handover.tries where end == nil { end = ask() }
        state.withLock { $0 = State(isHolder: true, isBusy: true) }
        return end
    }

    private func ask() -> Int64? {
        let question = OutgoingMessage(subject: subject, body: Array(me.utf8))
        let answer = try? nats.request(question, milliseconds: Handover.patienceMilliseconds)
        return answer.flatMap { Int64(String(decoding: $0.body, as: UTF8.self)) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// A batch is done: the turn goes to whoever asked for it first meanwhile.
    ///
    /// - Parameters:
    ///   - end: of the stream.
    ///   - hasTurn: nobody else has appended meanwhile.
    func release(end: Int64, hasTurn: Bool) {
        let next: String? = state.withLock { state in
            state.isBusy = false
            state.isHolder = hasTurn
            state.end = end
            guard state.isHolder, !state.wants.isEmpty else { return nil }
            state.isHolder = false
            return state.wants.removeFirst().reply
        }
        if let next { grant(next, end) }
    }

    /// Somebody else has appended; not while this hub publishes: what it reads then is older than its turn.
    func lose() { state.withLock { state in if !state.isBusy { state.isHolder = false } } }

    // MARK: - Others

    private func heard(_ message: NatsMessage) {
        guard !message.reply.isEmpty else { return }
        heard(String(decoding: message.body, as: UTF8.self), String(decoding: message.reply, as: UTF8.self))
    }

    private func heard(_ asker: String, _ reply: String) {
        guard asker != me else { return }
        let end: Int64? = state.withLock { state in
            guard state.isHolder else { return nil }
            guard !state.isBusy else {
                // Who asks again waits for an answer there alone.
                state.wants.removeAll { $0.asker == asker }
                if state.wants.count < Handover.mostWants { state.wants.append((asker, reply)) }
                return nil
            }
            state.isHolder = false
            return state.end
        }
        if let end { grant(reply, end) }
    }

    private func grant(_ reply: String, _ end: Int64) {
        // Whoever reaches the servers can name any subject, that of a log as well.
        guard reply.hasPrefix("_INBOX.") else { return }
        try? nats.publish(OutgoingMessage(subject: reply, body: Array(String(end).utf8)))
    }
}
