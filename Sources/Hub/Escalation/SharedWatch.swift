import ControlRoom
import HubCore
import Tenancy

/// What a hub says of a tenant's consoles to those it shares a log with, and what it takes from theirs: a value that decides and
/// appends nothing.
///
/// A word is said only while a critical alarm waits, or to take one back. It holds for ten minutes and is renewed after five: often
/// enough that a killed hub does not block the others for long, seldom enough not to fill the system log.
struct SharedWatch: Sendable {
    /// A word that goes on is said again after so long.
    static let renewSeconds = HubWatch.validSeconds / 2
    /// So long a console may be away before that is said: one that connects anew says nothing each time.
    static let patienceSeconds = 30.0

    /// When a console was open at another hub last.
    private var elsewhere: Timestamp?

    /// What is known of a tenant when it is looked at.
    struct Look {
        /// Of this hub; nil while a console is open.
        var unwatchedSince: Timestamp?
        /// A critical alarm waits.
        var waits: Bool
        /// It has waited for long enough with nobody there.
        var isUnwatched: Bool
        /// What this hub has said, as far as it holds.
        var said: HubWatches.Word?
        /// A console is open at another hub.
        var isWatchedElsewhere: Bool
        var now: Timestamp
    }

    /// - Returns: what is to be said now; nil for nothing.
    func word(_ look: Look) -> HubWatch.State? {
        let isOld = look.said.map { abs(look.now.seconds(since: $0.said)) >= SharedWatch.renewSeconds } ?? true
        guard let since = look.unwatchedSince else {
            return look.waits && (isOld || look.said?.state != .watched) ? .watched : nil
        }
        switch look.said?.state {
        case .watched: return look.now.seconds(since: since) >= SharedWatch.patienceSeconds ? .unwatched : nil
        case .escalating where isOld && look.isUnwatched: return .escalating
        default: return nil
        }
    }

    /// - Returns: since when no console is open at any hub; nil while one is.
    mutating func unwatchedSince(_ look: Look) -> Timestamp? {
        if look.isWatchedElsewhere { elsewhere = look.now }
        guard !look.isWatchedElsewhere, let own = look.unwatchedSince else { return nil }
        return max(own, elsewhere ?? own)
    }
}
