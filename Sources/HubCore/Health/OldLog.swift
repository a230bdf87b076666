import ControlRoom
import Trust

/// What is known of a log from before its entries bore a hub's word.
enum OldLog: Equatable, Sendable {
    /// It is none: each of its entries bears one.
    case none
    /// Nobody has said what stands in it: nothing is folded.
    case unknown
    /// An administrator has named the last place that counts as it is, and the head there.
    case trusted(LogTrusted)

    /// Why the log cannot be followed; nil where it can.
    var trouble: String? {
        guard self == .unknown else { return nil }
        return
            "its log is from before entries bore a hub's word; its administrator says with impetus-hub trust-log what stands in it"
    }

    /// How many entries are read at once from behind a place: none of a stretch lies behind the place that was named when it begins
    /// before it, so that the head there is looked at.
    func reach(from sequence: Int64, _ limit: Int) -> Int {
        guard case .trusted(let word) = self, word.sequence > sequence else { return limit }
        return min(limit, Int(clamping: word.sequence - sequence))
    }

    /// What is wrong with the log where the chain has come to the place that was named; nil where nothing is.
    func difference(at chain: LogChain) -> String? {
        guard case .trusted(let word) = self, chain.sequence == word.sequence, chain.head != word.head else {
            return nil
        }
        return "up to entry \(word.sequence) it is not what trust-log has named"
    }
}
