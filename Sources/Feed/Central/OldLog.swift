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

    /// What is wrong with the log where the chain has come to the place that was named; nil where nothing is.
    func difference(at chain: LogChain) -> String? {
        guard case .trusted(let word) = self, chain.sequence == word.sequence, chain.head != word.head else {
            return nil
        }
        return "up to entry \(word.sequence) it is not what trust-log has named"
    }
}
