import ControlRoom
import Logging
import Metrics
import Synchronization

/// Says in the journal at the start, once a day, and when it may be so no more, that the log's servers are reached without TLS or credentials, and keeps two
/// metrics: `impetus_hub_nats_plain` is 1 while it is so, and `impetus_hub_nats_plain_days` are the whole days until the hub does
/// not start so any more, negative once they are over, and absent where it is meant.
final class PlainLogWarning: Sendable {
    private let notice: PlainLogNotice?
    private let logger: Logger
    private let isPlain = Meter(label: "impetus_hub_nats_plain")
    private let days: Meter?
    private let said = Mutex<(at: Timestamp, words: String)?>(nil)

    static let saySeconds = 86_400.0

    /// - Parameter notice: nil where nothing is lacking: nothing is said.
    init(_ notice: PlainLogNotice?, logger: Logger) {
        self.notice = notice
        self.logger = logger
        if case .until? = notice?.verdict {
            days = Meter(label: "impetus_hub_nats_plain_days")
        } else {
            days = nil
        }
        isPlain.set(notice == nil ? 0 : 1)
    }

    /// - Returns: whether it was said.
    @discardableResult
    func look(now: Timestamp) -> Bool {
        guard let notice else { return false }
        let trouble = notice.trouble(at: now)
        let words = trouble ?? notice.words
        let isDue = said.withLock { said in
            if let said, said.words == words, abs(now.seconds(since: said.at)) < PlainLogWarning.saySeconds {
                return false
            }
            said = (now, words)
            return true
        }
        guard isDue else { return false }
        if let left = notice.daysLeft(at: now) { days?.set(left) }
        if trouble == nil { logger.warning("\(words)") } else { logger.error("\(words)") }
        return true
    }
}
