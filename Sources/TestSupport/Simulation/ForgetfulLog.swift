import ControlRoom
import Synchronization

/// A log as older versions kept it on NATS: it knew a name only for a while, so that a late duplicate stands in it twice. Readers have to
/// see to it.
final class ForgetfulLog: EventLog {
    private let log: any EventLog
    private let state = Mutex((count: 0, epoch: 0))

    /// After so many entries the names of older ones are forgotten.
    private static let window = 12

    init(_ log: any EventLog) { self.log = log }

    var logID: String { get throws { try log.logID } }

    func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended] {
        let epoch = state.withLock { state in
            state.count += entries.count
            return state.count / ForgetfulLog.window
        }
        // The name that the log below knows it by changes with time; the event itself does not.
        return try log.append(
            entries.map { entry in
                var named = entry
                named.id += "~\(epoch)"
                return named
            }, now: now)
    }

    func read(after sequence: Int64, limit: Int) throws -> [LogEntry] { try log.read(after: sequence, limit: limit) }
    func entry(at sequence: Int64) throws -> LogEntry? { try log.entry(at: sequence) }
    func lastSequence() throws -> Int64 { try log.lastSequence() }
    func firstSequence() throws -> Int64 { try log.firstSequence() }
    func onAppend(_ body: @escaping @Sendable () -> Void) { log.onAppend(body) }
}
