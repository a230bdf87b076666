import ControlRoom
import Feed
import Store

/// Whether a view follows its log: a value that hears how each step ended.
struct FollowHealth: Equatable {
    private var failing: Failing?

    private struct Failing: Equatable {
        let since: Timestamp
        let reason: String
    }

    /// A failure that passes in less time, an election among servers or a file that somebody holds, is told to nobody.
    static let patienceSeconds = 6.0

    /// How a step ended; nil for well. A full disk is told by whoever writes.
    mutating func ended(_ error: (any Error)?, at now: Timestamp) {
        guard let error, !FollowHealth.isToldElsewhere(error) else {
            failing = nil
            return
        }
        failing = Failing(since: failing?.since ?? now, reason: FollowHealth.reason(error))
    }

    /// Why nobody can be served; nil as long as the view follows.
    func trouble(at now: Timestamp) -> String? {
        guard let failing, abs(now.seconds(since: failing.since)) >= FollowHealth.patienceSeconds else { return nil }
        return failing.reason
    }

    private static func isToldElsewhere(_ error: any Error) -> Bool {
        if case .full = error as? StoreError { return true }
        return false
    }

    /// Told to whoever posts and reads: without paths of the hub's machine, which other errors name.
    private static func reason(_ error: any Error) -> String {
        let why = (error as? LogReader.Hole).map { " (\($0))" } ?? ""
        return
            "the hub cannot follow this tenant's log\(why); its journal says why, and it goes on by itself when it can"
    }
}
