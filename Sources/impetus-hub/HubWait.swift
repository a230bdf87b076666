import ArgumentParser
import ControlRoom
import Feed
import Shell
import Tenancy

/// Waits until every hub that serves has followed the system log to what a command appended.
struct HubWait {
    private let system: SystemLog
    private var register: Register
    private var cursor: Int64

    static let mostSeconds = 5.0
    private static let lookSeconds = 0.05

    /// Before the command appends.
    init(_ system: SystemLog) throws {
        self.system = system
        register = system.register
        cursor = try system.log.lastSequence()
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
            try follow { fact, sequence in if place == nil, isAwaited(fact) { place = sequence } }
            let now = surroundings.now()
            let missing = register.hubs(behind: place ?? .max, at: now)
            if missing.isEmpty || abs(now.seconds(since: start)) >= HubWait.mostSeconds { return missing }
            surroundings.sleep(HubWait.lookSeconds)
        }
    }

    private mutating func follow(_ body: (Fact, Int64) -> Void) throws {
        while true {
            let entries = try system.log.read(after: cursor, limit: 500)
            guard let last = entries.last else { return }
            for entry in entries {
                guard let event = try? HubFolder.wire.event(entry), let fact = try? Fact(of: event) else { continue }
                _ = register.apply(fact, at: entry.recorded)
                body(fact, entry.sequence)
            }
            cursor = last.sequence
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
