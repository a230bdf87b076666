import ArgumentParser
import ControlRoom
import Feed
import HubCore
import Shell
import Tenancy

/// Waits until every hub that serves has followed the system log to what a command appended.
struct HubWait {
    private let log: any EventLog
    /// Only what a hub signed says that a hub has seen something.
    private var folded: SystemLog.Folded

    static let mostSeconds = 5.0
    private static let lookSeconds = 0.05

    /// Before the command appends.
    init(_ system: SystemLog) {
        (log, folded) = (system.log, system.folded)
    }

    /// After it has appended.
    ///
    /// - Parameter isAwaited: whether a fact is the one that was appended; the first such counts.
    /// - Returns: where the hubs run that had not seen it after `mostSeconds`; empty as soon as all have.
    mutating func missing(_ isAwaited: (Fact) -> Bool) throws -> [String] {
        let surroundings = Surroundings.live
        let start = surroundings.now()
        var place: Int64?
        while true {
            try folded.follow(log) { fact, sequence in if place == nil, isAwaited(fact) { place = sequence } }
            let now = surroundings.now()
            let missing = folded.register.hubs(behind: place ?? .max, at: now)
            if missing.isEmpty || abs(now.seconds(since: start)) >= HubWait.mostSeconds { return missing }
            surroundings.sleep(HubWait.lookSeconds)
        }
    }

    /// Names who has not seen it.
    ///
    /// - Throws: exit code 75 where somebody has not: what was appended stands.
    static func tell(_ missing: [String]) throws {
        guard !missing.isEmpty else { return }
        Output.note(
            "not seen within \(Int(mostSeconds)) s by the hub at \(missing.joined(separator: ", ")): it is kept, and holds for "
                + "what comes after that hub sees it; one that was killed is waited for until 25 hours after its last word"
        )
        throw ExitCode.tryLater
    }
}
